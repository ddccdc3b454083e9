"""What is known of an item, an offer and a supplier, ready to be compared.

Facts are made once per record by `understand`, stored on graph nodes as JSON and read for hundreds of candidates
per decision. They are flat and hold converted numbers only: `decide` never parses a text again.
Numbers stand in the base unit of their dimension, days are proleptic ordinals (`date.toordinal`), None is unknown.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, NamedTuple, Self

from schemas.common import Place

HOME: Final = Place().country
"""The country of whoever names no other: who makes it there makes it at home."""


class ClassHit(NamedTuple):
    """A class of the own tree that a record was found to belong to; score 0 to 1, and what told it."""

    id: str
    score: float
    source: str


class Mark(NamedTuple):
    """One property, asked or offered.

    mode: how it is asked (`min`, `max`, `range`, `equals`, `one_of`) or, of an offer, `value` or `range`.
    low and high bound the numbers, points lists them one by one, words are normalised categories.
    dimension is empty when no unit was written; then the numbers stand as written. factor and offset lead from
    the written unit to the base unit, so that the other side of a comparison may borrow them.
    """

    name: str
    mode: str
    concepts: tuple[str, ...]
    tokens: tuple[str, ...]
    dimension: str
    low: float | None
    high: float | None
    points: tuple[float, ...]
    words: tuple[str, ...]
    shown: str
    layer: str
    factor: float = 1.0
    offset: float = 0.0


class StandardMark(NamedTuple):
    """One standard as read: family `EN`, number `13262`, parts `("2", "1")`, grades `("CL1",)`."""

    shown: str
    family: str
    number: str
    parts: tuple[str, ...]
    year: int
    grades: tuple[str, ...]
    valid_until: int
    holder: str


class Role(NamedTuple):
    """What a record says of itself besides its things: trader, repair, training ...; and the words that tell."""

    id: str
    strength: float
    evidence: str


class _Stored:
    """JSON of a facts dataclass: a list of the field values in order, led by the version of the layout."""

    __slots__ = ()
    LAYOUT = 1

    def to_json(self) -> str:
        """Return compact JSON that `from_json` of the same class reads."""
        row = [self.LAYOUT, *(getattr(self, item.name) for item in fields(self))]  # type: ignore[arg-type]
        return json.dumps(row, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def _row(cls, text: str) -> list[Any]:
        row: list[Any] = json.loads(text)
        if row[0] != cls.LAYOUT or len(row) != 1 + len(fields(cls)):  # type: ignore[arg-type]
            msg = f"{cls.__name__} were stored in another layout than {cls.LAYOUT}: understand the record again"
            raise ValueError(msg)
        return row


def _texts(values: Sequence[Any]) -> tuple[str, ...]:
    return tuple(values)


def _hits(rows: Sequence[Any]) -> tuple[ClassHit, ...]:
    return tuple(ClassHit(*row) for row in rows)


def _marks(rows: Sequence[Any]) -> tuple[Mark, ...]:
    return tuple(
        Mark(n, mode, tuple(c), tuple(t), dim, low, high, tuple(points), tuple(words), shown, layer, factor, offset)
        for n, mode, c, t, dim, low, high, points, words, shown, layer, factor, offset in rows
    )


def _standards(rows: Sequence[Any]) -> tuple[StandardMark, ...]:
    return tuple(StandardMark(s, f, n, tuple(p), y, tuple(g), v, h) for s, f, n, p, y, g, v, h in rows)


def _pairs(rows: Sequence[Any]) -> tuple[tuple[str, float], ...]:
    return tuple((term, weight) for term, weight in rows)


@dataclass(frozen=True, slots=True)
class ItemFacts(_Stored):
    """A demand item. `id` is the item key `demand~item`; `classes` and `keys` are what it is indexed under.

    `imports` are the keys of the numbers that the item is imported under: they find an equivalent and are never asked
    of it. `terms` are the weighed words of the title, `also` those of the description as they sound, `excluded` and
    `rejects` the classes and words that the text denies, `heads` the nouns that head the title as they sound.
    """

    id: str
    title: str
    classes: tuple[str, ...]
    keys: tuple[str, ...]
    hits: tuple[ClassHit, ...]
    processes: tuple[str, ...]
    excluded: tuple[str, ...]
    domains: tuple[str, ...]
    roles: tuple[Role, ...]
    terms: tuple[tuple[str, float], ...]
    to_drawing: bool
    requirements: tuple[Mark, ...]
    standards: tuple[tuple[StandardMark, ...], ...]
    part_numbers: tuple[str, ...]
    quantity: float
    quantity_base: float
    counting: str
    unit: str
    piece_mass: float | None
    needed_by: int | None
    min_local: float | None
    place: tuple[str, ...] = ()
    rejects: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote. ValueError: another layout."""
        r = cls._row(text)
        return cls(
            r[1], r[2], _texts(r[3]), _texts(r[4]), _hits(r[5]), _texts(r[6]), _texts(r[7]), _texts(r[8]),
            tuple(Role(*row) for row in r[9]), _pairs(r[10]), r[11], _marks(r[12]),
            tuple(_standards(group) for group in r[13]), _texts(r[14]), r[15], r[16], r[17], r[18], r[19], r[20], r[21], _texts(r[22]), _texts(r[23]), _texts(r[24]), _texts(r[25]),
            _texts(r[26]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OfferFacts(_Stored):
    """An offer.

    Capacity is in base units of `counting` per day, capacity_factor leads there from the unit it was written in.
    `text` is what title and description say, in stems and without what they deny; `denied` are classes that the
    text says are not made.
    """

    id: str
    supplier_id: str
    unit_id: str
    kind: str
    title: str
    classes: tuple[str, ...]
    keys: tuple[str, ...]
    hits: tuple[ClassHit, ...]
    denied: tuple[str, ...]
    domains: tuple[str, ...]
    roles: tuple[Role, ...]
    terms: tuple[tuple[str, float], ...]
    attributes: tuple[Mark, ...]
    standards: tuple[StandardMark, ...]
    part_numbers: tuple[str, ...]
    capacity_per_day: float | None
    capacity_factor: float
    counting: str
    capacity_shown: str
    lead_time: int | None
    min_order: float | None
    min_order_counting: str
    min_order_shown: str
    local_content: float | None
    piece_mass: float | None
    valid_from: int | None
    valid_until: int | None
    also: tuple[str, ...] = ()
    text: str = ""
    heads: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote. ValueError: another layout."""
        r = cls._row(text)
        return cls(
            r[1], r[2], r[3], r[4], r[5], _texts(r[6]), _texts(r[7]), _hits(r[8]), _texts(r[9]), _texts(r[10]),
            tuple(Role(*row) for row in r[11]), _pairs(r[12]), _marks(r[13]), _standards(r[14]), _texts(r[15]),
            r[16], r[17], r[18], r[19], r[20], r[21], r[22], r[23], r[24], r[25], r[26], r[27], _texts(r[28]), r[29], _texts(r[30]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SupplierFacts(_Stored):
    """A supplier: may it deliver, which units run, which certificates it holds."""

    id: str
    name: str
    suspended: bool
    state: str
    unit_states: tuple[tuple[str, str], ...]
    certificates: tuple[StandardMark, ...]
    roles: tuple[Role, ...] = ()
    place: tuple[str, ...] = ()
    country: str = HOME

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote. ValueError: another layout."""
        r = cls._row(text)
        return cls(
            r[1], r[2], r[3], r[4], tuple((unit, state) for unit, state in r[5]), _standards(r[6]),
            tuple(Role(*row) for row in r[7]), _texts(r[8]), r[9],
        )  # fmt: skip

    def state_of(self, unit_id: str) -> str:
        """Return the state of the unit, or the supplier's own where the unit is not known."""
        for unit, state in self.unit_states:
            if unit == unit_id:
                return state
        return self.state
