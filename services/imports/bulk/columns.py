"""What a column of a table is: its headers in both languages, its kind, and where its value stands in the record."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from graph.matching.text import normalise
from services.imports.bulk.cells import Said
from services.imports.bulk.kinds import Kind

_BRACKETS: Final = re.compile(r"\([^()]*\)")
_NUMBER: Final = "{n}"
Path = tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """One column, or a family of columns: a header with `{n}` is numbered (`standard 2`), `named` ones carry a name.

    `path` is where the value stands in the record. In a list, the path ends at the list and `part` names the field of
    its entry; without a part the value is the entry. `whole` columns of a demand are the same on all its rows.
    """

    key: str
    en: str
    fa: str
    kind: Kind
    path: Path
    about: Said
    example: Said
    part: str | None = None
    named: bool = False
    required: bool = False
    whole: bool = False
    other: tuple[str, ...] = ()
    fixed: str | None = None
    shown: bool = True

    @cached_property
    def listed(self) -> bool:
        """Whether its values are entries of a list."""
        return self.named or _NUMBER in self.en or self.fixed is not None

    def names(self) -> tuple[str, ...]:
        """Every header it goes by."""
        return (self.en, self.fa, self.key.replace("_", " "), *self.other)

    def header(self, language: str, number: int = 1) -> str:
        """The header for a template."""
        return (self.fa if language == "fa" else self.en).replace(_NUMBER, str(number))


@dataclass(frozen=True, slots=True)
class ListRule:
    """How the entries of a list are told apart: two of one `identity` are the same entry.

    `family` is what columns rule together: when one of a family's cells is filled, the entries of that family are
    those of the row, and entries of other families stay as they are.
    """

    identity: Callable[[Any], str]
    family: Callable[[Any], str]


def by(*names: str) -> Callable[[Any], str]:
    """Tells entries apart by fields, in one spelling."""
    return lambda entry: " ".join(normalise(str(entry.get(name) or "")) for name in names)


def all_one(_: Any) -> str:
    """One family: the row's cells are the whole list."""
    return ""


LISTS: Final[Mapping[str, ListRule]] = {
    "identifiers": ListRule(by("scheme", "id"), by("scheme")),
    "certificates": ListRule(by("standard"), all_one),
    "classifications": ListRule(by("scheme", "id"), by("scheme")),
    "attributes": ListRule(by("name"), by("name")),
    "requirements": ListRule(by("name"), by("name")),
    "inputs": ListRule(by("name"), all_one),
    "documents": ListRule(by("url"), all_one),
}


def list_rule(name: str, entry: Any) -> ListRule:
    """The rule of a list; standards are named in an offer and alternatives in a demand's item."""
    if name == "standards":
        if isinstance(entry, list):
            return ListRule(lambda each: " | ".join(sorted(normalise(str(one)) for one in each)), all_one)
        return LISTS["certificates"]
    return LISTS[name]


def canonical(header: str) -> str:
    """A header in the spelling it is compared in: normalised, without what stands in (brackets), _ and the mark *."""
    return normalise(_BRACKETS.sub(" ", header)).replace("_", " ").strip(" *")


def pattern(name: str) -> re.Pattern[str]:
    """What matches the canonical form of a header; a number that is left out is 1."""
    before, numbered, after = name.partition(_NUMBER)
    if not numbered:
        return re.compile(re.escape(canonical(name)))
    rest = canonical(after)
    tail = rf"\s*{re.escape(rest)}" if rest else ""
    return re.compile(rf"{re.escape(canonical(before))}\s*(?P<n>\d{{1,2}})?{tail}")
