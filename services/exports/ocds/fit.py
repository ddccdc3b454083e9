"""What was kept of an original, made fit to be published: parts that break OCDS's own types are left out here.

They stay with the demand. Fields that OCDS does not have may hold anything. Types, formats and closed code lists are those of
the release schema of 1.1; currencies are ISO 4217 codes, also former ones.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from services.exports.ocds.currencies import CURRENCIES
from services.exports.ocds.values import Fields
from services.imports.ocds.node import id_text, moment
from services.imports.ocds.terms import ANY, TERMS

_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-;=?-Z_a-z\[\]~%]+")
_ARRAYS: Final = frozenset(
    {
        "roles",
        "submissionMethod",
        "additionalProcurementCategories",
        "relatedLots",
        "relationship",
        "languages",
        "relatedItems",
    }
)
_NUMBERS: Final = frozenset({"amount", "amountNet", "amountGross", "quantity"})
_INTEGERS: Final = frozenset({"durationInDays", "numberOfTenderers"})
_DATES: Final = frozenset(
    {"date", "dateMet", "dateModified", "datePublished", "dateSigned", "dueAfterDate", "dueDate", "endDate", "startDate",
     "maxExtentDate", "finalStatusDate", "expressionOfInterestDeadline"}
)  # fmt: skip
_URIS: Final = frozenset({"uri", "url", "href"})
_TEXTS: Final = frozenset(
    {"title", "description", "name", "scheme", "legalName", "rationale", "streetAddress", "locality", "region",
     "postalCode", "countryName", "email", "telephone", "faxNumber", "language", "format", "documentType", "type", "code",
     "awardCriteria", "awardCriteriaDetails", "procurementMethodDetails", "procurementMethodRationale",
     "submissionMethodDetails", "eligibilityCriteria", "statusDetails", "finalStatusDetails", "amendsReleaseID", "releaseID",
     "project", "identifier", "relatedLot", "relatedItem", "pattern", "dataType"}
)  # fmt: skip
_STATUSES: Final[Mapping[str, frozenset[str]]] = {
    "Tender": frozenset({"planning", "planned", "active", "complete", "cancelled", "unsuccessful", "withdrawn"}),
    "Lot": frozenset({"planning", "planned", "active", "complete", "cancelled", "unsuccessful", "withdrawn"}),
    "Award": frozenset({"pending", "active", "cancelled", "unsuccessful"}),
    "Contract": frozenset({"pending", "active", "terminated", "cancelled"}),
    "Milestone": frozenset({"scheduled", "met", "notMet", "partiallyMet"}),
}
_CODES: Final[Mapping[str, frozenset[str]]] = {
    "procurementMethod": frozenset({"open", "selective", "limited", "direct"}),
    "mainProcurementCategory": frozenset({"goods", "services", "works"}),
    "source": frozenset({"tenderer", "buyer", "procuringEntity"}),
    "finalStatus": frozenset({"complete", "incomplete", "cancelled", "unsuccessful"}),
}
_NEED_ID: Final = frozenset(
    {
        "Organization",
        "Item",
        "Lot",
        "Award",
        "Contract",
        "Document",
        "Milestone",
        "RelatedProcess",
        "Criterion",
        "Group",
        "Requirement",
        "Reference",
    }
)
_TEXT_IDS: Final = frozenset({"Organization", "RelatedProcess", "Unit", "Group", "Requirement", "Amendment"})


def fitting(value: Any, of: str = "Release") -> Any:
    """An object or array of this type without what its type does not allow; None where nothing of it may stay."""
    if isinstance(value, list):
        return [
            fit
            for each in cast("list[Any]", value)
            if isinstance(each, dict) and (fit := fitting(each, of)) is not None
        ]
    if not isinstance(value, dict):
        return None
    terms = TERMS[of]
    found: Fields = {}
    for name, each in cast("Fields", value).items():
        inner = terms.get(name)
        if inner is None or inner == ANY:
            found[name] = each
        elif inner:
            _put(found, name, each, inner)
        elif _allowed(of, name, each):
            found[name] = each
    return _whole(found, of)


def _put(found: Fields, name: str, value: Any, of: str) -> None:
    """An inner object, or array of objects: where OCDS has one, the other is left out."""
    if isinstance(value, list) == (name in LISTS):
        fit = fitting(value, of)
        if fit:
            found[name] = fit


LISTS: Final = frozenset(
    {"parties", "awards", "contracts", "relatedProcesses", "documents", "milestones", "items", "lots", "criteria", "tenderers",
     "suppliers", "signatories", "amendments", "additionalClassifications", "additionalIdentifiers", "additionalContactPoints",
     "requirementGroups", "requirements", "attributes", "deliveryAddresses", "deliveryLocations"}
)  # fmt: skip


def _whole(found: Fields, of: str) -> Fields | None:
    """The object with an id of the right type; None where it has none and needs one."""
    name = found.get("id")
    if isinstance(name, int) and not isinstance(name, bool) and of in _TEXT_IDS:
        found["id"] = str(name)
    elif name is not None and not (isinstance(name, str) or (isinstance(name, int) and not isinstance(name, bool))):
        found.pop("id")
    if of == "Reference" and found.get("id") is None:
        found |= _named(found)
    if of in _NEED_ID and found.get("id") is None:
        return None
    if of == "Contract" and not isinstance(found.get("awardID"), (str, int)):
        return None
    return found


def _named(reference: Fields) -> Fields:
    """An id for a reference without one: its number in a register, else its name; references of no id merge into heaps."""
    identifier: Any = reference.get("identifier")
    number = id_text(cast("Fields", identifier).get("id")) if isinstance(identifier, dict) else None
    name = number or reference.get("name")
    return {"id": name} if isinstance(name, str) else {}


def _allowed(of: str, name: str, value: Any) -> bool:
    if name == "status":
        return value in _STATUSES[of] if of in _STATUSES and isinstance(value, str) else of not in _STATUSES
    if name in _CODES and of in ("Tender", "Award", "Contract", "Criterion", "Planning"):
        return isinstance(value, str) and value in _CODES[name]
    check = _CHECKS.get(name)
    return check is None or check(value)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in cast("list[Any]", value))


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _date(value: Any) -> bool:
    found = moment(value) if isinstance(value, str) else None
    return found is not None and "T" in str(value) and re.search(r"(?:[Zz]|[+-]\d\d:\d\d)$", str(value)) is not None


def _checks() -> dict[str, Callable[[Any], bool]]:
    found: dict[str, Callable[[Any], bool]] = {}
    found |= dict.fromkeys(_TEXTS, lambda value: isinstance(value, str))
    found |= dict.fromkeys(_ARRAYS, _texts)
    found |= dict.fromkeys(_NUMBERS, _number)
    found |= dict.fromkeys(_INTEGERS, lambda value: isinstance(value, int) and not isinstance(value, bool))
    found |= dict.fromkeys(_DATES, _date)
    found |= dict.fromkeys(_URIS, lambda value: isinstance(value, str) and _URI.fullmatch(value) is not None)
    found |= dict.fromkeys(("exclusionGrounds", "selectionCriteria"), lambda value: isinstance(value, dict))
    found["hasEnquiries"] = lambda value: isinstance(value, bool)
    found["currency"] = lambda value: isinstance(value, str) and value in CURRENCIES
    found["country"] = lambda value: isinstance(value, str) and re.fullmatch("[A-Z]{2}", value) is not None
    return found


_CHECKS: Final = _checks()
