"""外出务工 Workers away: who is away from where, what they said, and the families that are visited."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.paging import PAGE, cut, uuid_or_none
from shouwang.desk.reaching import AWAY, AWAY_FIGURES, day_or_none
from shouwang.journeys.record_away import note_away, put_on_away_list
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.people.queries import people_by_ids, search_people
from shouwang.places.queries import spoken_names
from shouwang.screening.actions import AwayAnswer
from shouwang.screening.queries import AwayFigures, away_by_village, away_figures, away_rows


@page("person.view")
def away(request: DeskRequest) -> HttpResponse:
    """The figures, each with its rows; the list of a village or of all."""
    area = request.GET.get("area", "")
    if area and not request.sight.sees(area):
        raise Refused("place-not-found")
    kind = request.GET.get("kind", "listed")
    rows = away_rows(
        request.sight, area or None, request.at, kind, limit=PAGE + 1, after=request.GET.get("after", "")
    )
    pages = cut(rows, lambda row: str(row.id))
    people = {p.id: p for p in people_by_ids(request.sight, [row.person_id for row in pages.rows])}
    figures = away_figures(request.sight, area or None, request.at)
    villages = away_by_village(request.sight, area or None, request.at)
    looked_for = request.GET.get("who", "").strip()
    context = {
        "rows": [(row, people.get(row.person_id), AWAY[row.state]) for row in pages.rows],
        "next": pages.next,
        "kind": kind,
        "figures": [(code, words, _figure(figures, code)) for code, words in AWAY_FIGURES.items()],
        "villages": sorted(villages.items(), key=lambda item: -item[1].listed),
        "area": area,
        "places": spoken_names([*(row.area for row in pages.rows), *villages, area]),
        "states": [(code, words) for code, words in AWAY.items() if code != "not-asked"],
        "who": looked_for,
        "found": search_people(request.sight, looked_for, limit=20) if looked_for else [],
        "may": request.scope.holds("reach.record"),
        "today": request.today,
    }
    return render(request, "desk/away.html", context)


@act("reach.record")
def add(request: DeskRequest) -> HttpResponse:
    """Put one person of the register on the list."""
    person = uuid_or_none(request.POST.get("person", ""))
    found = people_by_ids(request.sight, [person]) if person else []
    if not found:
        raise Refused("person-not-found")
    new = put_on_away_list(
        people=[found[0].id],
        area=found[0].area,
        scope=request.sight,
        by=request.actor,
        at=request.at,
        where_text=request.POST.get("where", ""),
    )
    told = gettext("{name} is on the list, and on the call list.")
    if not new:
        told = gettext("{name} was on the list already.")
    messages.success(request, told.format(name=found[0].name))
    return redirect("away")


@act("reach.record")
def from_register(request: DeskRequest) -> HttpResponse:
    """Put everybody on the list whom the register says not to live here."""
    new = 0
    for area in request.sight.areas_for("reach.record"):
        new += put_on_away_list(people=None, area=area, scope=request.sight, by=request.actor, at=request.at)
    messages.success(request, gettext("{n} people of the register are newly on the list.").format(n=new))
    return redirect("away")


@act("reach.record")
def say(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Note what a worker away said."""
    sent = request.POST
    answer = AwayAnswer(
        uuid_or_none(sent.get("id", "")) or uuid7(),
        person_id,
        sent.get("outcome", ""),
        request.at,
        "family" if sent.get("family") == "yes" else "hand",
        day_or_none(sent.get("day", "")),
        sent.get("where", ""),
        {"yes": True, "no": False}.get(sent.get("dependants", "")),
    )
    note_away(answer=answer, scope=request.sight, by=request.actor, at=request.at)
    messages.success(request, gettext("Noted."))
    return redirect("away")


def _figure(figures: AwayFigures, code: str) -> int:
    return int(getattr(figures, code.replace("-", "_")))
