"""The same thing said otherwise gets the same verdict: letters, digits, joiners, units, spellings of standards."""

import random
from typing import Any

import pytest

from schemas.matches import Verdict
from tests.unit.matching.pairs import DEMAND, OFFER, demand, missing, offer, verdict

ARABIC = str.maketrans({"ی": "ي", "ک": "ك", "ه": "ه"})
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
UNITS: dict[str, list[tuple[str, float]]] = {
    "mm": [("cm", 0.1), ("میلی‌متر", 1), ("m", 0.001), ("inch", 1 / 25.4)],
    "سانتیمتر": [("mm", 10), ("متر", 0.01), ("سانتی متر", 1)],
    "bar": [("MPa", 0.1), ("بار", 1), ("kPa", 100), ("psi", 14.503774)],
    "MPa": [("bar", 10), ("مگاپاسکال", 1), ("N/mm2", 1)],
    "°C": [("درجه سانتیگراد", 1), ("C", 1), ("deg C", 1)],
    "درجه سانتیگراد": [("°C", 1), ("سانتی‌گراد", 1)],
    "pcs": [("عدد", 1), ("قطعه", 1), ("هزار عدد", 0.001)],
    "عدد": [("pcs", 1), ("دستگاه", 1), ("pieces", 1)],
}
STANDARDS: dict[str, list[str]] = {
    "EN 15807": ["EN15807", "BS EN 15807:2011", "ای ان ۱۵۸۰۷", "EN-15807", "DIN EN 15807"],
    "UIC 830-1": ["UIC830-1", "یوآی‌سی ۸۳۰-۱", "UIC ۸۳۰-۱", "uic 830-1"],
    "یو آی سی ۸۳۰-۱": ["UIC 830-1", "يو آي سي ۸۳۰-۱", "UIC-830-1"],
    "ISO 9001": ["ISO 9001:2015", "ایزو ۹۰۰۱", "DIN EN ISO 9001"],
}


def text(words: str, pick: random.Random) -> str:
    """Return a text in another dress: letters, digits, joiners, case, spaces."""
    if pick.random() < 0.5:
        words = words.translate(ARABIC)
    if pick.random() < 0.5:
        words = words.replace("\u200c", pick.choice([" ", "\u200c"]))
    if pick.random() < 0.3:
        words = words.upper() if pick.random() < 0.5 else words.lower()
    if pick.random() < 0.5:
        words = words.translate(pick.choice([PERSIAN_DIGITS, ARABIC_DIGITS]))
    return words.replace(" ", pick.choice([" ", "  ", "\u00a0"]))


def measured(row: dict[str, Any], pick: random.Random) -> dict[str, Any]:
    """Return a requirement, attribute or quantity in another unit."""
    made = dict(row)
    unit, factor = pick.choice(UNITS.get(row.get("unit") or "", [(row.get("unit"), 1)]))
    for key in ("min", "max", "equals", "value", "quantity"):
        if isinstance(row.get(key), int | float):
            made[key] = row[key] * factor
    return {**made, "unit": unit} if unit else made


def paraphrased(pick: random.Random) -> Verdict:
    """Decide the pair with both sides said otherwise."""
    item = DEMAND["items"][0]
    amount = measured({"quantity": item["quantity"], "unit": item["unit"]}, pick)
    asked = demand(
        title=text(item["title"], pick),
        description=text(item["description"], pick),
        requirements=[measured(each, pick) for each in item["requirements"]],
        standards=[[pick.choice([name, *STANDARDS[name]]) for name in group] for group in item["standards"]],
        part_numbers=[pick.choice(["BH-7720/3", "bh7720-3", "BH 7720 3", "BH.7720.3"])],
        **amount,
    )
    offered = offer(
        title=text(OFFER["title"], pick),
        description=text(OFFER["description"], pick),
        attributes=[{**measured(each, pick), "name": text(each["name"], pick)} for each in OFFER["attributes"]],
        standards=[{"standard": pick.choice(STANDARDS["یو آی سی ۸۳۰-۱"]), "valid_until": "2028-01-01"}],
        capacity={**measured({"quantity": 1000, "unit": "عدد"}, pick), "per": "month"},
    )
    return verdict(asked, offered)


@pytest.mark.parametrize("seed", range(200))
def test_a_paraphrase_keeps_the_match(seed: int) -> None:
    told = paraphrased(random.Random(seed))
    assert not missing(told), told.summary
    assert told.outcome is verdict().outcome
