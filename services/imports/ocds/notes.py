"""Remarks on a document: what is wrong with it or was not taken as it stands, each with its place."""

import re
from dataclasses import dataclass, field
from typing import Final, Literal

Level = Literal["error", "warning"]
MOST_NOTES: Final = 200
_INDEX: Final = re.compile(r"\[\d+]")


@dataclass(frozen=True, slots=True)
class Note:
    """One remark. `path` is a JSON path within the release, `release` its id; an error refuses the whole process."""

    level: Level
    detail: str
    path: str = ""
    release: str | None = None

    def sentence(self) -> str:
        """`release X, tender.items[0].quantity: it is ...`."""
        where = [f"release {self.release}"] if self.release else []
        where += [self.path] if self.path else []
        return f"{', '.join(where)}: {self.detail}" if where else self.detail


@dataclass(slots=True)
class Notes:
    """Collects remarks; the same one at every element of an array, or of every release, is told once."""

    release: str | None = None
    told: list[Note] = field(default_factory=list[Note])
    left_out: int = 0
    _seen: set[tuple[str, str, str]] = field(default_factory=set[tuple[str, str, str]])

    def warn(self, path: str, detail: str) -> None:
        """Something was not taken as it stands."""
        self._add(Note("warning", detail, path, self.release))

    def refuse(self, path: str, detail: str) -> None:
        """Something is so wrong that nothing of this process is taken."""
        self._add(Note("error", detail, path, self.release))

    def _add(self, note: Note) -> None:
        key = (note.level, _INDEX.sub("[]", note.path), note.detail)
        if key in self._seen:
            return
        self._seen.add(key)
        if len(self.told) >= MOST_NOTES and note.level == "warning":
            self.left_out += 1
            return
        self.told.append(note)

    @property
    def errors(self) -> list[Note]:
        """What refuses the process."""
        return [note for note in self.told if note.level == "error"]

    def all(self) -> list[Note]:
        """Every remark, errors first, and how many were left out."""
        more = [Note("warning", f"{self.left_out} more remarks are left out here")] if self.left_out else []
        return [*self.errors, *(note for note in self.told if note.level == "warning"), *more]
