"""ProZorro's own words as OCDS has them."""

import pytest

from schemas.demands import CancelReason
from services.imports.ocds import Found, events_of, settle
from services.imports.prozorro import add_prozorro, options
from tests.unit.imports.ocds_samples import PREFIX, PROZORRO, demand_of, kinds, processes_of, said

TENDER = {
    "id": "520d", "tenderID": "UA-2022-07-23-000100-a", "title": "Мікроскоп", "title_en": "Microscope", "status": "active.tendering",
    "dateModified": "2022-07-23T15:03:24.832657+03:00", "dateCreated": "2022-07-22T14:57:54+03:00",
    "procurementMethodType": "aboveThresholdEU", "tenderPeriod": {"endDate": "2022-08-24T12:00:00+03:00"},
    "procuringEntity": {
        "name": "Hospital", "kind": "general", "identifier": {"scheme": "UA-EDR", "id": "44496574"},
        "contactPoint": {"email": "a@b.example"},
    },
    "items": [
        {
            "id": "3294", "description": "Microscope", "quantity": 2, "unit": {"code": "H87", "name": "штуки"},
            "classification": {"scheme": "ДК021", "id": "38510000-3"}, "relatedLot": "268c",
            "deliveryDate": {"endDate": "2023-03-31T15:02:53+03:00"},
            "deliveryAddress": {"locality": "Львів", "countryName": "Україна"},
        }
    ],
    "lots": [{"id": "268c", "title": "Lot 1", "value": {"amount": 201, "currency": "UAH"}}],
}  # fmt: skip


def taken(**more):
    """The one process of a tender that says this too."""
    found = Found()
    add_prozorro(found, {"data": {**TENDER, **more}}, PREFIX)
    [process] = settle(found)
    return events_of(process, options(PREFIX))


def test_a_tender():
    read = taken()
    demand = demand_of(read)
    assert (demand.id, demand.ocid) == ("UA-2022-07-23-000100-a", "ocds-213czf-UA-2022-07-23-000100-a")
    assert (demand.buyer.id, demand.contact, str(demand.closes)) == ("UA-EDR-44496574", "a@b.example", "2022-08-24")
    assert (str(demand.published), demand.stage) == ("2022-07-22", "tender")
    [item] = demand.items
    assert (item.quantity, item.unit, str(item.needed_by), item.delivery_place.country) == (
        2,
        "piece",
        "2023-03-31",
        "UA",
    )
    assert [(code.scheme, code.id) for code in item.classifications] == [("CPV", "38510000-3")]
    rest = demand.original.rest["tender"]
    assert (rest["title_en"], rest["statusDetails"]) == ("Microscope", "active.tendering")
    assert rest["items"][0]["unit"] == {"name": "штуки"}
    assert (demand.original.format, read.events[0].source) == ("ProZorro", "urn:peyvand:import:prozorro")


def test_an_award_of_a_lot_goes_to_a_supplier_by_its_register():
    supplier = {"name": "Works", "identifier": {"scheme": "UA-EDR", "id": "1"}}
    awards = [
        {"id": "lost", "status": "unsuccessful", "suppliers": [supplier], "lotID": "268c"},
        {
            "id": "won",
            "status": "active",
            "suppliers": [supplier],
            "lotID": "268c",
            "value": {"amount": 5, "currency": "UAH"},
        },
    ]
    read = taken(awards=awards, status="complete")
    assert sorted(kinds(read)) == ["DemandAwarded", "DemandPublished"]
    award = next(event.data for event in read.events if event.kind.name == "DemandAwarded")
    assert (award.award_id, award.supplier_id, award.item_id, award.complete, award.value.amount) == (
        "won", "UA-EDR-1", "3294", True, 5,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "meant"),
    [("noDemand", "no_demand"), ("expensesCut", "expenses_cut"), ("forceMajeure", "force_majeure"), ("else", "other")],
)
def test_why_it_was_cancelled(reason, meant):
    cancellations = [{"id": "c", "status": "active", "reasonType": reason, "reason": "so it is"}]
    read = taken(cancellations=cancellations, status="cancelled")
    cancelled = next(event.data for event in read.events if event.kind.name == "DemandCancelled")
    assert (cancelled.reason, cancelled.note) == (CancelReason(meant), "so it is")


def test_a_framework_and_its_agreement():
    assert demand_of(taken(procurementMethodType="closeFrameworkAgreementUA")).stage == "framework"
    [process], made, _ = processes_of(next(file for file in PROZORRO if file.name == "agreement.json"))
    read = events_of(process, made)
    assert demand_of(read).stage == "framework"
    assert kinds(read).count("DemandAwarded") == 3


def test_what_bidders_sent_is_not_kept():
    read = taken(bids=[{"id": "b", "value": {"amount": 1}}], revisions=[{}], owner="broker")
    rest = demand_of(read).original.rest["tender"]
    assert "bids" not in rest
    assert rest["owner"] == "broker"
    assert any("bids, revisions" in text for text in said(read))


def test_a_draft_without_number_and_date_is_named_by_its_content():
    bare = {key: value for key, value in TENDER.items() if key not in ("id", "tenderID", "dateModified", "dateCreated")}
    found = Found()
    add_prozorro(found, bare, PREFIX)
    add_prozorro(found, dict(bare), PREFIX)
    [process] = settle(found)
    read = events_of(process, options(PREFIX))
    assert demand_of(read).id.startswith("draft-")
    assert any("named by its content" in text for text in said(read))
    assert any("no date of its own" in text for text in said(read))
