"""The table of fields is whole, and what it hides is not in the answer."""

import json

import pytest
from pydantic import BaseModel

from services.access.fields import _COLUMNS, TABLES, Audience, _paths, _table, audience, hidden, shown
from services.access.principals import ANONYMOUS, LOCAL, Principal, Role
from services.api import examples as x
from services.api.models import DemandOut, OfferOut, OfferRow, SupplierOut

MODELS = {model.__name__: model for model in (SupplierOut, OfferOut, OfferRow, DemandOut)}
FULL = {
    "SupplierOut": x.SUPPLIER_OUT
    | {"supplier": x.SUPPLIER | {"email": "SECRET", "phone": "SECRET", "owner": "SECRET"}, "suspended_why": "SECRET"},
    "OfferOut": x.OFFER_OUT | {"offer": x.OFFER | {"inputs": [{"name": "SECRET"}]}, "matches": 7, "near_misses": 7},
    "OfferRow": x.OFFER_ROW | {"matches": 7, "near_misses": 7},
    "DemandOut": x.DEMAND_OUT
    | {
        "demand": x.DEMAND | {
            "contact": "SECRET",
            "lots": [{"id": "l", "value": {"amount": 7}}],
            "items": [x.DEMAND["items"][0] | {"estimated_value": {"amount": 7}, "imported": {"brand": "B", "unit_value": {"amount": 7}}}],
        },
    },
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_every_field_has_a_row_and_every_row_a_field(name):
    top = set(_paths(MODELS[name]))
    deeper = {path for path in TABLES[name] if path not in top}
    assert top <= set(TABLES[name]), "say in services/access/fields.py who sees the new field"
    for path in deeper:
        parent, _, field = path.rpartition(".")
        assert field in inner(MODELS[name], parent).model_fields, path


def inner(model: type[BaseModel], path: str) -> type[BaseModel]:
    """The model at a path, through lists and options."""
    for name in path.split("."):
        found = [model.model_fields[name].annotation]
        while not (isinstance(found[0], type) and issubclass(found[0], BaseModel)):
            found = [*getattr(found[0], "__args__", ()), *found[1:]]
        model = found[0]
    return model


@pytest.mark.parametrize("who", Audience)
@pytest.mark.parametrize("name", TABLES)
def test_what_is_shown_is_still_of_the_documented_form(name, who):
    answer = shown(MODELS[name].model_validate(FULL[name]), who)
    assert MODELS[name].model_validate_json(answer.model_dump_json()) == answer


@pytest.mark.parametrize("name", TABLES)
def test_the_owner_and_staff_see_everything(name):
    whole = MODELS[name].model_validate(FULL[name])
    for who in (Audience.OWNER, Audience.STAFF):
        assert shown(whole, who) == whole


@pytest.mark.parametrize("who", _COLUMNS)
@pytest.mark.parametrize("name", TABLES)
def test_what_is_hidden_is_gone(name, who):
    answer = json.loads(shown(MODELS[name].model_validate(FULL[name]), who).model_dump_json())
    paths = hidden(MODELS[name], who)
    assert answer.get("hidden", list(paths)) == list(paths)
    for path in paths:
        assert not any(at(answer, path.split("."))), path


def at(value, path):
    """All values at a path, through lists."""
    if isinstance(value, list):
        return [found for one in value for found in at(one, path)]
    if value is None or not path:
        return [value]
    return at(value[path[0]], path[1:])


def test_nobody_from_outside_sees_contacts_prices_or_capacity():
    for name in ("SupplierOut", "OfferOut", "DemandOut"):
        answer = shown(MODELS[name].model_validate(FULL[name]), Audience.ANONYMOUS)
        text = answer.model_dump_json()
        assert "SECRET" not in text
        assert '"amount":7' not in text
    offer = shown(OfferOut.model_validate(FULL["OfferOut"]), Audience.SUPPLIER).offer
    assert (offer.capacity, offer.lead_time_days, offer.min_order, offer.inputs) == (None, None, None, [])


def test_a_field_that_the_table_does_not_know_is_hidden(monkeypatch):
    table = {path: who for path, who in TABLES["SupplierOut"].items() if path != "supplier.website"}
    monkeypatch.setitem(TABLES, "SupplierOut", table)
    hidden.cache_clear()
    try:
        assert "supplier.website" in hidden(SupplierOut, Audience.AGENCY)
        assert "supplier.website" not in hidden(SupplierOut, Audience.OWNER)
    finally:
        hidden.cache_clear()


def test_a_preview_never_shows_more_than_who_asks_may_see():
    assert set(hidden(SupplierOut, Audience.ANONYMOUS, Audience.STAFF)) == set(hidden(SupplierOut, Audience.ANONYMOUS))
    both = set(hidden(DemandOut, Audience.AGENCY, Audience.SUPPLIER))
    assert both == set(hidden(DemandOut, Audience.AGENCY)) | set(hidden(DemandOut, Audience.SUPPLIER))


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        (ANONYMOUS, "anonymous"), (LOCAL, "staff"), (Principal(Role.REGISTRAR), "staff"), (Principal(Role.SUPPLIER, "s"), "owner"),
        (Principal(Role.SUPPLIER, "t"), "supplier"), (Principal(Role.AGENCY, "s"), "agency"),
    ],
)  # fmt: skip
def test_as_whom_somebody_looks(principal, expected):
    assert audience(principal, Role.SUPPLIER, "s") == expected
    assert audience(Principal(Role.AGENCY, "s"), Role.AGENCY, None) is Audience.AGENCY


@pytest.mark.parametrize("text", ["id + +", "id + + x", "+ + +", "a + + +\na - - -"])
def test_a_table_that_is_not_whole_is_refused(text):
    with pytest.raises(ValueError, match="row"):
        _table(text)
