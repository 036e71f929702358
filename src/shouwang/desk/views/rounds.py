"""巡诊 The doctor's round: whom to ring, in which order to walk, the sheet, and keying it in when it comes back."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from shouwang.desk import walks
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.packwords import alert_words
from shouwang.desk.paging import uuid_or_none
from shouwang.desk.refusals import sentence
from shouwang.desk.views.papers import pdf_answer
from shouwang.desk.words import OUTCOMES
from shouwang.journeys.day_round import (
    DayRound,
    Hours,
    Walker,
    clock_of,
    day_round,
    promised_today,
    put_on_paper,
    tonight,
    walker_of,
)
from shouwang.journeys.enter_sheet import Entered, enter_sheet
from shouwang.journeys.round_paper import sheet_pdf
from shouwang.kernel.errors import Refused
from shouwang.observation.queries import files_by_ids, round_sheet, round_sheets
from shouwang.people.queries import dwelling_of
from shouwang.places.actions import locate_dwelling
from shouwang.places.queries import spoken_names
from shouwang.workforce.rules import Pace

FASTEST, SLOWEST = 60, 1
"""Kilometres an hour that somebody may say to walk or ride."""
ORDERED_BY = ("whole", "leave", "speed")
"""What is said of the whole round; promised hours are said of a household."""


@page("observation.record")
def round_page(request: DeskRequest) -> HttpResponse:
    """Telephone first, then the doors in walking order, with a small map where there are coordinates."""
    walker = walker_of(request.sight, request.user.pk, request.actor.name)
    told = _planned(request, walker, request.GET)
    context = {
        "told": told,
        "walker": walker,
        "whole": _is_whole(request.GET, walker),
        "mine": len(walker.households),
        "calls": walks.calls(told),
        "doors": walks.doors(told),
        "map": walks.drawing(told),
        "gap": walks.gap_words(told.walk),
        "chain": ",".join(str(duty.file_id) for home in told.in_order for duty, _ in home.people),
        "places": spoken_names({home.area for home in told.calls}),
        "has_villages": len({home.area for home in told.calls}) > 1,
        "leave": request.GET.get("leave") or clock_of(walks.leaves(told)),
        "speed": request.GET.get("speed", ""),
        "sheets": walks.sheet_rows(request.sight, round_sheets(request.sight, limit=8)),
        "may_reveal": request.scope.holds("person.reveal"),
        "today": request.today,
    }
    return render(request, "desk/round.html", context)


@page("observation.record")
def evening(request: DeskRequest) -> HttpResponse:
    """Whom to look in on again tonight, and to whom medicine goes: what today's checks noted."""
    walker = walker_of(request.sight, request.user.pk, request.actor.name)
    mine = None if _is_whole(request.GET, walker) else walker.households
    told = tonight(request.sight, request.at, households=mine)
    context = {
        "homes": told,
        "places": spoken_names({home.area for home in told}),
        "by": walks.medicine_by(request.sight, request.at),
        "whole": mine is None,
        "mine": len(walker.households),
    }
    return render(request, "desk/round_evening.html", context)


@act("observation.record")
def order(request: DeskRequest) -> HttpResponse:
    """Order the round again by what was typed; the address of the new plan holds that and nothing else of the form.

    A form sent by GET would put its token into the address, and two empty fields for each household.
    """
    walker = walker_of(request.sight, request.user.pk, request.actor.name)
    standing = promised_today(request.sight, request.at, walker=walker)
    asked = {field: text for field in ORDERED_BY if (text := request.POST.get(field, "").strip())}
    for home, hours in _promised(request.POST).items():
        if hours != standing.get(home, walks.NO_HOURS):
            asked |= {f"{end}-{home}": request.POST.get(f"{end}-{home}", "") for end in ("from", "to")}
    _pace(asked.get("speed", ""))
    walks.seconds(asked.get("leave", "0"))
    address = reverse("round")
    return redirect(f"{address}?{urlencode(asked)}" if asked else address)


@act("observation.record")
def make(request: DeskRequest) -> HttpResponse:
    """Put the round on paper: keep its lines and go to its page, from where it is printed."""
    walker = walker_of(request.sight, request.user.pk, request.actor.name)
    told = _planned(request, walker, request.POST)
    sheet = put_on_paper(request.sight, told, walker=walker, by=request.actor, at=request.at)
    return redirect("round-sheet", sheet_id=sheet)


@act("observation.record")
def print_sheet(request: DeskRequest, sheet_id: UUID) -> HttpResponse:
    """The sheet as A4; with full telephone numbers only for who may see them, and with a purpose."""
    made = sheet_pdf(
        request.sight,
        sheet_id,
        rights=request.scope,
        purpose=request.POST.get("purpose", "") if request.POST.get("numbers") == "yes" else None,
        by=request.actor,
        at=request.at,
    )
    return pdf_answer(made, gettext("Round sheet"))


@page("observation.record", methods=("GET", "POST"))
def sheet(request: DeskRequest, sheet_id: UUID) -> HttpResponse:
    """The lines of a sheet in the order of the paper, to be keyed in."""
    held = round_sheet(request.sight, sheet_id)
    typed = walks.typed_lines(request.POST) if request.method == "POST" else {}
    entered: Entered | None = None
    if request.method == "POST":
        entered = enter_sheet(
            sheet_id=sheet_id, typed=typed, scope=request.sight, by=request.actor, at=request.at
        )
        _tell(request, sheet_id, entered)
        if not entered.wrong:
            return redirect("round-sheet", sheet_id=sheet_id)
    lines = walks.sheet_lines(request.sight, held, typed, request.at)
    for line in lines:
        if entered and line.number in entered.wrong:
            line.wrong = sentence(entered.wrong[line.number])
    keys = walks.symptom_keys(request.sight, held, request.at)
    context = {
        "sheet": held,
        "lines": lines,
        "symptoms": keys,
        "titles": dict(zip(held.symptoms, (title for _, title in keys), strict=True)),
        "outcomes": OUTCOMES,
        "places": spoken_names([held.area]),
        "done": sum(line.keyed is not None for line in lines),
        "wrong": len(entered.wrong) if entered else 0,
        "may_reveal": request.scope.holds("person.reveal"),
        "today": request.today,
    }
    return render(request, "desk/round_sheet.html", context, status=422 if entered and entered.wrong else 200)


@page("observation.record")
def find(request: DeskRequest) -> HttpResponse:
    """From the number on the paper ("0201-3") to its page."""
    day, number = walks.sheet_code(request.GET.get("code", ""), request.today)
    found = round_sheets(request.sight, day=day, number=number, limit=20) if day else []
    if len(found) == 1:
        return redirect("round-sheet", sheet_id=found[0].id)
    if not found:
        raise Refused("sheet-not-found")
    context = {
        "sheets": walks.sheet_rows(request.sight, found),
        "places": spoken_names({row.area for row in found}),
    }
    return render(request, "desk/round_sheets.html", context)


def _planned(request: DeskRequest, walker: Walker, asked: QueryDict) -> DayRound:
    leave = asked.get("leave", "")
    promised = promised_today(request.sight, request.at, walker=walker) | _promised(asked)
    return day_round(
        request.sight,
        request.at,
        walker=walker,
        households=None if _is_whole(asked, walker) else walker.households,
        promised={home: hours for home, hours in promised.items() if hours != walks.NO_HOURS},
        leave=walks.seconds(leave) if leave else None,
        pace=_pace(asked.get("speed", "")),
    )


def _promised(asked: QueryDict) -> dict[UUID, Hours]:
    """`from-<household>` and `to-<household>` as typed; an emptied field takes the promise back."""
    told: dict[UUID, Hours] = {}
    for key in asked:
        home = uuid_or_none(key[5:]) if key.startswith("from-") else None
        if home is None:
            continue
        begin, end = asked.get(key, ""), asked.get(f"to-{home}", "")
        told[home] = walks.hours(begin, end)
    return told


def _is_whole(asked: QueryDict, walker: Walker) -> bool:
    return not walker.households or asked.get("whole") == "yes"


def _pace(text: str) -> Pace | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and SLOWEST <= int(text) <= FASTEST):
        raise Refused("speed-unreadable", value=text)
    return Pace(metres_an_hour=int(text) * 1000)


def _tell(request: DeskRequest, sheet_id: UUID, entered: Entered) -> None:
    if entered.recorded or entered.replayed:
        told = gettext("{n} lines written, {m} were there already.")
        messages.success(request, told.format(n=entered.recorded, m=entered.replayed))
    alarms = entered.alarms
    if alarms:
        held = {line.number: line for line in round_sheet(request.sight, sheet_id).lines}
        files = files_by_ids(request.sight, [held[number].file_id for number in alarms])
        for number, codes in alarms.items():
            file = files[held[number].file_id]
            what = "、".join(alert_words(file.revision_id, code) for code in codes)
            told = gettext(
                "Line {n}: alarm: {what}. Ring the medic and the town now; it climbs if nobody answers."
            )
            messages.error(request, told.format(n=number, what=what))


@act("observation.record")
def locate(request: DeskRequest, household_id: UUID) -> HttpResponse:
    """Say where a household's door is, as a telephone's map tells it: latitude, longitude."""
    dwelling = dwelling_of(request.sight, household_id)
    if dwelling is None:
        raise Refused("dwelling-not-found")
    locate_dwelling(
        dwelling_id=dwelling,
        position=walks.position(request.POST.get("position", "")),
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("The door is on the map; the round counts with it from now on."))
    return redirect("household", household_id=household_id)
