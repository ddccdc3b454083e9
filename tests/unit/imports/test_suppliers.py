"""A supplier's line becomes what it says, and nothing else."""

import json

from schemas.offers import ProductRegistered
from schemas.suppliers import SupplierRegistered
from services.imports.records import Imported, NotImported
from services.imports.suppliers import read_suppliers

LINE = {
    "supplier_fa": "شرکت نمونه", "supplier_en": "Example Works", "province": "فارس", "products_fa": ["پمپ", "شیر فولادی"],
    "products_en": ["pump", "steel valve"], "cpv": ["42122000", "42131000"],
    "quote_fa": "ظرفیت سالانه ۴۰۰ دستگاه پمپ", "url": "https://works.example/ (page 3)", "more_urls": ["https://news.example/1"],
}  # fmt: skip


def read(*lines: object) -> list[Imported | NotImported]:
    return list(read_suppliers([json.dumps(line, ensure_ascii=False).encode() for line in lines]))


def test_a_supplier_and_an_offer_per_product():
    (found,) = read(LINE)
    assert isinstance(found, Imported)
    first, pump, valve = (event.data for event in found.events)
    assert isinstance(first, SupplierRegistered)
    assert isinstance(pump, ProductRegistered)
    assert isinstance(valve, ProductRegistered)
    assert first.supplier.place.province == "فارس"
    assert first.supplier.certificates == []
    assert (pump.offer.title, pump.offer.description) == ("پمپ", "pump")
    assert pump.offer.capacity is not None
    assert (pump.offer.capacity.quantity, pump.offer.capacity.per) == (400, "year")
    assert valve.offer.capacity is None
    assert valve.offer.standards == valve.offer.attributes == []
    assert [each.url for each in pump.offer.documents] == ["https://works.example/", "https://news.example/1"]
    assert pump.offer.documents[0].note is not None
    assert "۴۰۰" in pump.offer.documents[0].note
    assert "(page 3)" in pump.offer.documents[0].note


def test_codes_are_told_of_one_product_only_where_they_must_be_its_own():
    (many,) = read(LINE)
    assert isinstance(many, Imported)
    assert any("CPV" in note for note in many.notes)
    (one,) = read({**LINE, "products_fa": ["پمپ"], "products_en": ["pump"], "cpv": ["42122000"]})
    assert isinstance(one, Imported)
    offer = one.events[1].data
    assert isinstance(offer, ProductRegistered)
    assert [each.id for each in offer.offer.classifications] == ["42122000"]


def test_a_capacity_of_several_products_together_is_of_none():
    (found,) = read({**LINE, "quote_fa": "ظرفیت سالانه ۴۰۰ دستگاه پمپ و شیر فولادی"})
    assert isinstance(found, Imported)
    assert [event.data.offer.capacity for event in found.events[1:]] == [None, None]  # type: ignore[attr-defined]
    assert any("together" in note for note in found.notes)


def test_importing_again_sends_the_same_ids_and_a_correction_others():
    first, again, other = read(LINE, LINE, {**LINE, "province": "یزد"})
    assert isinstance(first, Imported)
    assert isinstance(again, Imported)
    assert isinstance(other, Imported)
    assert [each.id for each in first.events] == [each.id for each in again.events]
    assert first.events[0].id != other.events[0].id


def test_what_is_no_supplier_is_named_with_its_line():
    found = list(read_suppliers([b"{", b"[]", b"", b"{}", json.dumps({**LINE, "products_en": ["pump"]}).encode()], "f"))
    assert [each.record for each in found] == ["f, line 1", "f, line 2", "f, line 4", "f, line 5"]
    assert all(isinstance(each, NotImported) for each in found)
    assert "2 products in Persian and 1 in English" in found[3].reason  # type: ignore[union-attr]
