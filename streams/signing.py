"""Signatures of records: which producer an event is of, proved to whoever reads the log.

Kafka tells a consumer nothing of the principal that wrote a record. A producer that signs says so in the header
`peyvand-signature`: `v1 <producer id> <base64 of an Ed25519 signature>` over topic, key and value. Only structured mode is
signed: in binary mode parts of the event are headers.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from schemas.errors import InvalidInputError
from schemas.events import MATCH_EVENTS
from schemas.settings import Settings
from schemas.topics import CONSUMED

HEADER: Final = "peyvand-signature"
VERSION: Final = "v1"
SIGNED: Final = frozenset(topic for topic in CONSUMED if topic != MATCH_EVENTS)
"""Topics that others than the workers write to; the workers' own are theirs by the brokers' ACLs."""
_CONTEXT: Final = b"peyvand record v1\x00"


@dataclass(frozen=True, slots=True)
class Signature:
    """What the header says: which producer, and its proof."""

    producer: str
    proof: bytes


class Signer:
    """Signs records for one producer."""

    def __init__(self, producer: str, key: Ed25519PrivateKey) -> None:
        self._producer = producer
        self._key = key

    @classmethod
    def of_file(cls, producer: str, file: Path) -> "Signer":
        """A producer's signer by its private key, a PEM file. InvalidInputError."""
        try:
            key = load_pem_private_key(file.read_bytes(), None)
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
            msg = f"the private key {file} cannot be read: {error}"
            raise InvalidInputError(msg, hint="`peyvand producers make-key FILE` makes one.") from error
        if not isinstance(key, Ed25519PrivateKey):
            msg = f"the private key {file} is not of Ed25519"
            raise InvalidInputError(msg, hint="`peyvand producers make-key FILE` makes one.")
        return cls(producer, key)

    def header(self, topic: str, key: bytes, value: bytes) -> tuple[str, bytes]:
        """The header of a record."""
        proof = base64.b64encode(self._key.sign(signed_bytes(topic, key, value))).decode()
        return HEADER, f"{VERSION} {self._producer} {proof}".encode()


def signer_of(settings: Settings) -> Signer | None:
    """The signer of this process, or None when it signs nothing. InvalidInputError: its key cannot be read."""
    if settings.kafka_signing_key is None:
        return None
    if not settings.kafka_producer_id:
        msg = "PEYVAND_KAFKA_SIGNING_KEY is set but PEYVAND_KAFKA_PRODUCER_ID is not"
        raise InvalidInputError(msg, hint="Give the id under which `peyvand producers add` registered the key.")
    return Signer.of_file(settings.kafka_producer_id, settings.kafka_signing_key)


def make_private_key() -> tuple[bytes, bytes]:
    """A new private and public key, both as PEM."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def public_key_of(pem: bytes) -> bytes:
    """The 32 bytes of a public key. InvalidInputError: it is none of Ed25519."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        msg = f"this is no public key in PEM: {error}"
        raise InvalidInputError(msg, hint="It begins with -----BEGIN PUBLIC KEY-----.") from error
    if not isinstance(key, Ed25519PublicKey):
        msg = "the public key is not of Ed25519"
        raise InvalidInputError(msg, hint="`peyvand producers make-key FILE` makes one.")
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def signed_bytes(topic: str, key: bytes, value: bytes) -> bytes:
    """What is signed: each part by its hash, so that no two records have the same."""
    parts = (hashlib.sha256(part).digest() for part in (topic.encode(), key, value))
    return _CONTEXT + b"".join(parts)


def signature_of(raw: bytes | None) -> Signature | None:
    """What a header says, or None when it is not of the form."""
    words = (raw or b"").decode("ascii", "replace").split(" ")
    if len(words) != 3 or words[0] != VERSION:  # noqa: PLR2004 - the form above
        return None
    try:
        return Signature(words[1], base64.b64decode(words[2], validate=True))
    except (ValueError, binascii.Error):
        return None


def holds(public: bytes, proof: bytes, topic: str, key: bytes, value: bytes) -> bool:
    """Tell whether a proof is of the holder of the public key, for this record."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(proof, signed_bytes(topic, key, value))
    except (InvalidSignature, ValueError):
        return False
    return True
