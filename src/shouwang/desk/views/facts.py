"""旅居与接触 What a person told of journeys and contacts, and the forms that write it down."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, act
from shouwang.desk.paging import uuid_or_none
from shouwang.journeys.tell_fact import Contact, Journey, tell_contact, tell_journey
from shouwang.journeys.watch_over import Watched
from shouwang.kernel.errors import Refused


@act("observation.manage")
def journey(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Write a journey down, or put an earlier one right."""
    told = tell_journey(
        person_id=person_id,
        journey=Journey(
            origin=request.POST.get("origin", ""),
            returned_on=_day(request, "returned_on"),
            left_on=_day(request, "left_on"),
            transport=request.POST.get("transport", ""),
        ),
        corrects=uuid_or_none(request.POST.get("corrects", "")),
        reason=request.POST.get("reason", ""),
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    return _done(request, person_id, told)


@act("observation.manage")
def contact(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Write a contact down, or put an earlier one right."""
    told = tell_contact(
        person_id=person_id,
        contact=Contact(
            kind=request.POST.get("kind", ""),
            last_on=_day(request, "last_on"),
            first_on=_day(request, "first_on"),
            case_ref=request.POST.get("case_ref", ""),
        ),
        corrects=uuid_or_none(request.POST.get("corrects", "")),
        reason=request.POST.get("reason", ""),
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    return _done(request, person_id, told)


def _day(request: DeskRequest, name: str) -> date | None:
    written = request.POST.get(name, "").strip()
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise Refused("value-not-a-day", field=name) from error


def _done(request: DeskRequest, person_id: UUID, watched: Watched) -> HttpResponse:
    told = gettext("Written down. Nothing else changed.")
    if watched.opened:
        told = gettext("Written down. An observation file was opened.")
    elif watched.reanchored:
        told = gettext("Written down. The observation is counted from the day now known.")
    messages.success(request, told)
    return redirect("person", person_id=person_id)
