"""包保 Vacancies, and filling them: all at once by the plain assignment, or one by one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.desk import teams
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.paging import PAGE, cut, uuid_or_none
from shouwang.desk.places import names
from shouwang.desk.policy import pack_here
from shouwang.journeys.staff_households import household_role_set, staff_households
from shouwang.kernel.errors import Refused
from shouwang.people.queries import household, households_by_ids
from shouwang.workforce.actions import NewAssignment, assign_many
from shouwang.workforce.queries import workers_by_ids


@page("observation.view")
def vacancies(request: DeskRequest) -> HttpResponse:
    """Households under observation in which a role is unfilled: who is watched over is health data."""
    rows = teams.vacant_households(request.sight, request.at)
    ids = sorted(rows)
    after = uuid_or_none(request.GET.get("after", ""))
    ahead = [one for one in ids if after is None or one > after]
    pages = cut(ahead[: PAGE + 1], str)
    homes = households_by_ids(request.sight, list(pages.rows))
    context = {
        "rows": [(home, rows[home.id]) for home in homes],
        "total": len(ids),
        "next": pages.next,
        "places": names(home.area for home in homes),
        "may_assign": request.scope.holds("team.assign"),
    }
    return render(request, "desk/vacancies.html", context)


@act("team.assign")
def staff(request: DeskRequest) -> HttpResponse:
    """Staff every household of the places in sight, near and balanced; what cannot be filled stays vacant."""
    filled = vacant = 0
    for area in request.sight.areas:
        done = staff_households(area=area, scope=request.sight, by=request.actor, at=request.at)
        filled, vacant = filled + done.filled, vacant + len(done.vacant)
    told = gettext("{filled} roles filled, {vacant} stay vacant.")
    messages.success(request, told.format(filled=filled, vacant=vacant))
    return redirect("vacancies")


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
    made = NewAssignment(home.area, worker, role_set.code, role, "household", str(home.id))
    assign_many(assignments=[made], area=home.area, by=request.actor, at=request.at)
    messages.success(request, gettext("Assigned."))
    return redirect("household", household_id=home.id)
