"""What an import remembers: how far it came, what it counted, and which subjects it saw; in one SQLite file.

A killed import goes on after the last row whose batch the log had acknowledged. Without a file the same is kept in a
temporary one, so that memory does not grow with the table.
"""

import sqlite3
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

from schemas.errors import ConflictError, InvalidInputError

FORMAT: Final = 1
_CREATE: Final = """
CREATE TABLE IF NOT EXISTS import (
  format INTEGER, name TEXT, row INTEGER, log_bytes INTEGER, accepted INTEGER, unchanged INTEGER, refused INTEGER, done INTEGER
);
CREATE TABLE IF NOT EXISTS seen (hash INTEGER PRIMARY KEY, row INTEGER) WITHOUT ROWID;
"""


@dataclass(slots=True)
class Counts:
    """Rows by what became of them; `row` is the last one that was dealt with, `log_bytes` the row log's length then."""

    row: int = 0
    log_bytes: int = 0
    accepted: int = 0
    unchanged: int = 0
    refused: int = 0
    done: bool = False

    @property
    def rows(self) -> int:
        """All rows that were dealt with."""
        return self.accepted + self.unchanged + self.refused


class State:
    """The memory of one import. `name` tells the file's content and how it is imported: another one starts anew."""

    def __init__(self, path: Path | None, name: str) -> None:
        """ConflictError: another process is importing this. InvalidInputError: the state cannot be kept there."""
        self.path = path
        try:
            self._database = sqlite3.connect(path or "", timeout=0.2, check_same_thread=False)
            if path is not None:
                self._database.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._database.executescript(_CREATE)
            self.counts = self._known(name)
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                msg = "this file is being imported by another process"
                raise ConflictError(msg, hint="Wait for it, or end it; the import goes on from there.") from error
            msg = f"the import's state cannot be kept in {path}: {error}"
            raise InvalidInputError(msg, hint="Name another place for it.") from error
        except sqlite3.DatabaseError as error:
            msg = f"{path} is no state of an import: {error}"
            raise InvalidInputError(msg, hint="Name another place for the state, or delete the file.") from error

    @property
    def resumed(self) -> bool:
        """Whether an earlier run of the same import stopped in the middle."""
        return self.counts.row > 0

    def seen(self, key: str, row: int) -> int | None:
        """Note a subject; the row in which it was before, if it was."""
        number = int.from_bytes(
            blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True
        )
        before = self._database.execute("SELECT row FROM seen WHERE hash = ?", (number,)).fetchone()
        if before is not None:
            return int(before[0])
        self._database.execute("INSERT INTO seen VALUES (?, ?)", (number, row))
        return None

    def save(self) -> None:
        """Keep the counts and what was seen, both or neither."""
        fields = asdict(self.counts)
        self._database.execute(
            "UPDATE import SET row = :row, log_bytes = :log_bytes, accepted = :accepted, unchanged = :unchanged, "
            "refused = :refused, done = :done",
            fields,
        )
        self._database.commit()

    def close(self) -> None:
        """Let go of the file. What was not saved is forgotten."""
        self._database.close()

    def remove(self) -> None:
        """Forget it all: the import is done."""
        self.close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)

    def _known(self, name: str) -> Counts:
        found = self._database.execute(
            "SELECT row, log_bytes, accepted, unchanged, refused, done FROM import WHERE name = ? AND format = ?",
            (name, FORMAT),
        ).fetchone()
        if found is not None and not found[-1]:
            return Counts(*found[:-1])
        self._database.execute("DELETE FROM import")
        self._database.execute("DELETE FROM seen")
        self._database.execute("INSERT INTO import VALUES (?, ?, 0, 0, 0, 0, 0, 0)", (FORMAT, name))
        self._database.commit()
        return Counts()
