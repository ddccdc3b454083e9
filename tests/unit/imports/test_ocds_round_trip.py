"""A demand that goes out as OCDS and comes in again is the same; and merging its releases gives its present state."""

import json
from datetime import UTC, date, datetime, timedelta

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.demands import CancelReason, Demand, DemandAmended, DemandAwarded, DemandCancelled, DemandPublished
from schemas.examples import EXAMPLES
from schemas.suppliers import Supplier
from services.exports.ocds import Publication, compiled, record_package, release_package
from services.exports.ocds.history import Happened, history_of, in_effect
from services.exports.ocds.releases import Told, tell
from services.imports.ocds import Found, Options, add_document, events_of, settle
from tests.unit.imports.ocds_samples import SHARED, demand_of

SCHEMA = json.loads((SHARED / "ocds" / "standard" / "schema" / "release-schema.json").read_text(encoding="utf-8"))
VALID = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
PUBLICATION = Publication(
    "Peyvand", "https://peyvand.example/v1/ocds", "https://licence.example", "https://policy.example"
)
BEGIN = datetime(2026, 11, 24, 8, tzinfo=UTC)
OCID = "ocds-213czf-dem-1"


def happened(*events):
    """These events, an hour after one another."""
    made = [Happened(f"e{n}", data.version, BEGIN + timedelta(hours=n), data) for n, data in enumerate(events, 1)]
    return in_effect(made)


def read_again(document):
    """The process of a document of ours."""
    found = Found()
    add_document(found, json.loads(json.dumps(document)))
    [process] = settle(found)
    return events_of(process, Options())


def bare(demand):
    """A demand without what only a document has."""
    return demand.model_copy(update={"original": None, "ocid": None})


FULL = Demand.model_validate(
    {
        "id": "dem-1", "buyer": {"id": "rai", "name": "RAI", "name_fa": "راه‌آهن", "identifier": {"scheme": "IR-COA", "id": "12"}},
        "title": "Brake blocks", "description": "Two\nlines", "category": "series", "plan_id": "plan-1",
        "published": "2026-11-24", "closes": "2027-01-15", "needed_by": "2027-08-31", "contact": "buy@rai.example",
        "delivery_place": {"city": "تهران", "province": "تهران"},
        "lots": [{"id": "L1", "title": "lot", "value": {"amount": 5, "currency": "IRR"}}],
        "documents": [{"title": "spec", "url": "https://x.example/a.pdf", "kind": "technicalSpecifications", "note": "n"}],
        "items": [
            {
                "id": "1", "title": "کفشک – blocks", "description": "long", "part_numbers": ["K-1", "K-2"], "quantity": 20000,
                "classifications": [{"scheme": "PEYVAND", "id": "k"}, {"scheme": "HS", "id": "8607.21", "description": "x"}],
                "unit": "عدد", "needed_by": "2027-05-01", "lot_id": "L1", "min_local_content_percent": 60,
                "delivery_place": {"name": "depot", "city": "Qom", "location": {"latitude": 34.5, "longitude": 50.1}},
                "requirements": [
                    {"name": "friction", "min": 0.16, "max": 0.28}, {"name": "grade", "one_of": ["A", "B"]},
                    {"name": "weight", "max": 4.5, "unit": "kg", "evidence": "lab report"}, {"name": "new", "equals": True},
                ],
                "standards": [["UIC 541-4"], ["ISO 9001", "ISO 22163"]], "estimated_value": {"amount": 1000000},
                "imported": {"brand": "X", "part_numbers": ["Z"], "annual_quantity": 7},
            },
            {"id": "2", "title": "seal", "quantity": 2, "unit": "kg"},
        ],
    }
)  # fmt: skip
LESS = FULL.model_copy(
    update={
        "items": [FULL.items[0].model_copy(update={"quantity": 30000.0, "requirements": FULL.items[0].requirements[:1], "needed_by": None})],
        "closes": None, "documents": [], "lots": [FULL.lots[0].model_copy(update={"title": None})],
    }
)  # fmt: skip
AWARD = DemandAwarded.model_validate(
    {
        "award_id": "a1", "demand_id": "dem-1", "item_id": "1", "supplier_id": "sup", "offer_id": "off", "quantity": 10000,
        "unit": "pcs", "awarded": "2026-12-01", "complete": True, "value": {"amount": 3, "currency": "IRR"},
    }
)  # fmt: skip


@pytest.mark.parametrize(
    "demand",
    [FULL, LESS, Demand.model_validate(EXAMPLES["DemandPublished"]["demand"])],
    ids=["full", "less", "example"],
)
@pytest.mark.parametrize("wrap", [release_package, record_package])
def test_a_demand_comes_back_as_it_was(demand, wrap):
    out = tell(
        demand.id,
        f"ocds-213czf-{demand.id}",
        happened(DemandPublished(version=1, demand=demand)),
        (),
        {"plan-1": "ocds-213czf-plan-1"},
    )
    read = read_again(wrap(out, PUBLICATION))
    assert read.notes == ()
    assert bare(demand_of(read)) == bare(demand)
    assert demand_of(read).original.rest == {}


def test_merging_leaves_nothing_behind_of_what_was_taken_out():
    history = happened(
        DemandPublished(version=1, demand=FULL),
        DemandAmended(version=2, demand=LESS, reason="fewer"),
        AWARD,
        DemandCancelled(version=3, demand_id="dem-1", reason=CancelReason.BUDGET, note="cut"),
    )
    out = tell("dem-1", OCID, history)
    assert [release["tag"] for release in out.releases] == [
        ["tender"],
        ["tenderAmendment"],
        ["award"],
        ["tenderCancellation"],
    ]
    whole = compiled(out.releases)
    assert [lot.get("title") for lot in whole["tender"]["lots"]] == [None]
    assert whole["tender"]["status"] == "cancelled"
    assert not whole["tender"]["tenderPeriod"]
    record = {"records": [{"ocid": OCID, "compiledRelease": whole}]}
    for document in (release_package(out, PUBLICATION), record):
        read = read_again(document)
        assert not read.refused
        assert bare(demand_of(read)).model_copy(update={"plan_id": None}) == bare(LESS).model_copy(
            update={"plan_id": None}
        )
        kinds = {event.kind.name: event.data for event in read.events}
        assert kinds["DemandAwarded"].model_copy(update={"version": 1}) == AWARD
        assert (kinds["DemandCancelled"].reason, kinds["DemandCancelled"].note) == ("budget", "cut")


def test_an_amendment_is_a_release_of_its_own():
    out = tell(
        "dem-1",
        OCID,
        happened(DemandPublished(version=1, demand=FULL), DemandAmended(version=2, demand=LESS, reason="fewer")),
    )
    first, second = out.releases
    [amendment] = second["tender"]["amendments"]
    assert (amendment["rationale"], amendment["releaseID"], amendment["amendsReleaseID"]) == ("fewer", "e2", "e1")
    assert second["tender"]["items"][1] == {
        "id": "2", "quantity": 0, "description": None, "unit": {"name": None, "scheme": None, "id": None},
    }  # fmt: skip
    assert first["date"] < second["date"]


def test_a_plan_becomes_a_tender():
    plan = FULL.model_copy(update={"stage": "plan"})
    out = tell(
        "dem-1",
        OCID,
        happened(
            DemandPublished(version=1, demand=plan),
            DemandAmended(version=2, demand=plan.model_copy(update={"title": "x"})),
            DemandAmended(version=3, demand=FULL),
        ),
    )
    assert [release["tag"] for release in out.releases] == [["planning"], ["planningUpdate"], ["tender"]]
    assert demand_of(read_again(release_package(out, PUBLICATION))).stage == "tender"


def test_suppliers_that_were_told_are_parties():
    azar = Supplier.model_validate(
        {"id": "sup", "name_en": "Azar", "name_fa": "آذر", "identifiers": [{"scheme": "IR-CR", "id": "10"}], "place": {"city": "تبریز"}, "email": "x@y.example"}
    )  # fmt: skip
    told = (
        Told(BEGIN + timedelta(hours=1, minutes=5), ("sup", "other")),
        Told(BEGIN + timedelta(hours=9), ("sup", "third")),
    )
    history = happened(DemandPublished(version=1, demand=FULL), AWARD)
    out = tell("dem-1", OCID, history, told, suppliers={"sup": azar})
    assert [release["tag"] for release in out.releases] == [["tender"], ["tenderUpdate"], ["award"], ["tenderUpdate"]]
    parties = {party["id"]: party for party in compiled(out.releases)["parties"]}
    assert parties["sup"]["roles"] == ["supplier", "notifiedPotentialSupplier"]
    assert parties["other"] == {"id": "other", "roles": ["notifiedPotentialSupplier"]}
    assert (parties["sup"]["name"], parties["sup"]["name_fa"], parties["sup"]["identifier"]["id"]) == (
        "Azar",
        "آذر",
        "10",
    )
    assert "contactPoint" not in parties["sup"]
    assert "roles" in parties["third"]
    read = read_again(release_package(out, PUBLICATION))
    assert bare(demand_of(read)) == bare(FULL).model_copy(update={"plan_id": "plan-1"})
    again = tell("dem-1", OCID, history, told[:1], suppliers={"sup": azar})
    assert again.releases == out.releases[:3], "a release that was published stays as it was"


def test_events_that_a_higher_version_had_overtaken_are_no_releases():
    late = Happened("late", 1, BEGIN + timedelta(days=9), DemandAmended(version=1, demand=LESS))
    first = Happened("first", 2, BEGIN, DemandPublished(version=2, demand=FULL))
    assert [one.event for one in in_effect([late, first])] == ["first"]
    cancelled = Happened("c", 5, BEGIN, DemandCancelled(version=5, demand_id="dem-1"))
    published = Happened("p", 4, BEGIN + timedelta(days=1), DemandPublished(version=4, demand=FULL))
    assert [type(one.data).__name__ for one in in_effect([cancelled, published])] == [
        "DemandCancelled",
        "DemandAmended",
    ]


def test_a_graph_from_before_it_kept_history_has_one_release():
    row = {"body": FULL.model_dump_json(exclude_defaults=True), "event": "e9", "version": 7, "revisions": []}
    [one] = history_of(row)
    assert (one.event, one.data.demand, one.at.date()) == ("e9", FULL, date(2026, 11, 24))
    torn = {"event": "x", "version": 1, "kind": "DemandPublished", "at": None, "body": '{"version": 1, "demand": {}}'}
    assert len(history_of({**row, "revisions": [torn]})) == 1


def test_the_package_says_who_publishes_and_by_which_extensions():
    package = release_package(tell("dem-1", OCID, happened(DemandPublished(version=1, demand=FULL))), PUBLICATION)
    assert package["uri"] == f"https://peyvand.example/v1/ocds/releases/{OCID}"
    assert package["version"] == "1.1"
    assert package["publishedDate"] == package["releases"][-1]["date"]
    assert package["extensions"][-1] == "https://peyvand.example/v1/ocds/extension/extension.json"
    assert (package["license"], package["publicationPolicy"]) == ("https://licence.example", "https://policy.example")


_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=20
).filter(str.strip)
_NAME = _TEXT.map(lambda text: " ".join(text.split())).filter(bool)
_NUMBER = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3))
_DAY = st.none() | st.dates(date(2026, 1, 1), date(2035, 1, 1))
_ID = st.text("abcXYZ019-_.", min_size=1, max_size=8)


@st.composite
def _requirement(draw):
    name = draw(_NAME.filter(lambda text: text.casefold() not in ("standard", "local content")))
    unit = draw(st.none() | st.sampled_from(["kg", "mm", "عدد", "N·m"]))
    match draw(st.integers(0, 3)):
        case 0:
            low = draw(_NUMBER)
            return {"name": name, "min": low, "max": low + abs(draw(_NUMBER)), "unit": unit}
        case 1:
            return {
                "name": name,
                "equals": draw(_NUMBER | st.booleans() | _NAME),
                "unit": unit,
                "evidence": draw(st.none() | _NAME),
            }
        case 2:
            return {"name": name, "one_of": draw(st.lists(_NUMBER | _NAME, min_size=2, max_size=4)), "unit": unit}
        case _:
            return {"name": name, draw(st.sampled_from(["min", "max"])): draw(_NUMBER), "unit": unit}


@st.composite
def _demands(draw):
    lots = draw(st.lists(_ID, max_size=2, unique=True))
    ids = draw(st.lists(_ID, min_size=1, max_size=3, unique=True))
    items = [
        {
            "id": name, "title": draw(_NAME), "description": draw(st.just("") | _NAME), "quantity": draw(st.floats(0.01, 1e6)),
            "unit": draw(st.none() | st.sampled_from(["عدد", "kg", "metre", "دستگاه"])), "needed_by": draw(_DAY),
            "requirements": draw(st.lists(_requirement(), max_size=3)),
            "standards": draw(st.lists(st.lists(_NAME, min_size=1, max_size=2), max_size=2)),
            "part_numbers": draw(st.lists(_NAME, max_size=2, unique=True)),
            "classifications": draw(
                st.lists(st.fixed_dictionaries({"scheme": st.sampled_from(["CPV", "HS"]), "id": _ID}), max_size=2, unique_by=lambda c: (c["scheme"], c["id"]))
            ),
            "lot_id": draw(st.sampled_from([None, *lots])),
            "min_local_content_percent": draw(st.none() | st.floats(0, 100)),
            "estimated_value": draw(st.none() | st.fixed_dictionaries({"amount": st.floats(0, 1e9), "currency": st.just("IRR")})),
        }
        for name in ids
    ]  # fmt: skip
    return Demand.model_validate(
        {
            "id": "dem-1", "buyer": {"id": draw(_ID), "name": draw(_NAME)}, "title": draw(_NAME),
            "stage": draw(st.sampled_from(["plan", "market_engagement", "tender", "framework"])),
            "closes": draw(_DAY), "needed_by": draw(_DAY), "published": draw(st.dates(date(2026, 1, 1), date(2035, 1, 1))),
            "lots": [{"id": lot} for lot in lots], "items": items,
        }
    )  # fmt: skip


@settings(max_examples=60)
@given(st.lists(_demands(), min_size=1, max_size=3))
def test_any_history_of_a_demand_comes_back_valid_and_as_it_was(demands):
    events = [DemandAmended(version=n, demand=demand) for n, demand in enumerate(demands, 1)]
    out = tell("dem-1", OCID, happened(DemandPublished(version=1, demand=demands[0]), *events[1:]))
    whole = compiled(out.releases)
    for release in (*out.releases, whole):
        assert [error.message for error in VALID.iter_errors(json.loads(json.dumps(release)))] == []
    for document in (release_package(out, PUBLICATION), {"records": [{"ocid": OCID, "compiledRelease": whole}]}):
        read = read_again(document)
        assert not read.refused, [note.sentence() for note in read.notes]
        assert _plain(demand_of(read)) == _plain(demands[-1])


def _plain(demand):
    """A demand as values. Merging keeps items and lots in the order in which they first appeared."""
    values = bare(demand).model_dump(mode="json")
    for name in ("items", "lots"):
        values[name].sort(key=lambda one: one["id"])
    return values
