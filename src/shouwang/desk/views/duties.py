"""Rows behind the figures: late, due, alarms; and answering an alarm."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.desk import chains, rounds, town
from shouwang.desk.errands import errands
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.paging import PAGE, cut
from shouwang.desk.words import channel_words
from shouwang.kernel.errors import Refused
from shouwang.observation.actions import answer_alert
from shouwang.observation.queries import Duty, due_count, duties, late_count
from shouwang.people.queries import people_by_ids
from shouwang.places.queries import spoken_names


@page("observation.view")
def due(request: DeskRequest) -> HttpResponse:
    """People with something due today, or only who is late, of a village or of all."""
    late_only = request.GET.get("only") == "late"
    area = _area(request)
    mine = rounds.my_households(request.sight, request.user.pk) if request.GET.get("mine") == "yes" else None
    rows = duties(
        request.sight,
        request.at,
        area=area,
        households=mine,
        late_only=late_only,
        tests=True,
        limit=PAGE + 1,
        after=request.GET.get("after", ""),
    )
    pages = cut(rows, lambda duty: duty.cursor)
    people = {p.id: p for p in people_by_ids(request.sight, [d.person_id for d in pages.rows])}
    count = late_count if late_only else due_count
    context = {
        "rows": [(duty, people.get(duty.person_id), _how(duty)) for duty in pages.rows],
        "next": pages.next,
        "late_only": late_only,
        "count": count(request.sight, request.at, area=area, households=mine),
        "mine": mine is not None,
        "errands": errands(request.scope, request.user.pk, request.at) if not late_only else [],
        "area": area or "",
        "places": spoken_names([*(d.area for d in pages.rows), area or ""]),
        "today": request.today,
    }
    return render(request, "desk/due.html", context)


def _how(duty: Duty) -> str:
    """How a duty is done, in words: by telephone, at the door, a sample."""
    return gettext("sample to be taken") if duty.kind == "test" else channel_words(duty.channel)


@page("observation.view")
def alerts(request: DeskRequest) -> HttpResponse:
    """Alarms that nobody has closed."""
    area = _area(request)
    rows = chains.with_ladders(request.sight, town.alerts(request.sight, area=area), request.user.pk)
    context = {
        "rows": rows,
        "area": area or "",
        "places": spoken_names([*(str(row["alert"].area) for row in rows), area or ""]),  # type: ignore[attr-defined]
        "today": request.today,
        "may_answer": request.scope.holds("alert.answer"),
    }
    return render(request, "desk/alerts.html", context)


@act("alert.answer")
def answer(request: DeskRequest, alert_id: UUID) -> HttpResponse:
    """Say what was done."""
    answer_alert(
        alert_id=alert_id,
        answer=request.POST.get("answer", ""),
        closes=request.POST.get("closes") == "yes",
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("Noted. The alarm climbs no more."))
    return redirect("alerts")


def _area(request: DeskRequest) -> str | None:
    area = request.GET.get("area", "")
    if area and not request.sight.sees(area):
        raise Refused("place-not-found")
    return area or None
