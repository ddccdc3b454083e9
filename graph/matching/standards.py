"""Standards as people write them, read into family, number, parts, year and grades; and when one meets another."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final

from graph.matching.facts import StandardMark
from graph.matching.standardnumber import NumberReader, Parsed, Token
from graph.matching.standardspelling import respell
from graph.matching.text import is_persian, normalise

ITEM: Final = "item"
SUPPLIER: Final = "supplier"
#: Letters of a family that no lexicon knows.
_SHORTEST, _LONGEST = 2, 6

_SPELLED: Final = 3
_MOST_SPELLINGS: Final = 64
#: Names of Latin letters in Persian, normalised.
_LETTER_NAMES: Final = {
    "ای": "AIE", "ا": "AIE", "ایی": "IE", "یی": "E", "بی": "B", "سی": "C", "دی": "D", "اف": "F", "جی": "GJ", "اچ": "H", "هاش": "H",
    "جِی": "J", "کی": "K", "کا": "K", "ال": "L", "ام": "M", "ان": "N", "او": "O", "پی": "P", "کیو": "Q", "ار": "R", "اس": "S", "تی": "T",
    "یو": "U", "وی": "V", "دبلیو": "W", "ایکس": "X", "وای": "Y", "زد": "Z",
}  # fmt: skip

_TOKEN: Final = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|[-/:+()]", re.UNICODE)
_AMENDMENT: Final = re.compile(r"(?:[+/]\s*(?:ac|amd|cor|a|c)|\s(?:amd|cor))\.?\s?\d{1,2}(?:[:-]\d{4})?(?=\W|$)")


class Standards:
    """The grammar with its lexicon: spellings of families, equivalences, adoptions."""

    def __init__(self, lexicon: Mapping[str, Any]) -> None:
        self._families: dict[tuple[str, ...], str] = {}
        for family, spellings in lexicon["families"].items():
            for spelling in spellings:
                self._families[tuple(_tokens(normalise(str(spelling))))] = str(family)
        self._longest = max(map(len, self._families))
        self._letters = {family for family in map(str, lexicon["families"]) if family.isalpha() and family.isascii()}
        #: Families whose letters are no words, as they stand in running text.
        self.codes = frozenset(each.casefold() for each in self._letters - set(map(str, lexicon["only_in_fields"])))
        self._ambiguous = {str(family) for family in lexicon["only_in_fields"]}
        self._fillers = {normalise(str(word)) for word in lexicon["fillers"]}
        self._parts = {normalise(str(word)) for word in lexicon["parts"]}
        self._grades = {normalise(str(word)): kind for kind, ws in lexicon["grades"].items() for word in ws}
        self._adopted = [(r["family"], r["from"], r["to"], r["is"]) for r in lexicon["adopted"]]
        self._same: dict[tuple[str, str, tuple[str, ...]], tuple[str, str, tuple[str, ...]]] = {}
        for row in lexicon["same"]:
            keys = [self.mark(str(text)) for text in row["standards"]]
            for one in keys:
                self._same[one.family, one.number, one.parts] = (keys[-1].family, keys[-1].number, keys[-1].parts)
        marks = [self.mark(str(text)) for text in lexicon["management"]]
        self._management = {(family, number) for one in marks for family, number, _ in self._names(one)}

    def is_product(self, mark: StandardMark) -> bool:
        """Tell whether a standard describes a thing, and not an organisation or paperwork."""
        return bool(mark.family and mark.number) and not any(
            (family, number) in self._management for family, number, _ in self._names(mark)
        )

    def key(self, mark: StandardMark) -> str:
        """Return what two records that name this document, in whatever edition, have in common."""
        family, number, _ = self._names(mark)[-1]
        return f"{family}{number}"

    def documents(self, mark: StandardMark) -> list[str]:
        """Return the names of the documents that a standard is, without parts: what meets it shares one with it."""
        return [f"{family} {one}" for family, number, _ in self._names(mark) for one in number.split("/")]

    def mark(self, text: str, valid_until: date | None = None, holder: str = ITEM) -> StandardMark:
        """Read one standard as it stands in a field. What cannot be read keeps its whole text as the number."""
        found = self.find(text, field=True)
        until = valid_until.toordinal() if valid_until else 0
        shown = " ".join(text.split())[:120]
        if not found:
            plain = re.sub(r"\W+", "", normalise(text))
            return StandardMark(shown, "", plain, (), 0, (), until, holder)
        one = found[-1] if len(found) > 1 and not found[0].numbers else found[0]
        return StandardMark(shown, one.family, "/".join(one.numbers), one.parts, one.year, one.grades, until, holder)

    def marks(self, text: str, valid_until: date | None = None, holder: str = ITEM) -> tuple[StandardMark, ...]:
        """Read a field that may name several standards ("ISO 9001, ISO 14001")."""
        found = self.find(text, field=True)
        if len(found) < 2:  # noqa: PLR2004
            return (self.mark(text, valid_until, holder),)
        until = valid_until.toordinal() if valid_until else 0
        shown = " ".join(text.split())[:120]
        return tuple(
            StandardMark(shown, one.family, "/".join(one.numbers), one.parts, one.year, one.grades, until, holder)
            for one in found
        )

    def find(self, text: str, *, field: bool = False) -> list[Parsed]:
        """Find every standard in a text. In a field, an unknown family of Latin letters is believed too."""
        plain = _AMENDMENT.sub(" ", normalise(text))
        if field:
            plain = respell(plain)
        tokens = [(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(plain)]
        found: list[Parsed] = []
        at = 0
        while at < len(tokens):
            read = self._read(tokens, at, field)
            if read is None:
                at += 1
                continue
            parsed, at = read
            found.extend(parsed)
        return found

    def _read(self, tokens: list[Token], at: int, field: bool) -> tuple[list[Parsed], int] | None:
        family, after = self._chain(tokens, at)
        if family in self._ambiguous and not field:
            return None
        if not family:
            word = tokens[at][0]
            if not field or is_persian(word) or not word.isalpha() or not _SHORTEST <= len(word) <= _LONGEST:
                return None
            if word in self._fillers or word in self._parts or word in self._grades:
                return None
            family, after = word.upper(), at + 1
        reader = NumberReader(self, tokens, after, family)
        parsed = reader.read(tokens[at][1], strict=not field)
        return (parsed, reader.at) if parsed else None

    def _chain(self, tokens: list[Token], at: int) -> tuple[str, int]:
        """Read "DIN EN ISO": the last family of an unbroken chain, and where it ends."""
        family, after = "", at
        while True:
            step = self.family_at(tokens, after)
            if step is None and family and after + 1 < len(tokens) and tokens[after][0] in "/-":
                step = self.family_at(tokens, after + 1)
            if step is None:
                return family, after
            family, after = step

    def family_at(self, tokens: list[Token], at: int) -> tuple[str, int] | None:
        """Return the family written at this token and where it ends."""
        for length in range(min(self._longest, len(tokens) - at), 0, -1):
            key = tuple(token for token, _, _ in tokens[at : at + length])
            family = self._families.get(key)
            if family is None and length > 2 and key[0] not in "/-" and key[-1] not in "/-":  # noqa: PLR2004 - "un/ece"
                family = self._families.get(tuple(part for part in key if part not in "/-"))
            if family:
                return family, at + length
        return self._spelled(tokens, at)

    def _spelled(self, tokens: list[Token], at: int) -> tuple[str, int] | None:
        """Read a family whose letters are written by their Persian names: «آی ئی سی» is IEC, «دی‌ان‌وی» DNV."""
        run = ""
        found: tuple[str, int] | None = None
        for length in range(min(_LONGEST, len(tokens) - at)):
            word = tokens[at + length][0]
            if not is_persian(word):
                break
            run += word
            after = at + length + 1
            counted = after < len(tokens) and tokens[after][0][:1].isdigit()
            for family in letters_of(run):
                sure = len(family) >= _SPELLED or (len(family) > 1 and counted and family not in self._ambiguous)
                if sure and family in self._letters:
                    found = family, after
        return found

    def is_filler(self, word: str) -> bool:
        """Tell whether the word says nothing between a family and its number."""
        return word in self._fillers

    def is_part(self, word: str) -> bool:
        """Tell whether the word introduces a part."""
        return word in self._parts

    def grade_kind(self, word: str) -> str | None:
        """Return the kind of grade that the word introduces, or None."""
        return self._grades.get(word)

    def meets(self, held: StandardMark, asked: StandardMark) -> bool:
        """Tell whether a held standard is the asked one: same document, a part of the family, the grade asked."""
        if not _grades_met(held.grades, asked.grades):
            return False
        for h_family, h_number, h_parts in self._names(held):
            for a_family, a_number, a_parts in self._names(asked):
                if h_family != a_family or h_parts[: len(a_parts)] != a_parts:
                    continue
                if h_number == a_number or (("/" in h_number or "/" in a_number) and _share(h_number, a_number)):
                    return True
        return False

    def _names(self, mark: StandardMark) -> list[tuple[str, str, tuple[str, ...]]]:
        name = (self._adopter(mark.family, mark.number), mark.number, mark.parts)
        names = [name]
        for cut in range(len(name[2]), -1, -1):
            same = self._same.get((name[0], name[1], name[2][:cut]))
            if same and same != name:
                names.append((same[0], same[1], same[2] + name[2][cut:]))
        return names

    def _adopter(self, family: str, number: str) -> str:
        if number.isdecimal():
            for adopter, low, high, source in self._adopted:
                if family == adopter and low <= int(number) <= high:
                    return source
        return family


@lru_cache(maxsize=4096)
def letters_of(word: str) -> tuple[str, ...]:
    """Return the Latin initials that a run of Persian letter names may spell, upper case; none for other words."""
    if not word:
        return ("",)
    found: dict[str, None] = {}
    for name, letters in _LETTER_NAMES.items():
        if word.startswith(name):
            found.update(dict.fromkeys(letter + rest for letter in letters for rest in letters_of(word[len(name) :])))
    return tuple(found) if len(found) < _MOST_SPELLINGS else ()


def _tokens(text: str) -> Iterable[str]:
    return _TOKEN.findall(text)


def _share(one: str, other: str) -> bool:
    return not set(one.split("/")).isdisjoint(other.split("/"))


def _grades_met(held: tuple[str, ...], asked: tuple[str, ...]) -> bool:
    return all(grade in held for grade in asked)
