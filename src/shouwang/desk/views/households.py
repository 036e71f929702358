"""一户 A household: who lives there, who looks after them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from shouwang.desk import teams
from shouwang.desk.gate import DeskRequest, only, page
from shouwang.desk.places import names
from shouwang.desk.policy import pack_here
from shouwang.kernel.errors import Refused
from shouwang.observation.queries import files_of_household
from shouwang.people import queries as people
from shouwang.workforce.queries import workers


@page("person.view")
def household(request: DeskRequest, household_id: UUID) -> HttpResponse:
    """The household, its members, its team."""
    home = people.household(request.sight, household_id)
    watched = files_of_household(only(request.scope, "observation.view"), home.id)
    team: list[teams.Slot] = []
    try:
        _, pack = pack_here(request.sight, request.at, home.area)
        if watched:
            team = teams.team(only(request.scope, "team.view"), home.id, pack, None)
    except Refused:
        pass
    may_assign = request.scope.allows("team.assign", home.area) and bool(team)
    by_person = {file.person_id: file for file in watched}
    context = {
        "home": home,
        "members": [(member, by_person.get(member.id)) for member in home.members],
        "team": team,
        "places": names([home.area]),
        "today": request.today,
        "may_assign": may_assign,
        "colleagues": workers(only(request.scope, "team.assign"), area=home.area[:9]) if may_assign else [],
        "may_record": request.scope.allows("observation.record", home.area),
    }
    return render(request, "desk/household.html", context)
