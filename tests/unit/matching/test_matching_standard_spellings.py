"""A standard is known however it is written, and its neighbours are told apart."""

import pytest

from tests.unit.matching.pairs import KNOWLEDGE

SAME = [
    ("ISO 17025", "ISO/IEC 17025"),
    ("UN/ECE R54", "ECE R54"),
    ("ECE Regulation No. 54", "ECE R 54"),
    ("UN Regulation 110", "ECE R110"),
    ("NFC 33-209", "NF C 33-209"),
    ("ANSI/TIA-222-G", "TIA-222-G"),
    ("ITU-T G652D", "ITU-T G.652.D"),
    ("G.652.D", "ITU-T G.652.D"),
    ("ITU-T G.652.D", "ITU-T G.652"),
    ("ANSI B16.5", "ASME B16.5"),
    ("ANSI/ASME B16.34", "ASME B16.34"),
    ("ASTM A-106 Gr. B", "ASTM A106 Gr B"),
    ("API-5L X65 PSL2", "API 5L PSL2"),
    ("API Spec. 6A PSL 3", "API 6A"),
    ("API 650 13th Ed.", "API 650"),
    ("API 607 7th edition", "API 607"),
    ("JISG3101", "JIS G 3101"),
    ("DIN 931", "ISO 4014"),
    ("API 13A", "ISO 13500"),
    ("DNV-GL", "DNV"),
    ("ASME U stamp", "ASME U"),
    ("2014/68/EU", "PED 2014/68/EU"),
    ("MDR", "MDR 2017/745"),
    ("NSF/ANSI/CAN 61", "NSF 61"),
    ("MIL STD 810", "MIL-STD-810G"),
    ("FDA 510(k)", "FDA 510k"),
    ("UL94 V-0", "UL 94 V0"),
    ("NACE MR-01-75", "NACE MR0175"),
    ("ISO15156-3", "NACE MR0175"),
    ("ISO 4064-1", "OIML R 49"),
    ("UN1A1", "UN 1A1"),
    ("UN 1A1/X1.2/250", "UN 1A1"),
    ("ENISO 9001", "ISO 9001"),
    ("BSEN 124", "EN 124"),
    ("IATF16949", "ISO/TS 16949"),
    ("ETSI EN 300132-2", "ETSI EN 300 132-2"),
    ("ASME VIII-1", "ASME VIII Div.1"),
    ("ASME Sec VIII Div 1", "ASME BPVC Section VIII Division 1"),
    ("EN 60601-2-52", "IEC 60601-2-52"),
    ("VDE 0276", "DIN VDE 0276"),
    ("INSO ISO 4427-2", "ISO 4427"),
    ("ISIRI 389", "استاندارد ملی ایران به شماره ۳۸۹"),
    ("نشان استاندارد ۱۴۴۲۷", "ISIRI 14427"),
    ("ایزو/آی‌ای‌سی ۱۷۰۲۵", "ISO/IEC 17025"),
    ("ای ان ۸۱-۲۰", "EN 81-20"),
    ("دین ۲۲۱۳۱", "DIN 22131"),
    ("آی‌پی‌اس M-PI-190", "IPS-M-PI-190"),
]

OTHER = [
    ("2014/34/EU", "2014/68/EU"),
    ("ECE R90", "ECE R54"),
    ("ITU-T G.655", "ITU-T G.652"),
    ("ITU-T G.657.A1", "ITU-T G.652.D"),
    ("UN 1A2", "UN 1A1"),
    ("UN 1H1", "UN 1A1"),
    ("NF C 33-226", "NF C 33-209"),
    ("API 5L X52", "API 5L X65"),
    ("ISO 17020", "ISO 17025"),
    ("DIN 933", "ISO 4014"),
    ("EN 124", "EN 1433"),
    ("ASME VIII Div.2", "ASME VIII Div.1"),
    ("BV", "DNV"),
    ("IEC 60076-11", "IEC 60076-1"),
]


@pytest.mark.parametrize(("held", "asked"), SAME)
def test_spellings_of_one_standard_meet(held: str, asked: str) -> None:
    grammar = KNOWLEDGE.standards
    assert grammar.meets(grammar.mark(held), grammar.mark(asked))


@pytest.mark.parametrize(("held", "asked"), OTHER)
def test_neighbouring_standards_stay_apart(held: str, asked: str) -> None:
    grammar = KNOWLEDGE.standards
    assert not grammar.meets(grammar.mark(held), grammar.mark(asked))
