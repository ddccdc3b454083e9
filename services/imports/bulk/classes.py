"""Product classes by id, name or alias in either language, as the tree has them."""

from typing import Final

from rapidfuzz import fuzz, process

from graph.matching.text import normalise
from graph.taxonomy.model import Taxonomy
from graph.taxonomy.text import normalise_alias
from services.imports.bulk.cells import CellError, Said

_NEAR: Final = 80.0
_MOST_GUESSES: Final = 200
"""Of one file: a guess looks through every name there is."""


class Classes:
    """Finds classes in one tree."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self._loose: dict[str, tuple[str, ...]] | None = None
        self._guesses = 0

    def find(self, text: str) -> str:
        """The id of the class that is meant. CellError: none or several are."""
        if text in self.taxonomy:
            return text
        exact = self.taxonomy.aliases.get(normalise_alias(text))
        if exact is not None:
            return exact
        if self._loose is None:
            self._loose = self.taxonomy.index_aliases(normalise)
        found = self._loose.get(normalise(text), ())
        if not found and normalise(text).replace(" ", "-") in self.taxonomy:
            return normalise(text).replace(" ", "-")
        if len(found) == 1:
            return found[0]
        raise self._several(text, found) if found else self._none(text)

    def _several(self, text: str, found: tuple[str, ...]) -> CellError:
        ids = ", ".join(found[:5])
        return CellError(
            Said(
                f"{text[:60]!r} names several product classes; write the id of one: {ids}",
                f"«{text[:60]}» نام چند رده است؛ شناسه یکی را بنویسید: {ids}",
            )
        )

    def _none(self, text: str) -> CellError:
        near = None
        if self._guesses < _MOST_GUESSES:
            self._guesses += 1
            names = self.taxonomy.aliases
            near = process.extractOne(normalise_alias(text[:100]), names.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR)
        if near is None:
            return CellError(
                Said(
                    f"there is no product class {text[:60]!r}; leave it empty, or take one from the template's list",
                    f"رده‌ای به نام «{text[:60]}» نیست؛ خالی بگذارید یا از فهرست رده‌های قالب بردارید",
                )
            )
        meant = self.taxonomy.aliases[near[0]]
        return CellError(
            Said(
                f"there is no product class {text[:60]!r}; did you mean {near[0]!r} ({meant})?",
                f"رده‌ای به نام «{text[:60]}» نیست؛ آیا «{near[0]}» ({meant}) منظور است؟",
            )
        )
