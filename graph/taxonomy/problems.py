"""What can be wrong with taxonomy files, told all at once."""

from collections.abc import Sequence
from typing import NamedTuple


class Problem(NamedTuple):
    """One thing wrong: in which file, at which class (its id, else 'entry 3'), and what to do."""

    file: str
    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.place}: {self.text}" if self.place else f"{self.file}: {self.text}"


class TaxonomyError(ValueError):
    """The files do not make a tree. `problems` holds every one found, the message lists them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = f"{len(self.problems)} problem{'s' if len(self.problems) > 1 else ''}"
        lines = "\n".join(f"- {each}" for each in self.problems)
        super().__init__(f"The taxonomy cannot be loaded, {count} to mend:\n{lines}")
