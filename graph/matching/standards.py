"""Standards as people write them, read into family, number, parts, year and grades; and when one meets another."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from graph.matching.facts import StandardMark
from graph.matching.text import is_persian, normalise

ITEM: Final = "item"
SUPPLIER: Final = "supplier"

_TOKEN: Final = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|[-/:+()]", re.UNICODE)
_YEARS: Final = range(1940, 2050)
_AMENDMENT: Final = re.compile(r"(?:[+/]\s*(?:ac|amd|cor|a|c)|\s(?:amd|cor))\.?\s?\d{1,2}(?:[:-]\d{4})?(?=\W|$)")
_ROMAN: Final = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
    "xi": "11",
}


class Parsed(NamedTuple):
    """One reading of a text: see StandardMark. `end` is where it stops in the normalised text."""

    family: str
    numbers: tuple[str, ...]
    parts: tuple[str, ...]
    year: int
    grades: tuple[str, ...]
    start: int
    end: int


class Standards:
    """The grammar with its lexicon: spellings of families, equivalences, adoptions."""

    def __init__(self, lexicon: Mapping[str, Any]) -> None:
        self._families: dict[tuple[str, ...], str] = {}
        for family, spellings in lexicon["families"].items():
            for spelling in spellings:
                self._families[tuple(_tokens(normalise(str(spelling))))] = str(family)
        self._longest = max(map(len, self._families))
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

    def _read(self, tokens: list[tuple[str, int, int]], at: int, field: bool) -> tuple[list[Parsed], int] | None:
        family, after = self._chain(tokens, at)
        if family in self._ambiguous and not field:
            return None
        if not family:
            word = tokens[at][0]
            if not field or is_persian(word) or not word.isalpha() or not 2 <= len(word) <= 6:
                return None
            if word in self._fillers or word in self._parts or word in self._grades:
                return None
            family, after = word.upper(), at + 1
        reader = _Number(self, tokens, after, family)
        parsed = reader.read(tokens[at][1], strict=not field)
        return (parsed, reader.at) if parsed else None

    def _chain(self, tokens: list[tuple[str, int, int]], at: int) -> tuple[str, int]:
        """Read "DIN EN ISO": the last family of an unbroken chain, and where it ends."""
        family, after = "", at
        while True:
            step = self.family_at(tokens, after)
            if step is None and family and after + 1 < len(tokens) and tokens[after][0] in "/-":
                step = self.family_at(tokens, after + 1)
            if step is None:
                return family, after
            family, after = step

    def family_at(self, tokens: list[tuple[str, int, int]], at: int) -> tuple[str, int] | None:
        """Return the family written at this token and where it ends."""
        for length in range(min(self._longest, len(tokens) - at), 0, -1):
            key = tuple(token for token, _, _ in tokens[at : at + length])
            if key in self._families:
                return self._families[key], at + length
        return None

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


class _Number:
    """Reads number, parts, year and grades that follow a family."""

    def __init__(self, grammar: Standards, tokens: list[tuple[str, int, int]], at: int, family: str) -> None:
        self.grammar, self.tokens, self.at, self.family = grammar, tokens, at, family

    def word(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.tokens[at][0] if at < len(self.tokens) else ""

    def touching(self) -> bool:
        return self.at > 0 and self.at < len(self.tokens) and self.tokens[self.at][1] == self.tokens[self.at - 1][2]

    def read(self, start: int, *, strict: bool) -> list[Parsed]:
        while (self.word() in "-/:" and self.word()) or self.grammar.is_filler(self.word()):
            self.at += 1
        numbers = self.numbers() or self.roman()
        if not numbers:
            # A bare name ("IRIS", "CE") is a standard only in a field of its own.
            if strict or not self.family.isalpha():
                return []
            grades = self.grades(strict=False)
            return [Parsed(self.family, (), (), 0, grades, start, self.tokens[self.at - 1][2])]
        parts, year = self.parts()
        grades = self.grades(strict=strict)
        end = self.tokens[self.at - 1][2]
        if len(numbers) > 1 and all(number.isdecimal() for number in numbers):
            return [Parsed(self.family, (number,), parts, year, grades, start, end) for number in numbers]
        return [Parsed(self.family, tuple(numbers), parts, year, grades, start, end)]

    def roman(self) -> list[str]:
        """Read the sections of the ASME code, which are counted in Roman numerals."""
        number = _ROMAN.get(self.word()) if self.family == "ASME" else None
        if number is None:
            return []
        self.at += 1
        while self.word() == ".":
            self.at += 1
        return [number]

    def numbers(self) -> list[str]:
        found: list[str] = []
        while True:
            number = self.one_number(found[-1] if found else "")
            if not number:
                if found:
                    self.at -= 1  # gives back the slash
                return found
            found.append(number)
            if "." in self.word(1) and number.isdecimal():
                return found  # "EN 10204 / 3.1" names one document and a kind of certificate
            if self.word() != "/" or self.grammar.family_at(self.tokens, self.at + 1):
                return found
            self.at += 1

    def one_number(self, before: str) -> str:
        word, ahead = self.word(), 1
        letters = ""
        if word.isalpha() and word.isascii() and len(word) <= 4 and not self.grammar.grade_kind(word):
            letters = word
            if self.word(ahead) == "-":
                ahead += 1
            word = self.word(ahead)
            ahead += 1
        if not word or not word[0].isdigit():
            return ""
        self.at += ahead
        number = word.replace(",", ".")
        # A letter that touches belongs to the number: API 6D, AAR M-901E, IEC 60384-14Z.
        if self.touching() and self.word().isalpha() and len(self.word()) <= 2 and self.word().isascii():
            number += self.word()
            self.at += 1
            if self.touching() and self.word()[:1].isdigit():
                number += self.word()
                self.at += 1
        if before and not letters and not before[0].isdigit():
            letters = "".join(letter for letter in before if letter.isalpha())[:2]
        return letters + number

    def parts(self) -> tuple[tuple[str, ...], int]:
        parts: list[str] = []
        year = 0
        while True:
            mark = self.word()
            if (mark in ("-", ":", "(") and self.word(1)[:1].isdigit()) or (
                self.grammar.is_part(mark) and self.word(1)[:1].isdigit()
            ):
                value = self.word(1)
                self.at += 2
            else:
                return tuple(parts), year
            if value.isdecimal() and int(value) in _YEARS and (mark != "-" or len(value) == 4):
                year = int(value)
                if self.word() == ")":
                    self.at += 1
            elif "." in value:
                self.at -= 1  # "EN 10204-3.1" is a kind of certificate, no part: read as what ends the field
                return tuple(parts), year
            else:
                parts.append(value.lstrip("0") or "0")

    def grades(self, *, strict: bool) -> tuple[str, ...]:
        found: list[str] = []
        while True:
            at = self.at
            if self.word() in ("-", ",", "/", "(") and self.grammar.grade_kind(self.word(1)):
                self.at += 1
            kind = self.grammar.grade_kind(self.word())
            if kind:
                value, ahead = self.word(1), 2
                if value == "-":
                    value, ahead = self.word(2), 3
                if value and (value[0].isdigit() or (value.isascii() and value.isalpha() and len(value) <= 3)):
                    self.at += ahead
                    if self.word() == "+":
                        value += "+"
                        self.at += 1
                    elif self.touching() and self.word().isalpha() and len(self.word()) == 1:
                        value += self.word()
                        self.at += 1
                    found.append(_ROMAN.get(value, value))
                    continue
            self.at = at
            word = self.word()
            # "UIC 812-3 V", "ASTM A216 WCB", "API 5L X52", "EN 10204 3.1": what ends the field is a grade.
            rest = [token for token, _, _ in self.tokens[self.at :]]
            if rest[:1] == ["/"] and len(rest) == 2 and "." in rest[1]:  # noqa: PLR2004 - "EN 10204 / 3.1"
                self.at += 1
                rest = rest[1:]
            if not strict and 1 <= len(rest) <= 2 and rest[0].isascii() and len(rest[0]) <= 3:  # noqa: PLR2004
                value = "".join(rest)
                if (
                    value.replace(".", "").isalnum()
                    and not self.grammar.is_filler(word)
                    and (len(rest) == 1 or rest[1].isdecimal())
                ):
                    self.at += len(rest)
                    found.append(_ROMAN.get(value, value))
            return tuple(found)


def _tokens(text: str) -> Iterable[str]:
    return _TOKEN.findall(text)


def _share(one: str, other: str) -> bool:
    return not set(one.split("/")).isdisjoint(other.split("/"))


def _grades_met(held: tuple[str, ...], asked: tuple[str, ...]) -> bool:
    return all(grade in held for grade in asked)
