"""责任组 A target's team: who, since when, under whom; its unit, its roster; taking it off."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from shouwang.desk import teams
from shouwang.desk.colleagues import to_choose
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.guards import around, target_names
from shouwang.desk.packwords import every_role_title, language, role_set_title
from shouwang.desk.paging import uuid_or_none
from shouwang.desk.policy import pack_here
from shouwang.journeys.guard_household import end_team, guard_household, watch_target
from shouwang.kernel.days import day_end
from shouwang.kernel.errors import Refused
from shouwang.workforce.actions import NewAssignment, assign_many, end_assignment, pair_unit
from shouwang.workforce.queries import (
    TeamTargetRow,
    rosters_of_team,
    team_of,
    team_target,
    workers_by_ids,
    workers_near,
)

OFFERED = 300
"""How many colleagues the form offers at once."""


@page("observation.view")
def team(request: DeskRequest, team_id: UUID) -> HttpResponse:
    """A target's team: who, since when, under whom; what is vacant; its unit; its roster."""
    row = team_target(request.sight, team_id)
    _, pack = pack_here(request.sight, request.at, row.area)
    role_set = pack.role_set(row.role_set)
    members = [
        m for m in team_of(request.sight, row.target_kind, row.target_id) if m.role_set == role_set.code
    ]
    may_assign = request.scope.allows("team.assign", row.area) and row.until is None
    under = {role.code: role.under for role in role_set.roles}
    held = {m.role: m.worker.name for m in reversed(members)}
    titles = {role.code: role.title.text(language()) for role in role_set.roles}
    context = {
        "row": row,
        "name": target_names(request.sight, [row])[row.id],
        "title": role_set_title(pack, row.role_set),
        "slots": [
            (slot, held.get(under.get(slot.role) or "", ""), titles.get(under.get(slot.role) or "", ""))
            for slot in teams.slots(members, role_set)
        ],
        "roles": list(titles.items()),
        "roster": rosters_of_team(request.sight, [row.id]).get(row.id),
        "has_watch": role_set.watch is not None,
        "may_assign": may_assign,
        **_colleagues(request, row, every_role_title(pack) | titles, may_assign=may_assign),
        "places": around([row]),
    }
    return render(request, "desk/team.html", context)


def _colleagues(
    request: DeskRequest, row: TeamTargetRow, titles: dict[str, str], *, may_assign: bool
) -> dict[str, object]:
    """Whom the form offers: of the whole town, the nearest first; past so many they are looked for by name."""
    who = request.GET.get("who", "").strip()
    found = workers_near(request.sight, row.area, name=who, limit=OFFERED) if may_assign else []
    return {"colleagues": to_choose(found, titles), "who": who, "is_cut": len(found) == OFFERED}


@act("team.assign")
def assign(request: DeskRequest, team_id: UUID) -> HttpResponse:
    """Give one role of the team to a worker, chosen by hand."""
    row = _mine(request, team_id)
    worker = uuid_or_none(request.POST.get("worker", ""))
    if worker is None or worker not in workers_by_ids(request.sight, [worker]):
        raise Refused("worker-unknown")
    _, pack = pack_here(request.sight, request.at, row.area)
    role = request.POST.get("role", "")
    if role not in {one.code for one in pack.role_set(row.role_set).roles}:
        raise Refused("role-unknown", role=role)
    made = NewAssignment(row.area, worker, row.role_set, role, row.target_kind, row.target_id, is_fixed=True)
    assign_many(assignments=[made], area=row.area, by=request.actor, at=request.at)
    messages.success(request, gettext("Assigned."))
    return redirect("team", team_id=team_id)


@act("team.assign")
def leave(request: DeskRequest, team_id: UUID) -> HttpResponse:
    """Somebody of the team serves here no longer."""
    row = _mine(request, team_id)
    members = team_of(request.sight, row.target_kind, row.target_id)
    wanted = uuid_or_none(request.POST.get("assignment", ""))
    if wanted is None or wanted not in {member.assignment_id for member in members}:
        raise Refused("assignment-not-found")
    reason = request.POST.get("reason", "")
    end_assignment(assignment_id=wanted, reason=reason, by=request.actor, at=request.at)
    messages.success(request, gettext("Ended."))
    return redirect("team", team_id=team_id)


@act("team.assign")
def unit(request: DeskRequest, team_id: UUID) -> HttpResponse:
    """包保单位: pair the target with a unit."""
    _mine(request, team_id)
    fresh = pair_unit(
        team_id=team_id,
        unit=request.POST.get("unit", ""),
        reason=request.POST.get("reason", ""),
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("Paired."))
    return redirect("team", team_id=fresh)


@act("team.assign")
def watch(request: DeskRequest, team_id: UUID) -> HttpResponse:
    """Open the roster of a target that is kept by shifts."""
    made = watch_target(
        team_id=team_id,
        since=request.at,
        until=until_of(request),
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    return redirect("roster", roster_id=made)


@act("team.assign")
def guard(request: DeskRequest, household_id: UUID) -> HttpResponse:
    """守护: guard a household round the clock from now on."""
    made = guard_household(
        household_id=household_id,
        since=request.at,
        until=until_of(request),
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    return redirect("roster", roster_id=made)


@act("team.assign")
def take_off(request: DeskRequest, team_id: UUID) -> HttpResponse:
    """The target needs its team no longer: everybody of it is free, its watch ends."""
    freed = end_team(
        team_id=team_id,
        reason=request.POST.get("reason", ""),
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    told = ngettext(
        "The team is taken off; {n} person is free.", "The team is taken off; {n} people are free.", freed
    )
    messages.success(request, told.format(n=freed))
    return redirect("team", team_id=team_id)


def until_of(request: DeskRequest) -> datetime | None:
    """The end of the day the form names, in the zone of the page; none: until somebody closes it."""
    text = request.POST.get("until", "")
    if not text:
        return None
    try:
        return day_end(date.fromisoformat(text), timezone.get_current_timezone_name())
    except ValueError as error:
        raise Refused("day-missing") from error


def _mine(request: DeskRequest, team_id: UUID) -> TeamTargetRow:
    row = team_target(request.sight, team_id)
    if not request.scope.allows("team.assign", row.area):
        raise Refused("not-permitted")
    if row.until is not None:
        raise Refused("team-ended")
    return row
