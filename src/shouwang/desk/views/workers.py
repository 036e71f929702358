"""队伍 Workers: who serves here, in which roles, with how many households; enlisting and discharging them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.accounts.queries import user_by_name
from shouwang.desk.colleagues import to_choose
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.packwords import every_role_title, language
from shouwang.desk.paging import PAGE, cut, uuid_or_none
from shouwang.desk.policy import pack_here
from shouwang.journeys.replace_worker import replace_worker
from shouwang.journeys.staff_households import household_role_set
from shouwang.journeys.stand_in import come_back, stand_in
from shouwang.kernel.areas import TOWN_DIGITS, village_of
from shouwang.kernel.errors import Refused
from shouwang.places.queries import place_by_code, spoken_names, subtree
from shouwang.places.rules import village_name
from shouwang.workforce.actions import NewWorker, enlist_workers, tie_user
from shouwang.workforce.queries import ServingRow, absences, loads_of, worker_page

COLLEAGUES = 200
"""As many are offered to take over from somebody found by name."""


@page("team.view")
def workers(request: DeskRequest) -> HttpResponse:
    """Whoever serves in the places in sight, by name, with their load against the cap of the role."""
    village, name = request.GET.get("village", ""), request.GET.get("q", "").strip()
    found = worker_page(
        request.sight,
        below=[village] if village else [],
        name=name,
        after=request.GET.get("after", ""),
        limit=PAGE + 1,
    )
    pages = cut(found, lambda row: row.cursor)
    _, pack = pack_here(request.sight, request.at)
    role_set = household_role_set(pack)
    own = {role.code: role.title.text(language()) for role in role_set.roles}
    titles = every_role_title(pack) | own
    caps = {role.code: role.cap for role in role_set.roles}
    carried = loads_of(request.sight, [row.id for row in pages.rows])
    shown = [
        (
            row,
            [(titles.get(kind, kind), carried.get((row.id, kind), 0), caps.get(kind)) for kind in row.kinds],
        )
        for row in pages.rows
    ]
    context = {
        "rows": shown,
        "away": absences(request.sight, [row.id for row in pages.rows]),
        "next": pages.next,
        "places": spoken_names(row.area for row in pages.rows),
        "roles": list(own.items()),
        "villages": _villages(request),
        "village": village,
        "q": name,
        "others": to_choose(_colleagues(request, pages.rows) if name else pages.rows, titles),
        "may_assign": request.scope.holds("team.assign"),
    }
    return render(request, "desk/workers.html", context)


@act("team.assign")
def add_worker(request: DeskRequest) -> HttpResponse:
    """Enlist somebody; with a log-in name their own list becomes theirs."""
    name = request.POST.get("name", "").strip()
    if not name:
        raise Refused("name-missing")
    kinds = tuple(dict.fromkeys(request.POST.getlist("role")))
    _, pack = pack_here(request.sight, request.at)
    if not kinds or not set(kinds) <= {role.code for role in household_role_set(pack).roles}:
        raise Refused("role-unknown", role="、".join(kinds))
    place = place_by_code(request.sight, request.POST.get("village", ""))
    if place is None:
        raise Refused("place-not-found")
    user = None
    if username := request.POST.get("username", "").strip():
        user = user_by_name(username)
        if user is None:
            raise Refused("user-not-found")
    worker = NewWorker(
        area=place.path,
        name=name,
        kinds=kinds,
        telephone=request.POST.get("telephone", "").strip(),
        unit=request.POST.get("unit", "").strip(),
    )
    with transaction.atomic():
        enlist_workers(workers=[worker], area=place.path, by=request.actor, at=request.at)
        if user is not None:
            tie_user(worker_id=worker.id, user_id=user.id, by=request.actor, at=request.at)
    messages.success(request, gettext("{name} serves from now on.").format(name=name))
    return redirect("workers")


@act("team.assign")
def replace(request: DeskRequest, worker_id: UUID) -> HttpResponse:
    """Somebody leaves or falls ill: everything of theirs goes to another, with a reason."""
    successor = uuid_or_none(request.POST.get("successor", ""))
    if successor is None:
        raise Refused("worker-unknown")
    moved = replace_worker(
        worker_id=worker_id,
        successor_id=successor,
        reason=request.POST.get("reason", ""),
        scope=request.scope,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("Handed over, {files} files among it.").format(files=moved))
    return redirect("workers")


@act("team.assign")
def away(request: DeskRequest, worker_id: UUID) -> HttpResponse:
    """Somebody falls ill or is away for a while: another stands in until they return."""
    other = uuid_or_none(request.POST.get("stand_in", ""))
    if other is None:
        raise Refused("worker-unknown")
    done, files = stand_in(
        worker_id=worker_id,
        stand_in_id=other,
        kind=request.POST.get("kind", ""),
        reason=request.POST.get("reason", ""),
        scope=request.scope,
        by=request.actor,
        at=request.at,
    )
    told = gettext("Standing in: {n} charges, {files} files, {shifts} shifts.")
    told = told.format(n=done.assignments, files=files, shifts=done.shifts)
    if done.shifts_left:
        more = gettext("{n} shifts have nobody now: the stand-in is on duty elsewhere then.")
        told = f"{told} {more.format(n=done.shifts_left)}"
    messages.success(request, told)
    return redirect("workers")


@act("team.assign")
def back(request: DeskRequest, worker_id: UUID) -> HttpResponse:
    """They are back: what was held in their place returns."""
    done, files = come_back(worker_id=worker_id, scope=request.scope, by=request.actor, at=request.at)
    told = gettext("Back: {n} charges, {files} files, {shifts} shifts.")
    messages.success(request, told.format(n=done.assignments, files=files, shifts=done.shifts))
    return redirect("workers")


def _colleagues(request: DeskRequest, rows: Sequence[ServingRow]) -> list[ServingRow]:
    """Who could take over from the few a search has found: whoever serves in the same villages."""
    below = {village_of(row.area) for row in rows}
    return worker_page(request.sight, below=below, limit=COLLEAGUES) if below else []


def _villages(request: DeskRequest) -> list[tuple[str, str]]:
    """Where somebody may serve: the villages of the town, or the one in sight."""
    area = request.sight.areas[0] if request.sight.areas else ""
    if len(area) < TOWN_DIGITS:
        return []
    return [(place.path, village_name(place.name)) for place in subtree(request.sight, area, level="village")]
