"""The life of a process: amendments, cancellation, awards, in what order events are sent, and what a release alone means."""

from datetime import UTC, datetime

from services.exports.ocds import compiled
from services.imports.ocds import Found, add_document, settle
from tests.unit.imports.ocds_samples import demand_of, exported, kinds, release, said, taken

OCID = "ocds-abc123-1"


def later(number, tags, **more):
    """A release that only says what changed."""
    return {
        "ocid": OCID, "id": f"r{number}", "date": f"2026-12-{number:02}T08:00:00Z", "tag": tags, "initiationType": "tender",
        **more,
    }  # fmt: skip


def package(*releases):
    return {"releases": list(releases), "publishedDate": "2027-01-01T00:00:00Z"}


AMENDED = later(
    2, ["tenderAmendment"],
    tender={
        "id": "t", "items": [{"id": "1", "quantity": 2000}],
        "amendments": [{"id": "a1", "rationale": "more wagons"}],
    },
)  # fmt: skip
AWARDED = later(
    3, ["award"],
    parties=[{"id": "sup-1", "name": "Azar"}],
    awards=[
        {
            "id": "aw", "status": "active", "date": "2026-12-03T00:00:00Z", "suppliers": [{"id": "sup-1"}],
            "items": [{"id": "1", "quantity": 500, "unit": {"name": "pcs"}}], "value": {"amount": 7, "currency": "IRR"},
        }
    ],
)  # fmt: skip
CANCELLED = later(4, ["tenderCancellation"], tender={"id": "t", "status": "cancelled", "statusDetails": "budget: cut"})


def test_releases_are_merged_one_after_another():
    read = taken(package(release(), AMENDED, AWARDED, CANCELLED))
    # the award also names a supplier, and who that is stays with the demand
    told = ["DemandPublished", "DemandAmended", "DemandAmended", "DemandAwarded", "DemandCancelled"]
    assert kinds(read) == told
    by_kind = {event.kind.name: event for event in read.events}
    amended = by_kind["DemandAmended"].data
    assert by_kind["DemandAmended"].time.day == 2
    assert (amended.demand.items[0].quantity, amended.reason) == (2000, "more wagons")
    assert amended.demand.items[0].title == "composite brake block"
    award = by_kind["DemandAwarded"].data
    assert (award.supplier_id, award.quantity, award.complete, award.value.amount) == ("sup-1", 500, False, 7)
    cancelled = by_kind["DemandCancelled"].data
    assert (cancelled.reason, cancelled.note) == ("budget", "cut")
    assert by_kind["DemandPublished"].time == datetime(2026, 11, 20, 8, tzinfo=UTC)


def test_the_order_in_the_document_and_the_file_does_not_matter():
    sent = [release(), AMENDED, AWARDED, CANCELLED]
    ways = [
        package(*sent),
        package(*reversed(sent)),
        {"records": [{"ocid": OCID, "releases": sent[::-1]}]},
        sent[2:] + sent[:2],
    ]
    told = [[event.model_dump() for event in taken(way).events] for way in ways]
    assert all(one == told[0] for one in told)


def test_the_newest_content_is_sent_first_and_what_ends_a_demand_before_it():
    read = taken(package(release(), AMENDED, CANCELLED))
    assert [event.kind.name for event in read.events] == ["DemandCancelled", "DemandAmended", "DemandPublished"]
    versions = {event.kind.name: event.data.version for event in read.events}
    assert versions["DemandPublished"] < versions["DemandAmended"] < versions["DemandCancelled"]


def test_versions_grow_with_the_dates_also_within_one_moment():
    twice = {**AMENDED, "id": "r9", "tender": {"id": "t", "title": "Other"}}
    read = taken(package(release(), AMENDED, twice))
    versions = sorted(event.data.version for event in read.events)
    assert len(set(versions)) == 3
    assert demand_of(read).title == "Other"


def test_a_demand_is_open_again():
    again = later(6, ["tenderUpdate"], tender={"id": "t", "status": "active", "statusDetails": None})
    read = taken(package(release(), CANCELLED, again))
    assert kinds(read) == ["DemandPublished", "DemandCancelled", "DemandPublished"]


def test_what_does_not_change_the_demand_is_no_event():
    assert kinds(taken(package(release(), later(2, ["tenderUpdate"], tender={"id": "t", "status": "active"})))) == [
        "DemandPublished"
    ]


def test_unsuccessful_and_complete_end_a_demand():
    read = taken(release(tender={"status": "unsuccessful"}))
    assert [event.data.reason for event in read.events if event.kind.name == "DemandCancelled"] == ["no_offers"]
    read = taken(release(tender={"status": "complete"}))
    assert kinds(read) == ["DemandPublished", "DemandCancelled"]
    done = {**AWARDED["awards"][0], "items": [{"id": "1"}]}
    read = taken(release(tender={"status": "complete"}, awards=[done]))
    assert sorted(kinds(read)) == ["DemandAwarded", "DemandPublished"]
    assert next(e for e in read.events if e.kind.name == "DemandAwarded").data.complete


def test_an_award_of_several_items_and_suppliers():
    items = [{"id": str(n), "description": f"thing {n}", "quantity": 5} for n in (1, 2)]
    award = {"id": "aw/1", "suppliers": [{"name": "Works A"}, {"id": "b", "name": "B"}]}
    read = taken(release(tender={"items": items}, awards=[award]))
    told = [event.data for event in read.events if event.kind.name == "DemandAwarded"]
    assert {(one.item_id, one.supplier_id) for one in told} == {(i, s) for i in ("1", "2") for s in ("works-a", "b")}
    assert len({one.award_id for one in told}) == 4
    assert any("all items" in text for text in said(read))


def test_pending_awards_are_kept_and_cancelled_ones_undo():
    pending = {**AWARDED, "awards": [{**AWARDED["awards"][0], "status": "pending"}]}
    assert "DemandAwarded" not in kinds(taken(package(release(), pending)))
    undone = later(5, ["awardCancellation"], awards=[{"id": "aw", "status": "cancelled"}])
    read = taken(package(release(), AWARDED, undone))
    told = sorted((e for e in read.events if e.kind.name == "DemandAwarded"), key=lambda e: e.data.version)
    assert [event.data.cancelled for event in told] == [False, True]


def test_an_award_whose_item_is_not_there_is_told():
    award = {"id": "aw", "suppliers": [{"id": "b"}], "items": [{"id": "9", "description": "else"}]}
    items = [{"id": str(n), "description": f"thing {n}", "quantity": 5} for n in (1, 2)]
    read = taken(release(tender={"items": items}, awards=[award]))
    assert "DemandAwarded" not in kinds(read)
    assert any("there is no item '9'" in text for text in said(read))
    read = taken(release(awards=[award]))
    assert next(e for e in read.events if e.kind.name == "DemandAwarded").data.item_id == "1"


def test_an_amendment_alone_is_merged_with_what_the_service_has():
    read = taken(AMENDED | {"buyer": {"id": "rai", "name": "RAI"}})
    assert any("changes an earlier one" in text for text in said(read))
    first = taken(release())
    base = compiled(exported(list(first.events), first.demand_id, OCID).releases)
    read = taken(AMENDED, base)
    assert kinds(read) == ["DemandAmended"]
    assert demand_of(read).items[0].quantity == 2000
    assert demand_of(read).closes == demand_of(first).closes
    assert said(read) == []
    read = taken(AWARDED, base)
    assert sorted(kinds(read)) == ["DemandAmended", "DemandAwarded"]  # who the supplier is stays with the demand
    assert "DemandPublished" not in kinds(taken(CANCELLED, base))


def test_the_compiled_release_stands_where_the_others_are_only_linked():
    linked = [{"url": "https://example.com/r1", "date": "2026-11-20T08:00:00Z", "tag": ["tender"]}]
    whole = release(tag=["compiled"], id="c", date="2026-12-05T08:00:00Z", tender={"title": "Compiled"})
    read = taken({"records": [{"ocid": OCID, "releases": linked, "compiledRelease": whole}]})
    assert demand_of(read).title == "Compiled"
    older = taken(
        {
            "records": [
                {"ocid": OCID, "releases": [release(), AMENDED], "compiledRelease": {**whole, "date": AMENDED["date"]}}
            ]
        }
    )
    assert demand_of(older).title == "Brake blocks"


def test_a_release_that_stands_twice():
    other = {**release(), "tender": {**release()["tender"], "title": "Changed"}}
    read = taken(package(release(), release()))
    assert kinds(read) == ["DemandPublished"]
    assert said(read) == []
    read = taken(package(release(), other))
    assert demand_of(read).title == "Brake blocks"
    assert any("twice with different content" in text for text in said(read))


def test_arrays_without_ids_do_not_pile_up():
    heaps = {"tenderers": [{"name": "A"}], "unknown": [{"x": 1}]}
    second = later(2, ["tenderUpdate"], tender={"id": "t", "title": "Other", **heaps})
    read = taken(package(release(tender=heaps), second))
    rest = demand_of(read).original.rest["tender"]
    assert rest["tenderers"] == [{"name": "A"}]
    assert rest["unknown"] == [{"x": 1}]


def test_processes_of_one_document_are_told_apart():
    found = Found()
    add_document(found, [release(), release(ocid="ocds-abc123-2"), {"releases": [release(ocid="ocds-abc123-3")]}])
    assert sorted(process.ocid for process in settle(found)) == [f"ocds-abc123-{n}" for n in (1, 2, 3)]


def test_what_was_closed_as_complete_stays_so_on_its_way_out_and_in():
    read = taken(package(release(tender={"status": "complete"}), AWARDED))
    assert kinds(read)[-1] == "DemandAwarded"
    assert "DemandCancelled" in kinds(read)
    whole = compiled(exported(list(read.events), read.demand_id, OCID).releases)
    assert (whole["tender"]["status"], whole["awards"][0]["status"]) == ("cancelled", "active")
    again = taken(whole)
    assert "DemandCancelled" in kinds(again)
