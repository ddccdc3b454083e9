"""How traders, repairers, renters and teachers speak of themselves, over industries; makers who say the like stay makers."""

import pytest

from schemas.matches import Outcome
from tests.unit.matching.test_probes import outcome

NAMES = {
    "en": ("gate valves", "hospital beds", "grain silos"),
    "fa": ("ترانسفورماتور قدرت", "رادیاتور کامیون", "کنتور آب"),
}

TITLES = {
    "en": [
        "{x} trading house", "Import and sale of {x}", "Sole agent for {x}", "{x}, exclusive dealer", "Wholesale of {x}", "{x} from leading brands",
        "{x} repair service", "Refurbished {x}", "Installation of {x}", "Calibration of {x}", "{x} for hire", "{x} training course",
        "Moulds for {x}", "Production line for {x}", "Toy {x}", "Software for {x}", "Spare parts for {x}", "Transport of {x}", "Scrap {x}",
        "Simulators for {x}", "{x} inspection services", "Test bench for {x}",
    ],
    "fa": [
        "بازرگانی {x}", "واردات و فروش {x}", "نمایندگی فروش {x}", "مرکز پخش {x}", "تعویض {x}", "خدمات فنی {x}", "پیمانکار نصب {x}", "اجرای {x}",
        "دستگاه تست {x}", "شبیه‌ساز {x}", "{x} وارداتی", "{x} تعمیری", "فروشنده {x}", "کاتالوگ {x}", "جزوه آموزشی {x}", "بازرسی فنی {x}",
    ],
}  # fmt: skip
BELOW = {
    "en": [
        "We represent several foreign manufacturers.",
        "We do not manufacture; we supply from stock of well-known brands.",
        "We buy from producers and resell.",
        "Stock in Jebel Ali, shipped worldwide.",
        "Purchased from domestic factories and delivered to site.",
        "Our technicians repair units of any make.",
        "Rental by the month.",
        "Models at 1:20 scale for exhibitions.",
        "No own production.",
    ],
    "fa": [
        "نمایندگی یک کارخانه ایتالیایی.",
        "خرید از کارخانه‌های داخلی و تحویل در محل.",
        "تولید نداریم.",
        "کالا از دبی تامین می‌شود.",
        "دستگاه‌های بازسازی شده با شش ماه ضمانت.",
        "اجاره ماهانه.",
        "دوره دو روزه با گواهینامه.",
    ],
}
MAKERS = {
    "en": [
        ("{x}, factory direct", ""),
        ("{x}: design, production, after-sales service", ""),
        ("{x} manufacturing and repair", ""),
        ("{x}", "Installation and training included in the price."),
        ("{x}", "Raw material imported from Korea."),
        ("{x}", "Made under licence of a German company."),
        ("{x}", "Our agents are in every province."),
        ("{x}", "Stock of standard sizes, others in six weeks."),
    ],
    "fa": [
        ("{x} ساخت داخل", ""),
        ("تولید و تعمیر {x}", ""),
        ("عرضه مستقیم {x} از کارخانه", ""),
        ("{x}", "نصب و آموزش در قیمت لحاظ شده."),
        ("{x}", "ماده اولیه از کره وارد می‌شود."),
        ("{x}", "تحت لیسانس شرکت آلمانی ساخته می‌شود."),
        ("{x}", "نمایندگی‌های ما در همه استان‌ها."),
    ],
}


def each(texts: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, text) for told, names in NAMES.items() for name in names for text in texts[told]]


@pytest.mark.parametrize(("name", "title"), each(TITLES))
def test_a_title_that_is_headed_by_trade_or_work_never_matches(name: str, title: str) -> None:
    assert outcome(name, title.format(x=name)) not in (Outcome.MATCH, Outcome.NEAR_MISS)


@pytest.mark.parametrize(("name", "text"), each(BELOW))
def test_a_plain_statement_below_the_title_decides(name: str, text: str) -> None:
    assert outcome(name, name, text) not in (Outcome.MATCH, Outcome.NEAR_MISS)


@pytest.mark.parametrize(
    ("name", "title", "text"),
    [(name, title, text) for told, names in NAMES.items() for name in names for title, text in MAKERS[told]],
)
def test_a_maker_who_speaks_of_service_and_imports_stays_one(name: str, title: str, text: str) -> None:
    assert outcome(name, title.format(x=name), text) is Outcome.MATCH
