"""Suppliers, their standing and their units.

(:Supplier)-[:OPERATES]->(:Unit)-[:LOCATED_IN]->(:Place)
(:Supplier)-[:HOLDS {valid_until}]->(:Standard)
"""

from typing import Any, cast

from graph.changes import STANDINGS, SUPPLIERS, UNIT_HISTORY, UNIT_STATES, Change, Changes, Touched
from graph.driver import Row, Tx
from graph.knowledge import Knowledge, SupplierFacts, supplier_facts
from graph.matching.sieve import supplier_side
from graph.writes.props import place_id, search_text
from schemas.base import ITEM_SEPARATOR
from schemas.suppliers import Supplier, SupplierSuspended, Unit, UnitStateChanged

# (:Supplier) profile facet: accepted only when newer than what stands
PUT_SUPPLIERS = """
UNWIND $rows AS r
MERGE (s:Supplier {id: r.key})
WITH s, r
WHERE s.version IS NULL OR r.version > s.version OR (r.version = s.version AND r.event > s.event)
SET s += r.props, s.version = r.version, s.event = r.event
RETURN s.id AS id
"""

# (:Supplier)-[:HOLDS {valid_until}]->(:Standard)
LINK_CERTIFICATES = """
UNWIND $rows AS r
MATCH (s:Supplier {id: r.id})
CALL (s) {
  MATCH (s)-[old:HOLDS]->(:Standard)
  DELETE old
}
CALL (s, r) {
  UNWIND r.certificates AS held
  MERGE (t:Standard {id: held.standard})
  MERGE (s)-[h:HOLDS]->(t)
  SET h.valid_until = held.valid_until, h.scope = held.scope
}
"""

# (:Supplier)-[:OPERATES]->(:Unit)-[:LOCATED_IN]->(:Place)
LINK_UNITS = """
UNWIND $rows AS r
MATCH (s:Supplier {id: r.id})
CALL (s, r) {
  MATCH (s)-[:OPERATES]->(gone:Unit)
  WHERE NOT gone.key IN r.keys
  SET gone.present = false
}
CALL (s, r) {
  UNWIND r.units AS row
  MERGE (u:Unit {key: row.key})
  SET u += row.props, u.present = true
  MERGE (s)-[:OPERATES]->(u)
  WITH u, row
  CALL (u) {
    MATCH (u)-[old:LOCATED_IN]->(:Place)
    DELETE old
  }
  WITH u, row
  WHERE row.place IS NOT NULL
  MERGE (p:Place {id: row.place.id})
    ON CREATE SET p += row.place
  MERGE (u)-[:LOCATED_IN]->(p)
}
"""

# (:Supplier) standing facet: suspended or not
PUT_STANDINGS = """
UNWIND $rows AS r
MERGE (s:Supplier {id: r.key})
WITH s, r
WHERE s.standing_version IS NULL OR r.version > s.standing_version
   OR (r.version = s.standing_version AND r.event > s.standing_event)
SET s.suspended = r.suspended, s.suspended_why = r.why,
    s.standing_version = r.version, s.standing_event = r.event
RETURN s.id AS id
"""

# (:Unit) state facet
PUT_UNIT_STATES = """
UNWIND $rows AS r
MERGE (s:Supplier {id: r.supplier})
MERGE (u:Unit {key: r.key})
MERGE (s)-[:OPERATES]->(u)
SET u.unit_id = r.unit
WITH s, u, r
WHERE u.state_version IS NULL OR r.version > u.state_version
   OR (r.version = u.state_version AND r.event > u.state_event)
SET u.state = r.state, u.state_version = r.version, u.state_event = r.event
RETURN s.id AS id
"""

# (:Unit)-[:HAD_STATE]->(:UnitState): every report, also late ones
PUT_UNIT_HISTORY = """
UNWIND $rows AS r
MERGE (u:Unit {key: r.key})
MERGE (u)-[:HAD_STATE]->(h:UnitState {event: r.event})
  ON CREATE SET h += r.history, h.version = r.version
"""

# What the facts of a supplier are made of; read under the lock that the writes above have taken
READ_SUPPLIERS = """
UNWIND $ids AS id
MATCH (s:Supplier {id: id})
OPTIONAL MATCH (s)-[:OPERATES]->(u:Unit)
RETURN s.id AS id, s.body AS body, coalesce(s.suspended, false) AS suspended,
       collect(CASE WHEN u IS NULL THEN null
                    ELSE [u.unit_id, coalesce(u.state, u.first_state), coalesce(u.present, false)] END) AS units
"""

PUT_SUPPLIER_FACTS = """
UNWIND $rows AS r
MATCH (s:Supplier {id: r.id})
SET s.facts = r.facts, s.sieve_said = r.said, s.rules = $rules
"""


async def put_suppliers(tx: Tx, changes: Changes, knowledge: Knowledge) -> Touched:
    """Write profiles, standings and unit states of a slice; returns the suppliers whose facts changed."""
    touched: set[str] = set()
    profiles = changes.of(SUPPLIERS)
    if profiles:
        rows = await tx.rows(PUT_SUPPLIERS, rows=[_profile_row(change) for change in profiles])
        accepted = {row["id"] for row in rows}
        links = [_links_row(cast("Supplier", change.data)) for change in profiles if change.key in accepted]
        if links:
            await tx.run(LINK_CERTIFICATES, rows=links)
            await tx.run(LINK_UNITS, rows=links)
        touched |= accepted
    standings = changes.of(STANDINGS)
    if standings:
        rows = await tx.rows(PUT_STANDINGS, rows=[_standing_row(change) for change in standings])
        touched |= {row["id"] for row in rows}
    states = changes.of(UNIT_STATES)
    if states:
        rows = await tx.rows(PUT_UNIT_STATES, rows=[_state_row(change) for change in states])
        touched |= {row["id"] for row in rows}
    history = changes.of(UNIT_HISTORY)
    if history:
        await tx.run(PUT_UNIT_HISTORY, rows=[_history_row(change) for change in history])
    await refresh_suppliers(tx, touched, knowledge)
    return Touched(suppliers=touched)


async def refresh_suppliers(tx: Tx, ids: set[str], knowledge: Knowledge) -> None:
    """Derive the facts of suppliers anew from all their facets, under the lock that the writes took."""
    if not ids:
        return
    found = await tx.rows(READ_SUPPLIERS, ids=sorted(ids))
    rows: list[Row] = []
    for row in found:
        facts = _facts(row, knowledge)
        said = supplier_side(facts, knowledge) if facts else None
        rows.append({"id": row["id"], "facts": facts.to_json() if facts else None, "said": said})
    await tx.run(PUT_SUPPLIER_FACTS, rows=rows, rules=knowledge.version)


def _facts(row: Row, knowledge: Knowledge) -> SupplierFacts | None:
    if row["body"] is None:  # only a standing or a unit state is known so far: nobody to buy from yet
        return None
    supplier = Supplier.model_validate_json(row["body"])
    listed = {unit.id for unit in supplier.units}
    states = {
        unit: state
        for unit, state, present in sorted(row["units"])
        if state is not None and (present or not listed or unit == MAIN_UNIT)
    }
    return supplier_facts(supplier, suspended=row["suspended"], unit_states=states, knowledge=knowledge)


MAIN_UNIT = "main"


def unit_key(supplier_id: str, unit_id: str) -> str:
    """The one name of a unit in the graph."""
    return f"{supplier_id}{ITEM_SEPARATOR}{unit_id}"


def _profile_row(change: Change) -> Row:
    supplier = cast("Supplier", change.data)
    props: dict[str, Any] = {
        "body": supplier.model_dump_json(exclude_defaults=True),
        "name": supplier.name_en or supplier.name_fa or supplier.id,
        "name_en": supplier.name_en,
        "name_fa": supplier.name_fa,
        "city": supplier.place.city,
        "province": supplier.place.province,
        "owner": supplier.owner,
        "search": search_text(supplier.name_en, supplier.name_fa, supplier.description, supplier.place.city),
    }
    return {"key": change.key, "version": change.version, "event": change.event, "props": props}


def _links_row(supplier: Supplier) -> Row:
    units = supplier.units or [Unit(id=MAIN_UNIT, place=supplier.place, state=supplier.unit_state, workers=None)]
    return {
        "id": supplier.id,
        "certificates": [
            {
                "standard": held.standard,
                "valid_until": held.valid_until.isoformat() if held.valid_until else None,
                "scope": held.scope,
            }
            for held in supplier.certificates
        ],
        "keys": [unit_key(supplier.id, unit.id) for unit in units],
        "units": sorted((_unit_row(supplier, unit) for unit in units), key=lambda row: str(row["key"])),
    }


def _unit_row(supplier: Supplier, unit: Unit) -> Row:
    place = unit.place if unit.place.city or unit.place.name else supplier.place
    where = place_id(place)
    return {
        "key": unit_key(supplier.id, unit.id),
        "props": {
            "unit_id": unit.id,
            "name": unit.name or unit.name_fa,
            "first_state": unit.state.value,
            "workers": unit.workers,
        },
        "place": None if where is None else {"id": where, "city": place.city, "province": place.province},
    }


def _standing_row(change: Change) -> Row:
    suspended = isinstance(change.data, SupplierSuspended)
    why = getattr(change.data, "reason", None)
    return {"key": change.key, "version": change.version, "event": change.event, "suspended": suspended, "why": why}


def _state_row(change: Change) -> Row:
    told = cast("UnitStateChanged", change.data)
    return {
        "supplier": told.supplier_id,
        "unit": told.unit_id,
        "key": change.key,
        "version": change.version,
        "event": change.event,
        "state": told.state.value,
    }


def _history_row(change: Change) -> Row:
    told = cast("UnitStateChanged", change.data)
    history = {
        "state": told.state.value,
        "since": told.since.isoformat() if told.since else None,
        "reason": told.reason,
        "body": told.model_dump_json(exclude_defaults=True),
    }
    key = unit_key(told.supplier_id, told.unit_id)
    return {"key": key, "event": change.event, "version": change.version, "history": history}
