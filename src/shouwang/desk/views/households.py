"""一户 A household: who lives there, who looks after them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from shouwang.desk import chains, teams
from shouwang.desk.colleagues import to_choose
from shouwang.desk.gate import DeskRequest, page
from shouwang.desk.policy import pack_here
from shouwang.kernel.areas import town_of
from shouwang.kernel.errors import Refused
from shouwang.observation.queries import files_of_household
from shouwang.outreach.queries import group_of
from shouwang.people import queries as people
from shouwang.places.queries import children, spoken_names
from shouwang.places.rules import village_name
from shouwang.workforce.queries import ChainTarget, rosters_of_household, workers

MOVING = ("person.edit", "observation.manage")


@page("person.view")
def household(request: DeskRequest, household_id: UUID) -> HttpResponse:
    """The household, its members, its team."""
    home = people.household(request.sight, household_id)
    watched = files_of_household(request.scope.only("observation.view"), home.id)
    team: list[teams.Slot] = []
    try:
        _, pack = pack_here(request.sight, request.at, home.area)
        if watched:
            team = teams.team(request.scope.only("team.view"), home.id, pack, None)
    except Refused:
        pass
    may_assign = request.scope.allows("team.assign", home.area) and bool(team)
    by_person = {file.person_id: file for file in watched}
    may_move = bool(home.members) and all(request.scope.allows(code, home.area) for code in MOVING)
    context = {
        "home": home,
        "villages": _villages(request, home.area) if may_move else [],
        "members": [(member, by_person.get(member.id)) for member in home.members],
        "team": team,
        "chain": chains.drawn(
            request.sight, ChainTarget("household", str(home.id), home.area, home.id), request.at
        ),
        "places": spoken_names([home.area]),
        "today": request.today,
        "may_assign": may_assign,
        "group": group_of(request.scope.only("group.view"), teams.HOUSEHOLD, home.id),
        "guard": rosters_of_household(request.scope.only("observation.view"), home.id),
        "may_guard": bool(watched) and request.scope.allows("team.assign", home.area),
        "colleagues": to_choose(
            workers(request.scope.only("team.assign"), area=town_of(home.area)) if may_assign else []
        ),
        "may_record": request.scope.allows("observation.record", home.area),
    }
    return render(request, "desk/household.html", context)


def _villages(request: DeskRequest, area: str) -> list[tuple[str, str]]:
    """The other villages of the town to which this person may move a household."""
    return [
        (place.path, village_name(place.name))
        for place in children(request.scope, town_of(area))
        if place.path != area and all(request.scope.allows(code, place.path) for code in MOVING)
    ]
