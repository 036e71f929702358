"""今日 Today: one page, four readers. The first thing on it is what must be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.queries import approvals, count_users, names_of_users
from shouwang.desk import rounds, town
from shouwang.desk.errands import errands
from shouwang.desk.gate import DeskRequest, page
from shouwang.desk.happenings import happenings
from shouwang.desk.words import GROUPS
from shouwang.journal.queries import event_page
from shouwang.observation.queries import waiting_requests
from shouwang.places.queries import spoken_names

READERS: tuple[tuple[str, Any, frozenset[str]], ...] = (
    ("round", _("My round"), frozenset({"village-doctor", "village-cadre"})),
    (
        "command",
        _("The town"),
        frozenset({"town-commander", "district-commander", "epidemiologist", "town-clerk"}),
    ),
    ("office", _("The office"), frozenset({"town-clerk"})),
    ("audit", _("Reads and exports"), frozenset({"auditor"})),
    ("setup", _("Places and log-ins"), frozenset({"administrator"})),
)
"""Which reader a role is; a clerk comes to the office first and may look at the town."""


@page(None)
def today(request: DeskRequest) -> HttpResponse:
    """What must be done now, by role; who holds several chooses."""
    mine = [(code, title) for code, title, roles in READERS if roles & request.scope.roles]
    if "town-clerk" in request.scope.roles:
        mine.sort(key=lambda reader: reader[0] != "office")
    codes = [code for code, _ in mine]
    reader = request.GET.get("as", "")
    if reader not in codes:
        reader = codes[0] if codes else ""
    if not reader:
        return render(request, "desk/today_nobody.html", {})
    context = {"readers": mine if len(mine) > 1 else [], "reader": reader, **_PAGES[reader](request)}
    return render(request, f"desk/today_{reader}.html", context)


def _round(request: DeskRequest) -> dict[str, object]:
    """My list, in the order I do it: late first, telephone before doors; only my households, if I have some."""
    sight = request.scope.only("observation.record")
    mine = rounds.my_households(sight, request.user.pk)
    whole = not mine or request.GET.get("whole") == "yes"
    after = request.GET.get("after", "")
    return rounds.households_due(sight, request.at, after=after, households=None if whole else mine) | {
        "alerts": town.alerts(sight, limit=5),
        "hand_overs": waiting_requests(sight),
        "mine": len(mine),
        "whole": whole,
        "errands": errands(request.scope, request.user.pk, request.at),
    }


def _command(request: DeskRequest) -> dict[str, object]:
    sight = request.scope.only("observation.view")
    return town.overview(sight, request.at)


def _office(request: DeskRequest) -> dict[str, object]:
    return town.office(request.scope, request.at)


def _audit(request: DeskRequest) -> dict[str, object]:
    sight = request.scope.only("journal.view")
    groups = []
    for code in ("reads", "exports", "overrides", "approvals"):
        title, verbs = GROUPS[code]
        rows = event_page(sight, verbs=verbs, until=request.at, limit=6)
        groups.append((code, title, happenings(rows)))
    areas = {one.row.area for _, _, lines in groups for one in lines}
    return {
        "groups": groups,
        "waiting": approvals(sight, state="waiting", limit=20),
        "places": spoken_names(areas),
    }


def _setup(request: DeskRequest) -> dict[str, object]:
    sight = request.scope.only("user.manage")
    events = event_page(sight, verbs=GROUPS["roles"][1], limit=10)
    users = {event.subject_id for event in events if event.subject_kind == "user"}
    names = names_of_users(sight, users, request.at)
    return {
        "log_ins": count_users(sight, request.at),
        "events": happenings(events, names),
        "places": spoken_names(row.area for row in events),
    }


_PAGES: dict[str, Callable[[DeskRequest], dict[str, object]]] = {
    "round": _round,
    "command": _command,
    "office": _office,
    "audit": _audit,
    "setup": _setup,
}
