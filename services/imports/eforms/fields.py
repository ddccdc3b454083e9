"""The fields of eForms that are read: id by id of the eForms SDK (1.15), the XPath relative to where the field stands.

Business terms (BT) are of Commission Implementing Regulation (EU) 2019/1780; OPT and OPP are the SDK's own.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from services.imports.eforms.xml import Element, found, text, texts, tidy

_EXT: Final = "ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/efext:EformsExtension"
_RESULT: Final = f"{_EXT}/efac:NoticeResult"
_PROJECT: Final = "cac:ProcurementProject"
_PROCESS: Final = "cac:TenderingProcess"

NODES: Final[Mapping[str, str]] = {
    "ND-Organization": f"{_EXT}/efac:Organizations/efac:Organization/efac:Company",
    "ND-Lot": "cac:ProcurementProjectLot[cbc:ID/@schemeName='Lot']",
    "ND-Part": "cac:ProcurementProjectLot[cbc:ID/@schemeName='Part']",
    "ND-Procedure": "self::node()",
    "ND-LotResult": f"{_RESULT}/efac:LotResult",
    "ND-LotTender": f"{_RESULT}/efac:LotTender",
    "ND-SettledContract": f"{_RESULT}/efac:SettledContract",
    "ND-TenderingParty": f"{_RESULT}/efac:TenderingParty",
    "ND-Place": f"{_PROJECT}/cac:RealizedLocation",
    "ND-Document": "cac:TenderingTerms/cac:CallForTendersDocumentReference",
}
FIELDS: Final[Mapping[str, str]] = {
    # of the notice
    "BT-701-notice": "cbc:ID[@schemeName='notice-id']",
    "BT-757-notice": "cbc:VersionID",
    "BT-04-notice": "cbc:ContractFolderID",
    "BT-05(a)-notice": "cbc:IssueDate",
    "BT-05(b)-notice": "cbc:IssueTime",
    "BT-03-notice": "cbc:NoticeTypeCode/@listName",
    "BT-02-notice": "cbc:NoticeTypeCode",
    "BT-702(a)-notice": "cbc:NoticeLanguageCode",
    "BT-758-notice": f"{_EXT}/efac:Changes/efbc:ChangedNoticeIdentifier",
    "BT-762-notice": f"{_EXT}/efac:Changes/efac:ChangeReason/efbc:ReasonDescription",
    "OPP-070-notice": f"{_EXT}/efac:NoticeSubType/cbc:SubTypeCode",
    "OPT-002-notice": "cbc:CustomizationID",
    "OPT-300-Procedure-Buyer": "cac:ContractingParty/cac:Party/cac:PartyIdentification/cbc:ID",
    "BT-1451-notice": "cac:TenderResult/cbc:AwardDate",
    # of an organisation
    "OPT-200-Organization-Company": "cac:PartyIdentification/cbc:ID",
    "BT-500-Organization-Company": "cac:PartyName/cbc:Name",
    "BT-501-Organization-Company": "cac:PartyLegalEntity/cbc:CompanyID",
    "BT-501-scheme": "cac:PartyLegalEntity/cbc:CompanyID/@schemeName",
    "BT-510(a)-Organization-Company": "cac:PostalAddress/cbc:StreetName",
    "BT-513-Organization-Company": "cac:PostalAddress/cbc:CityName",
    "BT-512-Organization-Company": "cac:PostalAddress/cbc:PostalZone",
    "BT-507-Organization-Company": "cac:PostalAddress/cbc:CountrySubentityCode",
    "BT-514-Organization-Company": "cac:PostalAddress/cac:Country/cbc:IdentificationCode",
    "BT-502-Organization-Company": "cac:Contact/cbc:Name",
    "BT-503-Organization-Company": "cac:Contact/cbc:Telephone",
    "BT-506-Organization-Company": "cac:Contact/cbc:ElectronicMail",
    "BT-505-Organization-Company": "cbc:WebsiteURI",
    # of the procedure and of a lot or part, each below its own node
    "BT-137": "cbc:ID",
    "BT-21": f"{_PROJECT}/cbc:Name",
    "BT-24": f"{_PROJECT}/cbc:Description",
    "BT-300": f"{_PROJECT}/cbc:Note",
    "BT-23": f"{_PROJECT}/cbc:ProcurementTypeCode[@listName='contract-nature']",
    "BT-105": f"{_PROCESS}/cbc:ProcedureCode",
    "BT-25": f"{_PROJECT}/cbc:EstimatedOverallContractQuantity",
    "BT-625": f"{_PROJECT}/cbc:EstimatedOverallContractQuantity/@unitCode",
    "BT-27": f"{_PROJECT}/cac:RequestedTenderTotal/cbc:EstimatedOverallContractAmount",
    "BT-27-currency": f"{_PROJECT}/cac:RequestedTenderTotal/cbc:EstimatedOverallContractAmount/@currencyID",
    "BT-262": f"{_PROJECT}/cac:MainCommodityClassification/cbc:ItemClassificationCode",
    "BT-262-scheme": f"{_PROJECT}/cac:MainCommodityClassification/cbc:ItemClassificationCode/@listName",
    "BT-263": f"{_PROJECT}/cac:AdditionalCommodityClassification/cbc:ItemClassificationCode",
    "BT-536": f"{_PROJECT}/cac:PlannedPeriod/cbc:StartDate",
    "BT-537": f"{_PROJECT}/cac:PlannedPeriod/cbc:EndDate",
    "BT-36": f"{_PROJECT}/cac:PlannedPeriod/cbc:DurationMeasure",
    "BT-36-unit": f"{_PROJECT}/cac:PlannedPeriod/cbc:DurationMeasure/@unitCode",
    "BT-131(d)": f"{_PROCESS}/cac:TenderSubmissionDeadlinePeriod/cbc:EndDate",
    "BT-131(t)": f"{_PROCESS}/cac:TenderSubmissionDeadlinePeriod/cbc:EndTime",
    "BT-1311(d)": f"{_PROCESS}/cac:ParticipationRequestReceptionPeriod/cbc:EndDate",
    "BT-1311(t)": f"{_PROCESS}/cac:ParticipationRequestReceptionPeriod/cbc:EndTime",
    "BT-765": f"{_PROCESS}/cac:ContractingSystem/cbc:ContractingSystemTypeCode[@listName='framework-agreement']",
    # of a place of performance
    "BT-5101(a)": "cac:Address/cbc:StreetName",
    "BT-5131": "cac:Address/cbc:CityName",
    "BT-5071": "cac:Address/cbc:CountrySubentityCode",
    "BT-5141": "cac:Address/cac:Country/cbc:IdentificationCode",
    # of a document
    "OPT-140-Lot": "cbc:ID",
    "BT-15-Lot": "cac:Attachment/cac:ExternalReference/cbc:URI",
    # of a result
    "OPT-322-LotResult": "cbc:ID",
    "BT-142-LotResult": "cbc:TenderResultCode",
    "BT-13713-LotResult": "efac:TenderLot/cbc:ID",
    "OPT-320-LotResult": "efac:LotTender/cbc:ID",
    "OPT-315-LotResult": "efac:SettledContract/cbc:ID",
    "OPT-321-Tender": "cbc:ID",
    "BT-720-Tender": "cac:LegalMonetaryTotal/cbc:PayableAmount",
    "BT-720-currency": "cac:LegalMonetaryTotal/cbc:PayableAmount/@currencyID",
    "BT-13714-Tender": "efac:TenderLot/cbc:ID",
    "OPT-310-Tender": "efac:TenderingParty/cbc:ID",
    "OPT-316-Contract": "cbc:ID",
    "BT-145-Contract": "cbc:IssueDate",
    "BT-3202-Contract": "efac:LotTender/cbc:ID",
    "OPT-210-Tenderer": "cbc:ID",
    "OPT-300-Tenderer": "efac:Tenderer/cbc:ID",
}


def nodes(root: Element, name: str) -> list[Element]:
    """The elements of a node of the SDK, below the root."""
    return found(root, NODES[name])


def field(node: Element, name: str) -> str | None:
    """The first value of a field below its node."""
    return text(node, FIELDS[name])


def fields(node: Element, name: str) -> list[str]:
    """All values of a field below its node."""
    return texts(node, FIELDS[name])


def languages(node: Element, name: str) -> Iterator[tuple[str, str]]:
    """(language code of three letters, text) of a field that is told in several."""
    for each in found(node, FIELDS[name]):
        said = tidy(each.text or "")
        if said:
            yield (each.get("languageID") or "").upper(), said
