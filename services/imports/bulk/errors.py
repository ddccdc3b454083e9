"""A file that cannot be taken as a table at all."""

from schemas.errors import InvalidInputError
from services.imports.bulk.cells import Said


class TableError(InvalidInputError):
    """The whole file is refused; `said` is why, in both languages."""

    def __init__(self, said: Said, *, hint: str = "") -> None:
        super().__init__(said.en, hint=hint)
        self.said = said
