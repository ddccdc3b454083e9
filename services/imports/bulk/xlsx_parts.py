"""The parts of an XLSX package but its sheets: what sheets there are, which styles show dates, and the shared texts.

openpyxl's reading mode is not used: it holds all shared texts in memory, takes formulas without a result for empty
cells and does not know of merged ones. Only its knowledge of number formats and day numbers is.
"""

import re
import tempfile
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from posixpath import dirname, normpath
from typing import IO, Final
from zipfile import ZipFile, ZipInfo

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from services.imports.bulk.cells import MOST_TEXT, Said
from services.imports.bulk.xml_stream import UNREADABLE, Attributes, damaged, failed, whole_xml

MOST_PARTS: Final = 2_000
MOST_PART_BYTES: Final = 2_000_000_000
MOST_RATIO: Final = 1_000
"""A sheet of one cell repeated shrinks to a hundredth; a bomb of zeros to a thousandth."""
_FREE_BYTES: Final = 20_000_000
"""Below this a part may shrink as it likes."""
_SMALL: Final = 30_000_000
_MOST_STRINGS: Final = 20_000_000
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_ID: Final = "id"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the workbook: its name, whether it is shown, and its part."""

    name: str
    shown: bool
    part: str


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell's number is shown."""

    date: bool = False
    percent: bool = False


class Package:
    """The zip archive with its relations. DamagedError: it is none, or a bomb. `names` of its parts are as they are."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        infos = archive.infolist()
        if len(infos) > MOST_PARTS:
            raise damaged(Said(f"it has {len(infos)} parts", f"{len(infos)} جزء دارد"))
        self._infos: dict[str, ZipInfo] = {info.filename.lstrip("/").casefold(): info for info in infos}
        for info in infos:
            if info.flag_bits & 1:
                raise damaged(Said("it is protected by a password", "با گذرواژه قفل شده است"))
            if info.file_size > max(_FREE_BYTES, MOST_RATIO * info.compress_size):
                raise damaged(
                    Said(
                        f"{info.filename!r} grows beyond measure when it is unpacked",
                        f"«{info.filename}» هنگام باز شدن بی‌اندازه بزرگ می‌شود",
                    )
                )

    def has(self, part: str) -> bool:
        """Whether there is such a part."""
        return part.casefold() in self._infos

    def size(self, part: str) -> int:
        """Bytes of a part when it is unpacked, as the archive says."""
        return self._infos[part.casefold()].file_size

    def open(self, part: str) -> IO[bytes]:
        """A part as a stream. DamagedError: it is not there or cannot be opened."""
        info = self._infos.get(part.casefold())
        if info is None:
            raise damaged(Said(f"it has no part {part!r}", f"جزء «{part}» را ندارد"))
        try:
            return self._archive.open(info)
        except UNREADABLE as error:
            raise failed(error) from error

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """(kind, target part) by relation id of a part; the package's own for an empty name."""
        folder, name = dirname(part), part.rpartition("/")[2]
        where = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: Attributes) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                path = (
                    target.lstrip("/")
                    if target.startswith("/")
                    else normpath(f"{folder}/{target}" if folder else target)
                )
                found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], path)

        if self.has(where):
            with self.open(where) as stream:
                whole_xml(stream, _SMALL, start=start)
        return found


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets in order, the styles and texts, and whether days are counted from 1904."""

    sheets: tuple[Sheet, ...]
    from_1904: bool
    styles: tuple[Style, ...]
    texts: "SharedTexts"


def read_workbook(package: Package) -> Workbook:
    """Everything but the sheets' cells. DamagedError: it is no workbook of this format."""
    main = next((part for kind, part in package.relations("").values() if kind == "officeDocument"), None)
    if main is None or not package.has(main):
        raise damaged(
            Said(
                "it is no workbook (.xlsx); other formats are not read",
                "کارپوشه (.xlsx) نیست؛ قالب‌های دیگر خوانده نمی‌شوند",
            )
        )
    relations = package.relations(main)
    sheets: list[Sheet] = []
    from_1904 = False

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal from_1904
        if tag == "sheet":
            relation = next((value for name, value in attributes.items() if name.rpartition(" ")[2] == _ID), "")
            kind, part = relations.get(relation, ("", ""))
            if kind == "worksheet":
                sheets.append(Sheet(attributes.get("name", ""), attributes.get("state", "visible") == "visible", part))
        elif tag == "workbookPr":
            from_1904 = attributes.get("date1904", "0") in ("1", "true")

    with package.open(main) as stream:
        whole_xml(stream, _SMALL, start=start)
    by_kind = dict(relations.values())
    styles = _styles(package, by_kind["styles"]) if package.has(by_kind.get("styles", "")) else ()
    texts = SharedTexts()
    if package.has(by_kind.get("sharedStrings", "")):
        with package.open(by_kind["sharedStrings"]) as stream:
            texts.read(stream)
    return Workbook(tuple(sheets), from_1904, styles, texts)


def _styles(package: Package, part: str) -> tuple[Style, ...]:
    formats: dict[str, str] = dict(zip(map(str, BUILTIN_FORMATS), BUILTIN_FORMATS.values(), strict=True))
    found: list[Style] = []
    inside = False

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal inside
        if tag == "numFmt":
            formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:300]
        elif tag == "cellXfs":
            inside = True
        elif tag == "xf" and inside:
            found.append(_style(attributes.get("numFmtId", "0"), formats))

    def end(tag: str) -> None:
        nonlocal inside
        if tag == "cellXfs":
            inside = False

    with package.open(part) as stream:
        whole_xml(stream, _SMALL, start=start, end=end)
    return tuple(found)


_BUILT_IN_DATES: Final = frozenset(
    {*map(str, range(14, 23)), *map(str, range(27, 37)), *map(str, range(45, 48)), *map(str, range(50, 59))}
)


def _style(number: str, formats: dict[str, str]) -> Style:
    code = formats.get(number, "")
    date = number in _BUILT_IN_DATES or bool(is_date_format(code) and code != "General")
    return Style(date, not date and "%" in _QUOTED.sub("", code))


class SharedTexts:
    """The texts that cells point to, kept in a temporary file: there may be a million."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the table
        self._ends = array("Q", [0])
        self.get: Callable[[int], str] = lru_cache(maxsize=2_000)(self._get)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def read(self, stream: IO[bytes]) -> None:
        """Take in the part of shared texts. DamagedError: it cannot be read."""
        parts: list[str] = []
        length = depth = 0
        taking = False

        def start(tag: str, _: Attributes) -> None:
            nonlocal taking, depth
            depth += tag == "rPh"
            taking = tag == "t" and not depth

        def text(piece: str) -> None:
            nonlocal length
            if taking:
                length += len(piece)
                if length > MOST_TEXT:
                    raise damaged(
                        Said(f"a cell has more than {MOST_TEXT} characters", f"خانه‌ای بیش از {MOST_TEXT} نویسه دارد")
                    )
                parts.append(piece)

        def end(tag: str) -> None:
            nonlocal taking, depth, length
            taking = False
            depth -= tag == "rPh"
            if tag == "si":
                self._add("".join(parts))
                parts.clear()
                length = 0

        whole_xml(stream, MOST_PART_BYTES, start=start, end=end, text=text)
        self._file.flush()

    def close(self) -> None:
        """Delete the temporary file."""
        self._file.close()

    def _add(self, text: str) -> None:
        if len(self) >= _MOST_STRINGS:
            raise damaged(Said("it has too many texts", "متن‌های آن بیش از اندازه است"))
        raw = text.encode("utf-8", "surrogatepass")
        self._file.write(raw)
        self._ends.append(self._ends[-1] + len(raw))

    def _get(self, index: int) -> str:
        self._file.seek(self._ends[index])
        raw = self._file.read(self._ends[index + 1] - self._ends[index])
        return raw.decode("utf-8", "surrogatepass")
