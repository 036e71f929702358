"""责任链 The table of responsibility, a place's chain, who answers for it, and what nobody answers for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.desk import chains
from shouwang.desk.colleagues import to_choose
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.paging import PAGE, cut, uuid_or_none
from shouwang.journeys.appoint_heads import name_head
from shouwang.journeys.prove_chains import OrphanKind, OrphanRow, orphan_counts, orphans
from shouwang.kernel.areas import town_of
from shouwang.kernel.errors import Refused
from shouwang.people.queries import households_by_ids, people_by_ids
from shouwang.places.queries import PlaceRow, children, place_by_path, spoken_names
from shouwang.workforce.actions import end_assignment
from shouwang.workforce.queries import ChainTarget, chains_for, posts, team_of, vacant_posts, workers

LEVELS = ("street", "village", "grid")
COUNT_CAP = 1000
KINDS = {"place": _("Places"), "household": _("Households"), "person": _("People under observation")}


@page("team.view")
def table(request: DeskRequest) -> HttpResponse:
    """Every town, village and grid in sight with who answers there; vacancies by who stands in."""
    area, level = _area(request), request.GET.get("level", "")
    vacant_only = request.GET.get("only") == "vacant"
    rows = posts(
        request.sight,
        request.at,
        area=area,
        level=level if level in LEVELS else "",
        vacant_only=vacant_only,
        after=request.GET.get("after", ""),
        limit=PAGE + 1,
    )
    pages = cut(rows, lambda post: post.area)
    built = chains_for([ChainTarget("place", row.area, row.area) for row in pages.rows], request.at)
    drawn = {target.area: chains.draw(chain, request.sight) for target, chain in built.items()}
    context = {
        "rows": [(row, drawn[row.area].rungs[-1], drawn[row.area].rungs[:-1]) for row in pages.rows],
        "next": pages.next,
        "vacant": vacant_posts(request.sight, request.at, area=area, most=COUNT_CAP),
        "cap": COUNT_CAP,
        "levels": [(code, chains.LEVELS[code]) for code in LEVELS],
        "level": level,
        "vacant_only": vacant_only,
        "area": area,
        "places": spoken_names([area]),
        "may_assign": request.scope.holds("team.assign"),
        "may_divide": request.scope.holds("place.edit"),
    }
    return render(request, "desk/chain_table.html", context)


@page("team.view")
def place(request: DeskRequest, path: str) -> HttpResponse:
    """One place: its chain, who answers there and since when, and the places below it."""
    found = _place(request, path)
    may_assign = request.scope.allows("team.assign", found.path)
    below = children(request.sight, found.path)[:PAGE]
    built = chains_for([ChainTarget("place", one.path, one.path) for one in [found, *below]], request.at)
    drawn = {target.area: chains.draw(chain, request.sight) for target, chain in built.items()}
    town = town_of(found.path)
    context = {
        "place": found,
        "chain": drawn[found.path],
        "below": [(one, drawn[one.path].rungs[-1]) for one in below if drawn[one.path].rungs],
        "members": team_of(request.sight, "place", found.path),
        "places": spoken_names([found.path, town_of(found.path), found.path[:6]]),
        "may_assign": may_assign,
        "may_divide": found.level == "village" and request.scope.allows("place.edit", found.path),
        "colleagues": to_choose(workers(request.scope.only("team.assign"), area=town) if may_assign else []),
    }
    return render(request, "desk/place_chain.html", context)


@act("team.assign")
def name(request: DeskRequest, path: str) -> HttpResponse:
    """Name who answers for a place; whoever did before hands over, with a reason."""
    found = _place(request, path)
    worker = uuid_or_none(request.POST.get("worker", ""))
    if worker is None:
        raise Refused("worker-unknown")
    name_head(
        place=found,
        worker_id=worker,
        reason=request.POST.get("reason", ""),
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("Named. Whoever answered before has handed over."))
    return redirect("place-chain", path=found.path)


@act("team.assign")
def end(request: DeskRequest, path: str, assignment_id: UUID) -> HttpResponse:
    """Somebody answers for a place no more and nobody follows: the level is vacant from now on."""
    found = _place(request, path)
    if not request.scope.allows("team.assign", found.path):
        raise Refused("not-permitted")
    mine = {member.assignment_id for member in team_of(request.sight, "place", found.path)}
    if assignment_id not in mine:
        raise Refused("assignment-not-found")
    end_assignment(
        assignment_id=assignment_id,
        reason=request.POST.get("reason", ""),
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("Ended. The level above answers until somebody is named."))
    return redirect("place-chain", path=found.path)


@page("team.view")
def alone(request: DeskRequest) -> HttpResponse:
    """What nobody answers for: places, households, and people under watch for those who may see them."""
    kind = request.GET.get("kind", "place")
    kinds = ["place", "household"] if request.scope.holds("person.view") else ["place"]
    health = request.scope.only("observation.view")
    kinds += ["person"] if health.grants else []
    if kind not in kinds:
        raise Refused("not-permitted")
    scope = health if kind == "person" else request.sight
    rows = orphans(
        scope, cast(OrphanKind, kind), request.at, after=request.GET.get("after", ""), limit=PAGE + 1
    )
    pages = cut(rows, lambda row: row.cursor)
    counts = orphan_counts(health if health.grants else request.sight, request.at, most=COUNT_CAP)
    context = {
        "kind": kind,
        "kinds": [(one, KINDS[one], counts[cast(OrphanKind, one)]) for one in kinds],
        "rows": _named(request, pages.rows),
        "next": pages.next,
        "places": spoken_names(row.area for row in pages.rows),
        "cap": COUNT_CAP,
    }
    return render(request, "desk/orphans.html", context)


def _named(request: DeskRequest, rows: Sequence[OrphanRow]) -> list[tuple[OrphanRow, str, str, object]]:
    """(orphan, name, address, level in words)"""
    levels = chains.LEVELS
    if not rows or rows[0].kind == "place":
        return [(row, "", "", levels.get(row.broken_at, row.broken_at)) for row in rows]
    ids = [UUID(row.id) for row in rows]
    if rows[0].kind == "household":
        homes = {home.id: (home.head_name, home.address) for home in households_by_ids(request.sight, ids)}
        known = {str(key): value for key, value in homes.items()}
    else:
        health = request.scope.only("observation.view")
        known = {str(p.id): (p.name, p.address) for p in people_by_ids(health, ids)}
    return [(row, *known.get(row.id, ("", "")), levels.get(row.broken_at, row.broken_at)) for row in rows]


def _place(request: DeskRequest, path: str) -> PlaceRow:
    found = place_by_path(request.sight, path)
    if found is None:
        raise Refused("place-not-found")
    return found


def _area(request: DeskRequest) -> str:
    area = request.GET.get("area", "")
    if area and not request.sight.sees(area):
        raise Refused("place-not-found")
    return area
