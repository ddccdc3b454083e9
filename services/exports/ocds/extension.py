"""Our extension of OCDS: the terms that neither 1.1 nor a published extension has, as every package declares it.

A term that OCDS has, also in its draft of 1.2, is used under OCDS's name. Form: "Creating an extension" of the standard.
"""

from collections.abc import Mapping
from typing import Final

from services.exports.ocds.values import Fields

METADATA: Final = "extension.json"
SCHEMA: Final = "release-schema.json"
ROLES: Final = "codelists/+partyRole.csv"


def _text(title: str, description: str, *kinds: str) -> Fields:
    return {"title": title, "description": description, "type": [*(kinds or ("string",)), "null"]}


def _object(title: str, description: str, definition: str) -> Fields:
    return {"title": title, "description": description, "$ref": f"#/definitions/{definition}"}


DEFINITIONS: Final[Mapping[str, Fields]] = {
    "Tender": {
        "demandCategory": _text(
            "Demand category",
            "Whether the need is one_off, a series, after_sales or extraordinary; one_off where none is said.",
        ),
    },
    "Item": {
        "deliveryDate": _object(
            "Delivery date", "When the item is to be delivered; its end is the last day.", "Period"
        ),
        "estimatedValue": _object("Estimated value", "The estimated value of the whole quantity.", "Value"),
        "importedItem": {
            "title": "Imported item",
            "description": "The item as it is imported today: brand, maker, part_numbers, hs, origin, annual_quantity.",
            "type": "object",
        },
        "attributes": {
            "title": "Attributes",
            "description": "Properties of the item; part numbers are those named `part number`.",
            "type": "array",
            "items": {"$ref": "#/definitions/ItemAttribute"},
            "uniqueItems": True,
        },
    },
    "ItemAttribute": {
        "id": {
            "title": "ID",
            "description": "An identifier of the attribute within the item.",
            "type": ["string", "integer"],
        },
        "name": _text("Name", "What the property is called."),
        "value": _text("Value", "Its value.", "string", "number", "boolean"),
        "unit": _object("Unit", "The unit of the value.", "Unit"),
    },
    "Requirement": {
        "unit": _object("Unit", "The unit of the values of the requirement.", "Unit"),
        "eligibleEvidences": {
            "title": "Eligible evidences",
            "description": "What proves that the requirement is met.",
            "type": "array",
            "items": {"type": "object"},
        },
    },
    "Award": {
        "offerID": _text("Offer ID", "The supplier's offer that was awarded."),
        "closesItems": _text(
            "Closes items",
            "Whether nothing more of the items is wanted, where their quantities do not tell.",
            "boolean",
        ),
    },
    "Address": {"country": _text("Country", "The country as its two-letter code of ISO 3166-1.")},
}
CODES: Final = """Code,Title,Description
notifiedPotentialSupplier,Notified potential supplier,"A supplier whose offer was found to fit an item and that was told of the tender."
"""


def metadata(docs: str) -> Fields:
    """`extension.json`; `docs` is the address that it is described at."""
    return {
        "name": {"en": "Peyvand", "fa": "پیوند"},
        "description": {
            "en": "Terms of demands that domestic suppliers are found for: imported items, dates of delivery, units of "
            "requirements, and suppliers that were told."
        },
        "documentationUrl": {"en": docs},
        "compatibility": ["1.1"],
        "schemas": [SCHEMA],
        "codelists": [ROLES.rsplit("/", 1)[1]],
        "contactPoint": {"name": "Peyvand"},
    }


def schema() -> Fields:
    """`release-schema.json`, a JSON merge patch of the standard's."""
    return {"definitions": {name: _definition(name, fields) for name, fields in DEFINITIONS.items()}}


def _definition(name: str, fields: Fields) -> Fields:
    if name != "ItemAttribute":
        return {"properties": fields}
    own = {"title": "Item attribute", "description": "A property of an item.", "type": "object", "required": ["id"]}
    return {**own, "properties": fields}


def file(name: str, docs: str) -> Fields | str:
    """One of its files: JSON, or the CSV of a code list. KeyError: it has no such file."""
    return {METADATA: metadata(docs), SCHEMA: schema(), ROLES: CODES}[name]
