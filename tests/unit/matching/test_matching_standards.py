"""The grammar of standards reads both scripts, and knows when one standard meets another."""

from datetime import date

import pytest

from graph.matching.knowledge import default_knowledge

STANDARDS = default_knowledge().standards


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("ای‌ان ۱۳۲۶۲", "EN 13262"),
        ("EN13262:2020+A1", "EN 13262"),
        ("BS EN 13262", "EN 13262"),
        ("بی اس EN 13262", "EN 13262"),
        ("یو آی سی ۸۱۲-۳", "UIC 812-3"),
        ("یوآی‌سی ۸۱۲-۳", "UIC 812-3"),
        ("UIC812-3", "UIC 812-3"),
        ("گوست روسیه ۳۲۸۸۵", "GOST 32885"),
        ("ГОСТ 32885-2014", "GOST 32885"),
        ("ایزو ۹۰۰۱", "ISO 9001:2015"),
        ("DIN EN ISO 9001", "ISO 9001"),
        ("ISO/TS 22163", "ISO 22163"),
        ("IRIS", "ISO 22163"),
        ("AAR M201", "AAR M-201"),
        ("AAR M107/208 class C", "AAR M-107/M-208"),
        ("EN 50264 قسمت ۲-۱", "EN 50264-2-1"),
        ("EN 15085-2 CL 1", "EN 15085-2 CL1"),
        ("VDE ۰۸۱۶", "DIN VDE 0816"),
        ("API Std 600", "API-600"),
        ("ASTM A216/A216M", "ASTM A216"),
        ("ISO 3183", "API 5L"),
        ("EN 60529", "IEC 60529"),
        ("استاندارد ملی ۶۰۷", "ISIRI 607"),
        ("EN 10204 / 3.1", "EN10204-3.1"),
        ("ASME Sec. VIII Div.1", "ASME VIII Div. 1"),
        ("IEEE C57.12.00", "IEEE C57.12.00-2015"),
        ("CQI9", "CQI-9"),
        ("IEC 62056-5-3", "IEC 62056"),
    ],
)
def test_spellings_meet(written: str, plain: str) -> None:
    assert STANDARDS.meets(STANDARDS.mark(written), STANDARDS.mark(plain))


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        ("EN 13230-3", "EN 13230-2"),
        ("EN 13230", "EN 13230-2"),
        ("EN 15085-2 CL2", "EN 15085-2 CL1"),
        ("EN 15085-2", "EN 15085-2 CL1"),
        ("API 5L PSL1", "API 5L PSL2"),
        ("TEMA C", "TEMA R"),
        ("EN 10204 2.2", "EN 10204 3.1"),
        ("UIC 541-3", "UIC 541-4"),
        ("ISO 14001", "ISO 9001"),
        ("EN 9001", "ISO 9001"),
        ("GOST 32400", "GOST 32885"),
    ],
)
def test_neighbours_do_not_meet(held: str, asked: str) -> None:
    assert not STANDARDS.meets(STANDARDS.mark(held), STANDARDS.mark(asked))


def test_validity_and_holder_are_kept() -> None:
    mark = STANDARDS.mark("EN 13262", date(2027, 3, 1), "supplier")
    assert (mark.valid_until, mark.holder) == (date(2027, 3, 1).toordinal(), "supplier")


def test_text_is_searched_for_standards() -> None:
    found = STANDARDS.find("wheels to EN 13262 and یو آی سی ۸۱۲-۳, as 200 mm; is 5 years; EN 50126/50129")
    assert [(one.family, one.numbers) for one in found] == [
        ("EN", ("13262",)),
        ("UIC", ("812",)),
        ("EN", ("50126",)),
        ("EN", ("50129",)),
    ]


def test_what_cannot_be_read_meets_itself() -> None:
    assert STANDARDS.meets(STANDARDS.mark("تاییدیه رجا"), STANDARDS.mark("تاييديه رجا"))
    assert not STANDARDS.meets(STANDARDS.mark("تاییدیه رجا"), STANDARDS.mark("تاییدیه مترو"))


def test_several_standards_in_one_field_are_several_marks() -> None:
    assert [mark.number for mark in STANDARDS.marks("ISO 9001, ISO 14001 و ISO 45001")] == ["9001", "14001", "45001"]


def test_a_management_standard_describes_no_thing() -> None:
    assert not STANDARDS.is_product(STANDARDS.mark("ISO 9001:2015"))
    assert not STANDARDS.is_product(STANDARDS.mark("IRIS"))
    assert STANDARDS.is_product(STANDARDS.mark("EN 13262"))
