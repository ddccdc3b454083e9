"""Short pairs of titles over all industries: the thing meets its other name, traders, repairers and look-alikes never do."""

from typing import Any

import pytest

from graph.matching.decide import decide
from graph.matching.understand import understand_item, understand_offer, understand_supplier
from schemas.demands import Demand
from schemas.matches import Outcome
from schemas.offers import Offer
from schemas.suppliers import Supplier
from tests.unit.matching.pairs import KNOWLEDGE, TODAY

SUPPLIER = Supplier.model_validate({"id": "s-1", "name_en": "Works", "unit_state": "active", "certificates": []})


def outcome(asked: str, offered: str, description: str = "", kind: str = "product") -> Outcome:
    item: dict[str, Any] = {"id": "1", "title": asked, "description": "", "quantity": 10, "unit": "pcs"}
    wanted = Demand.model_validate(
        {"id": "d-1", "buyer": "Buyer", "title": asked, "needed_by": "2027-09-30", "items": [item]}
    )
    held = Offer.model_validate(
        {
            "id": "o-1", "supplier_id": "s-1", "kind": kind, "title": offered, "description": description,
            "capacity": {"quantity": 100, "unit": "pcs", "per": "month"}, "lead_time_days": 20,
        }
    )  # fmt: skip
    return decide(
        understand_item(wanted, wanted.items[0], KNOWLEDGE),
        understand_offer(held, KNOWLEDGE),
        understand_supplier(SUPPLIER, suspended=False, unit_states={}, knowledge=KNOWLEDGE),
        today=TODAY,
        knowledge=KNOWLEDGE,
    ).outcome


SAME = [
    ("Ball valves DN100 class 300", "شیر توپی فولادی ۴ اینچ"),
    ("شیر دروازه‌ای ۶ اینچ", "Gate valves, cast steel"),
    ("لوله جداری ۹ ۵/۸ اینچ", "Seamless casing L80 BTC"),
    ("Sucker rods API 11B", "میله مکنده چاه نفت"),
    ("Drill bits PDC 8 1/2", "مته حفاری PDC"),
    ("ترانسفورماتور توزیع ۲۵۰ کاوا", "Distribution transformers 50-1600 kVA"),
    ("Vacuum circuit breaker 24 kV", "دژنکتور خلاء ۲۴ کیلوولت"),
    ("کابل خودنگهدار آلومینیومی", "ABC cables 4x70"),
    ("پایه بتنی ۱۲ متری", "Concrete poles 9-15 m"),
    ("لوله پلی‌اتیلن PE100", "PE pipes 20-630 mm"),
    ("Butterfly valves DN300", "شیر پروانه‌ای لاگ"),
    ("پلی آلومینیوم کلراید", "پودر PAC تصفیه آب"),
    ("Hospital beds electric", "تخت بیمارستانی سه شکن برقی"),
    ("Surgical gloves sterile powder free", "دستکش جراحی استریل"),
    ("میز عمل جراحی", "Operating table, electro-hydraulic"),
    ("سرنگ ۵ سی سی", "Disposable syringes 5 ml"),
    ("Truck brake drums", "کاسه چرخ کامیون"),
    ("لاستیک کامیون ۳۱۵/۸۰", "Truck tyre 315/80R22.5"),
    ("Laminated windscreens for buses", "شیشه جلو اتوبوس"),
    ("Boom sprayer 800 l", "سمپاش پشت تراکتوری بوم‌دار"),
    ("نوار آبیاری قطره‌ای", "Drip tape 16 mm"),
    ("گاوآهن سه خیش برگردان", "Reversible mouldboard plough"),
    ("Marine fenders cylindrical rubber", "فندر اسکله لاستیکی"),
    ("پروانه کشتی برنزی", "Ship propellers nickel aluminium bronze"),
    ("Forged grinding balls 80 mm", "گلوله فورج آسیاب"),
    ("آجر نسوز منیزیتی", "Magnesia brick for kilns"),
    ("PET preforms 24.5 g", "پریفرم پت ۲۸ میلیمتر"),
    ("قوطی رب ۸۰۰ گرمی", "Food cans, three-piece"),
    ("Fibre optic cable 48 cores duct", "کابل فیبر نوری کانالی"),
    ("Fire hose 2.5 inch EN 14540", "شیلنگ آتش نشانی"),
    ("رولیک نوار نقاله", "Conveyor idlers 108 mm"),
    ("Rail pads EVA", "پد زیر ریل"),
    ("Wooden pallets", "پالت چوبی صادراتی"),
    ("CNC lathe", "دستگاه تراش CNC"),
    ("Hydraulic press 200 t", "پرس هیدرولیک ۲۰۰ تن"),
    ("Tensile testing machine", "دستگاه تست کشش ۶۰۰ کیلونیوتن"),
]

UNLIKE = [
    ("Brake drums", "Truck brake drums, heavy duty", "Cast for us in Turkey, packed in Tehran.", "product"),
    ("رادیاتور کامیون", "رادیاتور آلومینیومی کامیون", "کالا ساخت هند است و با برند ما عرضه می‌شود.", "product"),
    ("Contact wire", "Contact wire 107 mm2", "Drawn by our principal in China, shipped from Jebel Ali.", "product"),
    ("مانیتور علائم حیاتی", "مانیتور علائم حیاتی", "محصول کره جنوبی با دو سال گارانتی", "product"),
    ("Gate valves", "Gate valves 2-24 inch", "Valves of Italian make, kept in Tehran.", "product"),
    ("شیر صنعتی", "نمایندگی فروش شیرآلات صنعتی", "", "product"),
    ("Hydraulic hoses", "Trading of hydraulic hoses, all brands", "", "product"),
    ("Power transformers", "Repair and rewinding of power transformers", "", "product"),
    ("پمپ شناور", "تعمیر و بازسازی پمپ‌های شناور", "", "product"),
    ("سپر خودرو", "قالب تزریق سپر خودرو", "", "product"),
    ("لوله پلی اتیلن", "دستگاه تولید لوله پلی اتیلن", "", "product"),
    ("Tanker ship", "Scale model of tanker ship", "", "product"),
    ("کنتور آب", "میز تست و کالیبراسیون کنتور آب", "", "product"),
    ("Pressure gauges", "Calibration of pressure gauges", "", "product"),
    ("کپسول آتش نشانی", "شارژ کپسول آتش نشانی", "", "product"),
    ("کابل مسی", "کابل دست دوم مسی", "", "product"),
    ("Truck tyres", "Retreading of truck tyres", "", "product"),
    ("نوار نقاله", "آپارات گرم و سرد نوار نقاله", "", "capability"),
    ("PET preforms", "Bottle caps 28 mm", "", "product"),
    ("Food cans", "Aerosol cans 52 mm", "", "product"),
    ("Centrifugal pump", "Pump casings, ductile iron", "", "product"),
    ("Brake pads for buses", "Brake pads for passenger coaches UIC 541-3", "", "product"),
]

MAKER = [
    ("Gate valves", "Gate valves 2-24 inch", "Castings from our foundry, machined on German made lathes."),
    ("پمپ سانتریفیوژ", "پمپ سانتریفیوژ", "خط تولید ساخت آلمان، ریخته‌گری در قم"),
    ("لوله پلی اتیلن", "لوله پلی اتیلن", "با مواد اولیه وارداتی از کره"),
    ("Tyres for trucks", "Truck tyres", "Exported to Germany and Iraq."),
    ("Pumps", "Centrifugal pumps", "Not made in China: every part is cast in Qom."),
    ("کابل فیبر نوری", "کابل فیبر نوری", "تار نوری وارداتی، روکش و زره در زرند"),
    ("شیر توپی", "تولید و فروش شیر توپی", ""),
]


@pytest.mark.parametrize(("asked", "offered"), SAME)
def test_the_thing_meets_its_other_name(asked: str, offered: str) -> None:
    assert outcome(asked, offered) is Outcome.MATCH


@pytest.mark.parametrize(("asked", "offered", "description", "kind"), UNLIKE)
def test_who_does_not_make_it_and_what_only_looks_like_it_never_match(
    asked: str, offered: str, description: str, kind: str
) -> None:
    assert outcome(asked, offered, description, kind) not in (Outcome.MATCH, Outcome.NEAR_MISS)


@pytest.mark.parametrize(("asked", "offered", "description"), MAKER)
def test_a_maker_may_speak_of_foreign_machines_materials_and_markets(
    asked: str, offered: str, description: str
) -> None:
    assert outcome(asked, offered, description) is Outcome.MATCH


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("IEC 60794", "آی‌ئی‌سی ۶۰۷۹۴-۳"),
        ("API 5L", "ای‌پی‌آی ۵ال"),
        ("NFPA 13", "ان اف پی ای ۱۳"),
        ("UL 94", "یو ال ۹۴"),
        ("ASTM D638", "ASTM D638-14"),
        ("GOST 7524", "گوست ۷۵۲۴-۸۹"),
        ("IPS-M-PI-190", "IPS M PI 190"),
        ("ITU-T G.652", "ITU-T G.652.D"),
    ],
)
def test_a_standard_is_known_by_its_spoken_letters_and_short_years(asked: str, held: str) -> None:
    grammar = KNOWLEDGE.standards
    assert grammar.meets(grammar.mark(held), grammar.mark(asked))


@pytest.mark.parametrize(
    ("unit", "factor", "dimension"),
    [
        ("میلیون عدد", 1e6, "count"),
        ("thousand pcs", 1e3, "count"),
        ("هزار متر", 1e3, "meter"),
        ("dl/g", 0.1, "meter ** 3 / kilogram"),
        ("گرم بر کیلومتر", 1e-6, "kilogram / meter"),
        ("kWh/m2", 3.6e6, "kilogram / second ** 2"),
    ],
)
def test_a_unit_is_read_as_a_multiple_or_a_quotient(unit: str, factor: float, dimension: str) -> None:
    read = KNOWLEDGE.units.read(unit)
    assert read is not None
    assert read.factor == pytest.approx(factor)
    assert read.dimension in (dimension, "piece")


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("measuring range R", "R"),
        ("intrinsic viscosity", "IV"),
        ("fibre count", "تعداد کور"),
        ("کلاس انرژی", "line discharge class"),
        ("neck finish", "neck type"),
    ],
)
def test_a_symbol_or_neighbouring_name_means_the_property(asked: str, held: str) -> None:
    one, other = KNOWLEDGE.names.read(asked), KNOWLEDGE.names.read(held)
    assert KNOWLEDGE.names.likeness(one.concepts, one.tokens, other.concepts, other.tokens, False) >= 0.7
