"""Categories that two makers write differently: grades, materials, types; each spelling leads to one id."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from graph.matching.text import compact, loose


class Values:
    """The lexicon of categorical values."""

    def __init__(self, entries: Iterable[Mapping[str, Any]]) -> None:
        self._ids: dict[str, list[str]] = {}
        self.kinds: dict[str, str] = {}
        self._broader: dict[str, str] = {}
        for entry in entries:
            own = str(entry["id"])
            self.kinds[own] = str(entry.get("kind", ""))
            if entry.get("broader"):
                self._broader[own] = str(entry["broader"])
            for texts in entry["names"].values():
                for text in texts:
                    for key in {compact(str(text)), loose(str(text))}:
                        ids = self._ids.setdefault(key, [])
                        if own not in ids:
                            ids.append(own)
        self._longest = 5
        self.read = lru_cache(maxsize=20_000)(self._read)

    def _read(self, text: str, *, upwards: bool) -> tuple[str, ...]:
        """Return "=id" of what a text calls; `upwards` adds the ids above: what is offered as ER7 is also a steel."""
        ids = self._ids.get(compact(text)) or self._ids.get(loose(text)) or []
        found: list[str] = []
        for one in ids:
            up = one
            while up and f"={up}" not in found:
                found.append(f"={up}")
                up = self._broader.get(up, "") if upwards else ""
        return tuple(found)

    def is_value(self, word: str) -> bool:
        """Tell whether a word by itself names a category: a material, grade, finish."""
        return len(word) > 2 and compact(word) in self._ids  # noqa: PLR2004 - "gr", "no" say nothing

    def spans(self, stemmed: Sequence[str], plain: Sequence[str]) -> list[tuple[int, int, tuple[str, ...]]]:
        """Find the values that a clause names: (start, end, "=id" and the ids above). Short codes are not believed."""
        found: list[tuple[int, int, tuple[str, ...]]] = []
        at = 0
        while at < len(stemmed):
            step = 1
            for end in range(min(len(stemmed), at + self._longest), at, -1):
                key = "".join(stemmed[at:end])
                if key not in self._ids and "".join(plain[at:end]) not in self._ids:
                    continue
                if len(key) < (3 if key.isascii() else 2) or key.isdigit():
                    continue
                text = " ".join(plain[at:end])
                found.append((at, end, self.read(text, upwards=True)))
                step = end - at
                break
            at += step
        return [one for one in found if one[2]]
