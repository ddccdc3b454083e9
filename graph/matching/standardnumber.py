"""What follows the family in a standard's name: number, parts, year, grades; one reading, token by token."""

from typing import Final, NamedTuple, Protocol

_YEARS: Final = range(1940, 2050)
_YEAR_DIGITS: Final = 4
#: Letters before a number ("AAR M-107") and after it ("API 6D"), and of a grade that ends a field ("UIC 812-3 V").
_BEFORE, _AFTER, _GRADE, _REST = 4, 2, 3, 2
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

#: Letters that end a number, as they are spoken in Persian: API 5L, 6D.
_SPOKEN: Final = {"ال": "l", "ای": "a", "بی": "b", "سی": "c", "دی": "d", "اف": "f", "سی تی": "ct"}
#: Families whose editions are told by two digits: ASTM D638-14, GOST 10791-89.
_SHORT_YEARS: Final = frozenset({"ASTM", "GOST"})
_CENTURY: Final = 50

Token = tuple[str, int, int]
"""A word or mark of a text, and where it starts and ends."""


class Parsed(NamedTuple):
    """One reading of a text: see StandardMark. `end` is where it stops in the normalised text."""

    family: str
    numbers: tuple[str, ...]
    parts: tuple[str, ...]
    year: int
    grades: tuple[str, ...]
    start: int
    end: int


class Grammar(Protocol):
    """What the reader asks of the grammar of standards."""

    def is_filler(self, word: str) -> bool:
        """Tell whether the word says nothing between a family and its number."""
        ...

    def is_part(self, word: str) -> bool:
        """Tell whether the word introduces a part."""
        ...

    def grade_kind(self, word: str) -> str | None:
        """Return the kind of grade that the word introduces, or None."""
        ...

    def family_at(self, tokens: list[Token], at: int) -> tuple[str, int] | None:
        """Return the family written at this token and where it ends."""
        ...


class NumberReader:
    """Reads number, parts, year and grades that follow a family."""

    def __init__(self, grammar: Grammar, tokens: list[Token], at: int, family: str) -> None:
        self.grammar, self.tokens, self.at, self.family = grammar, tokens, at, family

    def _word(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.tokens[at][0] if at < len(self.tokens) else ""

    def _touching(self) -> bool:
        return self.at > 0 and self.at < len(self.tokens) and self.tokens[self.at][1] == self.tokens[self.at - 1][2]

    def read(self, start: int, *, strict: bool) -> list[Parsed]:
        """Read the standards that begin at `start`; `strict` is running text, where a bare family is no standard."""
        while (self._word() in "-/:" and self._word()) or self.grammar.is_filler(self._word()):
            self.at += 1
        numbers = self._numbers() or self._roman()
        if not numbers:
            # A bare name ("IRIS", "CE") is a standard only in a field of its own.
            if strict or not self.family.isalpha():
                return []
            grades = self._grades(strict=False)
            return [Parsed(self.family, (), (), 0, grades, start, self.tokens[self.at - 1][2])]
        parts, year = self._parts()
        grades = self._grades(strict=strict)
        end = self.tokens[self.at - 1][2]
        if len(numbers) > 1 and all(number.isdecimal() for number in numbers):
            return [Parsed(self.family, (number,), parts, year, grades, start, end) for number in numbers]
        return [Parsed(self.family, tuple(numbers), parts, year, grades, start, end)]

    def _roman(self) -> list[str]:
        """Read the sections of the ASME code, which are counted in Roman numerals."""
        number = _ROMAN.get(self._word()) if self.family == "ASME" else None
        if number is None:
            return []
        self.at += 1
        while self._word() == ".":
            self.at += 1
        return [number]

    def _numbers(self) -> list[str]:
        found: list[str] = []
        while True:
            number = self._one_number(found[-1] if found else "")
            if not number:
                if found:
                    self.at -= 1  # gives back the slash
                return found
            found.append(number)
            if "." in self._word(1) and number.isdecimal():
                return found  # "EN 10204 / 3.1" names one document and a kind of certificate
            if self._word() != "/" or self.grammar.family_at(self.tokens, self.at + 1):
                return found
            self.at += 1

    def _one_number(self, before: str) -> str:
        word, ahead = self._word(), 1
        letters = ""
        # "AAR M-107" has one group of letters, "IPS-M-PI-190" two.
        while (
            word.isalpha() and word.isascii() and len(letters + word) <= _BEFORE and not self.grammar.grade_kind(word)
        ):
            letters += word
            if self._word(ahead) == "-":
                ahead += 1
            word = self._word(ahead)
            ahead += 1
        if not word or not word[0].isdigit():
            return ""
        self.at += ahead
        number = word.replace(",", ".")
        # A letter that touches belongs to the number: API 6D, AAR M-901E, IEC 60384-14Z.
        if self._touching() and self._word().isalpha() and len(self._word()) <= _AFTER and self._word().isascii():
            number += self._word()
            self.at += 1
            if self._touching() and self._word()[:1].isdigit():
                number += self._word()
                self.at += 1
        elif self._touching() and self._word() in _SPOKEN:  # «۵ال»
            number += _SPOKEN[self._word()]
            self.at += 1
        if before and not letters and not before[0].isdigit():
            letters = "".join(letter for letter in before if letter.isalpha())[:2]
        return letters + number

    def _parts(self) -> tuple[tuple[str, ...], int]:
        parts: list[str] = []
        year = 0
        while True:
            mark = self._word()
            if (mark in ("-", ":", "(") and self._word(1)[:1].isdigit()) or (
                self.grammar.is_part(mark) and self._word(1)[:1].isdigit()
            ):
                value = self._word(1)
                self.at += 2
            else:
                return tuple(parts), year
            if value.isdecimal() and int(value) in _YEARS and (mark != "-" or len(value) == _YEAR_DIGITS):
                year = int(value)
                if self._word() == ")":
                    self.at += 1
            elif mark == "-" and self.family in _SHORT_YEARS and len(value) == 2 and value.isdecimal():  # noqa: PLR2004
                year = (1900 if int(value) > _CENTURY else 2000) + int(value)
            elif "." in value:
                self.at -= 1  # "EN 10204-3.1" is a kind of certificate, no part: read as what ends the field
                return tuple(parts), year
            else:
                parts.append(value.lstrip("0") or "0")

    def _grades(self, *, strict: bool) -> tuple[str, ...]:
        found: list[str] = []
        while grade := self._grade() or ("" if strict else self._code()):
            found.append(grade)
        last = "" if strict else self._last()
        return (*found, last) if last else tuple(found)

    def _grade(self) -> str:
        """Read one grade that a word introduces: "class C", "CL 1", "PSL-2"."""
        at = self.at
        if self._word() in ("-", ",", "/", "(") and self.grammar.grade_kind(self._word(1)):
            self.at += 1
        ahead = 2 if self._word(1) == "-" else 1
        value = self._word(ahead)
        if not self.grammar.grade_kind(self._word()) or not _is_grade(value):
            self.at = at
            return ""
        self.at += ahead + 1
        if self._word() == "+":
            value += "+"
            self.at += 1
        elif self._touching() and self._word().isalpha() and len(self._word()) == 1:
            value += self._word()
            self.at += 1
        return _ROMAN.get(value, value)

    def _code(self) -> str:
        """Read a steel grade before other grades: the "X65" of "API 5L X65 PSL2"."""
        at = self.at
        if not (self._word().isascii() and self._word().isalpha() and len(self._word()) <= _REST):
            return ""
        self.at += 1
        if not (self._touching() and self._word().isdecimal() and self.grammar.grade_kind(self._word(1))):
            self.at = at
            return ""
        self.at += 1
        return self.tokens[at][0] + self.tokens[at + 1][0]

    def _last(self) -> str:
        """Read the grade that ends a field: "UIC 812-3 V", "ASTM A216 WCB", "API 5L X52", "EN 10204 3.1"."""
        rest = [token for token, _, _ in self.tokens[self.at :]]
        if rest[:1] == ["/"] and len(rest) == _REST and "." in rest[1]:  # "EN 10204 / 3.1"
            self.at += 1
            rest = rest[1:]
        if not 1 <= len(rest) <= _REST or not rest[0].isascii() or len(rest[0]) > _GRADE:
            return ""
        value = "".join(rest)
        if not value.replace(".", "").isalnum() or self.grammar.is_filler(rest[0]):
            return ""
        if len(rest) == _REST and not rest[1].isdecimal():
            return ""
        self.at += len(rest)
        return _ROMAN.get(value, value)


def _is_grade(value: str) -> bool:
    return bool(value) and (value[0].isdigit() or (value.isascii() and value.isalpha() and len(value) <= _GRADE))
