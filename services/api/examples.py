"""Examples of the documentation. Requests are made of the contract's own examples; tests send every one of them."""

from typing import Any, Final

from schemas.events import BY_NAME
from schemas.examples import EXAMPLES

Example = dict[str, Any]


def _without(example: Example, *names: str) -> Example:
    return {name: value for name, value in example.items() if name not in ("version", *names)}


def _record(event: str, record: str) -> Example:
    """A body whose record lies open: its fields beside those of the event."""
    example = EXAMPLES[event]
    return {**example[record], **_without(example, record)}


def page(row: Example) -> Example:
    """A last page with one row."""
    return {"items": [row], "next": None}


SUPPLIER: Final = _record("SupplierRegistered", "supplier")
SUPPLIER_CHANGE: Final = _record("SupplierChanged", "supplier")
SUSPENSION: Final = _without(EXAMPLES["SupplierSuspended"], "supplier_id") | {"until": "2027-03-01"}
REINSTATEMENT: Final = _without(EXAMPLES["SupplierReinstated"], "supplier_id")
UNIT_STATE: Final = _without(EXAMPLES["UnitStateChanged"], "supplier_id", "unit_id")
OFFER: Final = _record("ProductRegistered", "offer")
OFFER_CHANGE: Final = _record("ProductChanged", "offer")
CAPACITY: Final = _without(EXAMPLES["CapacityReported"], "supplier_id", "offer_id")
DEMAND: Final = _record("DemandPublished", "demand")
DEMAND_CHANGE: Final = _record("DemandAmended", "demand")
CANCELLATION: Final = _without(EXAMPLES["DemandCancelled"], "demand_id")
AWARD: Final = _without(EXAMPLES["DemandAwarded"], "demand_id")
DECLINE: Final = _without(EXAMPLES["SupplierResponded"])
INTEREST: Final = {
    **{name: DECLINE[name] for name in ("supplier_id", "demand_id", "item_id", "offer_id")},
    "answer": "interest",
    "quantity": {"quantity": 12000, "unit": "pcs"},
    "price": {"amount": 2_400_000, "currency": "IRR"},
    "contact": "sales@azar-friction.example",
}
EVENTS: Final = [
    {"type": "SupplierRegistered", "data": EXAMPLES["SupplierRegistered"]},
    {"type": "CapacityReported", "data": _without(EXAMPLES["CapacityReported"])},
]
CLOUD_EVENTS: Final = [
    {
        "specversion": "1.0",
        "id": "rai-2027-000041",
        "source": "urn:example:rai:procurement",
        "type": BY_NAME["DemandPublished"].ce_type,
        "time": "2026-11-24T08:30:00Z",
        "data": EXAMPLES["DemandPublished"],
    }
]

_EVENT: Final = "7d1f5f9e-3f0e-4b52-9a51-0d6a3f1d9c11"
_MATCH: Final = EXAMPLES["MatchFound"]["match_id"]
_BUYER: Final = DEMAND["buyer"]
_ITEM: Final = DEMAND["items"][0]

ACCEPTED: Final = {
    "event_id": _EVENT,
    "type": BY_NAME["DemandPublished"].ce_type,
    "version": 1,
    "at": "demand-events:3:17",
    "status": f"/v1/events/{_EVENT}?at=demand-events:3:17",
    "location": f"/v1/demands/{DEMAND['id']}",
}
EVENT_STATUS: Final = {
    "event_id": _EVENT, "at": "demand-events:3:17", "status": "matched", "applied": 18, "matched": 18,
}  # fmt: skip
SUPPLIER_ROW: Final = {
    "id": SUPPLIER["id"], "name_en": SUPPLIER["name_en"], "name_fa": SUPPLIER["name_fa"],
    "city": SUPPLIER["place"]["city"], "province": SUPPLIER["place"]["province"], "suspended": False, "version": 1,
    "offers": 1,
}  # fmt: skip
SUPPLIER_OUT: Final = {
    "id": SUPPLIER["id"], "version": 1, "event": _EVENT, "supplier": SUPPLIER, "suspended": False, "suspended_why": None,
    "units": [
        {
            "id": "main", "name": "Tabriz works", "state": "idle", "listed": True, "version": 1,
            "report": EXAMPLES["UnitStateChanged"],
        }
    ],
    "offers": 1, "hidden": [],
}  # fmt: skip
OFFER_ROW: Final = {
    "id": OFFER["id"], "supplier_id": OFFER["supplier_id"], "title": OFFER["title"], "kind": "product",
    "withdrawn": False, "version": 1, "matches": 1, "near_misses": 0,
}  # fmt: skip
OFFER_OUT: Final = {
    "id": OFFER["id"], "supplier_id": OFFER["supplier_id"], "supplier_name": SUPPLIER["name_en"], "version": 1,
    "event": _EVENT, "offer": OFFER, "withdrawn": False, "report": None, "classes": ["composite-brake-block"],
    "matches": 1, "near_misses": 0, "hidden": [],
}  # fmt: skip
DEMAND_ROW: Final = {
    "id": DEMAND["id"], "title": DEMAND["title"], "buyer_id": _BUYER["id"], "buyer": _BUYER["name"], "stage": "tender",
    "published": "2026-11-24", "closes": "2027-01-15", "needed_by": "2027-08-31", "cancelled": False, "version": 1,
    "items": 1, "open_items": 1,
}  # fmt: skip
DEMAND_OUT: Final = {
    "id": DEMAND["id"], "version": 1, "event": _EVENT, "demand": DEMAND, "cancelled": False, "cancelled_why": None,
    "items": [
        {"id": "1", "title": _ITEM["title"], "state": "open", "closed_why": None, "matches": 1, "near_misses": 1}
    ],
    "awards": [], "hidden": [],
}  # fmt: skip
_CRITERIA: Final = [
    {
        "kind": "standard", "name": "UIC 541-4", "asked": "UIC 541-4", "offered": "UIC 541-4 until 2028-06-30",
        "finding": "met", "layer": "field", "confidence": 1.0, "evidence": None,
    }
]  # fmt: skip
_SHORT: Final = [
    {
        "kind": "capacity", "name": None, "asked": "20,000 pcs by 2027-08-31", "offered": "51% of it in time",
        "finding": "not_met",
        "words": {
            "en": "capacity in time: not met (asked 20,000 pcs by 2027-08-31, offered 51% of it in time)",
            "fa": "ظرفیت تا موعد: برآورده نیست (خواسته: 20,000 pcs by 2027-08-31، پیشنهاد: 51% of it in time)",
        },
    }
]  # fmt: skip
DEMAND_MATCHES: Final = {
    "demand_id": DEMAND["id"], "title": DEMAND["title"], "buyer_id": _BUYER["id"], "buyer": _BUYER["name"], "version": 1,
    "cancelled": False,
    "items": [
        {
            "item": "1", "title": _ITEM["title"], "quantity": 20000, "unit": "عدد", "needed_by": "2027-08-31",
            "state": "open", "closed_why": None, "decided_on": "2026-11-24", "matches_total": 1, "near_misses_total": 1,
            "matches": [
                {
                    "match_id": _MATCH, "supplier_id": SUPPLIER["id"], "supplier": SUPPLIER["name_en"], "city": "تبریز",
                    "offer_id": OFFER["id"], "offer": OFFER["title"], "score": 0.86, "revision": 1, "answer": "interest",
                    "answer_reason": None, "criteria": _CRITERIA, "summary": "meets every point asked", "current": True,
                }
            ],
            "near_misses": [
                {
                    "match_id": "5a0f6c0e-94a0-5c83-8f07-0b5b0ac0a002", "supplier_id": "sup-kashan-friction",
                    "supplier": "Kashan Friction", "city": "کاشان", "offer_id": "off-blocks", "offer": "Brake blocks",
                    "missing": _SHORT, "criteria": [], "current": True,
                }
            ],
            "need": {"state": "solved", "causes": []}, "consortium": None,
        }
    ],
    "next": None,
}  # fmt: skip
EXPLANATION: Final = {
    "demand_id": DEMAND["id"], "item": "1", "item_title": _ITEM["title"], "supplier_id": SUPPLIER["id"],
    "supplier": SUPPLIER["name_en"], "offer_id": OFFER["id"], "offer": OFFER["title"], "outcome": "match", "score": 0.86,
    "criteria": _CRITERIA, "missing": [], "summary": "meets every point asked", "closed_why": None,
    "stands_as": "match", "events": {"demand": _EVENT, "offer": None, "supplier": None},
}  # fmt: skip
SUPPLIER_MATCH: Final = {
    "kind": "near_miss", "match_id": _MATCH, "demand_id": DEMAND["id"], "demand": DEMAND["title"],
    "buyer_id": _BUYER["id"], "buyer": _BUYER["name"], "item": "1", "item_title": _ITEM["title"], "quantity": 20000,
    "unit": "عدد", "needed_by": "2027-08-31", "closes": "2027-01-15", "stage": "tender", "offer_id": OFFER["id"],
    "offer": OFFER["title"], "score": 0.7, "revision": None,
    "missing": [
        {
            "kind": "standard", "name": "UIC 541-4", "asked": None, "offered": None, "finding": None,
            "words": {"en": "standard UIC 541-4: missing", "fa": "استاندارد UIC 541-4: برآورده نیست"},
        }
    ],
    "explanation": f"/v1/demands/{DEMAND['id']}/items/1/offers/{OFFER['id']}/explanation?supplier={SUPPLIER['id']}",
}  # fmt: skip
INBOX: Final = {
    "items": [{"seq": 4, "event_id": _EVENT, "kind": "MatchFound", "news": EXAMPLES["MatchFound"]}],
    "next": "WzRd",
    "more": False,
    "read": 3,
    "unread": 1,
    "watermark": 5,
}
CLASS_ROW: Final = {
    "id": "composite-brake-block", "en": "composite brake block", "fa": "کفشک ترمز کامپوزیت", "form": "thing",
    "domain": "rail", "broader": ["brake-block"],
}  # fmt: skip
CLASS_OUT: Final = {
    **CLASS_ROW, "aliases": {"en": ["composition brake block"], "fa": ["لنت ترمز کامپوزیتی"]}, "codes": {"HS": ["8607.21"]},
    "made_by": [], "narrower": [], "trail": [CLASS_ROW], "offers": 3, "open_items": 1,
}  # fmt: skip
HIT: Final = {
    "kind": "offer", "id": OFFER["id"], "within": SUPPLIER["id"], "title": OFFER["title"], "title_fa": None, "score": 4.2,
    "link": f"/v1/offers/{OFFER['id']}?supplier={SUPPLIER['id']}",
}  # fmt: skip
HEALTH: Final = {"status": "ok", "version": "0.1.0"}
READY: Final = {"status": "ready", "neo4j": "5.26.0", "topics": 6}
INDEX: Final = {"name": "Peyvand", "version": "0.1.0", "links": {"demands": "/v1/demands", "documentation": "/docs"}}
