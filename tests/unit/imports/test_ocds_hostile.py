"""Hostile documents: none crashes the reader, and each is answered by a sentence."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import InvalidInputError
from services.imports.eforms import add_notice
from services.imports.eforms.xml import parse
from services.imports.ocds import Found, add_document, events_of, read_documents, settle
from services.imports.prozorro import add_prozorro
from tests.unit.imports.ocds_samples import EFORMS, PREFIX, demand_of, release, said, taken


def everything(document: Any, add=add_document) -> tuple[list[str], list]:
    """All sentences and events of a document."""
    found = Found()
    add(found, document)
    results = [events_of(process) for process in settle(found)]
    sentences = [detail for _, detail in found.faults] + [text for one in results for text in said(one)]
    return sentences, [event for one in results for event in one.events]


def taken_as_it_is(document):
    """The one process of a document, which JSON could not write."""
    found = Found()
    add_document(found, document)
    [process] = settle(found)
    return events_of(process)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "empty"), (b"   \n", "empty"), (b"{", "not JSON"), (b'{"a": NaN}', "not JSON"), (b"\xff\xfe\x00", "not JSON"),
        (b"[" * 100_000, "deep"), (b'{"a":' * 100_000, "deep"), (b'{"a": 1}\n{"b"', "not JSON"),         (b'"\\ud800"', "not JSON"), (b"9" * 100_000, "not JSON"), (b"nul", "not JSON"),
    ],
    ids=lambda one: str(one)[:20],
)  # fmt: skip
def test_bytes_that_are_no_document(raw, why):
    with pytest.raises(InvalidInputError, match=why):
        read_documents(raw)


def test_an_encoding_can_be_named_and_is_checked():
    raw = json.dumps({"buyer": "راه‌آهن"}, ensure_ascii=False).encode("utf-16")
    assert read_documents(raw, "utf-16")[0] == [{"buyer": "راه‌آهن"}]
    with pytest.raises(InvalidInputError, match="no encoding"):
        read_documents(raw, "utf-99")
    with pytest.raises(InvalidInputError, match="not ascii"):
        read_documents(raw, "ascii")


def test_documents_after_one_another_and_a_byte_order_mark():
    assert read_documents(b'\xef\xbb\xbf{"a": 1}\n\n{"b": 2}\n')[0] == [{"a": 1}, {"b": 2}]
    assert read_documents(b'{\n "a": 1\n}\n{\n "b": 2\n}')[0] == [{"a": 1}, {"b": 2}]


def test_a_file_that_is_too_large(monkeypatch):
    monkeypatch.setattr("services.imports.ocds.documents.MOST_BYTES", 10)
    with pytest.raises(InvalidInputError, match="11 bytes"):
        read_documents(b"[1,2,3,4,5]")


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (1, "an object"), (None, "an object"), ("x", "an object"), ([1, None, [2]], "an object"), ({}, "no ocid"),
        ({"releases": 5}, "an object"), ({"releases": [None, []]}, "an object"), ({"records": {"x": 1}}, "no ocid"),
        ({"id": "r", "date": "2026-01-01T00:00:00Z"}, "no ocid"), ({"ocid": {"a": 1}, "id": "r"}, "no ocid"),
        ({"ocid": "ocds-abc123-1"}, "no date"), ({"ocid": "ocds-abc123-1", "date": "soon"}, "'soon'"),
        ({"ocid": "ocds-abc123-1", "date": 5}, "which is none"), ({"ocid": "x", "date": "1969-01-01T00:00:00Z"}, "before 1970"),
        ({"records": [{"ocid": "ocds-abc123-1"}]}, "no date"), ({"ocid": "o", "releases": []}, "neither releases"),
        ({"ocid": "o", "versionedRelease": {}}, "x"), ({"ocid": "o", "compiledRelease": 7}, "neither releases"),
    ],
    ids=lambda one: str(one)[:40],
)  # fmt: skip
def test_documents_that_hold_no_release(document, why):
    sentences, events = everything(document)
    assert events == []
    assert why == "x" or any(why in text for text in sentences), sentences


WRONG = [
    None,
    True,
    0,
    -1,
    1.5,
    1e300,
    10**30,
    "",
    "x",
    "\x00",
    "ي" * 600,
    [],
    [None],
    ["x"],
    [[]],
    {},
    {"id": None},
    {"id": {}},
    [{"id": []}],
]
PLACES = [
    "ocid", "id", "date", "tag", "parties", "buyer", "tender", "awards", "contracts", "planning", "relatedProcesses", "language",
    "tender.id", "tender.title", "tender.description", "tender.status", "tender.items", "tender.lots", "tender.criteria",
    "tender.documents", "tender.tenderPeriod", "tender.tenderPeriod.endDate", "tender.contractPeriod", "tender.value",
    "tender.procuringEntity", "tender.amendments", "tender.datePublished", "tender.techniques", "tender.demandCategory",
    "tender.items.0.id", "tender.items.0.description", "tender.items.0.quantity", "tender.items.0.unit",
    "tender.items.0.unit.id", "tender.items.0.unit.scheme", "tender.items.0.unit.value", "tender.items.0.classification",
    "tender.items.0.classification.id", "tender.items.0.additionalClassifications", "tender.items.0.relatedLot",
    "tender.items.0.attributes", "tender.items.0.deliveryDate", "tender.items.0.deliveryAddress",
    "tender.items.0.deliveryLocation", "tender.items.0.importedItem", "tender.items.0.estimatedValue", "tender.items.0",
    "tender.lots.0", "tender.lots.0.id", "tender.lots.0.value", "tender.criteria.0", "tender.criteria.0.requirementGroups",
    "tender.criteria.0.requirementGroups.0.requirements", "tender.criteria.0.requirementGroups.0.requirements.0",
    "tender.criteria.0.requirementGroups.0.requirements.0.minValue", "awards.0", "awards.0.id", "awards.0.suppliers",
    "awards.0.items", "awards.0.items.0.quantity", "awards.0.date", "awards.0.value", "awards.0.status", "parties.0",
    "parties.0.id", "parties.0.identifier", "parties.0.contactPoint", "parties.0.roles", "tender.documents.0.url",
]  # fmt: skip


def whole() -> dict[str, Any]:
    """A release that has something at every place."""
    made = release(
        parties=[{"id": "s", "name": "S", "roles": ["supplier"], "identifier": {"scheme": "X", "id": "1"}, "contactPoint": {}}],
        awards=[{"id": "a", "suppliers": [{"id": "s"}], "items": [{"id": "1", "quantity": 1}], "date": "2026-12-01T00:00:00Z"}],
        contracts=[{"id": "c", "awardID": "a"}],
        planning={"rationale": "x"},
        relatedProcesses=[{"id": "p", "relationship": ["planning"], "identifier": "ocds-abc123-0"}],
        tender={
            "lots": [{"id": "L", "title": "lot", "value": {"amount": 1, "currency": "IRR"}}],
            "documents": [{"id": "d", "title": "t", "url": "https://example.com/a"}],
            "criteria": [
                {"id": "c", "relatedItem": "1", "requirementGroups": [{"id": "g", "requirements": [{"id": "r", "title": "w", "minValue": 1}]}]}
            ],
            "amendments": [{"id": "m", "rationale": "x"}],
        },
    )  # fmt: skip
    made["tender"]["items"][0] |= {
        "additionalClassifications": [{"scheme": "HS", "id": "8607"}], "relatedLot": "L",
        "attributes": [{"id": "n", "name": "part number", "value": "K"}],
        "deliveryDate": {"endDate": "2027-02-01T00:00:00Z"}, "deliveryAddress": {"locality": "Qom", "country": "IR"},
    }  # fmt: skip
    return made


@pytest.mark.parametrize("place", PLACES)
def test_a_wrong_value_anywhere(place):
    for value in WRONG:
        document = whole()
        *way, last = place.split(".")
        here: Any = document
        for step in way:
            here = here[int(step)] if step.isdigit() else here[step]
        here[int(last) if last.isdigit() else last] = value
        sentences, events = everything(document)
        assert sentences or events, (place, value)
        assert all(text and "Traceback" not in text for text in sentences)


def test_the_whole_release_is_fine_by_itself():
    sentences, events = everything(whole())
    assert sentences == []
    assert len(events) == 2


def test_doubled_ids():
    items = [{"id": "1", "description": "a", "quantity": 1}, {"id": 1, "description": "b", "quantity": 2}]
    read = taken(release(tender={"items": items}))
    assert read.refused
    assert read.events == ()
    assert "tender.items: two of them have the id '1'" in said(read)[0]
    documents = [
        {"id": "d", "title": "a", "url": "https://e.example/a"},
        {"id": "d", "title": "b", "url": "https://e.example/b"},
    ]
    read = taken(release(tender={"documents": documents}))
    assert not read.refused
    assert any("tender.documents: two of its elements have the id 'd'" in text for text in said(read))


def test_too_much_of_it():
    items = [{"id": str(n), "description": "x", "quantity": 1} for n in range(1001)]
    assert "at most 1000" in said(taken(release(tender={"items": items})))[0]
    criteria = [{"id": str(n)} for n in range(5001)]
    assert "at most 5000" in said(taken(release(tender={"criteria": criteria})))[0]
    assert any(
        "300 characters" in text or "characters" in text
        for text in said(taken(release(tender={"title": "x" * 30_000})))
    )
    many = [
        {**release(), "id": str(n), "date": f"20{n // 365 + 10}-01-01T00:{n % 60:02}:{n // 60 % 60:02}Z"}
        for n in range(2001)
    ]
    read = taken({"releases": many})
    assert read.refused
    assert "2001 releases" in said(read)[0]


def test_negative_quantities_and_impossible_values_refuse_the_process_only():
    found = Found()
    bad = release(ocid="ocds-abc123-bad")
    bad["tender"]["items"][0]["quantity"] = -5
    add_document(found, {"releases": [bad, release()]})
    results = {process.ocid: events_of(process) for process in settle(found)}
    assert results["ocds-abc123-bad"].refused
    assert "tender.items[0].quantity: the quantity is -5" in said(results["ocds-abc123-bad"])[0]
    assert results["ocds-abc123-1"].events


def test_numbers_that_are_not_finite_do_not_get_into_an_event():
    [document], _ = read_documents(
        json.dumps(release(x="BIG", tender={"y": ["BIG", 1]})).replace('"BIG"', "1e999").encode()
    )
    read = taken_as_it_is(document)
    assert demand_of(read).original.rest["tender"]["y"] == [1]
    json.loads(read.events[0].model_dump_json(), parse_constant=pytest.fail)


def test_releases_that_cannot_be_merged():
    second = {
        **release(),
        "id": "r2",
        "date": "2026-12-01T00:00:00Z",
        "tender": {"title": {"x": {"y": 1}}, "items": {"a": "b"}},
    }
    read = taken({"releases": [release(), second]})
    assert read.refused
    assert "cannot be merged" in " ".join(said(read))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["id", "ocid", "date", "tag", "tender", "items", "releases", "records", "lots", "criteria", "awards", "parties", "unit",
             "quantity", "value", "title", "releaseID", "releaseDate", "releaseTag", "compiledRelease", "versionedRelease", "x"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=150)
@given(_JSON)
def test_any_json_is_answered(document):
    everything(document)
    everything([release(), document])
    everything({**release(), "tender": document})
    everything(
        {
            "ocid": "ocds-abc123-1",
            "date": "2026-01-01T00:00:00Z",
            "tender": {"title": "x", "items": document},
            "buyer": document,
        }
    )
    found = Found()
    add_prozorro(found, document, PREFIX)
    for process in settle(found):
        events_of(process)


BILLION = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<ContractNotice>&c;</ContractNotice>"""
OUTSIDE = b"""<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><ContractNotice>&e;</ContractNotice>"""
REMOTE = b"""<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><ContractNotice/>"""


@pytest.mark.parametrize("raw", [BILLION, OUTSIDE, REMOTE], ids=["billion laughs", "file", "network"])
def test_xml_with_a_document_type_is_refused(raw):
    with pytest.raises(InvalidInputError, match="document type"):
        parse(raw)


@pytest.mark.parametrize(
    "raw", [b"", b"<a>", b"<a></b>", b"{}", b"\x00", b"<a>&nope;</a>", b"<a>" * 5000, "<a>\ud7ff</b>".encode()], ids=str
)
def test_xml_that_is_none(raw):
    with pytest.raises(InvalidInputError, match="not XML"):
        parse(raw)


def test_xml_that_is_no_notice_and_notices_cut_short():
    found = Found()
    add_notice(found, parse(b"<a/>"), PREFIX, "x.xml")
    assert "no eForms notice" in found.faults[0][1]
    for file in EFORMS:
        raw = file.read_bytes()
        for size in range(1000, len(raw), 9973):
            with pytest.raises(InvalidInputError):
                parse(raw[:size])
        for gone in (
            b"ContractFolderID",
            b"IssueDate",
            b"PartyName",
            b"ProcurementProjectLot",
            b"EndDate",
            b"Name",
            b"ID",
        ):
            found = Found()
            add_notice(found, parse(raw.replace(gone + b">", b"X>").replace(gone + b" ", b"X ")), PREFIX)
            for process in settle(found):
                events_of(process)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (5, "JSON object"), ([None], "JSON object"), ({"data": {"x": 1}}, "neither a title nor items"), ({"title": "t"}, "no date"),
    ],
)  # fmt: skip
def test_prozorro_documents_that_are_no_tender(document, why):
    found = Found()
    add_prozorro(found, document, PREFIX)
    assert why in found.faults[0][1]
