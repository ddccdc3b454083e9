"""Damaged records of every sort: bytes, JSON, types, sizes, nesting, encodings, keys. Pure and seeded."""

import json
import random
from collections.abc import Callable
from typing import Any, Final, cast

from schemas.envelope import Envelope
from streams.publish import Outgoing, outgoing

DEEP: Final = 20_000
HUGE: Final = 1_001_000


Damage = Callable[[Outgoing, random.Random], Outgoing]


def damaged(event: Envelope, rng: random.Random, *more: Damage) -> Outgoing:
    """A record of the event that no reader can take, damaged in one of DAMAGES or `more`, as the generator chooses."""
    return rng.choice((*DAMAGES, *more))(outgoing(event), rng)


def _with(good: Outgoing, value: bytes, key: bytes | None = None) -> Outgoing:
    return Outgoing(good.topic, good.key if key is None else key, value, good.headers)


def _edited(good: Outgoing, edit: Callable[[dict[str, Any]], object]) -> Outgoing:
    fields: dict[str, Any] = json.loads(good.value)
    edit(fields)
    return _with(good, json.dumps(fields, ensure_ascii=False).encode())


def _cut(good: Outgoing, rng: random.Random) -> Outgoing:
    return _with(good, good.value[: rng.randrange(1, len(good.value) - 1)])


def _bad_utf8(good: Outgoing, rng: random.Random) -> Outgoing:
    at = rng.randrange(2, len(good.value) - 2)
    return _with(good, good.value[:at] + b"\xff\xfe" + good.value[at:])


def _utf16(good: Outgoing, _: random.Random) -> Outgoing:
    return _with(good, good.value.decode().encode("utf-16"))


def _noise(good: Outgoing, rng: random.Random) -> Outgoing:
    return _with(good, b"\x00" + rng.randbytes(rng.randrange(1, 400)))


def _empty(good: Outgoing, _: random.Random) -> Outgoing:
    return _with(good, b"")


def _deep(good: Outgoing, _: random.Random) -> Outgoing:
    return _with(good, good.value[:-1] + b',"x":' + b"[" * DEEP + b"]" * DEEP + b"}")


def _other_json(good: Outgoing, rng: random.Random) -> Outgoing:
    return _with(good, rng.choice([b"null", b"[]", b"17", b'"text"', b"true", b"{}", b"[{}]"]))


def _unknown_type(good: Outgoing, rng: random.Random) -> Outgoing:
    names = ["ir.peyvand.demand.lost.v1", "", None, 7, ["x"], {"a": 1}]
    return _edited(good, lambda f: f.update(type=rng.choice(names)))


def _no_envelope(good: Outgoing, rng: random.Random) -> Outgoing:
    return _edited(good, lambda f: f.pop(rng.choice(["id", "source", "type", "data"])))


def _wrong_version(good: Outgoing, rng: random.Random) -> Outgoing:
    versions = [0, -1, 2**60, "x", None, 1.5, [], {}]
    return _edited(good, lambda f: f["data"].update(version=rng.choice(versions)))


def _wrong_shape(good: Outgoing, rng: random.Random) -> Outgoing:
    def edit(fields: dict[str, Any]) -> None:
        inner = next((k for k in ("supplier", "offer", "demand") if k in fields["data"]), None)
        target = fields["data"][inner] if inner else fields["data"]
        name = "id" if inner else next(k for k in target if k.endswith("_id"))
        target[name] = rng.choice([None, 5, "", "a b", "x~y", "a\x00b", [], {}])

    return _edited(good, edit)


def _wrong_key(good: Outgoing, rng: random.Random) -> Outgoing:
    return _with(good, good.value, rng.choice([b"", b"\xff", b"another", good.key + b" "]))


def _null(good: Outgoing, _: random.Random) -> Outgoing:
    return Outgoing(good.topic, good.key, cast("bytes", None), good.headers)


def _no_key(good: Outgoing, _: random.Random) -> Outgoing:
    return Outgoing(good.topic, cast("bytes", None), good.value, good.headers)


def _huge(good: Outgoing, _: random.Random) -> Outgoing:
    return _edited(good, lambda f: f.update(subject="x" * HUGE))


DAMAGES: Final[tuple[Damage, ...]] = (
    _cut, _bad_utf8, _utf16, _noise, _empty, _deep, _other_json, _unknown_type, _no_envelope, _wrong_version,
    _wrong_shape, _wrong_key,
)  # fmt: skip
ON_THE_LOG: Final[tuple[Damage, ...]] = (_null, _no_key, _huge)
"""Damages that only a record of Kafka can have: a tombstone, no key, more bytes than are read."""
