"""Templates: an empty table with all headers in one language, explained on a second sheet, classes on a third."""

import csv
import io
from collections.abc import Iterator
from typing import Any, Final, Literal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from graph.taxonomy.model import Taxonomy
from services.imports.bulk.columns import Column
from services.imports.bulk.subjects import Subject

Language = Literal["fa", "en"]
Format = Literal["csv", "xlsx"]

_NUMBERED: Final = {"standard": 3, "standard_until": 3, "certificate": 3, "certificate_until": 3, "class": 2}
_EXAMPLES: Final = {
    ("code", "en"): ("code [CPV]", "code [HS]"), ("code", "fa"): ("کد [CPV]", "کد [HS]"),
    ("attribute", "en"): ("attribute: weight [kg]", "attribute: material"),
    ("attribute", "fa"): ("مشخصه: وزن [kg]", "مشخصه: جنس"),
    ("requirement", "en"): ("requirement: weight [kg]", "requirement: material"),
    ("requirement", "fa"): ("الزام: وزن [kg]", "الزام: جنس"),
}  # fmt: skip
"""Headers that named columns begin with; a clerk writes others in their place."""
_SHEETS: Final = {"fa": ("داده‌ها", "راهنما", "رده‌ها"), "en": ("Data", "Guide", "Classes")}
_GUIDE: Final = {
    "fa": ("ستون", "لازم", "چیست", "چه می‌پذیرد", "نمونه"),
    "en": ("Column", "Required", "What it is", "What it takes", "Example"),
}
_RULES: Final = {
    "fa": (
        "هر ردیف یک {row} است. ستون‌هایی که لازم ندارید پاک کنید؛ ترتیب آن‌ها آزاد است و سرستون فارسی یا انگلیسی هر دو پذیرفته است.",
        "خانه خالی چیزی را تغییر نمی‌دهد؛ خط تیره (-) مقدار ثبت‌شده را پاک می‌کند.",
        "رقم فارسی و لاتین، تاریخ خورشیدی و میلادی (سال در آغاز)، و جداکننده‌های ٬ و ٫ پذیرفته است.",
        "ستونی که سرستونش با # آغاز شود کنار گذاشته می‌شود.",
    ),
    "en": (
        "Each row is {row}. Delete columns that you do not need; their order is free, and headers may be Persian or English.",
        "An empty cell changes nothing; a dash (-) takes away what is recorded.",
        "Persian and Latin digits, Solar Hijri and Gregorian dates (year first), and separators ٬ , ٫ . are taken.",
        "A column whose header begins with # is left out.",
    ),
}
_ROWS: Final = {
    "suppliers": ("a supplier", "تأمین‌کننده"),
    "offers": ("an offer of a supplier", "پیشنهاد یک تأمین‌کننده"),
    "demands": ("an item of a demand; the items of one demand stand one beneath the other", "قلم یک تقاضا؛ قلم‌های یک تقاضا زیر هم می‌آیند"),
}  # fmt: skip
_OFFERED_ROWS: Final = 10_000
_WIDTHS: Final = (34, 10, 70, 60, 34)
_REQUIRED: Final = PatternFill("solid", fgColor="FFE699")
_HEAD: Final = PatternFill("solid", fgColor="DDEBF7")
_LONGEST_CHOICE: Final = 255


def template(subject: Subject, language: Language, form: Format, taxonomy: Taxonomy) -> bytes:
    """The template as a file's bytes. CSV is UTF-8 with a mark, so that spreadsheets open it rightly."""
    return _csv(subject, language) if form == "csv" else _xlsx(subject, language, taxonomy)


def headers(subject: Subject, language: Language) -> list[tuple[str, Column]]:
    """The headers of the template with their columns; required ones bear a *."""
    found: list[tuple[str, Column]] = []
    for group in _groups(subject.columns):
        for number in range(1, max(_NUMBERED.get(column.key, 1) for column in group) + 1):
            for column in group:
                named = _EXAMPLES.get((column.key, language))
                if named is not None:
                    found += [(header, column) for header in named]
                else:
                    mark = " *" if column.required else ""
                    found.append((column.header(language, number) + mark, column))
    return found


def _groups(columns: tuple[Column, ...]) -> Iterator[list[Column]]:
    """Columns that are shown; numbered ones of one list stand together, number by number."""
    group: list[Column] = []
    for column in (each for each in columns if each.shown):
        together = group and column.part is not None and not column.named and column.fixed is None
        if together and group[-1].path == column.path and column.key.startswith(group[0].key):
            group.append(column)
            continue
        if group:
            yield group
        group = [column]
    if group:
        yield group


def guide(subject: Subject, language: Language) -> Iterator[tuple[str, str, str, str, str]]:
    """A row per column, with those that the template does not show: header, required, what it is, what it takes, example."""
    place = 1 if language == "fa" else 0
    yes = ("yes", "بله")[place]
    for column in subject.columns:
        takes = column.kind.what[place]
        if column.kind.permitted:
            takes = f"{takes}: {', '.join(words[place] for words in column.kind.permitted)}"
        header = column.header(language)
        if column.named:
            header = _EXAMPLES.get((column.key, language), (f"{header} [...]",))[0]
        yield header, yes if column.required else "", column.about[place], takes, column.example[place]


def rules(subject: Subject, language: Language) -> list[str]:
    """What holds for the whole table."""
    row = _ROWS[subject.name][1 if language == "fa" else 0]
    return [rule.format(row=row) for rule in _RULES[language]]


def _csv(subject: Subject, language: Language) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([header for header, _ in headers(subject, language)])
    for rule in rules(subject, language):
        writer.writerow([f"# {rule}"])
    for header, required, about, takes, example in guide(subject, language):
        mark = " *" if required else ""
        shown = f" ({example})" if example else ""
        writer.writerow([f"# {header}{mark}: {about} {takes}{shown}"])
    return text.getvalue().encode("utf-8-sig")


def _xlsx(subject: Subject, language: Language, taxonomy: Taxonomy) -> bytes:
    book = Workbook()
    first: Any = book.active
    data, help_sheet, classes = _SHEETS[language]
    first.title = data
    _data(first, subject, language)
    _guide(book.create_sheet(help_sheet), subject, language)
    if any(column.key == "class" for column in subject.columns):
        sheet: Any = book.create_sheet(classes)
        sheet.append(["id", "فارسی", "English"])
        for each in taxonomy:
            sheet.append([each.id, each.fa, each.en])
        _finish(sheet, language, (40, 50, 50))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _data(sheet: Any, subject: Subject, language: Language) -> None:
    shown = headers(subject, language)
    sheet.append([header for header, _ in shown])
    _finish(sheet, language, tuple(max(14, len(header) + 4) for header, _ in shown))
    for at, (_, column) in enumerate(shown, 1):
        letter = get_column_letter(at)
        if column.required:
            sheet.cell(1, at).fill = _REQUIRED
        if column.kind.as_text:  # lest leading zeros and last digits be lost
            sheet.column_dimensions[letter].number_format = "@"
        words = [pair[1 if language == "fa" else 0] for pair in column.kind.permitted]
        listed = '"' + ",".join(words) + '"'
        if words and len(listed) <= _LONGEST_CHOICE:
            choice = DataValidation(type="list", formula1=listed, allow_blank=True, showErrorMessage=False)
            choice.add(f"{letter}2:{letter}{_OFFERED_ROWS + 1}")
            sheet.add_data_validation(choice)


def _guide(sheet: Any, subject: Subject, language: Language) -> None:
    sheet.append(_GUIDE[language])
    for row in guide(subject, language):
        sheet.append(row)
    sheet.append([])
    for rule in rules(subject, language):
        sheet.append([rule])
    _finish(sheet, language, _WIDTHS)
    for row in sheet.iter_rows(min_row=2, max_row=len(subject.columns) + 1):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(cell.value, str):
                cell.data_type = "s"  # an example may begin with =


def _finish(sheet: Any, language: Language, widths: tuple[int, ...]) -> None:
    sheet.sheet_view.rightToLeft = language == "fa"
    sheet.freeze_panes = "A2"
    for at, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
        head = sheet.cell(1, at)
        head.font, head.fill = Font(bold=True), _HEAD
