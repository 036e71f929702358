"""Every address for phones × who comes × role × place (ARCHITECTURE, Tests; docs/reference/sync.md).

A phone's token is all it has: no session opens these addresses, and no token opens the desk's.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from shouwang.accounts.models import User
from shouwang.accounts.rules import ROLES
from shouwang.devices.actions import make_enrol_code, revoke_device
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.scope import Scope
from tests.access.conftest import AT
from tests.access.routes.fieldapi import FIELD, FieldRoute
from tests.field_phone import BASE, Phone, a_check, a_visit, an_arrival, client_wire
from tests.town import VILLAGE, Town

pytestmark = pytest.mark.django_db
EVERYTHING = Scope.everything()
AROUND = frozenset({"own village", "own town", "district"})


def _named(resolver: URLResolver, prefix: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for entry in resolver.url_patterns:
        where = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += _named(entry, where)
        elif isinstance(entry, URLPattern):
            found.append((entry.name or where, where))
    return found


def test_every_address_for_phones_stands_in_the_table() -> None:
    there = {name: "/" + where for name, where in _named(get_resolver()) if where.startswith("api/")}
    assert set(there) == set(FIELD)
    assert {name: BASE + route.path for name, route in FIELD.items()} == there
    assert all(reverse(name) == there[name] for name in FIELD)


def _phone(user: User) -> Phone:
    made = make_enrol_code(user_id=user.id, scope=EVERYTHING, by=SYSTEM, at=AT - timedelta(hours=1))
    phone = Phone(client_wire())
    assert phone.enrol(made.code).status == 200
    return phone


def _ask(route: FieldRoute, phone: Phone, client: Client | None = None) -> int:
    cache.clear()  # the door that wrong codes close is another test's matter
    wire = client_wire(client)
    return wire(route.method, route.path, phone.headers(), route.body.encode()).status


@pytest.mark.parametrize("name", sorted(FIELD))
def test_a_stranger_a_wrong_token_and_a_session_open_nothing(name: str, town: Town) -> None:
    route = FIELD[name]
    desk = Client()
    desk.force_login(town.user("town-commander"))
    nobody, guess = Phone(client_wire()), Phone(client_wire(), token="A" * 43)
    for phone, client in ((nobody, None), (guess, None), (nobody, desk)):
        assert _ask(route, phone, client) == route.stranger


@pytest.mark.parametrize("name", sorted(FIELD))
def test_a_phone_is_let_in_and_a_revoked_one_as_the_page_says(name: str, town: Town) -> None:
    route, phone = FIELD[name], _phone(town.user("village-doctor", "own village"))
    if route.path != "enrol":
        assert _ask(route, phone) == 200
    revoke_device(device_id=UUID(phone.device), reason="丢失", scope=EVERYTHING, by=SYSTEM, at=AT)
    assert _ask(route, phone) == route.revoked


@pytest.mark.parametrize("name", sorted(FIELD))
def test_another_method_is_refused(name: str, town: Town) -> None:
    route, phone = FIELD[name], _phone(town.user("village-doctor", "own village"))
    for method in {"GET", "POST", "PUT", "DELETE"} - {route.method}:
        told = client_wire()(method, route.path, phone.headers(), b"")
        assert (told.status, told.headers["Allow"]) == (405, route.method), method


def test_a_token_opens_no_page_of_the_desk(town: Town) -> None:
    phone = _phone(town.user("town-clerk"))
    answer = Client().get(reverse("today"), headers=phone.headers())
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")


RIGHTS = {"check": "observation.record", "visit": "sweep.record", "arrival": "reach.record"}


def test_each_role_at_each_place_writes_what_it_may_and_the_rest_is_kept(town: Town) -> None:
    ids, wrong = town.ids, []
    payloads = {
        "check": a_check(ids["file"]),
        "visit": a_visit(ids["sweep"], ids["door"]),
        "arrival": an_arrival(ids["gate"], VILLAGE),
    }
    for (role, place), user in town.users.items():
        save = transaction.savepoint()
        phone = _phone(user)
        for kind, payload in payloads.items():
            phone.record(kind, payload, AT - timedelta(minutes=5))
        got = [(one["status"], one["code"]) for one in phone.sync(AT).body["receipts"]]
        transaction.savepoint_rollback(save)
        may = {kind: place in AROUND and right in ROLES[role].permissions for kind, right in RIGHTS.items()}
        expected = [("done", "") if may[kind] else ("quarantined", "not-permitted") for kind in payloads]
        if got != expected:
            wrong.append(f"{role} of {place}: {got}, not {expected}")
    assert wrong == []
