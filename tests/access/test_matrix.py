"""Every route × role × place. A route that is missing from the table fails (ARCHITECTURE, Tests).

The thing that an address names lies in one village of Longsha. Whoever's role holds there or above sees it;
for everybody else it does not exist. A role without the permission is refused before anything is looked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from shouwang.accounts.rules import ROLES
from tests.town import OTHER_VILLAGE, PLACES, VILLAGE, Town

pytestmark = pytest.mark.django_db

ALL = frozenset(ROLES)
FIELD = frozenset({"village-cadre", "village-doctor"})
TOWN = frozenset({"town-clerk", "town-commander"})
DISTRICT = frozenset({"district-commander", "epidemiologist"})
RECORD = FIELD | TOWN
CARE = FIELD | TOWN | DISTRICT
AROUND = frozenset({"own village", "own town", "district"})
ABOVE = frozenset({"own town", "district"})
REPORT = TOWN | DISTRICT | {"auditor"}
OWN_PACK = AROUND | {"other village"}
"""A town's pack binds, and so may be read in, every village of the town."""


@dataclass(frozen=True)
class Route:
    """What may be expected of an address: who may, where it exists, what a good answer is."""

    roles: frozenset[str]
    """Roles that may; the others are refused (403)."""
    names: dict[str, str] = field(default_factory=dict)
    """URL argument → key in the town."""
    exists: frozenset[str] = frozenset(PLACES)
    """Places of a user from which the thing can be seen; from elsewhere 404."""
    refused: frozenset[str] = frozenset()
    """Places from which it is seen, but may not be done (403)."""
    method: str = "get"
    data: dict[str, str] = field(default_factory=dict)
    good: frozenset[int] = frozenset({200})


DONE = frozenset({200, 302, 422})
"""A form sent with nothing useful in it: done, or refused in words; never a fault, never somebody else's."""

OPEN_OR_NO_PACK = frozenset({200, 422})
"""The other town has adopted no pack, and its page says so."""

ROUTES: dict[str, Route] = {
    "today": Route(ALL),
    "search": Route(CARE),
    "household": Route(CARE, {"household_id": "household"}, AROUND),
    "household-move": Route(
        TOWN,
        {"household_id": "household"},
        AROUND,
        method="post",
        data={"area": OTHER_VILLAGE, "address": "5组8号", "reason": "投亲"},
        good=DONE,
    ),
    "person": Route(CARE, {"person_id": "person"}, AROUND),
    "person-reveal": Route(
        frozenset({"village-doctor", "epidemiologist"}) | TOWN,
        {"person_id": "person"},
        AROUND,
        method="post",
        data={"purpose": "核对"},
        good=DONE,
    ),
    "person-correct": Route(
        TOWN, {"person_id": "person"}, AROUND, method="post", data={"field": "sex"}, good=DONE
    ),
    "check": Route(RECORD, {"file_id": "file"}, AROUND),
    "check-correct": Route(RECORD, {"file_id": "file", "check_id": "check"}, AROUND),
    "check-countersign": Route(
        frozenset({"village-doctor"}) | TOWN,
        {"file_id": "file", "check_id": "check"},
        AROUND,
        method="post",
        good=DONE,
    ),
    "day-sign": Route(
        RECORD, {"file_id": "file"}, AROUND, method="post", data={"day": "2020-01-31"}, good=DONE
    ),
    "file-release": Route(TOWN, {"file_id": "file"}, AROUND, method="post", good=DONE),
    "file-release-early": Route(
        frozenset({"town-commander", "district-commander"}),
        {"file_id": "file"},
        AROUND,
        method="post",
        data={"reason": "转院"},
        good=DONE,
    ),
    "file-extend": Route(
        TOWN | {"epidemiologist"},
        {"file_id": "file"},
        AROUND,
        method="post",
        data={"until": "2020-02-12", "reason": "家人发热"},
        good=DONE,
    ),
    "file-hand-over": Route(
        TOWN | {"epidemiologist"},
        {"file_id": "file"},
        AROUND,
        method="post",
        data={"worker": "@worker", "reason": "调岗"},
        good=DONE,
    ),
    "file-notice": Route(TOWN, {"file_id": "file"}, AROUND, method="post", good=DONE),
    "file-print": Route(TOWN, {"file_id": "file"}, AROUND, method="post", good=DONE),
    "paper-print": Route(TOWN, {"paper_id": "paper"}, AROUND, method="post", good=DONE),
    "due": Route(CARE),
    "alerts": Route(CARE),
    "alert-answer": Route(
        CARE, {"alert_id": "alert"}, AROUND, method="post", data={"answer": "已送发热门诊"}, good=DONE
    ),
    "watched": Route(CARE),
    "ledgers": Route(CARE, good=OPEN_OR_NO_PACK),
    "ledger": Route(CARE, {"code": "ledger"}, good=OPEN_OR_NO_PACK),
    "ledger-changes": Route(CARE, {"code": "ledger"}, good=OPEN_OR_NO_PACK),
    "ledger-export": Route(
        TOWN | {"epidemiologist"}, {"code": "ledger"}, method="post", data={"purpose": "核对"}, good=DONE
    ),
    "imports": Route(TOWN),
    "import-upload": Route(TOWN, method="post", good=DONE),
    "import": Route(TOWN, {"batch_id": "batch"}, ABOVE),
    "import-progress": Route(TOWN, {"batch_id": "batch"}, ABOVE),
    "import-confirm": Route(TOWN, {"batch_id": "batch"}, ABOVE, method="post", good=DONE),
    "import-commit": Route(TOWN, {"batch_id": "batch"}, ABOVE, method="post", good=DONE),
    "import-cancel": Route(TOWN, {"batch_id": "batch"}, ABOVE, method="post", good=DONE),
    "import-undo": Route(
        TOWN, {"batch_id": "batch"}, ABOVE, method="post", data={"reason": "发错"}, good=DONE
    ),
    "import-corrections": Route(TOWN, {"batch_id": "batch"}, ABOVE),
    "verify": Route(TOWN),
    "verify-resolve": Route(
        TOWN, {"item_id": "item"}, AROUND, method="post", data={"how": "confirmed"}, good=DONE
    ),
    "vacancies": Route(CARE),
    "workers": Route(CARE | {"administrator"}, good=OPEN_OR_NO_PACK),
    "worker-add": Route(TOWN, method="post", good=DONE),
    "worker-replace": Route(
        TOWN,
        {"worker_id": "worker"},
        AROUND,
        method="post",
        data={"successor": "@worker", "reason": "调岗"},
        good=DONE,
    ),
    "staff": Route(TOWN, method="post", good=DONE),
    "household-assign": Route(
        TOWN,
        {"household_id": "household"},
        AROUND,
        method="post",
        data={"worker": "@worker", "role": "village-cadre"},
        good=DONE,
    ),
    "report": Route(REPORT),
    "report-figure": Route(REPORT, {"code": "figure"}),
    "report-download": Route(REPORT, {"form": "form"}),
    "report-close": Route(frozenset({"town-commander", "district-commander"}), method="post", good=DONE),
    "approvals": Route(frozenset({"town-commander", "district-commander"})),
    "approval-decide": Route(
        frozenset({"town-commander", "district-commander"}),
        {"approval_id": "approval"},
        AROUND,
        method="post",
        data={"decision": "refuse"},
        good=DONE,
    ),
    "packs": Route(ALL),
    "pack": Route(ALL, {"revision_id": "revision"}, OWN_PACK),
    "pack-preview": Route(TOWN | {"district-commander"}, {"revision_id": "revision"}, OWN_PACK),
    "pack-propose": Route(TOWN | DISTRICT | {"administrator"}, method="post", good=DONE),
    "pack-approve": Route(
        frozenset({"town-commander", "district-commander"}),
        {"revision_id": "revision"},
        frozenset({"own town", "district"}),
        frozenset({"own village", "other village"}),
        method="post",
        good=DONE,
    ),
    "journal": Route(frozenset({"auditor", "administrator"})),
    "users": Route(frozenset({"administrator"})),
    "user-add": Route(frozenset({"administrator"}), method="post", good=DONE),
    "user-give": Route(frozenset({"administrator"}), {"user_id": "user"}, AROUND, method="post", good=DONE),
    "user-take": Route(
        frozenset({"administrator"}),
        {"user_id": "user"},
        AROUND,
        method="post",
        data={"role": "village-doctor", "area": VILLAGE},
        good=DONE,
    ),
}

SIGN_IN = frozenset({"account", "mfa"})
OPEN = frozenset({"set_language"})
"""Addresses that say nothing about anybody and need no log-in."""


def _named(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        where = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _named(entry, where)
        elif isinstance(entry, URLPattern):
            yield entry.name or where, where


def test_every_route_of_the_desk_stands_in_the_table() -> None:
    desk = {
        name for name, where in _named(get_resolver()) if not where.startswith(("account/", "p/", "api/"))
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
        "form": "xlsx",
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
def test_each_role_at_each_place_gets_its_own_answer(name: str, town: Town) -> None:
    route = ROUTES[name]
    address = _address(name, route, town)
    wrong = []
    for (role, place), user in town.users.items():
        got = _ask(user, route, address, _data(route, town))
        expected = _expected(route, role, place)
        if got not in expected:
            wrong.append(f"{role} of {place}: {got}, not {sorted(expected)}")
    assert wrong == []


@pytest.mark.parametrize("name", sorted(n for n, r in ROUTES.items() if r.method == "post"))
def test_an_address_that_writes_is_not_opened_by_a_link(name: str, town: Town) -> None:
    client = Client()
    client.force_login(town.user(next(iter(sorted(ROUTES[name].roles))), "district"))
    assert client.get(_address(name, ROUTES[name], town)).status_code == 405


def _ask(user: object, route: Route, address: str, data: dict[str, str]) -> int:
    client = Client(raise_request_exception=False)
    save = transaction.savepoint()
    client.force_login(user)  # type: ignore[arg-type]
    status: int = getattr(client, route.method)(address, data).status_code
    transaction.savepoint_rollback(save)
    return status


def _expected(route: Route, role: str, place: str) -> frozenset[int]:
    if role not in route.roles:
        return frozenset({403})
    if place in route.refused:
        return frozenset({403})
    return route.good if place in route.exists else frozenset({404})
