"""排查 Rounds over doors: the list, one round by place and by owner, its sheets of paper."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from shouwang.desk.colleagues import to_choose
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.paging import PAGE, cut, uuid_or_none
from shouwang.desk.sweepwords import BY
from shouwang.journeys.sweep_round import give_doors, open_round
from shouwang.journeys.sweep_sheets import print_sheets
from shouwang.kernel.areas import TOWN_DIGITS, VILLAGE_DIGITS, town_of, village_of
from shouwang.kernel.errors import Refused
from shouwang.places.queries import children, spoken_names
from shouwang.screening.actions import close_sweep
from shouwang.screening.queries import (
    OwnerRow,
    SweepRow,
    coverage_by,
    coverage_of,
    leaf_visits,
    sweep_coverage,
    sweep_days,
    sweep_owners,
)
from shouwang.screening.queries import sweep as sweep_row
from shouwang.screening.queries import sweeps as sweep_rows
from shouwang.screening.rules import days_left
from shouwang.workforce.queries import workers

FEW = 12


@page("sweep.view")
def sweeps(request: DeskRequest) -> HttpResponse:
    """Rounds of the places in sight, newest first, each with how far it is here."""
    found = sweep_rows(request.sight, after=request.GET.get("after", ""), limit=PAGE + 1)
    pages = cut(found, lambda row: str(row.id))
    shown = [(row, days_left(row.due_on, request.today)) for row in pages.rows]
    far = coverage_of(request.sight, [row.id for row in pages.rows])
    manage = request.scope.only("sweep.manage")
    places = _openable(request)
    context = {
        "rows": [(row, left, far.get(row.id)) for row, left in shown],
        "next": pages.next,
        "places": spoken_names([*(row.area for row in pages.rows)]),
        "openable": places,
        "may_manage": bool(manage.grants),
        "may_divide": request.scope.holds("place.edit"),
        "today": request.today,
    }
    return render(request, "desk/sweeps.html", context)


def _openable(request: DeskRequest) -> list[tuple[str, str]]:
    """Places a round may be opened over: where this person manages, and what lies directly below."""
    manage = request.scope.only("sweep.manage")
    if not manage.grants:
        return []
    own = [area for area in manage.areas if area]
    below = [row.path for area in own for row in children(manage, area)]
    known = spoken_names([*own, *below])
    return [(path, known[path]) for path in [*own, *below] if path in known]


@act("sweep.manage")
def open_new(request: DeskRequest) -> HttpResponse:
    """Open a round: where, until when, over all doors or over what the last one left."""
    sent = request.POST
    try:
        due_on = date.fromisoformat(sent.get("due_on", ""))
    except ValueError as error:
        raise Refused("day-missing") from error
    sweep_id = open_round(
        area=sent.get("area", ""),
        due_on=due_on,
        name=sent.get("name", "")[:60],
        only_left=sent.get("only_left") == "yes",
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("The round is open; every door of the place is on its list."))
    return redirect("sweep", sweep_id=sweep_id)


@page("sweep.view")
def sweep(request: DeskRequest, sweep_id: UUID) -> HttpResponse:
    """How far a round is: figures first, then places by trouble, then owners who have not started."""
    row = sweep_row(request.sight, sweep_id)
    area = _area(request, row)
    by = request.GET.get("by", "leaf")
    lines = coverage_by(
        request.sight, row.id, area=area, by=by, after=request.GET.get("after", ""), limit=PAGE + 1
    )
    pages = cut(lines, lambda line: line.cursor)
    owners = sweep_owners(request.sight, row, area=area)
    idle = [one for one in owners if one.is_idle]
    is_leaf = len(pages.rows) == 1 and by == "leaf" and pages.rows[0].area == area
    far = sweep_coverage(request.sight, area, request.at, row.id)
    days = sweep_days(request.sight, row.id, area=area)
    may_assign = is_leaf and request.scope.allows("team.assign", area) and row.role_set
    context = {
        "row": row,
        "area": "" if area == row.area else area,
        "here": area,
        "by": by,
        "levels": [(code, title) for code, title in BY.items() if _is_useful(code, area)],
        "far": far,
        "left": days_left(row.due_on, request.today),
        "lines": pages.rows,
        "next": pages.next,
        "owner_of": _owner_of(owners) if by == "leaf" else {},
        "idle": idle[:FEW],
        "idle_count": len(idle),
        "unowned": sum(len(one.leaves) for one in owners if one.worker is None),
        "days": [one.visits for one in days],
        "is_leaf": is_leaf,
        "workers": _who_may(request, area) if may_assign else [],
        "may_record": request.scope.allows("sweep.record", area),
        "may_close": row.closed_at is None and request.scope.allows("sweep.manage", row.area),
        "places": _names(row, area, [line.area for line in pages.rows], idle[:FEW]),
    }
    return render(request, "desk/sweep.html", context)


def _is_useful(code: str, area: str) -> bool:
    return not (
        (code == "street" and len(area) >= TOWN_DIGITS) or (code == "village" and len(area) >= VILLAGE_DIGITS)
    )


def _owner_of(owners: list[OwnerRow]) -> dict[str, str]:
    told: dict[str, list[str]] = {}
    for one in owners:
        for leaf in one.leaves:
            if one.worker:
                told.setdefault(leaf, []).append(one.worker.name)
    return {leaf: "、".join(people) for leaf, people in told.items()}


def _names(row: SweepRow, area: str, lines: list[str], idle: list[OwnerRow]) -> dict[str, str]:
    leaves = [leaf for one in idle for leaf in one.leaves[:3]]
    wanted = [row.area, area, *lines, *leaves]
    return spoken_names(wanted)


def _who_may(request: DeskRequest, area: str) -> list[tuple[UUID, str]]:
    """Whoever serves in the village, else in the town, for the list to choose an owner from."""
    sight = request.scope.only("team.assign")
    for place in (village_of(area), town_of(area)):
        found = workers(sight, area=place, limit=300)
        if found:
            return to_choose(found)
    return []


def _area(request: DeskRequest, row: SweepRow) -> str:
    """The place asked for, inside the round and in sight; else the widest there is."""
    asked = request.GET.get("area", "")
    if asked:
        if not asked.startswith(row.area) or not request.sight.sees(asked):
            raise Refused("place-not-found")
        return asked
    own = [area for area in request.sight.areas_for("sweep.view") if area.startswith(row.area)]
    return own[0] if len(own) == 1 else row.area


@act("sweep.manage")
def close(request: DeskRequest, sweep_id: UUID) -> HttpResponse:
    """Close a round."""
    sweep_row(request.sight, sweep_id)
    close_sweep(sweep_id=sweep_id, scope=request.sight, by=request.actor, at=request.at)
    messages.success(request, gettext("The round is closed. What it missed goes over to the next one."))
    return redirect("sweep", sweep_id=sweep_id)


@act("team.assign")
def give(request: DeskRequest, sweep_id: UUID) -> HttpResponse:
    """Make somebody the owner of the doors of a grid or a village."""
    sweep_row(request.scope.only("sweep.view"), sweep_id)
    area = request.POST.get("area", "")
    worker = uuid_or_none(request.POST.get("worker", ""))
    if worker is None:
        raise Refused("worker-not-found")
    give_doors(
        sweep_id=sweep_id,
        area=area,
        worker_id=worker,
        reason=request.POST.get("reason", ""),
        scope=request.scope,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("The doors have their owner."))
    return redirect(f"{reverse('sweep', kwargs={'sweep_id': sweep_id})}?area={area}")


@act("sweep.record")
def sheets(request: DeskRequest, sweep_id: UUID) -> HttpResponse:
    """The doors of a place on paper, 25 a page."""
    row = sweep_row(request.scope.only("sweep.view"), sweep_id)
    area = request.POST.get("area") or row.area
    if not area.startswith(row.area) or not leaf_visits(request.sight, row.id, area=area):
        area = row.area
    made = print_sheets(
        sweep_id=row.id,
        area=area,
        missed=request.POST.get("only") == "missed",
        scope=request.scope.only("sweep.view"),
        by=request.actor,
        at=request.at,
    )
    answer = HttpResponse(made, content_type="application/pdf")
    told = gettext("List of doors")
    answer["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(told)}.pdf"
    return answer
