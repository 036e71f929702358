"""配人 The staffing proposal: what would change, how far, with which load; accepted whole, in part, or laid aside."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.packwords import language
from shouwang.desk.paging import PAGE, cut, uuid_or_none
from shouwang.desk.teams import HOUSEHOLD
from shouwang.journeys.staff_households import accept_staffing, proposal_standing, propose_staffing
from shouwang.kernel.errors import Refused
from shouwang.people.queries import households_by_ids
from shouwang.places.queries import spoken_names
from shouwang.policy.queries import pack_of
from shouwang.workforce.actions import drop_proposal, fix_assignment
from shouwang.workforce.queries import (
    SlotTally,
    assignment_target,
    load_changes,
    proposal_slots,
    slot_tallies,
    slots_left,
    staffing_proposal,
)

SHOWS = ("new", "moved", "vacant", "stale")


@act("team.assign")
def propose(request: DeskRequest) -> HttpResponse:
    """Compute a proposal for every household of the places in sight; with `moving` what nobody fixed may move."""
    made = [
        propose_staffing(
            area=area,
            moving=request.POST.get("moving") == "yes",
            scope=request.sight,
            by=request.actor,
            at=request.at,
        )
        for area in request.sight.areas
    ]
    return redirect("staffing", proposal_id=made[0])


@page("team.assign")
def staffing(request: DeskRequest, proposal_id: UUID) -> HttpResponse:
    """The diff, a page at a time, by place and household."""
    row = staffing_proposal(request.sight, proposal_id)
    role_set = pack_of(row.revision_id).role_set(row.role_set)
    chosen = _chosen(request)
    lines = proposal_slots(
        request.sight, proposal_id, **chosen, after=request.GET.get("after", ""), limit=PAGE + 1
    )
    pages = cut(lines, lambda line: line.cursor)
    ids = [one for one in (uuid_or_none(line.target_id) for line in pages.rows) if one]
    homes = {str(home.id): home for home in households_by_ids(request.sight, ids)}
    tallies = slot_tallies(request.sight, proposal_id)
    loads = load_changes(request.sight, proposal_id, limit=12)
    wheres = {*(t.area for t in tallies), *(load.area for load in loads)}
    context = {
        "row": row,
        "gap": _percent(row.summary.get("gap")),
        "standing": None if row.closed_at else proposal_standing(request.sight, row, request.at),
        "lines": [(line, homes.get(line.target_id)) for line in pages.rows],
        "next": pages.next,
        "titles": {role.code: role.title.text(language()) for role in role_set.roles},
        "caps": {role.code: role.cap for role in role_set.roles},
        "villages": _by_village(tallies),
        "roles": sorted({t.role for t in tallies}, key=[r.code for r in role_set.roles].index),
        "loads": loads,
        "chosen": chosen,
        "narrowed": any(chosen.values()),
        "shows": SHOWS,
        "left": sum(t.open for t in tallies),
        "places": spoken_names(wheres),
    }
    return render(request, "desk/staffing.html", context)


@act("team.assign")
def accept(request: DeskRequest, proposal_id: UUID) -> HttpResponse:
    """Accept everything, what is shown, or what is ticked."""
    staffing_proposal(request.sight, proposal_id)
    what = request.POST.get("what", "")
    slots: list[int] | None = None
    if what == "ticked":
        slots = [int(one) for one in request.POST.getlist("slot") if one.isdigit()]
    elif what == "shown":
        slots = slots_left(
            request.sight,
            proposal_id,
            show=request.POST.get("show", ""),
            role=request.POST.get("role", ""),
            area=request.POST.get("area", ""),
        )
    elif what != "all":
        raise Refused("proposal-nothing-chosen")
    done = accept_staffing(
        proposal_id=proposal_id, slots=slots, scope=request.sight, by=request.actor, at=request.at
    )
    told = gettext("{filled} roles filled, {vacant} stay vacant.")
    told = told.format(filled=done.filled, vacant=len(done.vacant))
    if done.stale:
        more = gettext("{n} lines no longer held: the world had changed since; nothing was done about them.")
        told = f"{told} {more.format(n=done.stale)}"
    messages.success(request, told)
    return redirect("staffing", proposal_id=proposal_id)


@act("team.assign")
def drop(request: DeskRequest, proposal_id: UUID) -> HttpResponse:
    """Lay the proposal aside."""
    row = staffing_proposal(request.sight, proposal_id)
    if not request.scope.allows("team.assign", row.area):
        raise Refused("not-permitted")
    drop_proposal(proposal_id=proposal_id, by=request.actor, at=request.at)
    messages.success(request, gettext("Laid aside."))
    return redirect("vacancies")


@act("team.assign")
def fix(request: DeskRequest, assignment_id: UUID) -> HttpResponse:
    """Fix a choice, so that no proposal moves it; or let it go."""
    area, kind, target = assignment_target(request.sight, assignment_id)
    if not request.scope.allows("team.assign", area):
        raise Refused("not-permitted")
    is_fixed = request.POST.get("fixed") == "yes"
    fix_assignment(assignment_id=assignment_id, is_fixed=is_fixed, by=request.actor, at=request.at)
    messages.success(request, gettext("Fixed.") if is_fixed else gettext("No longer fixed."))
    if kind == HOUSEHOLD:
        return redirect("household", household_id=target)
    return redirect("serving")


def _chosen(request: DeskRequest) -> dict[str, str]:
    show = request.GET.get("show", "")
    return {
        "show": show if show in SHOWS else "",
        "role": request.GET.get("role", ""),
        "area": request.GET.get("area", ""),
    }


def _percent(gap: object) -> str:
    return f"{gap * 100:.1f}%" if isinstance(gap, int | float) else ""


def _by_village(tallies: list[SlotTally]) -> list[dict[str, object]]:
    """Lines by village: new, moved, vacant, still open, the mean way of those who come."""
    found: dict[str, list[SlotTally]] = {}
    for tally in tallies:
        found.setdefault(tally.area, []).append(tally)
    return [
        {
            "area": area,
            "new": sum(t.new for t in mine),
            "moved": sum(t.moved for t in mine),
            "vacant": sum(t.vacant for t in mine),
            "open": sum(t.open for t in mine),
            "metres": round(sum(t.metres for t in mine) / max(1, sum(t.new + t.moved for t in mine))),
        }
        for area, mine in sorted(found.items())
    ]
