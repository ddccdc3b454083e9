"""Identifiers that leave the system: derived, so that a replay gives the same ones."""

import re
import unicodedata
from uuid import UUID, uuid5

LONGEST = 80
NAMESPACE = UUID("5c1bb1f0-6a1e-5d7c-9d0a-70e7b1a9f0d1")

_NOT_WORD = re.compile(r"[^\w.-]+")
_LETTERS = str.maketrans({"ي": "ی", "ك": "ک", "\u200c": " ", "ة": "ه"})


def derived(*parts: str | int) -> str:
    """uuid5 of the parts, which may not contain the unit separator."""
    return str(uuid5(NAMESPACE, "\x1f".join(str(part) for part in parts)))


def match_id(item: str, offer: str) -> str:
    """The one match of an item key and an offer id."""
    return derived("match", item, offer)


def match_event_id(match: str, revision: int) -> str:
    """The event that tells one revision of a match."""
    return derived("match-event", match, revision)


def notification_id(match: str, revision: int, endpoint: str) -> str:
    """One telling of one revision to one endpoint."""
    return derived("notification", match, revision, endpoint)


def slug(name: str) -> str:
    """A readable id of a name in either script; long names keep a hash of the rest."""
    text = unicodedata.normalize("NFKC", name).casefold().translate(_LETTERS)
    text = _NOT_WORD.sub("-", text).strip("-.")
    if not text:
        return derived("name", name)
    return text if len(text) <= LONGEST else f"{text[:64]}-{derived('name', text)[:12]}"
