"""一户 A household: who lives there, who looks after them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from shouwang.desk.gate import DeskRequest, page
from shouwang.desk.places import names
from shouwang.people import queries as people


@page("person.view")
def household(request: DeskRequest, household_id: UUID) -> HttpResponse:
    """The household, its members, its team."""
    home = people.household(request.sight, household_id)
    context = {"home": home, "places": names([home.area]), "today": request.today}
    return render(request, "desk/household.html", context)
