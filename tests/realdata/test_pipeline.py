"""All real records through Kafka, workers and the graph; and a real supplier that is matched, with the reasons told."""

import asyncio
import json
from pathlib import Path

from graph.knowledge import default_knowledge
from graph.reads.matches import demand_matches
from schemas.events import DEAD_LETTERS
from services.cli.lines import read_events
from services.imports.suppliers import read_suppliers
from services.imports.ted import read_ted
from streams.admin import end_offsets
from streams.publish import KafkaPublisher, publish
from tests.service import caught_up

EXAMPLE = Path(__file__).parents[2] / "examples" / "freight-wagons.jsonl"


async def test_every_real_record_goes_in_and_a_real_supplier_is_matched(
    settings, graph, start_worker, ted_files, suppliers_file
):
    read = [each for file in ted_files for each in read_ted(file.read_bytes().splitlines(), file.name)]
    read += read_suppliers(suppliers_file.read_bytes().splitlines())
    events = [event for each in read for event in each.events]
    events += read_events(EXAMPLE.read_bytes().splitlines(), "urn:test")
    for slot in (1, 2):
        start_worker(slot)
    publisher = KafkaPublisher(settings)
    for start in range(0, len(events), 200):
        await publish(publisher, events[start : start + 200])
    await publisher.stop()
    assert await caught_up(settings, graph, 240) == 0
    ends = await asyncio.to_thread(end_offsets, settings)
    assert {tp: end for tp, end in ends.items() if tp.rpartition(":")[0] == DEAD_LETTERS and end} == {}
    counts = await graph.read(
        "CALL () { MATCH (d:Demand) WHERE d.body IS NOT NULL RETURN count(d) AS demands }"
        "CALL () { MATCH (s:Supplier) WHERE s.facts IS NOT NULL RETURN count(s) AS suppliers }"
        "CALL () { MATCH (o:Offer) WHERE o.facts IS NOT NULL RETURN count(o) AS offers }"
        "CALL () { MATCH (a:Award) RETURN count(a) AS awards }"
        "RETURN demands, suppliers, offers, awards"
    )
    awards = sum(event.kind.name == "DemandAwarded" for event in events)
    offers = sum(event.kind.name == "ProductRegistered" for event in events)
    assert counts == [{"demands": 1393 + 1, "suppliers": 11, "offers": offers, "awards": awards}]

    items = await demand_matches(graph, "dem-rai-freight-wagons", "", 10, 20, default_knowledge(), settings.today)
    wagon = next(item for item in items if item.row["key"].endswith("~wagon"))
    (match,) = wagon.matches
    assert (match.row["supplier"], match.row["offer"]) == ("wagon-pars-mapna", "freight-wagon")
    told = {each.kind: each for each in match.verdict.criteria}
    assert told["thing"].layer == "same"
    assert told["capacity"].asked == "600 دستگاه"
    assert told["capacity"].offered.startswith("1500 دستگاه per year")
    near = {
        pair.row["supplier"]: {point.kind for point in pair.verdict.missing}
        for item in items
        for pair in item.near_misses
    }
    assert near["zarand-wagon-factory"] == near["zahedan-concrete-sleeper-plant"] == {"capacity"}
    rows = await graph.read("MATCH (n:Notice {supplier: 'wagon-pars-mapna', kind: 'MatchFound'}) RETURN n.body AS body")
    assert [json.loads(row["body"])["item_key"] for row in rows] == ["dem-rai-freight-wagons~wagon"]
    others = await graph.read(
        "MATCH (i:DemandItem)-[:MATCHES]->(:Offer) WHERE i.key <> 'dem-rai-freight-wagons~wagon' RETURN i.key AS key"
    )
    assert others == []  # the notices of TED are of years ago: nobody is told of them
