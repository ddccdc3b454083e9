"""Bodies are read strictly, and every error says where and what to do."""

import pytest
from pydantic_core import from_json, to_json

from schemas.demands import DemandPublished
from schemas.examples import EXAMPLES
from services.api.bodies import Body, read_json
from services.api.demands import AWARD, CANCEL, PUBLISH
from services.api.offers import REGISTER
from services.api.problems import FieldsError, MediaTypeError, TooLargeError
from services.api.responses import ANSWER
from services.api.suppliers import SUSPEND

DEMAND = EXAMPLES["DemandPublished"]["demand"]


def errors_of(body: Body, sent: object, **given: str) -> dict[str, tuple[str, str | None]]:
    with pytest.raises(FieldsError) as caught:
        body.draft(sent, "#", **given)
    return {one.pointer: (one.detail, one.hint) for one in caught.value.errors}


def test_a_record_becomes_the_event():
    draft = PUBLISH.draft(DEMAND, "#")
    assert isinstance(draft.data, DemandPublished)
    assert draft.data.demand.id == DEMAND["id"]
    assert not draft.numbered


def test_the_version_of_the_body_is_kept():
    draft = PUBLISH.draft({**DEMAND, "version": 7}, "#")
    assert draft.numbered
    assert draft.data.version == 7


@pytest.mark.parametrize(("version", "said"), [(0, "greater than"), (None, "valid integer"), ("x", "valid integer")])
def test_a_version_that_is_none_is_refused(version, said):
    assert said in errors_of(PUBLISH, {**DEMAND, "version": version})["#/version"][0]


@pytest.mark.parametrize(
    ("change", "pointer", "hint"),
    [
        ({"titel": "x"}, "#/titel", "'title'"),
        ({"buyr": "x"}, "#/buyr", "'buyer'"),
        ({"versoin": 2}, "#/versoin", "'version'"),
        ({"items": [{**DEMAND["items"][0], "quantty": 2}]}, "#/items/0/quantty", "'quantity'"),
        ({"items": [{**DEMAND["items"][0], "requirements": [{"name": "a", "mn": 1}]}]}, "#/items/0/requirements/0/mn", "'min'"),
        ({"a/b~c": 1}, "#/a~1b~0c", "Known fields: id, buyer"),
    ],
)  # fmt: skip
def test_an_unknown_field_is_named_with_the_nearest_known_one(change, pointer, hint):
    errors = errors_of(PUBLISH, {**DEMAND, **change})
    assert "There is no field" in errors[pointer][0]
    assert hint in (errors[pointer][1] or "")


def test_errors_of_alternatives_are_one_error_at_the_field():
    item = {**DEMAND["items"][0], "requirements": [{"name": "a", "equals": {"x": 1}}]}
    errors = errors_of(PUBLISH, {**DEMAND, "items": [item]})
    assert list(errors) == ["#/items/0/requirements/0/equals"]
    assert "; or: " in errors["#/items/0/requirements/0/equals"][0]


def test_sentences_of_the_contract_come_through():
    errors = errors_of(PUBLISH, {**DEMAND, "items": [DEMAND["items"][0]] * 2})
    assert "has two items with id '1'" in errors["#"][0]
    assert not errors["#"][0].startswith("Value error")


def test_a_missing_field_is_pointed_at():
    errors = errors_of(PUBLISH, {name: value for name, value in DEMAND.items() if name != "title"})
    assert errors["#/title"][0] == "Field required"


def test_what_the_address_gives_is_not_in_the_body():
    errors = errors_of(CANCEL, {"demand_id": "d", "reason": "budget"}, demand_id="d")
    assert errors["#/demand_id"][1] == "Leave it out."
    assert CANCEL.draft({"reason": "budget"}, "#", demand_id="d").data.demand_id == "d"


@pytest.mark.parametrize("sent", [[], "x", 1, None, True])
def test_a_body_that_is_no_object_is_refused(sent):
    assert list(errors_of(PUBLISH, sent)) == ["#"]


def test_rules_over_several_fields_hold():
    answer = {"supplier_id": "s", "demand_id": "d", "item_id": "1", "offer_id": "o", "answer": "decline"}
    assert "a decline needs a reason" in errors_of(ANSWER, answer)["#"][0]


def test_nul_is_refused_where_texts_are():
    assert "#/title" in errors_of(PUBLISH, {**DEMAND, "title": "a\x00b"})
    assert "#/reason" in errors_of(SUSPEND, {"reason": "a\x00"}, supplier_id="s")
    assert "#/id" in errors_of(REGISTER, {**EXAMPLES["ProductRegistered"]["offer"], "id": "a\x00"})


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"needed_by": 20270131}, "#/needed_by"), ({"closes": "tomorrow"}, "#/closes"), ({"title": 5}, "#/title")],
)
def test_a_value_of_another_json_type_is_refused(change, pointer):
    """A number as a date would be read as seconds since 1970, and nobody would notice."""
    assert list(errors_of(PUBLISH, {**DEMAND, **change})) == [pointer]


@pytest.mark.parametrize("quantity", ["5", True, "1e400"])
def test_a_quantity_is_a_number(quantity):
    sent = from_json(b"1e400") if quantity == "1e400" else quantity
    items = [{**DEMAND["items"][0], "quantity": sent}]
    assert "#/items/0/quantity" in errors_of(PUBLISH, {**DEMAND, "items": items})


def test_awards_need_their_id():
    assert "#/award_id" in errors_of(AWARD, {"item_id": "1", "supplier_id": "s"}, demand_id="d")


class Sent:
    """Just enough of a request."""

    def __init__(self, *parts: bytes, **headers: str) -> None:
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self._parts = parts

    async def stream(self):
        for part in self._parts:
            yield part


JSON = {"content_type": "application/json"}


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b'"\\ud800"', b'"\xff"', b"NaN", b'{"a": Infinity}', b"[" * 5000 + b"]" * 5000, b'{"a":1}x'],
)
async def test_what_is_not_json_is_refused(raw):
    with pytest.raises(FieldsError, match="not JSON"):
        await read_json(Sent(raw, **JSON))  # type: ignore[arg-type]


async def test_the_media_type_must_be_json():
    for headers in ({}, {"content_type": "text/plain"}, {"content_type": "application/x-www-form-urlencoded"}):
        with pytest.raises(MediaTypeError):
            await read_json(Sent(b"{}", **headers))  # type: ignore[arg-type]
    assert await read_json(Sent(b"{}", content_type="application/json; charset=utf-8")) == {}  # type: ignore[arg-type]


async def test_large_bodies_are_refused_by_their_length_and_by_what_comes():
    with pytest.raises(TooLargeError):
        await read_json(Sent(b"{}", content_length="1000001", **JSON))  # type: ignore[arg-type]
    with pytest.raises(TooLargeError):
        await read_json(Sent(*[b" " * 400_000] * 3, **JSON))  # type: ignore[arg-type]
    assert await read_json(Sent(b" " * 999_998, b"[]", **JSON)) == []  # type: ignore[arg-type]


def test_digits_and_persian_come_through_whole():
    title = "بلوک ترمز ۳۲۰ میلیمتر"
    sent = {"id": "d", "buyer": "RAI", "title": title, "items": [{"id": "1", "title": "x", "quantity": 1}]}
    draft = PUBLISH.draft(from_json(to_json(sent)), "#")
    assert draft.data.demand.title == title
    assert draft.data.demand.buyer.id == "rai"
