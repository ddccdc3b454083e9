"""Every real record becomes events, and no event says what its record does not."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

from graph.knowledge import decide, default_knowledge, offer_facts, supplier_facts
from graph.matching.understand import understand_item
from graph.matching.understand import understand_supplier as understood
from schemas.codec import decode, encode
from schemas.demands import Demand, DemandAwarded, DemandPublished
from schemas.envelope import Envelope
from schemas.matches import Outcome
from schemas.offers import Offer, ProductRegistered
from schemas.suppliers import Supplier, SupplierRegistered
from services.imports.records import Imported, Read
from services.imports.suppliers import read_suppliers
from services.imports.ted import read_ted
from streams.publish import outgoing

TODAY = date(2026, 11, 24)
KNOWLEDGE = default_knowledge()


def taken(read: list[Read]) -> list[Imported]:
    refused = [each for each in read if not isinstance(each, Imported)]
    assert refused == []
    return [each for each in read if isinstance(each, Imported)]


def notices(files: list[Path]) -> list[Imported]:
    return taken([each for file in files for each in read_ted(file.read_bytes().splitlines(), file.name)])


def rows(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_every_ted_notice_becomes_a_demand_that_a_consumer_reads(ted_files):
    records = [row for file in ted_files for row in rows(file)]
    found = notices(ted_files)
    assert len(found) == len(records) == 1393
    assert len({each.record for each in found}) == len(records)
    for each in found:
        for event in each.events:
            assert isinstance(decode(outgoing(event)), Envelope)
    told = Counter(type(event.data) for each in found for event in each.events)
    assert told[DemandPublished] == len(records)
    noted = sum(note.startswith("award") for each in found for note in each.notes)
    assert told[DemandAwarded] + noted == sum(len(row["awards"]) for row in records)


def test_nothing_of_a_notice_is_lost(ted_files):
    records = [row for file in ted_files for row in rows(file)]
    for row, each in zip(records, notices(ted_files), strict=True):
        whole = json.dumps([json.loads(encode(event)[1]) for event in each.events], ensure_ascii=False)
        plain = whole + " ".join(event.data.supplier_id for event in each.events[1:])
        for text in (row["title"], row["desc"], row["buyer"], row["id"], row["form"], *row["cpv_all"]):
            assert json.dumps(text.strip(), ensure_ascii=False)[1:-1] in plain, (row["id"], text)
        for lot in row["lots"]:
            assert json.dumps(lot["title"].strip(), ensure_ascii=False)[1:-1] in plain
        demand = each.events[0].data.demand
        assert demand.published == date.fromisoformat(f"{row['date'][:4]}-{row['date'][4:6]}-{row['date'][6:]}")
        assert demand.closes < TODAY  # the newest of them is of 2022: nobody is told of it as open


def parts(file: Path) -> tuple[list[Supplier], list[Offer]]:
    data = [event.data for each in taken(list(read_suppliers(file.read_bytes().splitlines()))) for event in each.events]
    return (
        [each.supplier for each in data if isinstance(each, SupplierRegistered)],
        [each.offer for each in data if isinstance(each, ProductRegistered)],
    )


def test_every_real_supplier_is_taken_with_its_products_and_nothing_more(suppliers_file):
    records = rows(suppliers_file)
    suppliers, offers = parts(suppliers_file)
    assert [each.name_fa for each in suppliers] == [row["supplier_fa"] for row in records]
    assert [each.title for each in offers] == [name for row in records for name in row["products_fa"]]
    assert [each.description for each in offers] == [name for row in records for name in row["products_en"]]
    for offer in offers:
        assert offer.standards == offer.attributes == offer.part_numbers == offer.inputs == []
        assert offer.lead_time_days is offer.local_content_percent is offer.min_order is None
        assert offer.documents[0].url.startswith("http")
    addresses = {document.url for offer in offers for document in offer.documents}
    assert addresses == {str(text).split(" ")[0] for row in records for text in (row["url"], *row.get("more_urls", []))}


def test_capacities_are_those_that_a_quoted_sentence_states(suppliers_file):
    _, offers = parts(suppliers_file)
    told = {
        (each.supplier_id, each.title): (each.capacity.quantity, each.capacity.unit, each.capacity.per)
        for each in offers
        if each.capacity
    }
    assert told == {
        ("wagon-pars-mapna", "واگن باری"): (1500, "دستگاه", "year"),
        ("wagon-pars-mapna", "لوکوموتیو"): (40, "دستگاه", "year"),
    }


def test_no_real_supplier_is_taken_for_another_kind_of_business(suppliers_file):
    suppliers, _ = parts(suppliers_file)
    faults = KNOWLEDGE.faults
    for each in suppliers:
        facts = supplier_facts(each, suspended=False, unit_states={}, knowledge=KNOWLEDGE)
        strong = [role.id for role in facts.roles if role.strength >= KNOWLEDGE.role_weights["decides"]]
        assert faults.isdisjoint(strong), each.id


def demand() -> Demand:
    line = (Path(__file__).parents[2] / "examples" / "freight-wagons.jsonl").read_text(encoding="utf-8")
    return Demand.model_validate(json.loads(line)["data"]["demand"])


def test_a_real_supplier_is_matched_for_its_class_and_its_stated_capacity(suppliers_file):
    suppliers, offers = parts(suppliers_file)
    makers = {each.id: understood(each, suspended=False, unit_states={}, knowledge=KNOWLEDGE) for each in suppliers}
    wanted = demand()
    outcomes: dict[tuple[str, str, str], Outcome] = {}
    reasons = {}
    for item in wanted.items:
        asked = understand_item(wanted, item, KNOWLEDGE)
        for offer in offers:
            verdict = decide(
                asked, offer_facts(offer, KNOWLEDGE), makers[offer.supplier_id], today=TODAY, knowledge=KNOWLEDGE
            )
            if verdict.outcome in (Outcome.MATCH, Outcome.NEAR_MISS):
                outcomes[item.id, offer.supplier_id, offer.id] = verdict.outcome
                reasons[item.id, offer.supplier_id, offer.id] = verdict
    assert outcomes == {
        ("wagon", "wagon-pars-mapna", "freight-wagon"): Outcome.MATCH,
        ("wagon", "wagon-pars-mapna", "high-sided-wagon"): Outcome.NEAR_MISS,
        ("wagon", "zarand-wagon-factory", "freight-wagon"): Outcome.NEAR_MISS,
        ("sleeper", "traverse-track-and-technical-structures-engineering-services", "concrete-sleeper"): Outcome.NEAR_MISS,
        ("sleeper", "zahedan-concrete-sleeper-plant", "concrete-sleeper"): Outcome.NEAR_MISS,
    }  # fmt: skip
    told = {each.kind: each for each in reasons["wagon", "wagon-pars-mapna", "freight-wagon"].criteria}
    assert told["thing"].layer == "same"
    assert "freight-wagon" in told["thing"].offered
    assert told["capacity"].offered.startswith("1500 دستگاه per year")
    missing = {
        point.kind for key, each in reasons.items() if outcomes[key] is Outcome.NEAR_MISS for point in each.missing
    }
    assert missing == {"capacity"}
