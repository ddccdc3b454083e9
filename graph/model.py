"""Labels, constraints and indexes as data, and the statement that makes each."""

from typing import Final, LiteralString

from graph.driver import Graph

SCHEMA_VERSION: Final = 3

UNIQUE: Final[dict[str, LiteralString]] = {
    "Supplier.id": "CREATE CONSTRAINT supplier_id IF NOT EXISTS FOR (n:Supplier) REQUIRE n.id IS UNIQUE",
    "Unit.key": "CREATE CONSTRAINT unit_key IF NOT EXISTS FOR (n:Unit) REQUIRE n.key IS UNIQUE",
    "Offer.key": "CREATE CONSTRAINT offer_key IF NOT EXISTS FOR (n:Offer) REQUIRE n.key IS UNIQUE",
    "Buyer.id": "CREATE CONSTRAINT buyer_id IF NOT EXISTS FOR (n:Buyer) REQUIRE n.id IS UNIQUE",
    "Demand.id": "CREATE CONSTRAINT demand_id IF NOT EXISTS FOR (n:Demand) REQUIRE n.id IS UNIQUE",
    "DemandItem.key": "CREATE CONSTRAINT demand_item_key IF NOT EXISTS FOR (n:DemandItem) REQUIRE n.key IS UNIQUE",
    "ProductClass.id": "CREATE CONSTRAINT product_class_id IF NOT EXISTS FOR (n:ProductClass) REQUIRE n.id IS UNIQUE",
    "Code.key": "CREATE CONSTRAINT code_key IF NOT EXISTS FOR (n:Code) REQUIRE n.key IS UNIQUE",
    "Standard.id": "CREATE CONSTRAINT standard_id IF NOT EXISTS FOR (n:Standard) REQUIRE n.id IS UNIQUE",
    "Place.id": "CREATE CONSTRAINT place_id IF NOT EXISTS FOR (n:Place) REQUIRE n.id IS UNIQUE",
    "Input.id": "CREATE CONSTRAINT input_id IF NOT EXISTS FOR (n:Input) REQUIRE n.id IS UNIQUE",
    "Term.id": "CREATE CONSTRAINT term_id IF NOT EXISTS FOR (n:Term) REQUIRE n.id IS UNIQUE",
    "Match.id": "CREATE CONSTRAINT match_id IF NOT EXISTS FOR (n:Match) REQUIRE n.id IS UNIQUE",
    "Award.id": "CREATE CONSTRAINT award_id IF NOT EXISTS FOR (n:Award) REQUIRE n.id IS UNIQUE",
    "Response.id": "CREATE CONSTRAINT response_id IF NOT EXISTS FOR (n:Response) REQUIRE n.id IS UNIQUE",
    "Notice.id": "CREATE CONSTRAINT notice_id IF NOT EXISTS FOR (n:Notice) REQUIRE n.id IS UNIQUE",
    "Outbox.id": "CREATE CONSTRAINT outbox_id IF NOT EXISTS FOR (n:Outbox) REQUIRE n.id IS UNIQUE",
    "Cursor.tp": "CREATE CONSTRAINT cursor_tp IF NOT EXISTS FOR (n:Cursor) REQUIRE n.tp IS UNIQUE",
    "Endpoint.id": "CREATE CONSTRAINT endpoint_id IF NOT EXISTS FOR (n:Endpoint) REQUIRE n.id IS UNIQUE",
    "Delivery.id": "CREATE CONSTRAINT delivery_id IF NOT EXISTS FOR (n:Delivery) REQUIRE n.id IS UNIQUE",
    "Preference.supplier": (
        "CREATE CONSTRAINT preference_supplier IF NOT EXISTS FOR (n:Preference) REQUIRE n.supplier IS UNIQUE"
    ),
    "Inbox.supplier": "CREATE CONSTRAINT inbox_supplier IF NOT EXISTS FOR (n:Inbox) REQUIRE n.supplier IS UNIQUE",
    "Planned.id": "CREATE CONSTRAINT planned_id IF NOT EXISTS FOR (n:Planned) REQUIRE n.id IS UNIQUE",
    "Told.id": "CREATE CONSTRAINT told_id IF NOT EXISTS FOR (n:Told) REQUIRE n.id IS UNIQUE",
    "Replay.id": "CREATE CONSTRAINT replay_id IF NOT EXISTS FOR (n:Replay) REQUIRE n.id IS UNIQUE",
    "AccessKey.id": "CREATE CONSTRAINT access_key_id IF NOT EXISTS FOR (n:AccessKey) REQUIRE n.id IS UNIQUE",
    "Producer.id": "CREATE CONSTRAINT producer_id IF NOT EXISTS FOR (n:Producer) REQUIRE n.id IS UNIQUE",
    "LogEntry.id": "CREATE CONSTRAINT log_entry_id IF NOT EXISTS FOR (n:LogEntry) REQUIRE n.id IS UNIQUE",
    "Repeat.id": "CREATE CONSTRAINT repeat_id IF NOT EXISTS FOR (n:Repeat) REQUIRE n.id IS UNIQUE",
    "Edit.id": "CREATE CONSTRAINT edit_id IF NOT EXISTS FOR (n:Edit) REQUIRE n.id IS UNIQUE",
    "Meta.id": "CREATE CONSTRAINT meta_id IF NOT EXISTS FOR (n:Meta) REQUIRE n.id IS UNIQUE",
}
INDEXES: Final[dict[str, LiteralString]] = {
    "Demand.ocid": "CREATE INDEX demand_ocid IF NOT EXISTS FOR (n:Demand) ON (n.ocid)",
    "Offer.id": "CREATE INDEX offer_id IF NOT EXISTS FOR (n:Offer) ON (n.id)",
    "Offer.rules": "CREATE INDEX offer_rules IF NOT EXISTS FOR (n:Offer) ON (n.rules)",
    "Supplier.rules": "CREATE INDEX supplier_rules IF NOT EXISTS FOR (n:Supplier) ON (n.rules)",
    "DemandItem.open": "CREATE INDEX item_open IF NOT EXISTS FOR (n:DemandItem) ON (n.open, n.decided_on)",
    "DemandItem.open_only": "CREATE INDEX item_open_only IF NOT EXISTS FOR (n:DemandItem) ON (n.open)",
    "DemandItem.rules": "CREATE INDEX item_rules IF NOT EXISTS FOR (n:DemandItem) ON (n.rules)",
    "Match.offer": "CREATE INDEX match_offer IF NOT EXISTS FOR (n:Match) ON (n.offer)",
    "Match.item": "CREATE INDEX match_item IF NOT EXISTS FOR (n:Match) ON (n.item)",
    "Match.told": "CREATE INDEX match_told IF NOT EXISTS FOR (n:Match) ON (n.told)",
    "Outbox.at": "CREATE INDEX outbox_at IF NOT EXISTS FOR (n:Outbox) ON (n.at)",
    "Notice.supplier": "CREATE INDEX notice_supplier IF NOT EXISTS FOR (n:Notice) ON (n.supplier, n.seq)",
    "Response.item": "CREATE INDEX response_item IF NOT EXISTS FOR (n:Response) ON (n.item)",
    "Response.offer": "CREATE INDEX response_offer IF NOT EXISTS FOR (n:Response) ON (n.offer)",
    "Notice.item": "CREATE INDEX notice_item IF NOT EXISTS FOR (n:Notice) ON (n.item)",
    "Supplier.gaps": "CREATE INDEX supplier_gaps IF NOT EXISTS FOR (n:Supplier) ON (n.gaps_at)",
    "Award.due": "CREATE INDEX award_due IF NOT EXISTS FOR (n:Award) ON (n.due)",
    "DemandItem.closes": "CREATE INDEX item_closes IF NOT EXISTS FOR (n:DemandItem) ON (n.open, n.closes)",
    "Endpoint.supplier": "CREATE INDEX endpoint_supplier IF NOT EXISTS FOR (n:Endpoint) ON (n.supplier)",
    "Endpoint.due": "CREATE INDEX endpoint_due IF NOT EXISTS FOR (n:Endpoint) ON (n.due_at)",
    "Delivery.due": "CREATE INDEX delivery_due IF NOT EXISTS FOR (n:Delivery) ON (n.endpoint, n.state, n.next_at)",
    "Delivery.planned": "CREATE INDEX delivery_planned IF NOT EXISTS FOR (n:Delivery) ON (n.endpoint, n.planned_at)",
    "Delivery.sent": "CREATE INDEX delivery_sent IF NOT EXISTS FOR (n:Delivery) ON (n.endpoint, n.state, n.sent_at)",
    "Delivery.match": "CREATE INDEX delivery_match IF NOT EXISTS FOR (n:Delivery) ON (n.match, n.endpoint)",
    "Delivery.notice": "CREATE INDEX delivery_notice IF NOT EXISTS FOR (n:Delivery) ON (n.notice)",
    "LogEntry.principal": "CREATE INDEX log_entry_principal IF NOT EXISTS FOR (n:LogEntry) ON (n.principal, n.id)",
    "LogEntry.target": "CREATE INDEX log_entry_target IF NOT EXISTS FOR (n:LogEntry) ON (n.target, n.id)",
    "Repeat.at": "CREATE INDEX repeat_at IF NOT EXISTS FOR (n:Repeat) ON (n.at)",
    "Edit.at": "CREATE INDEX edit_at IF NOT EXISTS FOR (n:Edit) ON (n.at)",
    "names": (
        "CREATE FULLTEXT INDEX names IF NOT EXISTS FOR (n:Supplier|Offer|Demand|DemandItem|ProductClass|Buyer) "
        "ON EACH [n.search] OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-no-stop-words', "
        "`fulltext.eventually_consistent`: true}}"
    ),
}


SCHEMA_VERSION_STORED = """
MATCH (m:Meta {id: 'schema'})
RETURN m.version AS version
"""


async def schema_ready(graph: Graph) -> bool:
    """Whether ensure_schema of this or a later release has been through."""
    rows = await graph.read(SCHEMA_VERSION_STORED)
    return bool(rows) and rows[0]["version"] >= SCHEMA_VERSION


async def ensure_schema(graph: Graph) -> None:
    """Make every constraint and index that is not there yet, and wait until they serve."""
    for statement in (*UNIQUE.values(), *INDEXES.values()):
        await graph.run(statement)
    await graph.run("CALL db.awaitIndexes(120)")
    await graph.run("MERGE (m:Meta {id: 'schema'}) SET m.version = $version", version=SCHEMA_VERSION)
