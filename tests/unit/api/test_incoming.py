"""Events in bulk: short form and CloudEvents, all or none."""

import pytest

from schemas.events import BY_NAME, EVENT_TYPES
from schemas.examples import EXAMPLES
from schemas.settings import Settings
from services.api.incoming import BODIES, location_of, read_incoming
from services.api.links import Links
from services.api.problems import FieldsError
from services.api.versions import SUBJECTS, subject_of

DEMAND = {"type": "DemandPublished", "data": EXAMPLES["DemandPublished"]}


def errors_of(body: object) -> dict[str, tuple[str, str | None]]:
    with pytest.raises(FieldsError) as caught:
        read_incoming(body)
    return {one.pointer: (one.detail, one.hint) for one in caught.value.errors}


def test_both_forms_and_both_names_are_read():
    wire = BY_NAME["DemandPublished"].ce_type
    cloud = {"specversion": "1.0", "id": "e1", "source": "urn:x", "time": "2026-11-24T00:00:00Z", "traceext": "z"}
    short, long, whole = read_incoming([DEMAND, {**DEMAND, "type": wire}, {**DEMAND, **cloud, "type": wire}])
    assert short.envelope is None
    assert long.envelope is None
    assert whole.envelope is not None
    assert (whole.envelope.id, whole.envelope.source) == ("e1", "urn:x")
    assert whole.draft.data == short.draft.data


def test_a_short_event_may_name_its_id_and_source():
    [one] = read_incoming([{**DEMAND, "id": "mine"}])
    assert one.envelope is not None
    assert one.envelope.id == "mine"


def test_every_bad_event_is_named_and_none_is_taken():
    errors = errors_of(
        [DEMAND, {"type": "DemandPublishd", "data": {}}, {"type": "DemandCancelled", "data": {"reson": 1}}, 5]
    )
    assert errors["#/1/type"][1] == "Did you mean 'DemandPublished'?"
    assert errors["#/2/data/reson"][1] == "Did you mean 'reason'?"
    assert "#/2/data/demand_id" in errors
    assert "#/3" in errors


@pytest.mark.parametrize("body", [{}, [], "x", None, 1])
def test_a_body_must_be_an_array(body):
    assert list(errors_of(body)) == ["#"]


def test_there_is_a_most():
    assert "1001 events" in errors_of([DEMAND] * 1001)["#"][0]


def test_match_events_are_the_matchers_own():
    for name in ("MatchFound", "MatchChanged", "MatchWithdrawn"):
        assert "matcher" in errors_of([{"type": name, "data": EXAMPLES[name]}])["#/0/type"][0]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"specversion": "0.3", "id": "a", "source": "b"}, "#/0/specversion"),
        ({"specversion": "1.0", "id": "", "source": "b"}, "#/0/id"),
        ({"specversion": "1.0", "id": "a"}, "#/0/source"),
        ({"specversion": "1.0", "id": "a", "source": "b", "time": "yesterday"}, "#/0/time"),
        ({"type": ["x"]}, "#/0/type"),
        ({"type": None}, "#/0/type"),
        ({"extra": 1}, "#/0"),
    ],
)
def test_a_bad_envelope_is_pointed_at(change, pointer):
    assert pointer in errors_of([{**DEMAND, **change}])


def test_every_event_that_may_be_sent_has_a_subject_and_a_place():
    links = Links(Settings())
    sent = {event.model for event in EVENT_TYPES if event.name in BODIES}
    assert sent == set(SUBJECTS)
    for name in BODIES:
        data = BY_NAME[name].model.model_validate(EXAMPLES[name])
        assert location_of(links, data).startswith("/v1/")
        assert all(subject_of(data))
