"""Every route × role × place. A route that is missing from the table fails (ARCHITECTURE, Tests).

The thing that an address names lies in one village of Longsha. Whoever's role holds there or above sees it;
for everybody else it does not exist. A role without the permission is refused before anything is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse

from shouwang.accounts.rules import ROLES
from tests.access.route import Route
from tests.access.routes import ROUTES
from tests.town import PLACES, VILLAGE, Town

pytestmark = pytest.mark.django_db

SIGN_IN = frozenset({"account", "mfa"})
OPEN = frozenset({"set_language"})
"""Addresses that say nothing about anybody and need no log-in."""


Visitors = dict[tuple[str, str], tuple[Client, "SimpleCookie[str]"]]
"""(role, place) → who comes, signed in, and the cookies of the log-in."""


@pytest.fixture(scope="module")
def visitors(town: Town) -> Visitors:
    """Everybody of the town has logged in once; what a request makes of the session is rolled back after it."""
    came: Visitors = {}
    for who, user in town.users.items():
        client = Client(raise_request_exception=False)
        client.force_login(user)
        came[who] = client, deepcopy(client.cookies)
    return came


def _named(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        where = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _named(entry, where)
        elif isinstance(entry, URLPattern):
            yield entry.name or where, where


def test_every_route_of_the_desk_stands_in_the_table() -> None:
    desk = {
        name
        for name, where in _named(get_resolver())
        if not where.startswith(("account/", "p/", "api/", "field/"))
    }
    assert desk - OPEN - set(ROUTES) == set()
    assert set(ROUTES) - desk == set()


def test_the_sign_in_pages_are_the_only_ones_that_answer_a_stranger(town: Town) -> None:
    del town
    for name, where in _named(get_resolver()):
        if where.startswith("account/") and "<" not in where and "(?P" not in where:
            assert Client().get(f"/{where.replace('^', '').replace('$', '')}").status_code in {
                200,
                302,
                404,
                405,
            }, name


def _things(town: Town) -> dict[str, object]:
    return {
        "person": town.people["宋云"],
        "household": town.households["宋云"],
        "user": town.user("village-doctor", "own village").id,
        **town.ids,
        "ledger": "hubei",
        "figure": "found",
        "gap": "check-missed",
        "report_form": "statistics-daily",
        "form": "xlsx",
        "paper_kind": "notice-of-observation",
        "village": VILLAGE,
    }


def _address(name: str, route: Route, town: Town) -> str:
    things = _things(town)
    return reverse(name, kwargs={arg: things[key] for arg, key in route.names.items()})


def _data(route: Route, town: Town) -> dict[str, str]:
    """What is sent; "@worker" stands for the id of that thing of the town."""
    things = _things(town)
    return {k: str(things[v[1:]]) if v.startswith("@") else v for k, v in route.data.items()}


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_a_stranger_is_sent_to_the_door(name: str, town: Town) -> None:
    route = ROUTES[name]
    answer = getattr(Client(), route.method)(_address(name, route, town), _data(route, town))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_each_role_at_each_place_gets_its_own_answer(name: str, town: Town, visitors: Visitors) -> None:
    """And a page shows nobody a link or a button that is refused to their role."""
    route = ROUTES[name]
    address, data = _address(name, route, town), _data(route, town)
    wrong = []
    assert set(visitors) == {(role, place) for role in ROLES for place in PLACES}
    for (role, place), (client, cookies) in visitors.items():
        client.cookies = deepcopy(cookies)
        got, leads_to = _ask(client, route, address, data)
        expected = _expected(route, role, place)
        if got not in expected:
            wrong.append(f"{role} of {place}: {got}, not {sorted(expected)}")
        wrong += [f"{role} of {place} is led to {one}" for one in leads_to if role not in ROUTES[one].roles]
    assert wrong == []


@pytest.mark.parametrize("name", sorted(n for n, r in ROUTES.items() if r.method == "post"))
def test_an_address_that_writes_is_not_opened_by_a_link(name: str, town: Town) -> None:
    client = Client()
    client.force_login(town.user(next(iter(sorted(ROUTES[name].roles))), "district"))
    assert client.get(_address(name, ROUTES[name], town)).status_code == 405


def _ask(client: Client, route: Route, address: str, data: dict[str, str]) -> tuple[int, set[str]]:
    """How it is answered, and the names of routes that the answer leads to."""
    save = transaction.savepoint()
    answer = getattr(client, route.method)(address, data)
    transaction.savepoint_rollback(save)
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return answer.status_code, set()
    told = {_route_of(found) for found in _LEADS.findall(answer.content.decode())}
    return 200, told & ROUTES.keys()


_LEADS = re.compile(r'(?:href|action)="(/[^"#?]*)')


@cache
def _route_of(address: str) -> str:
    try:
        return resolve(address).url_name or ""
    except Resolver404:  # a file, or an address of another house
        return ""


def _expected(route: Route, role: str, place: str) -> frozenset[int]:
    if role not in route.roles:
        return frozenset({403})
    if place in route.refused:
        return frozenset({403})
    return route.good if place in route.exists else frozenset({404})
