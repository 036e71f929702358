"""一人一档 A person: one page, the whole story in order."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.classification.queries import decisions_of
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.places import names
from shouwang.desk.words import FIELDS, id_words
from shouwang.kernel.errors import Refused
from shouwang.kernel.names import initials, sort_key
from shouwang.people import actions, queries


@page("person.view")
def person(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Who, where, looked after by whom, and every day of it."""
    shown = queries.person(request.sight, person_id)
    context = {
        "person": shown,
        "residences": queries.residences_of(request.sight, person_id),
        "corrections": queries.corrections_of(request.sight, person_id),
        "decisions": decisions_of(request.sight, person_id),
        "places": names([shown.area]),
        "today": request.today,
        "fields": FIELDS,
        "may_reveal": request.scope.allows("person.reveal", shown.area),
        "may_correct": request.scope.allows("person.edit", shown.area),
    }
    return render(request, "desk/person.html", context)


@act("person.reveal")
def reveal(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Full identifiers, after a purpose was given; shown once, in place."""
    opened = actions.reveal_person(
        scope=request.sight,
        person_id=person_id,
        purpose=request.POST.get("purpose", ""),
        by=request.actor,
        at=request.at,
    )
    rows = [(id_words(kind), value) for kind, value in opened]
    return render(request, "desk/parts/revealed.html", {"rows": rows})


@act("person.edit")
def correct(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Correct one field with a reason; what stood there is kept."""
    shown = queries.person(request.sight, person_id)
    if not request.scope.allows("person.edit", shown.area):
        raise Refused("not-permitted")
    field, value = request.POST.get("field", ""), request.POST.get("value", "").strip()
    is_name = field == "name"
    if is_name and not value:
        raise Refused("name-missing")
    actions.correct_person(
        person_id=person_id,
        name=field,
        value=value,
        sort_key=sort_key(value) if is_name else "",
        initials=initials(value) if is_name else "",
        reason=request.POST.get("reason", ""),
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("Corrected. What stood there before is kept."))
    return redirect("person", person_id=person_id)
