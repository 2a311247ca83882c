"""ROL-1, deny by default: every route x method x role, and anonymous, taken from the resolver."""

import json
import re
from collections.abc import Iterator

import pytest
from django.core.checks import Error
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.test.utils import override_settings
from django.urls import path, reverse

from crm.core.access import Route, page, routes, undeclared
from crm.core.checks import every_route_declares_its_access
from crm.core.roles import ROLES, Can
from tests.architecture.samples import maker, values
from tests.factories import make_branch, make_user
from tests.marketing.factories import load_rules

ROUTES = list(routes())
VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
KEYWORD = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>(?!\[|\\)|\(\?P<(?P<named>\w+)>")
IDS = [f"{route.path} {route.name}" for route in ROUTES]
OURS = [route for route in ROUTES if not route.name.startswith(("account_", "mfa_"))]


def keywords(route: Route) -> dict[str, str]:
    found = {}
    for hit in KEYWORD.finditer(route.path):
        kind = "int" if hit["named"] in {"pk", "id"} else hit["kind"] or "str"
        found[hit["named"] or hit["name"]] = kind
    return found


def address(route: Route, user) -> str:
    return reverse(route.name, kwargs=values(route.name, keywords(route), user))


def asked(route: Route) -> Iterator[tuple[str, Can | None]]:
    for verb in VERBS:
        if verb in route.rights:
            yield verb, route.rights[verb]


@pytest.fixture(autouse=True)
def rules(request):
    """Pages of marketing read their parameters at once; the others do without."""
    if (
        "marketing" in request.node.name
        or "visit" in request.node.name
        or "queue" in request.node.name
        or "menu" in request.node.name
        or "core:home" in request.node.name  # managers start with the workbench
    ):
        load_rules()


@pytest.fixture
def staff():
    """One person of each role, in one unit."""
    unit = make_branch()
    return {role: make_user(role, unit) for role in ROLES}


@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_a_stranger_enters_open_routes_only(route, client):
    url = address(route, make_user("sys_admin"))

    for verb, can in asked(route):
        response = client.generic(verb, url)
        if can is None:
            assert response.status_code in {200, 302, 400, 404}, (verb, response.status_code)
        elif route.kind == "api":
            assert response.status_code in {401, 403}, (verb, response.status_code)
        else:
            assert response.status_code == 302, (verb, response.status_code)
            assert response["Location"].startswith("/accounts/login/"), verb


@pytest.mark.parametrize("route", OURS, ids=[f"{r.path} {r.name}" for r in OURS])
def test_each_role_enters_what_it_can_and_nothing_else(route, staff):
    for role, user in staff.items():
        url, client = address(route, user), Client()
        client.force_login(user)
        for verb, can in asked(route):
            status = client.generic(verb, url).status_code
            if can is None or user.can(can):
                inner_refusal = status == 403 and verb != "GET"  # a rule of the service
                assert status < 500 and (status != 403 or inner_refusal), (role, verb, status)
            else:
                assert status == 403, (role, verb, status)


@pytest.mark.parametrize("route", OURS, ids=[f"{r.path} {r.name}" for r in OURS])
def test_other_methods_are_refused(route, staff):
    rights = set(route.rights.values())
    able = [user for user in staff.values() if all(can is None or user.can(can) for can in rights)]
    if not able:
        pytest.skip("no one role may use every method of this route")
    url, client = address(route, able[0]), Client()
    client.force_login(able[0])

    for verb in set(VERBS) - set(route.rights) - {"HEAD"}:
        assert client.generic(verb, url).status_code in {403, 405}, verb


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_the_menu_opens_for_whoever_sees_it(role, client):
    user = make_user(role)
    client.force_login(user)

    for route in ROUTES:
        if route.menu is not None and user.can(route.rights["GET"]):
            assert client.get(reverse(route.name)).status_code == 200, route.path


def test_every_route_is_walked_with_a_row_that_exists():
    missing = {
        f"{route.name}/{keyword}"
        for route in ROUTES
        for keyword in keywords(route)
        if maker(route.name, keyword) is None
    }

    assert missing == set()


def test_every_ability_is_used_by_a_role():
    given = set().union(*(role.can for role in ROLES.values()))

    assert set(Can) == given


def test_the_command_lists_every_route_with_what_it_asks(capsys):
    call_command("routes", "--json")

    rows = json.loads(capsys.readouterr().out)
    users = next(row for row in rows if row["name"] == "core:users")
    assert len(rows) == len(ROUTES)
    assert users["methods"] == {"GET": "view_users"}
    assert users["roles"] == ["auditor", "sys_admin"]


def hello(request):
    return HttpResponse("hello")


urlpatterns = [
    path("bare/", hello, name="bare"),
    page("kept/", hello, name="kept", can=Can.VIEW_USERS, methods=("GET",)),
]


@override_settings(ROOT_URLCONF=__name__)
def test_a_route_that_declares_nothing_stops_the_start():
    found = every_route_declares_its_access(None)

    assert [(type(one), one.id) for one in found] == [(Error, "core.E001")]
    assert undeclared() == ["/bare/ (bare)"]


def test_a_view_that_does_not_say_its_methods_is_refused():
    with pytest.raises(Exception, match="Say which methods hello takes"):
        page("x/", hello, name="x", can=Can.VIEW_USERS)
