"""下沉 Who serves where, under whom, since when; which places are short, who carries too much. A target's team."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from shouwang.desk import teams
from shouwang.desk.colleagues import to_choose
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.guards import target_names
from shouwang.desk.packwords import every_role_title, language, role_set_title
from shouwang.desk.paging import PAGE, cut, uuid_or_none
from shouwang.desk.policy import pack_here
from shouwang.journeys.guard_household import guard_household, watch_target
from shouwang.kernel.areas import TOWN_DIGITS, town_of
from shouwang.kernel.days import day_end
from shouwang.kernel.errors import Refused
from shouwang.packs.schema import Pack, RoleSet
from shouwang.places.queries import place_by_path, spoken_names, subtree
from shouwang.places.rules import full_name, village_name
from shouwang.workforce.actions import NewAssignment, assign_many, end_assignment, pair_unit, put_team_on
from shouwang.workforce.queries import (
    TeamTargetRow,
    leaders_of,
    overloads,
    rosters_of_team,
    serving_page,
    shortfalls,
    team_of,
    team_target,
    team_targets,
    workers,
    workers_by_ids,
)
from shouwang.workforce.queries import kept_targets as kept

OWN_KINDS = ("building", "compound", "post", "site", "firm", "grid", "village", "town", "area")
"""Where people are sent to serve; households and persons have lists of their own."""
PLACES = frozenset({"building", "compound", "grid", "village", "town", "area"})
SHOWS = ("people", "targets", "short", "over")


@page("team.view")
def serving(request: DeskRequest) -> HttpResponse:
    """One of four lists: people, targets with their teams, what is short, who carries too much."""
    show = request.GET.get("show", "people")
    show = show if show in SHOWS else "people"
    _, pack = pack_here(request.sight, request.at)
    context = {
        "show": show,
        "titles": {
            (one.code, role.code): role.title.text(language()) for one in pack.role_sets for role in one.roles
        },
        "sets": {one.code: one.title.text(language()) for one in pack.role_sets},
        "putting": putting(request, pack),
        "spots": _spots(request),
        **_SHOWS[show](request, pack),
    }
    return render(request, "desk/serving.html", context)


def _people(request: DeskRequest, pack: Pack) -> dict[str, object]:
    unit = request.GET.get("unit", "")
    found = serving_page(
        request.sight,
        kinds=OWN_KINDS,
        unit=unit,
        role=request.GET.get("role", ""),
        area=request.GET.get("area", ""),
        after=request.GET.get("after", ""),
        limit=PAGE + 1,
    )
    pages = cut(found, lambda row: row.cursor)
    sets = {one.code: one for one in pack.role_sets}
    led = leaders_of(request.sight, sets, pages.rows)
    roles = {(r.role_set, r.role) for r in pages.rows}
    return {
        "rows": [(row, led.get(row.assignment_id, ""), row.assignment_id in led) for row in pages.rows],
        "next": pages.next,
        "unit": unit,
        "roles": sorted(roles),
        "places": spoken_names({*(r.area for r in pages.rows), *_place_ids(pages.rows)}),
    }


def _targets(request: DeskRequest, pack: Pack) -> dict[str, object]:
    found = team_targets(
        request.sight,
        kinds=OWN_KINDS,
        unit=request.GET.get("unit", ""),
        after=request.GET.get("after", ""),
        limit=PAGE + 1,
    )
    pages = cut(found, lambda row: row.cursor)
    short: dict[tuple[str, str, str], int] = {}
    for line in shortfalls(request.sight, pack.role_sets, [row.as_kept() for row in pages.rows]):
        key = (line.target_kind, line.target_id, line.role_set)
        short[key] = short.get(key, 0) + line.missing
    known = target_names(request.sight, pages.rows)
    return {
        "rows": [
            (row, known[row.id], short.get((row.target_kind, row.target_id, row.role_set), 0))
            for row in pages.rows
        ],
        "next": pages.next,
        "places": spoken_names(row.area for row in pages.rows),
    }


def _short(request: DeskRequest, pack: Pack) -> dict[str, object]:
    needing = [one for one in kept(request.sight) if one.target_kind in OWN_KINDS]
    rows = shortfalls(request.sight, pack.role_sets, needing, limit=1000)
    return {
        "rows": rows[:200],
        "total": len(rows),
        "missing": sum(row.missing for row in rows),
        "places": spoken_names({*(r.area for r in rows[:200]), *_place_ids(rows[:200])}),
    }


def _over(request: DeskRequest, pack: Pack) -> dict[str, object]:
    rows = overloads(request.sight, pack.role_sets)
    return {"rows": rows, "places": spoken_names(row.area for row in rows)}


_SHOWS = {"people": _people, "targets": _targets, "short": _short, "over": _over}


def _place_ids(rows: object) -> set[str]:
    return {r.target_id for r in rows if r.target_kind in PLACES}  # type: ignore[attr-defined]


def putting(request: DeskRequest, pack: Pack) -> list[tuple[str, str, str]]:
    """Role sets that may be put on something here: code, title, the titles of its roles."""
    if not request.scope.holds("team.assign"):
        return []
    return [
        (one.code, one.title.text(language()), "、".join(role.title.text(language()) for role in one.roles))
        for one in pack.role_sets
        if one.target in OWN_KINDS
    ]


def _spots(request: DeskRequest) -> list[tuple[str, str]]:
    """The places of one town to choose from, as people say them; none where the area in sight is larger."""
    area = request.sight.areas[0] if request.sight.areas else ""
    if len(area) < TOWN_DIGITS or not request.scope.holds("team.assign"):
        return []
    rows = subtree(request.sight, area)
    said = {row.path: village_name(row.name) for row in rows}
    return [(path, full_name(said, path)) for path in said]


@act("team.assign")
def put(request: DeskRequest) -> HttpResponse:
    """Put a role set on a place of the tree, or on a post, site or firm by its name; or on every village at once."""
    _, pack = pack_here(request.sight, request.at)
    role_set = pack.role_set(request.POST.get("role_set", ""))
    area = request.POST.get("area", "").strip()
    place = place_by_path(request.sight, area) if area else None
    if role_set.target not in OWN_KINDS:
        raise Refused("role-set-missing", pack=pack.id)
    if place is None or not request.scope.allows("team.assign", area):
        raise Refused("place-not-found")
    if request.POST.get("each") == "yes" and role_set.target == "village":
        return _on_each(request, role_set, area)
    name, unit = request.POST.get("name", "").strip(), request.POST.get("unit", "").strip()
    by_name = role_set.target not in PLACES or bool(name)
    team = put_team_on(
        area=area,
        target_kind=role_set.target,
        target_id="" if by_name else area,
        role_set=role_set.code,
        name=name if by_name else spoken_names([area])[area],
        unit=unit,
        by=request.actor,
        at=request.at,
    )
    return redirect("team", team_id=team)


def _on_each(request: DeskRequest, role_set: RoleSet, area: str) -> HttpResponse:
    have = {one.target_id for one in kept(request.sight, area=area) if one.role_set == role_set.code}
    villages = [v for v in subtree(request.sight, area, level="village") if v.path not in have]
    for village in villages:
        put_team_on(
            area=village.path,
            target_kind="village",
            target_id=village.path,
            role_set=role_set.code,
            name=village_name(village.name),
            by=request.actor,
            at=request.at,
        )
    messages.success(request, gettext("Put on {n} villages.").format(n=len(villages)))
    return redirect("serving")


@page("observation.view")
def team(request: DeskRequest, team_id: UUID) -> HttpResponse:
    """A target's team: who, since when, under whom; what is vacant; its unit; its roster."""
    row = team_target(request.sight, team_id)
    _, pack = pack_here(request.sight, request.at, row.area)
    role_set = pack.role_set(row.role_set)
    members = [
        m for m in team_of(request.sight, row.target_kind, row.target_id) if m.role_set == role_set.code
    ]
    may_assign = request.scope.allows("team.assign", row.area)
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
        "colleagues": to_choose(
            workers(request.sight, area=town_of(row.area), limit=500) if may_assign else [],
            every_role_title(pack) | titles,
        ),
        "places": spoken_names([row.area]),
    }
    return render(request, "desk/team.html", context)


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
    return row
