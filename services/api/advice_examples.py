"""Examples of the documentation of advice."""

from typing import Any, Final

from services.api import examples as x

Example = dict[str, Any]

DRAFT: Final[Example] = {name: value for name, value in x.DEMAND.items() if name not in ("id", "buyer", "reason")}
_SUPPLIER: Final = {"supplier_id": x.SUPPLIER["id"], "supplier": x.SUPPLIER["name_en"]}
_OFFER: Final = {"offer_id": x.OFFER["id"], "offer": x.OFFER["title"]}
SIMULATION: Final[Example] = {
    "items": [
        {
            "item": "draft~1", "title": "Composite brake blocks", "candidates": 7, "makers": 5, "maker_offers": 5,
            "capable": [{**_SUPPLIER, "offers": [x.OFFER["id"]]}], "capable_offers": 1,
            "effects": [
                {
                    "clause": {"id": "standard:0", "kind": "standard", "name": "UIC 541-4", "asked": "UIC 541-4"},
                    "removes_alone": 1, "removes_given_others": 1, "silent": 1,
                    "excluded": [
                        {
                            "supplier_id": "sup-kashan-friction", "supplier": "Kashan Friction", "offer_id": "off-blocks",
                            "offer": "Brake blocks", "finding": "silent", "offered": "not stated",
                        }
                    ],
                    "won": ["sup-kashan-friction"],
                }
            ],
            "relaxations": [{"clauses": ["standard:0"], "suppliers": ["sup-kashan-friction"]}],
        }
    ]
}  # fmt: skip
EQUIVALENTS: Final[Example] = {
    "item": f"{x.DEMAND['id']}~1", "title": "Composite brake blocks", "brand": "Hebewerk", "part_numbers": ["TL-65"],
    "hs": "8607.21", "origin": "SE", "unmet": True, "capable": [],
    "near": [
        {
            **_SUPPLIER, **_OFFER, "score": 0.8, "evidence": ["carries or replaces the imported number TL-65"], "cost": 1.0,
            "gaps": [
                {
                    "kind": "standard", "name": "UIC 541-4", "asked": "UIC 541-4", "offered": "not stated", "data": True,
                    "cost": 1.0,
                }
            ],
        }
    ],
    "causes": [{"kind": "standard", "finding": "silent", "suppliers": 1}],
}  # fmt: skip
_CAUSE: Final[Example] = {
    "kind": "standard", "finding": "silent", "suppliers": 1,
    "words": {"en": "standard: 1 supplier does not say", "fa": "استاندارد: یک تأمین‌کننده نگفته است"},
}  # fmt: skip
NEEDS: Final[Example] = x.page(
    {
        "key": f"{x.DEMAND['id']}~1", "demand_id": x.DEMAND["id"], "demand": x.DEMAND["title"], "item": "1",
        "title": "Composite brake blocks", "buyer_id": "rai", "buyer": "RAI", "stage": "tender", "published": "2026-11-01",
        "needed_by": "2027-08-31", "quantity": 20000, "unit": "عدد", "value": {"amount": 420000, "currency": "EUR"},
        "imported": {"brand": "Hebewerk", "part_numbers": ["TL-65"], "hs": "8607.21", "origin": "SE"},
        "state": "open", "near_misses": 1, "causes": [_CAUSE],
    }
)  # fmt: skip
CONSORTIUM: Final[Example] = {
    "item": f"{x.DEMAND['id']}~1", "outcome": "together", "wanted": 20000, "unit": "عدد", "covered": 1.0, "short": 2,
    "unstated": 0, "why": "",
    "words": {
        "en": "No single offer has the quantity. A consortium of 2 has it together: ...",
        "fa": "هیچ پیشنهادی به‌تنهایی این مقدار را ندارد. کنسرسیومی از 2 تأمین‌کننده با هم آن را دارد: ...",
    },
    "members": [
        {**_SUPPLIER, **_OFFER, "quantity": 12000, "share": 0.6},
        {
            "supplier_id": "sup-kashan-friction", "supplier": "Kashan Friction", "offer_id": "off-blocks",
            "offer": "Brake blocks", "quantity": 8000, "share": 0.4,
        },
    ],
}  # fmt: skip
TEXT: Final[Example] = {"id": "1", "title": "لنت ترمز کامپوزیتی واگن باری", "description": ""}
CLASSIFIED: Final[Example] = {
    "id": "1", "classes": [{"id": "composite-brake-block", "score": 1.0}], "cpv": [{"code": "34631400", "score": 0.38}],
    "hs": [{"code": "860721", "score": 1.0}],
}  # fmt: skip
RECOMMENDED: Final[Example] = {
    "id": "draft",
    "suppliers": [
        {
            "supplier": x.SUPPLIER["name_en"], "supplier_id": x.SUPPLIER["id"], "score": 0.63,
            "able": "match: meets every point asked", "offer_id": x.OFFER["id"], "won": [],
        }
    ],
}  # fmt: skip
