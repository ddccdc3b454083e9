"""One example of each event's data, used in the generated documents, in docs and in tests of old versions."""

from typing import Any, Final

_ITEM: Final[dict[str, Any]] = {
    "id": "1",
    "title": "کفشک ترمز کامپوزیت واگن – composite brake blocks",
    "classifications": [{"scheme": "PEYVAND", "id": "composite-brake-block"}, {"scheme": "HS", "id": "8607.21"}],
    "quantity": 20000,
    "unit": "عدد",
    "requirements": [{"name": "friction coefficient", "min": 0.16, "max": 0.28}],
    "standards": [["UIC 541-4"], ["ISO 9001", "ISO 22163"]],
    "min_local_content_percent": 60,
}
_DEMAND: Final[dict[str, Any]] = {
    "id": "dem-2027-0041",
    "buyer": {"id": "rai", "name": "راه‌آهن جمهوری اسلامی ایران (RAI)"},
    "title": "Brake blocks for freight wagons, 2027",
    "published": "2026-11-24",
    "closes": "2027-01-15",
    "needed_by": "2027-08-31",
    "items": [_ITEM],
}
_SUPPLIER: Final[dict[str, Any]] = {
    "id": "sup-azar-friction",
    "name_en": "Azar Friction Materials",
    "name_fa": "مواد اصطکاکی آذر",
    "identifiers": [{"scheme": "IR-CR", "id": "10200300400"}],
    "place": {"city": "تبریز", "province": "آذربایجان شرقی"},
    "units": [{"id": "main", "name": "Tabriz works", "state": "active", "workers": 120}],
    "certificates": [{"standard": "ISO 9001:2015", "valid_until": "2028-03-01"}],
}
_OFFER: Final[dict[str, Any]] = {
    "id": "off-k-block",
    "supplier_id": "sup-azar-friction",
    "kind": "product",
    "title": "Composite brake block, K type",
    "classifications": [{"scheme": "PEYVAND", "id": "composite-brake-block"}],
    "part_numbers": ["K-320"],
    "attributes": [{"name": "friction coefficient", "value": 0.25}, {"name": "weight", "value": 4.2, "unit": "kg"}],
    "standards": [{"standard": "UIC 541-4", "valid_until": "2028-06-30"}],
    "capacity": {"quantity": 15000, "unit": "pcs", "per": "month"},
    "lead_time_days": 45,
    "min_order": {"quantity": 500, "unit": "pcs"},
    "local_content_percent": 82,
}
_NEWS: Final[dict[str, Any]] = {
    "match_id": "0f3c4f2e-94a0-5c83-8f07-0b5b0ac0a001",
    "demand_id": "dem-2027-0041",
    "item_key": "dem-2027-0041~1",
    "offer_id": "off-k-block",
    "supplier_id": "sup-azar-friction",
    "buyer": "راه‌آهن جمهوری اسلامی ایران (RAI)",
    "demand_title": "Brake blocks for freight wagons, 2027",
    "item_title": "کفشک ترمز کامپوزیت واگن – composite brake blocks",
    "offer_title": "Composite brake block, K type",
    "quantity": 20000,
    "unit": "عدد",
    "needed_by": "2027-08-31",
    "closes": "2027-01-15",
}
_WAITING: Final[dict[str, Any]] = {
    "demand_id": "dem-2027-0041", "item_key": "dem-2027-0041~1", "offer_id": "off-k-block",
    "buyer": "راه‌آهن جمهوری اسلامی ایران (RAI)", "demand_title": "Brake blocks for freight wagons, 2027",
    "item_title": "کفشک ترمز کامپوزیت واگن – composite brake blocks", "quantity": 20000, "unit": "عدد",
    "closes": "2027-01-15",
}  # fmt: skip
_CRITERION: Final[dict[str, Any]] = {
    "kind": "standard", "name": "UIC 541-4", "asked": "UIC 541-4", "offered": "UIC 541-4 until 2028-06-30", "finding": "met",
}  # fmt: skip

EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "SupplierRegistered": {"version": 1, "supplier": _SUPPLIER},
    "SupplierChanged": {"version": 2, "supplier": _SUPPLIER, "reason": "a certificate was renewed"},
    "SupplierSuspended": {"version": 3, "supplier_id": "sup-azar-friction", "reason": "inspection refused"},
    "SupplierReinstated": {"version": 4, "supplier_id": "sup-azar-friction", "reason": "inspection passed"},
    "UnitStateChanged": {
        "version": 1, "supplier_id": "sup-azar-friction", "unit_id": "main", "state": "idle", "since": "2026-10-01",
        "reason": "no working capital", "jobs": 120, "funds_needed": {"amount": 45e9, "currency": "IRR"},
        "months_to_restart": 4,
    },
    "ProductRegistered": {"version": 1, "offer": _OFFER},
    "ProductChanged": {"version": 2, "offer": _OFFER, "reason": "new test report"},
    "ProductWithdrawn": {"version": 3, "supplier_id": "sup-azar-friction", "offer_id": "off-k-block", "reason": "discontinued"},
    "CapacityReported": {
        "version": 2, "supplier_id": "sup-azar-friction", "offer_id": "off-k-block",
        "capacity": {"quantity": 9000, "unit": "pcs", "per": "month"},
    },
    "DemandPublished": {"version": 1, "demand": _DEMAND},
    "DemandAmended": {"version": 2, "demand": _DEMAND, "reason": "quantity raised"},
    "DemandCancelled": {"version": 3, "demand_id": "dem-2027-0041", "reason": "budget"},
    "DemandAwarded": {
        "version": 1, "award_id": "aw-1", "demand_id": "dem-2027-0041", "item_id": "1",
        "supplier_id": "sup-azar-friction", "offer_id": "off-k-block", "quantity": 20000, "awarded": "2027-01-20",
    },
    "MatchFound": {**_NEWS, "version": 1, "revision": 1, "score": 0.86, "criteria": [_CRITERION]},
    "MatchChanged": {
        **_NEWS, "version": 2, "revision": 2, "score": 0.81, "criteria": [_CRITERION], "change": "weakened",
        "changed": ["quantity: asked 20000 before; asked 30000 now"],
    },
    "MatchWithdrawn": {**_NEWS, "version": 3, "revision": 3, "reason": "the demand was cancelled"},
    "GapNoticed": {
        "version": 1, "supplier_id": "sup-azar-friction", "day": "2026-11-24", "total": 1,
        "missing": {"kind": "standard", "name": "UIC 541-4"}, "waiting": [_WAITING],
    },
    "DeadlineNear": {
        "version": 1, "supplier_id": "sup-azar-friction", "demand_id": "dem-2027-0041", "closes": "2027-01-15",
        "demand_title": "Brake blocks for freight wagons, 2027", "total": 1, "items": [_WAITING],
    },
    "AwardTold": {
        "version": 1, "supplier_id": "sup-azar-friction", "demand_id": "dem-2027-0041",
        "item_key": "dem-2027-0041~1", "award_id": "aw-1", "result": "won", "quantity": 20000, "awarded": "2027-01-20",
    },
    "EndpointDisabled": {
        "version": 1, "supplier_id": "sup-azar-friction", "endpoint_id": "ep-1", "kind": "webhook",
        "address": "https://azar.example/peyvand", "reason": "every attempt failed for 5 days",
    },
    "SupplierResponded": {
        "version": 1, "supplier_id": "sup-azar-friction", "demand_id": "dem-2027-0041", "item_id": "1",
        "offer_id": "off-k-block", "answer": "decline", "reason": "no_capacity", "free_from": "2027-10-01",
    },
}  # fmt: skip
