"""Pure: which news goes to which endpoint, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from schemas.common import Place
from schemas.delivery import NEWS_NAMES, DeliveryState, Preferences
from schemas.demands import Demand, DemandItem
from schemas.ids import notification_id, slug
from schemas.matches import MatchChanged, MatchFound, MatchNews, MatchWithdrawn
from schemas.notices import SupplierNews

News = MatchNews | SupplierNews


@dataclass(frozen=True, slots=True)
class Target:
    """An endpoint as far as the choice needs it."""

    id: str
    supplier: str
    kind: str
    address: str
    events: tuple[str, ...]
    enabled: bool


@dataclass(frozen=True, slots=True)
class ItemPlace:
    """What preferences choose items by: classes with all above them, and provinces of delivery as slugs."""

    classes: frozenset[str] = frozenset()
    provinces: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """One notice at one endpoint: to be sent, or suppressed and why."""

    target: Target
    state: DeliveryState
    reason: str | None = None


@dataclass(slots=True)
class Before:
    """What became of earlier revisions at an endpoint, by (match, endpoint): True when one was not suppressed."""

    told: dict[tuple[str, str], bool] = field(default_factory=dict[tuple[str, str], bool])

    def note(self, match: str, choice: Choice) -> None:
        """Remember a choice for the revisions that follow."""
        key = (match, choice.target.id)
        self.told[key] = self.told.get(key, False) or choice.state is not DeliveryState.SUPPRESSED


UNKNOWN: Final = ItemPlace()


def choose(
    news: News, targets: Sequence[Target], preferences: Preferences, place: ItemPlace, before: Before
) -> list[Choice]:
    """What to do with one piece of news at each endpoint of its supplier."""
    made: list[Choice] = []
    for target in targets:
        reason = _why_not(news, target, preferences, place, before)
        state = DeliveryState.PENDING if reason is None else DeliveryState.SUPPRESSED
        choice = Choice(target, state, reason)
        if isinstance(news, MatchNews):
            before.note(news.match_id, choice)
        made.append(choice)
    return made


def delivery_id(news: News, event_id: str, endpoint: str) -> str:
    """Derived: the same news at the same endpoint has one id for ever, which is its webhook-id."""
    if isinstance(news, MatchNews):
        return notification_id(news.match_id, news.revision, endpoint)
    return notification_id(event_id, news.version, endpoint)


def _why_not(news: News, target: Target, preferences: Preferences, place: ItemPlace, before: Before) -> str | None:
    if not target.enabled:
        return "the endpoint is disabled"
    name = NEWS_NAMES[type(news).__name__]
    if target.events and name not in target.events:
        return f"the endpoint does not take {name}"
    if not isinstance(news, MatchNews):
        return None
    known = before.told.get((news.match_id, target.id))
    if isinstance(news, MatchWithdrawn):
        return "the match was never told there" if known is False else None
    if isinstance(news, MatchChanged) and known:
        return None
    return _unwanted(news, preferences, place)


def _unwanted(news: MatchNews, preferences: Preferences, place: ItemPlace) -> str | None:
    if isinstance(news, MatchFound) and news.score < preferences.min_score:
        return f"the score {news.score:.2f} is below the {preferences.min_score:.2f} that the supplier chose"
    if preferences.classes and not place.classes.intersection(preferences.classes):
        return "it is of none of the classes that the supplier chose"
    chosen = {slug(name) for name in preferences.provinces}
    if chosen and place.provinces and not place.provinces & chosen:
        return "it is delivered in none of the provinces that the supplier chose"
    return None


def item_place(classes: Sequence[str], item: str | None, demand: str | None) -> ItemPlace:
    """From the classes of an item and the JSON of its and its demand's record."""
    places: list[Place | None] = []
    if item:
        places.append(DemandItem.model_validate_json(item).delivery_place)
    if demand and not any(places):
        places.append(Demand.model_validate_json(demand).delivery_place)
    named = (place.province for place in places if place is not None)
    return ItemPlace(frozenset(classes), frozenset(slug(name) for name in named if name))


def target_of(row: Mapping[str, Any]) -> Target:
    """A row of the graph as a target."""
    return Target(
        row["id"], row["supplier"], row["kind"], row["address"], tuple(row["events"] or ()), bool(row["enabled"])
    )
