"""Which news goes to which endpoint, and why not."""

from graph.delivery.choice import UNKNOWN, Before, ItemPlace, Target, choose, delivery_id, item_place
from schemas.delivery import Preferences
from schemas.examples import EXAMPLES
from schemas.ids import notification_id
from schemas.matches import MatchChanged, MatchFound, MatchWithdrawn
from schemas.notices import GapNoticed

FOUND = MatchFound.model_validate(EXAMPLES["MatchFound"])
CHANGED = MatchChanged.model_validate(EXAMPLES["MatchChanged"])
WITHDRAWN = MatchWithdrawn.model_validate(EXAMPLES["MatchWithdrawn"])
GAP = GapNoticed.model_validate(EXAMPLES["GapNoticed"])
HOOK = Target("ep-1", FOUND.supplier_id, "webhook", "https://x.example/", (), enabled=True)
ANY = Preferences()


def reasons(news, *targets, wish=ANY, place=UNKNOWN, before=None):
    return [choice.reason for choice in choose(news, targets, wish, place, before or Before())]


def test_everything_goes_everywhere_unless_chosen_otherwise():
    for news in (FOUND, CHANGED, WITHDRAWN, GAP):
        assert reasons(news, HOOK) == [None]


def test_an_endpoint_takes_only_its_events_and_only_while_enabled():
    only = Target("ep-2", "s", "webhook", "u", ("gap.noticed",), enabled=True)
    off = Target("ep-3", "s", "webhook", "u", (), enabled=False)
    assert reasons(FOUND, only, off) == ["the endpoint does not take match.found", "the endpoint is disabled"]
    assert reasons(GAP, only) == [None]


def test_scores_classes_and_provinces():
    assert "below the 0.90" in reasons(FOUND, HOOK, wish=Preferences(min_score=0.9))[0]
    wish = Preferences(classes=["brakes"], provinces=["آذربايجان شرقي"])
    here = ItemPlace(frozenset({"brakes", "k-block"}), frozenset({"آذربایجان-شرقی"}))
    assert reasons(FOUND, HOOK, wish=wish, place=here) == [None]
    assert "none of the classes" in reasons(FOUND, HOOK, wish=wish, place=UNKNOWN)[0]
    assert (
        "none of the provinces" in reasons(FOUND, HOOK, wish=wish, place=ItemPlace(here.classes, frozenset({"x"})))[0]
    )
    assert reasons(FOUND, HOOK, wish=wish, place=ItemPlace(here.classes)) == [None], "an unknown place excludes nobody"


def test_what_was_never_told_is_not_withdrawn_and_what_was_told_is():
    strict = Preferences(min_score=0.9)
    before = Before()
    assert reasons(FOUND, HOOK, wish=strict, before=before) != [None]
    assert reasons(WITHDRAWN, HOOK, wish=strict, before=before) == ["the match was never told there"]
    before = Before()
    assert reasons(FOUND, HOOK, before=before) == [None]
    assert reasons(CHANGED, HOOK, wish=strict, before=before) == [None], "a told match that weakens is told on"
    assert reasons(WITHDRAWN, HOOK, wish=strict, before=before) == [None]


def test_delivery_ids_are_derived():
    assert delivery_id(FOUND, "event", "ep-1") == notification_id(FOUND.match_id, 1, "ep-1")
    assert delivery_id(GAP, "event", "ep-1") != delivery_id(GAP, "event", "ep-2")
    assert "." not in delivery_id(GAP, "event", "ep-1")


def test_places_come_from_the_item_or_else_its_demand():
    demand = '{"id":"d","buyer":"b","title":"t","delivery_place":{"province":"قم"},"items":[{"id":"1","title":"x","quantity":1}]}'
    item = '{"id":"1","title":"x","quantity":1}'
    assert item_place(["a"], item, demand) == ItemPlace(frozenset({"a"}), frozenset({"قم"}))
    own = '{"id":"1","title":"x","quantity":1,"delivery_place":{"province":"Yazd"}}'
    assert item_place([], own, demand).provinces == {"yazd"}
    assert item_place([], None, None) == UNKNOWN
