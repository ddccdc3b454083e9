"""Reading a JSON object by taking fields out of it. What nobody took is left, and is kept with the demand.

Names of fields that were read are popped; `id` stays, for it says whose the rest is. A value of another type than the
standard has is remarked on and left.
"""

from datetime import UTC, date, datetime
from typing import Any, Final, TypeGuard, cast

from services.imports.ocds.notes import Notes

LINE: Final = 500
LONGEST: Final = 20_000
LARGEST: Final = 1e18
_WHOLE_DAYS: Final = ("T00:00:00Z", "T23:59:59Z")


class Node:
    """An object of a document with its JSON path."""

    __slots__ = ("fields", "notes", "path")

    def __init__(self, fields: dict[str, Any], path: str, notes: Notes) -> None:
        self.fields = fields
        self.path = path
        self.notes = notes

    def place(self, name: str) -> str:
        """The JSON path of a field."""
        return f"{self.path}.{name}" if self.path else name

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self.fields.get(name) is not None

    def warn(self, name: str, detail: str) -> None:
        """Remark on a field."""
        self.notes.warn(self.place(name), detail)

    def refuse(self, name: str, detail: str) -> None:
        """Refuse the process for a field."""
        self.notes.refuse(self.place(name), detail)

    def drop(self, *names: str) -> None:
        """Take fields that say nothing more."""
        for name in names:
            self.fields.pop(name, None)

    def id(self) -> str | None:
        """The object's id as text; it stays in place."""
        return id_text(self.fields.get("id"))

    def peek(self, name: str) -> str | None:
        """A text that stays in place."""
        value = self.fields.get(name)
        return clean(value) if isinstance(value, str) and value.strip() else None

    def text(self, name: str, most: int = LONGEST) -> str | None:
        """A text of at most so many characters; a longer one is cut, and stays in place whole."""
        value = self.fields.get(name)
        if _is_number(value):
            value = f"{value:.17g}" if isinstance(value, float) else str(value)
        if value is None or not isinstance(value, str):
            if value is not None:
                self.warn(name, f"it should be text but is {kind(value)}; it is kept and not read")
            return None
        said = clean(value)
        if len(said) > most:
            self.warn(name, f"it has {len(said)} characters; the first {most} are read, all are kept")
            return said[:most].rstrip() or None
        self.fields.pop(name)
        return said or None

    def line(self, name: str) -> str | None:
        """A text of one line."""
        found = self.text(name, LINE)
        return " ".join(found.split()) if found is not None else None

    def number(self, name: str) -> float | None:
        """A number; one that is written as text is taken with a remark."""
        value = self.fields.get(name)
        if isinstance(value, str):
            try:
                value = float(value.strip())
            except ValueError:
                pass
            else:
                self.warn(name, "a number is written without quotation marks; it was read as one")
        if _is_number(value):
            self.fields.pop(name)
            return float(value)
        if value is not None:
            self.warn(name, f"it should be a number but is {kind(value)}; it is kept and not read")
        return None

    def moment(self, name: str) -> datetime | None:
        """A date with time; it stays in place. One without a zone is taken as UTC."""
        value = self.fields.get(name)
        found = moment(value) if isinstance(value, str) else None
        if found is None and value not in (None, ""):
            self.warn(name, f"{shown(value)} is no date such as 2027-01-31T12:00:00Z; it is kept and not read")
        return found

    def day(self, name: str) -> date | None:
        """The calendar day of a date. It stays in place when it says a time of day too."""
        found = self.moment(name)
        if found is None:
            return None
        value = str(self.fields[name])
        if len(value) == len("2027-01-31") or value[10:] in _WHOLE_DAYS:
            self.fields.pop(name)
        return found.date()

    def child(self, name: str) -> "Node | None":
        """An object within, read in place."""
        value = self.fields.get(name)
        if isinstance(value, dict):
            return Node(cast("dict[str, Any]", value), self.place(name), self.notes)
        if value is not None:
            self.warn(name, f"it should be an object but is {kind(value)}; it is kept and not read")
        return None

    def children(self, name: str) -> "list[Node]":
        """Objects of an array within, read in place."""
        value = self.fields.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.warn(name, f"it should be an array but is {kind(value)}; it is kept and not read")
            return []
        found: list[Node] = []
        for number, each in enumerate(cast("list[Any]", value)):
            path = f"{self.place(name)}[{number}]"
            if isinstance(each, dict):
                found.append(Node(cast("dict[str, Any]", each), path, self.notes))
            elif each is not None:
                self.notes.warn(path, f"it should be an object but is {kind(each)}; it is kept and not read")
        return found

    def texts(self, name: str) -> list[str]:
        """An array of texts, which stays in place."""
        value = self.fields.get(name)
        rows = cast("list[Any]", value) if isinstance(value, list) else [value]
        return [clean(each) for each in rows if isinstance(each, str) and each.strip()]


def id_text(value: Any) -> str | None:
    """An id as text, or None where it is none."""
    if isinstance(value, str):
        return clean(value) or None
    return str(value) if isinstance(value, int) and _is_number(value) else None


def _is_number(value: Any) -> TypeGuard[int | float]:
    """As schemas.base.Number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= LARGEST


def clean(text: str) -> str:
    """A text without NUL, which no store takes, and without white space around it."""
    return text.replace("\x00", "").strip()


def kind(value: Any) -> str:
    """What a JSON value is, in words."""
    if isinstance(value, bool):
        return "true or false"
    names = {str: "text", int: "a number", float: "a number", list: "an array", dict: "an object"}
    return names.get(cast("type[Any]", type(value)), "something else")


def shown(value: Any) -> str:
    """A value for a sentence, not too long."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."  # noqa: PLR2004 - a line's length


def moment(value: str) -> datetime | None:
    """The point in time that an RFC 3339 text means, in its own zone; UTC where it names none. None: it is no date."""
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
