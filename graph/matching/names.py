"""Names of properties in both languages, and how near two of them are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from rapidfuzz import fuzz

from graph.matching.sound import sound
from graph.matching.text import is_persian, normalise, stems

_SYMBOL: Final = 4
_MEANT_TOO: Final = 0.75
_ABBREVIATED: Final = 0.75


class Concept(NamedTuple):
    """One entry of the attribute lexicon."""

    id: str
    dimension: str
    broader: str
    better: str
    bound: str


class Named(NamedTuple):
    """A name as read: the concepts it may mean (best first), its telling stems, a bound among its words."""

    concepts: tuple[str, ...]
    tokens: tuple[str, ...]
    bound: str


class AttributeNames:
    """The attribute lexicon, indexed by stems."""

    def __init__(self, entries: Iterable[Mapping[str, Any]], grammar: Mapping[str, Any]) -> None:
        self._bounds = {
            stem: side for side, ws in grammar["bounds"].items() for text in ws for stem in stems(normalise(text))
        }
        self._idle = {stem for text in grammar["idle"] for stem in stems(normalise(text))}
        self._generic = frozenset(grammar["generic"])
        self.concepts: dict[str, Concept] = {}
        entries = list(entries)
        self._keys: dict[str, dict[str, None]] = defaultdict(dict)
        self._longest = 1
        for entry in entries:
            one = Concept(
                entry["id"],
                entry["dimension"],
                entry.get("broader", ""),
                entry.get("better", ""),
                entry.get("bound", ""),
            )
            self.concepts[one.id] = one
            for texts in entry["names"].values():
                for text in texts:
                    key = stems(normalise(str(text)))
                    self._longest = max(self._longest, min(len(key), 6))
                    self._keys["".join(key)][one.id] = None
        self._beside = {
            pair
            for entry in entries
            for other in entry.get("also", ())
            for pair in ((entry["id"], other), (other, entry["id"]))
        }
        self.above = {each: self._chain(each) for each in self.concepts}
        self.read = lru_cache(maxsize=20_000)(self._read)
        self.likeness = lru_cache(maxsize=50_000)(self._likeness)

    def _chain(self, concept: str) -> tuple[str, ...]:
        chain: list[str] = []
        while concept in self.concepts and concept not in chain:
            chain.append(concept)
            concept = self.concepts[concept].broader
        return tuple(chain)

    def _read(self, name: str) -> Named:
        """Read a property's name as written."""
        plain = stems(normalise(name))
        bound = next((self._bounds[word] for word in plain if word in self._bounds), "")
        whole = self._keys.get("".join(plain))
        telling = [word for word in plain if word not in self._bounds and word not in self._idle] or plain
        if whole:
            # «ولتاژ نامی» is a rated voltage and a voltage.
            return Named(tuple({**whole, **self._keys.get("".join(telling), {})}), tuple(telling), bound)
        bare = [word for word in plain if word not in self._bounds]
        whole = self._keys.get("".join(bare)) or self._keys.get("".join(telling))
        if whole:
            return Named(tuple(whole), tuple(telling), bound)
        return Named(self._partial(bare), tuple(telling), bound)

    def _partial(self, plain: Sequence[str]) -> tuple[str, ...]:
        """Find the longest known names within an unknown one, the head's place first."""
        found: list[tuple[int, int, tuple[str, ...]]] = []
        for start in range(len(plain)):
            for end in range(min(len(plain), start + self._longest), start, -1):
                ids = self._keys.get("".join(plain[start:end]))
                if ids:
                    place = -start if is_persian(plain[start]) else end
                    found.append((end - start, place, tuple(ids)))
                    break
        found.sort(key=lambda one: (-one[0], -one[1]))
        return tuple(dict.fromkeys(each for _, _, ids in found[:2] for each in ids))

    def spans(self, words: Sequence[str]) -> list[tuple[int, int, tuple[str, ...]]]:
        """Find names among the stems of a clause: (start, end, concepts), longest first at each place."""
        found: list[tuple[int, int, tuple[str, ...]]] = []
        at = 0
        while at < len(words):
            step = 1
            for end in range(min(len(words), at + self._longest), at, -1):
                ids = self._keys.get("".join(words[at:end]))
                if ids:
                    found.append((at, end, tuple(ids)))
                    step = end - at
                    break
            at += step
        return found

    def _likeness(
        self,
        asked: tuple[str, ...],
        tokens: tuple[str, ...],
        held: tuple[str, ...],
        others: tuple[str, ...],
        measured: bool,
    ) -> float:
        """Tell how surely two names mean one property: 1 the same, 0 different or nothing known.

        `measured`: they have a unit. Of measures, a shared word in two known names says little ("inner diameter").
        """
        best = 0.0
        for rank, one in enumerate(asked):
            for place, other in enumerate(held):
                best = max(best, self._concepts_alike(one, other) - 0.05 * min(rank + place, 3))
        return max(best, _tokens_alike(tokens, others, known=bool(asked and held), measured=measured))

    def kindred(self, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
        """Tell whether two names fall under one broader property: engine power and motor power are powers."""
        above = {up for each in one for up in self.above[each]}
        return any(up in above for each in other for up in self.above[each])

    def _concepts_alike(self, asked: str, held: str) -> float:
        if asked == held:
            return 1.0
        if (asked, held) in self._beside:
            return _MEANT_TOO
        if held in self._generic and held in asked.split("-"):
            return 0.7
        up, other = self.above[asked], self.above[held]
        if held in up:
            return 0.9 - 0.08 * (up.index(held) - 1)  # the offer names it more broadly: "diameter" for "tread diameter"
        if asked in other:
            return 0.85 - 0.1 * (other.index(asked) - 1)
        return 0.0


def _abbreviates(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Tell whether a lone symbol stands for a longer name: "R" of "measuring range R", "IV" of "intrinsic viscosity"."""
    if len(short) != 1 or len(short[0]) > _SYMBOL or not short[0].isascii() or len(full) < 2:  # noqa: PLR2004
        return False
    return short[0] in (full[0], full[-1]) or (
        len(short[0]) > 1 and "".join(word[0] for word in full if word.isascii()) == short[0]
    )


def _tokens_alike(one: tuple[str, ...], other: tuple[str, ...], *, known: bool, measured: bool) -> float:
    mine, theirs = set(map(sound, one)), set(map(sound, other))
    if not mine or not theirs:
        return 0.0
    if not known and (_abbreviates(one, other) or _abbreviates(other, one)):
        return _ABBREVIATED
    shared = mine & theirs
    if shared:
        share = 2 * len(shared) / (len(mine) + len(theirs))
        inside = len(shared) == min(len(mine), len(theirs))
        return (0.8 if inside else 0.6) * share * (0.7 if known and measured else 1.0)
    if known:
        return 0.0
    ratio = fuzz.token_sort_ratio(" ".join(one), " ".join(other)) / 100
    return 0.6 * ratio if ratio > 0.8 else 0.0  # noqa: PLR2004
