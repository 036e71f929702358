"""包保 Vacancies, by age; giving one role of one household to somebody chosen by hand."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.desk import teams
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.paging import PAGE, cut, uuid_or_none
from shouwang.desk.policy import pack_here
from shouwang.journeys.staff_households import household_role_set
from shouwang.kernel.errors import Refused
from shouwang.people.queries import household, households_by_ids
from shouwang.places.queries import spoken_names
from shouwang.workforce.actions import NewAssignment, assign_many
from shouwang.workforce.queries import staffing_proposals, workers_by_ids


@page("observation.view")
def vacancies(request: DeskRequest) -> HttpResponse:
    """Whatever lacks somebody, the longest first: who is watched over is health data."""
    rows = teams.vacant_targets(request.sight, request.at)
    after = request.GET.get("after", "")
    ahead = [row for row in rows if row.cursor > after]
    pages = cut(ahead[: PAGE + 1], lambda row: row.cursor)
    ids = [UUID(row.id) for row in pages.rows if row.kind == teams.HOUSEHOLD]
    homes = {str(home.id): home for home in households_by_ids(request.sight, ids)}
    may_assign = request.scope.holds("team.assign")
    context = {
        "rows": [(row, homes.get(row.id)) for row in pages.rows],
        "total": len(rows),
        "next": pages.next,
        "places": spoken_names({*(row.area for row in pages.rows), *(row.id for row in pages.rows)}),
        "may_assign": may_assign,
        "proposals": staffing_proposals(request.sight, limit=5) if may_assign else [],
    }
    return render(request, "desk/vacancies.html", context)


@act("team.assign")
def assign(request: DeskRequest, household_id: UUID) -> HttpResponse:
    """Give one role of one household to a worker."""
    home = household(request.sight, household_id)
    if not request.scope.allows("team.assign", home.area):
        raise Refused("not-permitted")
    worker = uuid_or_none(request.POST.get("worker", ""))
    if worker is None or worker not in workers_by_ids(request.sight, [worker]):
        raise Refused("worker-unknown")
    _, pack = pack_here(request.sight, request.at, home.area)
    role_set = household_role_set(pack)
    role = request.POST.get("role", "")
    if role not in {one.code for one in role_set.roles}:
        raise Refused("role-unknown", role=role)
    made = NewAssignment(home.area, worker, role_set.code, role, "household", str(home.id), is_fixed=True)
    assign_many(assignments=[made], area=home.area, by=request.actor, at=request.at)
    messages.success(request, gettext("Assigned."))
    return redirect("household", household_id=home.id)
