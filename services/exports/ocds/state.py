"""The state of a demand as the sections of a release: parties, buyer, tender, awards, and what was kept of its original."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from schemas.common import Document
from schemas.demands import Demand, DemandAwarded, Lot
from schemas.suppliers import Supplier
from services.exports.ocds.awards import awards_of, complete
from services.exports.ocds.fit import fitting
from services.exports.ocds.items import criteria_of, item_fields
from services.exports.ocds.overlay import laid_over
from services.exports.ocds.parties import TOLD, Parties
from services.exports.ocds.values import Fields, begins, delivery, ends, money, present
from services.imports.ocds.node import id_text

STAGES: Final[Mapping[str, str]] = {"plan": "planned", "market_engagement": "planning"}
_OURS: Final = frozenset({"ocid", "id", "date", "tag"})


@dataclass(slots=True)
class State:
    """What is known of a demand after some of its events. `status` is of OCDS, where the demand no longer stands."""

    demand: Demand | None = None
    status: str | None = None
    details: str | None = None
    awards: dict[str, DemandAwarded] = field(default_factory=dict[str, DemandAwarded])
    told: list[str] = field(default_factory=list[str])
    amendments: list[Fields] = field(default_factory=list[Fields])


def sections(state: State, ocids: Mapping[str, str], suppliers: Mapping[str, Supplier]) -> Fields:
    """The whole state, as a compiled release has it. `ocids` are those of other demands that it names, by their ids."""
    parties = Parties(suppliers)
    found: Fields = {}
    demand = state.demand
    rest = demand.original.rest if demand is not None and demand.original is not None else {}
    kept: Fields = fitting({name: value for name, value in rest.items() if name not in _OURS}) or {}
    if demand is not None:
        inner: Fields = kept.get("tender") or {}
        entity = not inner.get("procuringEntity")
        buyer = parties.buyer(demand, entity=entity)
        found["buyer"] = buyer
        found["tender"] = _tender(demand, state, buyer if entity else None) | (
            {"id": inner["id"]} if "id" in inner else {}
        )
        if demand.plan_id is not None:
            ocid = ocids.get(demand.plan_id, demand.plan_id)
            found["relatedProcesses"] = [
                {"id": "plan", "relationship": ["planning"], "scheme": "ocid", "identifier": ocid}
            ]
    awards = awards_of(state.awards.values(), demand, parties, _ids(kept.get("awards")))
    if awards:
        found["awards"] = awards
    for name in state.told:
        parties.supplier(name, TOLD)
    everybody = parties.all()
    if everybody:
        found["parties"] = everybody
    whole = laid_over(found, kept)
    for lot in whole.get("tender", {}).get("lots", ()):
        lot.setdefault("status", "active")  # one that was taken back before was said to be cancelled
    return whole


def _ids(rows: object) -> list[str]:
    listed: Sequence[object] = rows if isinstance(rows, list) else []  # pyright: ignore[reportUnknownVariableType]
    return [name for each in listed if isinstance(each, dict) and (name := id_text(each.get("id"))) is not None]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]


def _tender(demand: Demand, state: State, entity: Fields | None) -> Fields:
    where = delivery(demand.delivery_place)
    return {
        "id": demand.id,
        "title": " ".join(demand.title.split()),
        "status": _status(demand, state),
        "items": [item_fields(item) for item in demand.items],
        **present(
            description=demand.description,
            statusDetails=state.details,
            procuringEntity=entity,
            datePublished=begins(demand.published) if demand.published is not None else None,
            tenderPeriod=_until(demand.closes),
            contractPeriod=_until(demand.needed_by),
            deliveryAddresses=[where["deliveryAddress"]] if where else None,
            deliveryLocations=[where["deliveryLocation"]] if "deliveryLocation" in where else None,
            lots=[_lot(lot) for lot in demand.lots],
            criteria=[each for item in demand.items for each in criteria_of(item)],
            documents=[_document(place, each) for place, each in enumerate(demand.documents, 1)],
            techniques={"hasFrameworkAgreement": True} if demand.stage == "framework" else None,
            demandCategory=demand.category if demand.category != "one_off" else None,
            amendments=list(state.amendments),
        ),
    }


def _until(day: date | None) -> Fields | None:
    return {"endDate": ends(day)} if day is not None else None


def _status(demand: Demand, state: State) -> str:
    if state.status is not None:
        return state.status
    if demand.stage in STAGES:
        return STAGES[demand.stage]
    return "complete" if complete(demand, state.awards.values()) else "active"


def _lot(lot: Lot) -> Fields:
    return {"id": lot.id, **present(title=lot.title, value=money(lot.value) if lot.value is not None else None)}


def _document(place: int, document: Document) -> Fields:
    return {
        "id": f"document-{place}",
        "title": document.title,
        "url": document.url,
        **present(documentType=document.kind, description=document.note),
    }
