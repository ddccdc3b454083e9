"""One notice as an OCDS release: each lot is an item, each settled contract of a lot an award.

A procedure is one contracting process: its ocid is made of the procedure's identifier (BT-04), so that contract notice,
changes and award notice come together.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from schemas.ids import slug
from services.imports.eforms.fields import field, fields, languages, nodes
from services.imports.eforms.results import awards_of, unsuccessful
from services.imports.eforms.xml import Element
from services.imports.ocds.fold import Options
from services.imports.ocds.notes import Note
from services.imports.ocds.processes import Found, add_document

Fields = dict[str, Any]
FORMAT: Final = "eForms"
SOURCE: Final = "urn:peyvand:import:eforms"
FORMS: Final[Mapping[str, tuple[str, str]]] = {
    "planning": ("planning", "planned"),
    "consultation": ("planning", "planning"),
    "competition": ("tender", "active"),
    "result": ("tender", "complete"),
    "dir-awa-pre": ("tender", "complete"),
    "cont-modif": ("tender", "complete"),
    "completion": ("tender", "complete"),
}
"""Form type (BT-03) -> the release's tag and the tender's status. A notice says all, so none is an update."""
METHODS: Final[Mapping[str, str]] = {
    "open": "open", "restricted": "selective", "comp-dial": "selective", "innovation": "selective",
    "neg-w-call": "selective", "neg-wo-call": "limited", "oth-single": "open", "oth-mult": "selective",
}  # fmt: skip
NATURES: Final = frozenset({"goods", "works", "services"})
ENGLISH: Final = "ENG"


def options(prefix: str) -> Options:
    """How its processes are folded."""
    return Options(prefix=prefix, format=FORMAT, source=SOURCE, strict=False)


def add_notice(found: Found, root: Element, prefix: str, pointer: str = "") -> None:
    """Sort one notice into `found`."""
    folder = field(root, "BT-04-notice")
    if folder is None or field(root, "BT-701-notice") is None:
        found.fault(
            pointer, "this is no eForms notice: it has no notice identifier (BT-701) or procedure identifier (BT-04)"
        )
        return
    form = field(root, "BT-03-notice") or ""
    if form not in FORMS:
        found.fault(pointer, f"notices of form type {form!r} tell of no demand")
        return
    release = _release(root, f"{prefix}-eforms-{folder}", form)
    add_document(found, release, pointer)
    process = found.processes.get(str(release["ocid"]))
    if process is not None:
        process.notes += [Note("warning", text, "", str(release["id"])) for text in _remarks(root)]


def _remarks(root: Element) -> Iterator[str]:
    closing = {end for lot in nodes(root, "ND-Lot") if (end := _deadline(lot)) is not None}
    if len(closing) > 1:
        yield f"its lots close at {len(closing)} different times (BT-131); the demand closes with the last one"
    if field(root, "BT-03-notice") == "competition" and not closing:
        yield "it names no deadline for tenders or requests to participate (BT-131, BT-1311)"


def _release(root: Element, ocid: str, form: str) -> Fields:
    tag, status = FORMS[form]
    version = field(root, "BT-757-notice")
    name = "-".join(part for part in (field(root, "BT-701-notice"), version) if part)
    date = _moment(field(root, "BT-05(a)-notice"), field(root, "BT-05(b)-notice"))
    language = (field(root, "BT-702(a)-notice") or ENGLISH).upper()
    parties = _parties(root, language)
    buyer = next((one for one in fields(root, "OPT-300-Procedure-Buyer") if one in parties), None)
    lots = nodes(root, "ND-Lot") or nodes(root, "ND-Part")
    lost = unsuccessful(root)
    awards = awards_of(root, parties)
    winners = [one for each in awards for one in each.pop("winners")]
    for one, role in [(buyer, "buyer"), *((each, "supplier") for each in winners)]:
        if one is not None and role not in parties[one]["roles"]:
            parties[one]["roles"].append(role)
    tender: Fields = {
        "id": field(root, "BT-04-notice"),
        "status": status,
        **_called(root, language),
        "items": [_item(lot, language) for lot in lots],
        "lots": [_lot(lot, language, lost) for lot in lots],
        **_values(root),
    }
    method = field(root, "BT-105")
    nature = field(root, "BT-23")
    if method is not None:
        tender |= {"procurementMethod": METHODS.get(method, "selective"), "procurementMethodDetails": method}
    if nature in NATURES:
        tender["mainProcurementCategory"] = nature
    ends = sorted(end for lot in lots if (end := _deadline(lot)) is not None)
    if ends:
        tender["tenderPeriod"] = {"endDate": ends[-1]}
    if any((field(lot, "BT-765") or "none") not in ("none", "") for lot in lots):
        tender["techniques"] = {"hasFrameworkAgreement": True}
    documents = list(_documents(lots))
    if documents:
        tender["documents"] = documents
    why = field(root, "BT-762-notice")
    changed = field(root, "BT-758-notice")
    if changed is not None:
        tender["amendments"] = [
            {"id": name, "date": date, "rationale": why, "amendsReleaseID": changed, "releaseID": name}
        ]
    notice = {each: field(root, each) for each in ("BT-02-notice", "OPP-070-notice", "OPT-002-notice")}
    return {
        "ocid": ocid, "id": name, "date": date, "tag": [tag, *(["award"] if awards else [])],
        "language": language.lower(), "parties": list(parties.values()),
        **({"buyer": {"id": parties[buyer]["id"], "name": parties[buyer].get("name")}} if buyer is not None else {}),
        "tender": tender, **({"awards": awards} if awards else {}), "notice": notice,
    }  # fmt: skip


def _moment(day: str | None, time: str | None) -> str | None:
    """`2023-03-23+01:00` and `22:00:00+01:00` as one RFC 3339 text; a day alone begins at midnight."""
    if day is None:
        return None
    date, zone = day[:10], day[10:]
    clock = time or f"00:00:00{zone or 'Z'}"
    return f"{date}T{clock}" if clock[8:] else f"{date}T{clock}{zone or 'Z'}"


def _called(node: Element, language: str) -> Fields:
    """Title and description in the notice's language, and in the others as `title_fra`."""
    found: Fields = {}
    for name, term in (("title", "BT-21"), ("description", "BT-24")):
        told = dict(languages(node, term))
        main = next((code for code in (language, ENGLISH, *told) if code in told), None)
        if main is None:
            continue
        found[name] = told.pop(main)
        found |= {f"{name}_{code.lower()}": text for code, text in told.items() if code}
    return found


def _item(lot: Element, language: str) -> Fields:
    called = _called(lot, language)
    name = field(lot, "BT-137")
    scheme = (field(lot, "BT-262-scheme") or "cpv").upper()
    main = field(lot, "BT-262")
    quantity, unit = field(lot, "BT-25"), field(lot, "BT-625")
    found: Fields = {
        "id": name,
        "description": "\n".join(part for part in (called.get("title"), called.get("description")) if part),
        "relatedLot": name,
    }
    if main is not None:
        found["classification"] = {"scheme": scheme, "id": main}
    more = [{"scheme": scheme, "id": code} for code in fields(lot, "BT-263") if code != main]
    if more:
        found["additionalClassifications"] = more
    if quantity is not None:
        found["quantity"] = _number(quantity)
        if unit is not None:
            found["unit"] = {"scheme": "UNCEFACT", "id": unit}
    value = _money(field(lot, "BT-27"), field(lot, "BT-27-currency"))
    if value is not None:
        found["estimatedValue"] = value
    places = [place for node in nodes(lot, "ND-Place") if (place := _place(node))]
    if places:
        found["deliveryAddress"] = places[0]
        if len(places) > 1:
            found["deliveryAddresses"] = places[1:]
    period = {"startDate": _moment(field(lot, "BT-536"), None), "endDate": _moment(field(lot, "BT-537"), None)}
    if any(period.values()):
        found["deliveryDate"] = {key: each for key, each in period.items() if each is not None}
    return found


def _lot(lot: Element, language: str, lost: frozenset[str]) -> Fields:
    name = field(lot, "BT-137")
    found: Fields = {"id": name, **_called(lot, language), **_values(lot)}
    end = _deadline(lot)
    if end is not None:
        found["tenderPeriod"] = {"endDate": end}
    duration, unit = field(lot, "BT-36"), field(lot, "BT-36-unit")
    if duration is not None:
        found["contractPeriod"] = {"duration": f"{duration} {unit or ''}".strip()}
    note = field(lot, "BT-300")
    if note is not None:
        found["additionalInformation"] = note
    return {**found, **({"status": "unsuccessful"} if name in lost else {})}


def _values(node: Element) -> Fields:
    value = _money(field(node, "BT-27"), field(node, "BT-27-currency"))
    return {"value": value} if value is not None else {}


def _deadline(lot: Element) -> str | None:
    return _moment(field(lot, "BT-131(d)"), field(lot, "BT-131(t)")) or _moment(
        field(lot, "BT-1311(d)"), field(lot, "BT-1311(t)")
    )


def _place(node: Element) -> Fields:
    found = {
        "streetAddress": field(node, "BT-5101(a)"),
        "locality": field(node, "BT-5131"),
        "region": field(node, "BT-5071"),
        "country": field(node, "BT-5141"),
    }
    return {name: each for name, each in found.items() if each is not None}


def _documents(lots: list[Element]) -> Iterator[Fields]:
    """The procurement documents, each once."""
    seen: dict[str, int] = {}
    for lot in lots:
        for node in nodes(lot, "ND-Document"):
            url = field(node, "BT-15-Lot")
            if url is None or url in seen:
                continue
            seen[url] = len(seen) + 1
            name = field(node, "OPT-140-Lot") or str(seen[url])
            yield {"id": f"{seen[url]}-{name}", "title": name, "url": url, "documentType": "biddingDocuments"}


def _parties(root: Element, language: str) -> dict[str, Fields]:
    """Organisations by their name within the notice (ORG-0001), which another notice gives to others.

    So their id is made of country and register number, else of the name.
    """
    found: dict[str, Fields] = {}
    for node in nodes(root, "ND-Organization"):
        own = field(node, "OPT-200-Organization-Company")
        if own is None:
            continue
        told = dict(languages(node, "BT-500-Organization-Company"))
        name = told.get(language) or told.get(ENGLISH) or next(iter(told.values()), None)
        number = field(node, "BT-501-Organization-Company")
        country = field(node, "BT-514-Organization-Company")
        made = slug("-".join(part for part in (country, number or name) if part)) if number or name else own
        party: Fields = {"id": made, "name": name, "roles": []}
        if number is not None:
            scheme = field(node, "BT-501-scheme") or "national"
            party["identifier"] = {"scheme": f"{country}-{scheme}" if country else scheme, "id": number}
        party["address"] = {
            key: said
            for key, term in (
                ("streetAddress", "BT-510(a)"),
                ("locality", "BT-513"),
                ("postalCode", "BT-512"),
                ("region", "BT-507"),
                ("country", "BT-514"),
            )
            if (said := field(node, f"{term}-Organization-Company")) is not None
        }
        party["contactPoint"] = {
            key: said
            for key, term in (("name", "BT-502"), ("telephone", "BT-503"), ("email", "BT-506"), ("url", "BT-505"))
            if (said := field(node, f"{term}-Organization-Company")) is not None
        }
        found[own] = party
    return found


def _money(amount: str | None, currency: str | None) -> Fields | None:
    number = _number(amount)
    return {"amount": number, "currency": currency} if isinstance(number, float) and currency else None


def _number(text: str | None) -> float | str | None:
    """A number, or the text where it is none, for the reader of releases to remark on."""
    try:
        return float(text) if text is not None else None
    except ValueError:
        return text
