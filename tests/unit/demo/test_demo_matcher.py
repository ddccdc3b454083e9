"""The service's own verdicts on every pair of the demonstration are those of expected.jsonl."""

import pytest

from graph.matching.decide import decide
from graph.matching.facts import OfferFacts, SupplierFacts
from graph.matching.knowledge import Knowledge
from graph.matching.understand import understand_item, understand_offer, understand_supplier
from graph.taxonomy.load import default_taxonomy
from schemas.matches import Outcome
from services.demo.load import WRITTEN_FOR, expectations
from tests.unit.demo.folded import Folded

EXPECTED = {str(each["item_key"]): each for each in expectations() if each["state"] in ("open", "plan")}
Read = tuple[Knowledge, list[tuple[OfferFacts, SupplierFacts]]]


@pytest.fixture(scope="session")
def read(demo: Folded) -> Read:
    """Every offer with its supplier, as the service understands them."""
    knowledge = Knowledge(default_taxonomy())
    suppliers = {
        each.id: understand_supplier(
            each,
            suspended=False,
            unit_states={unit: state.value for (owner, unit), state in demo.states.items() if owner == each.id},
            knowledge=knowledge,
        )
        for each in demo.suppliers.values()
    }
    offers = [(understand_offer(each, knowledge), suppliers[each.supplier_id]) for each in demo.offers.values()]
    return knowledge, offers


@pytest.mark.parametrize("key", EXPECTED)
def test_matcher_says_what_is_expected(key: str, demo: Folded, read: Read) -> None:
    knowledge, offers = read
    item = understand_item(*demo.items()[key], knowledge)
    capable: list[str] = []
    near: dict[str, list[str]] = {}
    for offer, supplier in offers:
        verdict = decide(item, offer, supplier, today=WRITTEN_FOR, knowledge=knowledge)
        if verdict.outcome is Outcome.MATCH:
            capable.append(offer.id)
        elif verdict.outcome is Outcome.NEAR_MISS:
            near[offer.id] = sorted({point.kind for point in verdict.missing})
    assert sorted(capable) == sorted(EXPECTED[key]["capable"])  # type: ignore[call-overload]
    assert near == EXPECTED[key]["near"]
