"""迁移 A household goes to live elsewhere: said once, everything follows."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext

from shouwang.desk.gate import DeskRequest, act
from shouwang.journeys.move_household import move_household
from shouwang.kernel.errors import Refused
from shouwang.places.queries import spoken_names
from shouwang.workforce.queries import workers_by_ids


@act("person.edit")
def move(request: DeskRequest, household_id: UUID) -> HttpResponse:
    """Move the household to another village; the page of its new door answers."""
    try:
        since = date.fromisoformat(request.POST.get("since", "")) if request.POST.get("since") else None
    except ValueError as error:
        raise Refused("day-missing") from error
    moved = move_household(
        household_id=household_id,
        area=request.POST.get("area", ""),
        address=request.POST.get("address", ""),
        since=since,
        reason=request.POST.get("reason", ""),
        scope=request.scope,
        by=request.actor,
        at=request.at,
    )
    place = spoken_names([request.POST.get("area", "")]).get(request.POST.get("area", ""), "")
    told = ngettext(
        "{n} person now lives in {place}.", "{n} people now live in {place}.", moved.people
    ).format(n=moved.people, place=place)
    owner = workers_by_ids(request.scope, [moved.owner]).get(moved.owner)
    if moved.files and owner:
        answers = gettext("{owner} answers for the {n} observation files that went along.")
        told = f"{told} {answers.format(owner=owner.name, n=moved.files)}"
    messages.success(request, told)
    return redirect("household", household_id=moved.household_id)
