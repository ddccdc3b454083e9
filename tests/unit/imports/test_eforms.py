"""eForms notices by the fields of their SDK."""

import pytest

from services.imports.eforms.fields import FIELDS, NODES, field
from services.imports.eforms.xml import found, parse
from services.imports.ocds import events_of
from tests.unit.imports.ocds_samples import EFORMS, demand_of, kinds, processes_of, said

NAMED = {file.stem: file for file in EFORMS}


def read(name, **edits):
    """The one process of a sample, edited as text before."""
    if not edits:
        [process], options, _ = processes_of(NAMED[name])
        return events_of(process, options)
    from services.imports.eforms import add_notice, options
    from services.imports.ocds import Found, settle

    raw = NAMED[name].read_text(encoding="utf-8")
    for old, new in edits.values():
        assert old in raw
        raw = raw.replace(old, new)
    into = Found()
    add_notice(into, parse(raw.encode()), "ocds-213czf")
    [process] = settle(into)
    return events_of(process, options("ocds-213czf"))


def test_a_contract_notice():
    demand = demand_of(read("cn_24_maximal"))
    assert demand.id == "eforms-aff2863e-b4cc-4e91-baba-b3b85f709117"
    assert (demand.buyer.id, demand.contact) == ("lux-998298", "info@fin-adm.com")
    assert (str(demand.closes), demand.stage) == ("2023-05-22", "framework")
    first, second = demand.items
    assert (first.id, first.quantity, first.unit, str(first.needed_by)) == ("LOT-0001", 1000, "hour", "2023-05-23")
    assert [(code.scheme, code.id) for code in first.classifications] == [("CPV", "75121000")]
    assert (first.estimated_value.amount, first.estimated_value.currency, first.delivery_place.country) == (
        9999999.99,
        "EUR",
        "LU",
    )
    assert [lot.id for lot in demand.lots] == [first.lot_id, second.lot_id]
    assert {document.url for document in demand.documents} == {
        "http://nonrestricteddocuments.com",
        "http://accessto.com",
    }


def test_the_language_of_the_notice_is_read_and_the_others_kept():
    demand = demand_of(read("cn_24_multilingual"))
    assert demand.title.startswith("Provision of IT Services")
    rest = demand.original.rest["tender"]
    assert len([name for name in rest if name.startswith("title_")]) > 10


def test_an_award_notice():
    told = read("can_24_minimal")
    assert sorted(kinds(told)) == ["DemandAwarded", "DemandPublished"]
    award = next(event.data for event in told.events if event.kind.name == "DemandAwarded")
    assert (award.award_id, award.item_id, award.supplier_id, award.value.amount, str(award.awarded)) == (
        "RES-0001", "LOT-0000", "fra-326-912-557", 95414, "2019-09-03",
    )  # fmt: skip
    assert award.complete


def test_a_lot_that_nobody_won_is_not_wanted_any_more():
    told = read("can_24_maximal")
    assert [item.id for item in demand_of(told).items] == ["LOT-0001"]
    assert kinds(told).count("DemandAwarded") == 1


def test_notices_of_one_procedure_come_together():
    told = read("cn_24_minimal", form=('listName="competition">cn-standard', 'listName="planning">pin-only'))
    assert demand_of(told).stage == "plan"
    assert demand_of(told).id == demand_of(read("cn_24_minimal")).id


def test_a_notice_without_deadline_says_so():
    told = read("cn_24_minimal", end=("TenderSubmissionDeadlinePeriod>", "Ignored>"))
    assert demand_of(told).closes is None
    assert any("no deadline" in text for text in said(told))


def test_a_change_notice_says_what_it_changes():
    changes = (
        "<efext:EformsExtension><efac:Changes><efbc:ChangedNoticeIdentifier>f42be27e-09cf-4f0e-a745-63ec689631e6-01"
        "</efbc:ChangedNoticeIdentifier><efac:ChangeReason><efbc:ReasonDescription>more lots</efbc:ReasonDescription>"
        "</efac:ChangeReason></efac:Changes>"
    )
    told = read("cn_24_minimal", change=("<efext:EformsExtension>", changes))
    [amendment] = demand_of(told).original.rest["tender"]["amendments"]
    assert (amendment["rationale"], amendment["amendsReleaseID"]) == (
        "more lots",
        "f42be27e-09cf-4f0e-a745-63ec689631e6-01",
    )


def test_every_field_and_node_is_an_xpath_that_some_sample_has():
    roots = [parse(file.read_bytes()) for file in EFORMS]
    places = [place for root in roots for path in NODES.values() for place in (root, *found(root, path))]
    places += [inner for place in list(places) for path in NODES.values() for inner in found(place, path)]
    never = [name for name in FIELDS if all(field(place, name) is None for place in places)]
    assert never == ["BT-758-notice", "BT-762-notice"], "the samples hold no change notice"
    assert [name for name, path in NODES.items() if not any(found(place, path) for place in places)] == ["ND-Part"]


@pytest.mark.parametrize("form", ["subco", "bri"])
def test_forms_that_tell_of_no_demand(form):
    from services.imports.eforms import add_notice
    from services.imports.ocds import Found

    raw = NAMED["cn_24_minimal"].read_text(encoding="utf-8").replace('listName="competition"', f'listName="{form}"')
    into = Found()
    add_notice(into, parse(raw.encode()), "ocds-213czf", "x.xml")
    assert into.faults == [("x.xml", f"notices of form type {form!r} tell of no demand")]
