import pytest

from schemas.errors import InvalidInputError
from services.drafts import draft, has_quantity

ITEM = {"title": "Brake blocks", "requirements": [{"name": "length", "equals": 320, "unit": "mm"}], "quantity": 10}


@pytest.mark.parametrize(
    "sent",
    [
        ITEM,
        {"items": [ITEM]},
        {"demand": {"items": [ITEM]}},
        {"type": "DemandPublished", "data": {"version": 1, "demand": {"id": "d", "buyer": "RAI", "items": [ITEM]}}},
    ],
)
def test_a_demand_is_found_in_every_form(sent):
    found = draft(sent)
    assert found.items[0].title == "Brake blocks"
    assert found.items[0].requirements[0].equals == 320
    assert found.title == "Brake blocks"


@pytest.mark.parametrize("sent", [None, 3, [], {}, {"items": 3}, {"items": [3]}, {"title": "x", "quantity": -1}])
def test_what_is_no_demand_is_said_so(sent):
    with pytest.raises(InvalidInputError):
        draft(sent)


def test_a_quantity_is_seen_wherever_it_stands():
    assert has_quantity({"items": [{"quantity": 1}]})
    assert not has_quantity({"items": [{"title": "x"}]})
