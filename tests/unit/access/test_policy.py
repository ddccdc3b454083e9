"""The two tables are whole: every route and every event that can be sent has a row, and no row is for nothing."""

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Mount, Route

from schemas.events import EVENT_TYPES, MATCH_EVENTS
from schemas.roles import EVENTS, Grant, event_grant, table
from schemas.settings import Settings
from services.access.policy import ONLY_READ, OUTSIDE, ROUTES, route_grant
from services.access.principals import ROLES, STAFF, Role
from services.api.app import create_app

APP = create_app(Settings())


def routes() -> set[tuple[str, str]]:
    """Every route of the app, as `route_grant` is asked for it."""
    beside = [route for route in APP.routes if isinstance(route, APIRoute)]
    return {(method, r.path_format) for r in (*APP.state.routes, *beside) for method in r.methods or ()}


def test_every_route_has_a_row_and_every_row_a_route():
    assert routes() == set(ROUTES), "add a row to services/access/policy.py, or take one away"


def test_what_is_served_beside_the_routes_is_named():
    beside = {r.path for r in APP.routes if isinstance(r, (Route, Mount)) and not isinstance(r, APIRoute)}
    assert beside == set(OUTSIDE)


def test_every_event_that_can_be_sent_has_a_row():
    assert set(EVENTS) == {kind.name for kind in EVENT_TYPES if kind.topic != MATCH_EVENTS}
    assert set(ROUTES) >= ONLY_READ


def test_what_has_no_row_is_refused():
    assert [route_grant("POST", "/v1/new", role) for role in ROLES] == [Grant.DENIED] * 5 + [Grant.ALLOWED]
    assert event_grant("MatchFound", Role.ADMIN) is Grant.DENIED


def test_nobody_without_a_name_changes_anything():
    allowed = {key for key, row in ROUTES.items() if row[Role.ANONYMOUS] is not Grant.DENIED}
    assert {method for method, _ in allowed} == {"GET"}
    assert {row[Role.ANONYMOUS] for row in EVENTS.values()} == {Grant.DENIED}


def test_only_who_speaks_for_one_organisation_has_something_of_its_own():
    for key, row in ROUTES.items():
        if key != ("POST", "/v1/events"):
            assert all(row[role] is not Grant.OWN for role in (Role.ANONYMOUS, *STAFF)), key
    assert all(row[role] is not Grant.OWN for row in EVENTS.values() for role in STAFF)


@pytest.mark.parametrize("text", ["GET /x + + + + +", "GET /x + + + + + +\nGET /x - - - - - -", "GET /x + + + + + y"])
def test_a_table_that_is_not_whole_is_refused(text):
    with pytest.raises(ValueError, match=r"cells|valid"):
        table(text, 2)
