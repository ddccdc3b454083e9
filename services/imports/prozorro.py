"""ProZorro's tenders and framework agreements as OCDS releases, and so as demand events.

Source: the samples of its API. Its objects are those of OCDS under mostly the same names; what differs is put right here:
suppliers without parties, unit codes, statuses, reasons of cancellation, lots of awards.
"""

from collections.abc import Mapping
from typing import Any, Final, cast

from pydantic_core import to_json

from schemas.ids import derived
from services.imports.ocds.fold import Options
from services.imports.ocds.node import id_text
from services.imports.ocds.notes import Note
from services.imports.ocds.processes import Found, add_document

Fields = dict[str, Any]
FORMAT: Final = "ProZorro"
SOURCE: Final = "urn:peyvand:import:prozorro"
STATUSES: Final[Mapping[str, str]] = {
    "draft": "planned", "complete": "complete", "cancelled": "cancelled", "unsuccessful": "unsuccessful",
    "terminated": "complete",
}  # fmt: skip
REASONS: Final[Mapping[str, str]] = {
    "noDemand": "no_demand", "expensesCut": "expenses_cut", "forceMajeure": "force_majeure", "noOffer": "no_offers",
    "unFixable": "error", "dateViolation": "error",
}  # fmt: skip
DATES: Final = ("dateModified", "date", "dateCreated")
PUBLISHED: Final = ("noticePublicationDate", "dateCreated")
GUESSED: Final = ("startDate", "endDate")
LEFT_OUT: Final = ("bids", "revisions", "_rev", "tender_token", "transfer_token", "doc_type", "config", "next_check")
"""What bidders sent and what the system wrote for itself: not kept."""
_RELEASE: Final = ("awards", "contracts")
_AGREED: Final = "agreementID"


def options(prefix: str) -> Options:
    """How its processes are folded."""
    return Options(prefix=prefix, format=FORMAT, source=SOURCE, strict=False)


def add_prozorro(found: Found, value: Any, prefix: str, pointer: str = "") -> None:
    """Sort one parsed document into `found`: a tender, an agreement, `{"data": ...}` with one or several of them."""
    if isinstance(value, list):
        for number, each in enumerate(cast("list[Any]", value)):
            add_prozorro(found, each, prefix, f"{pointer}/{number}")
        return
    if not isinstance(value, dict):
        found.fault(pointer, "a tender is a JSON object")
        return
    fields = cast("Fields", value)
    if "data" in fields and "title" not in fields and "items" not in fields:
        add_prozorro(found, fields["data"], prefix, f"{pointer}/data")
        return
    if not isinstance(fields.get("items"), list) and not isinstance(fields.get("title"), str):
        found.fault(pointer, "this is no tender of ProZorro: it has neither a title nor items")
        return
    date, guessed = _date(fields)
    if date is None:
        found.fault(pointer, "it has no date: neither dateModified nor date nor a tender period")
        return
    release = _release(fields, date, prefix)
    add_document(found, release, pointer)
    process = found.processes.get(str(release["ocid"]))
    if process is not None:
        process.notes += _remarks(fields, str(release["id"]), guessed=guessed)


def _remarks(fields: Fields, release: str, *, guessed: bool) -> list[Note]:
    said: list[str] = []
    if guessed:
        said.append("it says no date of its own; that of its tender period was taken")
    if not any(id_text(fields.get(name)) for name in ("tenderID", _AGREED, "id")):
        said.append("it has neither tenderID nor id; it is named by its content")
    left = [name for name in LEFT_OUT if fields.get(name)]
    if left:
        said.append(f"what bidders sent and the system wrote for itself is not kept: {', '.join(left)}")
    return [Note("warning", text, "", release) for text in said]


def _release(tender: Fields, date: str, prefix: str) -> Fields:
    number = id_text(tender.get("tenderID")) or id_text(tender.get(_AGREED)) or id_text(tender.get("id"))
    name = number or f"draft-{derived('prozorro', to_json(tender).decode())}"
    parties: dict[str, Fields] = {}
    left = {
        key: each
        for key, each in tender.items()
        if key not in (*LEFT_OUT, *_RELEASE, *DATES, "id", "tenderID", _AGREED)
    }
    entity = _party(left.pop("procuringEntity", None), parties, "procuringEntity")
    agreed = _AGREED in tender
    method = str(tender.get("procurementMethodType") or tender.get("agreementType") or "")
    inside: Fields = {
        **left,
        "id": id_text(tender.get("id")) or name,
        "items": [_item(each) for each in _rows(tender, "items")],
        **_standing(tender, agreed=agreed),
    }
    if entity is not None:
        inside["procuringEntity"] = entity
    published = next((tender[name] for name in PUBLISHED if isinstance(tender.get(name), str)), None)
    if published is not None:
        inside["datePublished"] = published
    if agreed or "FrameworkAgreement" in method:
        inside["techniques"] = {"hasFrameworkAgreement": True}
    awards = [_award(each, parties) for each in _rows(tender, "contracts" if agreed else "awards")]
    contracts = [] if agreed else [_contract(each, parties) for each in _rows(tender, "contracts")]
    return {
        "ocid": f"{prefix}-{name}",
        "id": f"{name}-{date}",
        "date": date,
        "tag": ["tender", *(["award"] if awards else [])],
        "parties": list(parties.values()),
        **({"buyer": entity} if entity is not None else {}),
        "tender": inside,
        **({"awards": awards} if awards else {}),
        **({"contracts": contracts} if contracts else {}),
    }


def _date(tender: Fields) -> tuple[str | None, bool]:
    """When the record was written, and whether that is only a guess by its tender period."""
    said = next((tender[name] for name in DATES if isinstance(tender.get(name), str)), None)
    if said is not None:
        return said, False
    period = tender.get("tenderPeriod")
    known: Fields = cast("Fields", period) if isinstance(period, dict) else {}
    return next((known[name] for name in GUESSED if isinstance(known.get(name), str)), None), True


def _standing(tender: Fields, *, agreed: bool) -> Fields:
    """Its status in OCDS's words, with ProZorro's own, or why it was cancelled, as details."""
    status = str(tender.get("status") or "")
    if agreed:
        return {"status": "complete", "statusDetails": f"agreement {status}".strip()}
    for each in _rows(tender, "cancellations"):
        if each.get("status") == "active" and each.get("cancellationOf", "tender") == "tender":
            reason = REASONS.get(str(each.get("reasonType")), "other")
            text = each.get("reason")
            return {"status": "cancelled", "statusDetails": f"{reason}: {text}" if text else reason}
    details = {"statusDetails": status} if status else {}
    return {"status": STATUSES.get(status.partition(".")[0], "active"), **details}


def _rows(holder: Fields, name: str) -> list[Fields]:
    value = holder.get(name)
    return (
        [cast("Fields", each) for each in cast("list[Any]", value) if isinstance(each, dict)]
        if isinstance(value, list)
        else []
    )


def _item(item: Fields) -> Fields:
    unit = item.get("unit")
    if not isinstance(unit, dict):
        return item
    known = dict(cast("Fields", unit))
    code = known.pop("code", None)
    return {**item, "unit": {**known, **({"scheme": "UNCEFACT", "id": code} if isinstance(code, str) else {})}}


def _party(value: Any, parties: dict[str, Fields], role: str) -> Fields | None:
    """A reference to an organisation, which becomes a party; it is named by its register."""
    if not isinstance(value, dict):
        return None
    fields = cast("Fields", value)
    identifier: Any = fields.get("identifier")
    known: Fields = cast("Fields", identifier) if isinstance(identifier, dict) else {}
    number = id_text(known.get("id"))
    name = fields.get("name")
    own = id_text(fields.get("id"))
    scheme = known.get("scheme")
    made = (
        own
        or (f"{scheme}-{number}" if number and isinstance(scheme, str) else number)
        or (name if isinstance(name, str) else None)
    )
    if made is None:
        return None
    party = parties.setdefault(made, {**fields, "id": made, "roles": []})
    if role not in party["roles"]:
        party["roles"].append(role)
    return {"id": made, "name": name} if isinstance(name, str) else {"id": made}


def _suppliers(holder: Fields, parties: dict[str, Fields]) -> list[Fields]:
    found = [_party(each, parties, "supplier") for each in _rows(holder, "suppliers")]
    return [each for each in found if each is not None]


def _award(award: Fields, parties: dict[str, Fields]) -> Fields:
    lot = award.get("lotID")
    left = {key: each for key, each in award.items() if key not in ("lotID", "bid_id", "bidID")}
    return {**left, "suppliers": _suppliers(award, parties), **({"relatedLots": [lot]} if isinstance(lot, str) else {})}


def _contract(contract: Fields, parties: dict[str, Fields]) -> Fields:
    items = [_item(each) for each in _rows(contract, "items")]
    left = {key: each for key, each in contract.items() if key not in ("suppliers", "items")}
    suppliers = _suppliers(contract, parties)
    return {**left, **({"items": items} if items else {}), **({"suppliers": suppliers} if suppliers else {})}
