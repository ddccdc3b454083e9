"""Feeding a pipeline in this process, without Kafka: events become records of one partition a topic."""

from collections.abc import Callable
from types import SimpleNamespace

from graph.driver import Graph
from graph.matching.knowledge import default_knowledge
from schemas.codec import encode
from schemas.demands import Demand, DemandAmended, DemandAwarded, DemandPublished
from schemas.envelope import Envelope, wrap
from schemas.offers import Offer, ProductRegistered
from schemas.suppliers import Supplier, SupplierRegistered
from streams.pipeline import Pipeline
from streams.publish import MemoryPublisher
from tests.worlds import TODAY

KNOWLEDGE = default_knowledge()
CLASS = sorted(c.id for c in KNOWLEDGE.taxonomy if c.form == "thing" and not KNOWLEDGE.taxonomy.children(c.id))[3]
NAME = KNOWLEDGE.taxonomy.classes[CLASS].en
CODE = [{"scheme": "PEYVAND", "id": CLASS}]


class Feeder:
    """One log for several pipelines, as for the lives of one worker."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.publisher = MemoryPublisher()
        self.pipeline = self.next_life()
        self._ends: dict[str, int] = {}

    def next_life(self, checkpoint: Callable[[str], None] = lambda _: None) -> Pipeline:
        self.pipeline = Pipeline(
            self.graph, self.publisher, KNOWLEDGE, today=lambda: TODAY, checkpoint=checkpoint, owner="test"
        )
        return self.pipeline

    def records(self, *events: Envelope) -> list[SimpleNamespace]:
        made = []
        for event in events:
            key, value, headers = encode(event)
            topic = event.kind.topic
            offset = self._ends.get(topic, 0)
            self._ends[topic] = offset + 1
            made.append(SimpleNamespace(topic=topic, partition=0, offset=offset, key=key, value=value, headers=headers))
        return made

    async def __call__(self, *events: Envelope) -> None:
        """Each event as a slice of its own."""
        for event in events:
            records = self.records(event)
            await self.pipeline.handle(f"{records[0].topic}:0", records)

    async def matches(self) -> list[tuple[str, str]]:
        rows = await self.graph.read(
            "MATCH (i:DemandItem)-[:MATCHES]->(o:Offer) RETURN i.key AS i, o.key AS o ORDER BY i, o"
        )
        return [(row["i"], row["o"]) for row in rows]


def supplier(name: str, version: int = 1) -> Envelope:
    data = {"id": name, "name_en": f"Works {name}"}
    return wrap(SupplierRegistered(version=version, supplier=Supplier.model_validate(data)), source="test")


def offer(owner: str, name: str, version: int = 1, capacity: float = 1000) -> Envelope:
    data = {
        "id": name, "supplier_id": owner, "title": NAME, "classifications": CODE, "lead_time_days": 10,
        "capacity": {"quantity": capacity, "unit": "pcs", "per": "month"},
    }  # fmt: skip
    return wrap(ProductRegistered(version=version, offer=Offer.model_validate(data)), source="test")


def demand(name: str, version: int = 1, *, items: int = 1, quantity: float = 10, buyer: str = "B1", **more) -> Envelope:
    """A demand, published at version 1 and amended above."""
    wanted = [
        {"id": str(n + 1), "title": NAME, "classifications": CODE, "quantity": quantity, "unit": "pcs"}
        for n in range(items)
    ]
    data = {"id": name, "buyer": buyer, "title": "D", "needed_by": "2026-12-31", "items": wanted, **more}
    kind = DemandAmended if version > 1 else DemandPublished
    return wrap(kind(version=version, demand=Demand.model_validate(data)), source="test")


def award(of: str, item: str, owner: str, offered: str, version: int = 1, **more) -> Envelope:
    data = {
        "version": version,
        "award_id": "a1",
        "demand_id": of,
        "item_id": item,
        "supplier_id": owner,
        "offer_id": offered,
    }
    return wrap(DemandAwarded.model_validate({**data, **more}), source="test")
