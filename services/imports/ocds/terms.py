"""Which fields OCDS 1.1 and the extensions that are understood here have, so that others can be remarked on.

Sources: the release schema (with the terms that 1.2 adds) and the extensions lots, requirements, itemAttributes, location,
techniques, documents of lots, contract suppliers; fields of our own as services/exports/ocds/extension.py declares them.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

_LANGUAGE: Final = re.compile(r"(.+)_[a-z]{2,3}(-[A-Za-z0-9]+)*")
"""A text field may be repeated in other languages: `title_fa`."""

_PERIOD: Final = "startDate endDate maxExtentDate durationInDays"
_DATES: Final = (
    "tenderPeriod:Period enquiryPeriod:Period awardPeriod:Period contractPeriod:Period standstillPeriod:Period"
)
_STATUS: Final = "status statusDetails finalStatus finalStatusDetails finalStatusDate"
_COMMON: Final = "documents:Document milestones:Milestone amendments:Amendment amendment:Amendment"
_PLACE: Final = "deliveryAddress:Address deliveryLocation:Location deliveryAddresses:Address deliveryLocations:Location"

TYPES: Final[Mapping[str, str]] = {
    "Release": "ocid id date tag initiationType language publisher parties:Organization buyer:Reference planning:Planning "
    "tender:Tender awards:Award contracts:Contract relatedProcesses:RelatedProcess links bids:* complaints:*",
    "Planning": "id rationale budget:Budget project:* documents:Document milestones:Milestone finalStatus "
    "finalStatusDetails finalStatusDate",
    "Budget": "id description amount:Value project projectID uri source budgetBreakdown:*",
    "Tender": f"id identifiers title description {_STATUS} procuringEntity:Reference items:Item lots:Lot lotGroups:* "
    "lotDetails:* criteria:Criterion value:Value minValue:Value maximumValue:Value procurementMethod "
    "procurementMethodDetails procurementMethodRationale mainProcurementCategory additionalProcurementCategories "
    "awardCriteria awardCriteriaDetails submissionMethod submissionMethodDetails submissionTerms:* datePublished "
    f"expressionOfInterestDeadline {_DATES} hasEnquiries eligibilityCriteria exclusionGrounds selectionCriteria "
    f"numberOfTenderers tenderers:Reference techniques:* {_COMMON} {_PLACE} demandCategory",
    "Lot": f"id title description {_STATUS} value:Value minValue:Value {_DATES} items techniques:* submissionTerms:* "
    f"{_PLACE}",
    "Item": f"id description classification:Classification additionalClassifications:Classification quantity unit:Unit "
    f"relatedLot relatedLots attributes:Attribute {_PLACE} deliveryDate:Period estimatedValue:Value importedItem:* "
    "immediateContainer:*",
    "Attribute": "id name value unit:Unit",
    "Unit": "scheme id name value:Value uri",
    "Classification": "scheme id description uri",
    "Criterion": "id title description source relatesTo relatedItem classification:Classification legislation:* "
    "requirementGroups:Group",
    "Group": "id description requirements:Requirement",
    "Requirement": "id title description dataType pattern expectedValue expectedValues minValue maxValue "
    "period:Period unit:Unit eligibleEvidences:* status datePublished",
    "Award": f"id title description {_STATUS} date datePublished value:Value maximumValue:Value estimatedValue:Value "
    "suppliers:Reference items:Item contractPeriod:Period relatedLots relatedBid requirementResponses:* documents:Document "
    "amendments:Amendment amendment:Amendment offerID closesItems",
    "Contract": f"id identifiers awardID title description {_STATUS} period:Period value:Value maximumValue:Value "
    f"estimatedValue:Value items:Item dateSigned implementation:* relatedProcesses:RelatedProcess relatedLots "
    f"suppliers:Reference signatories:Reference requirementResponses:* {_COMMON}",
    "Organization": "id name identifier:Identifier additionalIdentifiers:Identifier address:Address contactPoint:Contact "
    "additionalContactPoints:Contact roles details:* memberOf:*",
    "Reference": "id name identifier:Identifier additionalIdentifiers:Identifier address:Address contactPoint:Contact",
    "Identifier": "scheme id legalName uri",
    "Address": "streetAddress locality region postalCode country countryName description",
    "Location": "description geometry:* gazetteer:* uri",
    "Contact": "name email telephone faxNumber url availableLanguage",
    "Value": "amount amountNet amountGross currency exchangeRate:*",
    "Period": _PERIOD,
    "Document": "id documentType title description url datePublished dateModified format language languages relatedLots "
    "relatedItems",
    "Milestone": "id title type description code dueDate dueAfterDate dateMet dateModified status documents:Document "
    "relatedLots value:Value",
    "Amendment": "id date rationale description amendsReleaseID releaseID changes:* relatedLots",
    "RelatedProcess": "id relationship title scheme identifier uri relatedLots",
}
ANY: Final = "*"


def _terms(text: str) -> Mapping[str, str]:
    """Field -> the type of what is in it; none for texts, numbers and what is looked no further into."""
    split = (term.partition(":") for term in text.split())
    return {name: inner for name, _, inner in split}


TERMS: Final[Mapping[str, Mapping[str, str]]] = {name: _terms(text) for name, text in TYPES.items()}


def unknown_fields(value: Any, of: str = "Release", path: str = "") -> Iterator[str]:
    """JSON paths of the fields in `value` that an object of this type does not have, outermost only."""
    if isinstance(value, list):
        for number, each in enumerate(cast("list[Any]", value)):
            yield from unknown_fields(each, of, f"{path}[{number}]")
        return
    if not isinstance(value, dict):
        return
    terms = TERMS[of]
    for name, each in cast("dict[str, Any]", value).items():
        place = f"{path}.{name}" if path else name
        inner = terms.get(name)
        if inner is None:
            translated = _LANGUAGE.fullmatch(name)
            if translated is None or translated[1] not in terms:
                yield place
        elif inner and inner != ANY:
            yield from unknown_fields(each, inner, place)
