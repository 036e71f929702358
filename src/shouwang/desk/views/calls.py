"""联络 Whom to reach: the lists by channel, a call walked through by keys, attempts and appointments."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.packwords import category_titles
from shouwang.desk.paging import PAGE, cut, uuid_or_none
from shouwang.desk.policy import pack_here
from shouwang.desk.reaching import (
    CHANNELS,
    OUTCOMES,
    moment_or_none,
    outcome_words,
    purpose_words,
    script_titles,
    subjects,
)
from shouwang.desk.refusals import sentence
from shouwang.desk.views.call_screen import command_of, screen, tell
from shouwang.journeys.call_lists import start_call_list
from shouwang.journeys.reveal_call import number_of_call
from shouwang.journeys.take_statement import take_statement
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.packs.schema import Pack
from shouwang.people.queries import person as one_person
from shouwang.places.queries import spoken_names
from shouwang.policy.queries import pack_in_force
from shouwang.screening.actions import (
    Attempt,
    NewAppointment,
    end_appointment,
    leave_call,
    make_appointment,
    record_attempt,
    take_call,
    take_next_call,
)
from shouwang.screening.queries import (
    ReachRow,
    appointment,
    reach,
    reach_counts,
    reaches,
)

SHOWN = ("phone", "door", "form", "appointment", "")


@page("person.view")
def calls(request: DeskRequest) -> HttpResponse:
    """Whom to reach by a channel, the most pressing first."""
    area = request.GET.get("area", "")
    if area and not request.sight.sees(area):
        raise Refused("place-not-found")
    counts = reach_counts(request.sight, request.at, area=area or None)
    channel = request.GET.get("channel")
    if channel not in SHOWN:  # nobody chose: never an empty list while somebody waits beside it
        channel = next((code for code in SHOWN if counts.get(code, (0, 0))[0]), "phone")
    rows = reaches(
        request.sight,
        channel=channel,
        area=area or None,
        purpose=request.GET.get("purpose") or None,
        limit=PAGE + 1,
        after=request.GET.get("after", ""),
    )
    pages = cut(rows, lambda row: row.cursor)
    _, pack = pack_here(request.sight, request.at)
    who = subjects(request.sight, pages.rows)
    context = {
        "rows": [
            (row, who.get(row.subject_id), purpose_words(row.purpose, pack), outcome_words(row.last_outcome))
            for row in pages.rows
        ],
        "next": pages.next,
        "channel": channel,
        "channels": [(code, CHANNELS[code], *counts.get(code, (0, 0))) for code in SHOWN],
        "places": spoken_names([*(row.area for row in pages.rows), area]),
        "area": area,
        "now": request.at,
        "scripts": script_titles(pack),
        "categories": category_titles(pack),
        "may": request.scope.holds("reach.record"),
    }
    return render(request, "desk/calls.html", context)


@act("reach.record")
def call_next(request: DeskRequest) -> HttpResponse:
    """Take the most pressing call that nobody has."""
    area = request.POST.get("area", "")
    found = take_next_call(scope=request.sight, by=request.actor, at=request.at, area=area)
    if found is None:
        messages.success(request, gettext("No call is left to make."))
        return redirect("calls")
    return redirect("reach", reach_id=found)


@act("reach.record")
def call_list(request: DeskRequest) -> HttpResponse:
    """Put everybody of a category, or everybody away, on the call list for a script."""
    area = request.POST.get("area", "") or next(iter(request.sight.areas), "")
    new = start_call_list(
        area=area,
        script=request.POST.get("script", ""),
        category=request.POST.get("category", ""),
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("{n} people are newly on the call list.").format(n=new))
    return redirect("calls")


@page("reach.record", methods=("GET", "POST"))
def one(request: DeskRequest, reach_id: UUID) -> HttpResponse:
    """One subject: what was tried, what comes next; a call is walked through here."""
    row = reach(request.sight, reach_id)
    _, pack = pack_in_force(request.sight, row.area, request.at)
    told = ""
    if request.method == "POST":
        try:
            return _rung(request, row, pack)
        except Refused as refused:
            told = sentence(refused)
    elif row.state == "open" and row.next_channel == "phone" and row.subject_kind == "person":
        try:
            take_call(reach_id=row.id, scope=request.sight, by=request.actor, at=request.at)
            row = reach(request.sight, reach_id)
        except Refused as refused:
            messages.error(request, sentence(refused))
            return redirect("calls")
    return screen(request, row.subject_id, row, pack, told)


@act("reach.record")
def number(request: DeskRequest, reach_id: UUID) -> HttpResponse:
    """The number to ring, of one's own call and nobody else's; shown once, in place."""
    rows = number_of_call(reach_id=reach_id, scope=request.sight, by=request.actor, at=request.at)
    return render(request, "desk/parts/number.html", {"rows": rows})


@page("reach.record", methods=("GET", "POST"))
def statement(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """A person rings to say something, or is asked outside a list: the same questions, the same facts."""
    shown = one_person(request.sight, person_id)
    revision, pack = pack_in_force(request.sight, shown.area, request.at)
    told = ""
    if request.method == "POST":
        try:
            taken = take_statement(
                command=command_of(request, person_id, ""),
                scope=request.sight,
                by=request.actor,
                at=request.at,
            )
            tell(request, taken, revision)
            return redirect("person", person_id=person_id)
        except Refused as refused:
            told = sentence(refused)
    return screen(request, person_id, None, pack, told)


@act("reach.record")
def attempt(request: DeskRequest, reach_id: UUID) -> HttpResponse:
    """Note how a try ended; the next channel follows."""
    row = reach(request.sight, reach_id)
    _, pack = pack_in_force(request.sight, row.area, request.at)
    channel = request.POST.get("channel", "")
    _attempt(request, row, pack, channel, request.POST.get("outcome", ""))
    return redirect(_back(request))


@act("reach.record")
def appoint(request: DeskRequest, reach_id: UUID) -> HttpResponse:
    """Agree on a time, with what is brought."""
    zone = timezone.get_current_timezone()
    start = moment_or_none(request.POST.get("from", ""), zone)
    if start is None:
        raise Refused("appointment-order")
    new = NewAppointment(
        uuid_or_none(request.POST.get("id", "")) or uuid7(),
        reach_id,
        start,
        start + timedelta(minutes=_minutes(request.POST.get("minutes", ""))),
        uuid_or_none(request.POST.get("worker", "")),
        request.POST.get("goods", ""),
        request.POST.get("temperature") == "yes",
        request.POST.get("note", ""),
    )
    make_appointment(appointment=new, scope=request.sight, by=request.actor, at=request.at)
    messages.success(request, gettext("The appointment stands on the list of that day."))
    return redirect("calls")


@act("reach.record")
def leave(request: DeskRequest, reach_id: UUID) -> HttpResponse:
    """Give a call back without having made it."""
    leave_call(reach_id=reach_id, scope=request.sight, by=request.actor, at=request.at)
    return redirect("calls")


@act("reach.record")
def appointment_end(request: DeskRequest, appointment_id: UUID) -> HttpResponse:
    """Kept, missed or put off."""
    row = appointment(request.sight, appointment_id)
    _, pack = pack_in_force(request.sight, row.area, request.at)
    end_appointment(
        appointment_id=appointment_id,
        outcome=request.POST.get("outcome", ""),
        attempt_id=uuid7(),
        pack=pack,
        scope=request.sight,
        by=request.actor,
        at=request.at,
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, gettext("Noted."))
    return redirect(_back(request))


def _rung(request: DeskRequest, row: ReachRow, pack: Pack) -> HttpResponse:
    """What became of a call: answers, or an attempt that failed; then the next call."""
    outcome = request.POST.get("outcome", "")
    if outcome != "answered":
        _attempt(request, row, pack, "phone", outcome)
    else:
        command = command_of(request, row.subject_id, row.purpose)
        taken = take_statement(command=command, scope=request.sight, by=request.actor, at=request.at)
        revision, _ = pack_in_force(request.sight, row.area, request.at)
        tell(request, taken, revision)
        if taken.alerts:
            return redirect("person", person_id=row.subject_id)
    found = take_next_call(scope=request.sight, by=request.actor, at=request.at)
    return redirect("reach", reach_id=found) if found else redirect("calls")


def _attempt(request: DeskRequest, row: ReachRow, pack: Pack, channel: str, outcome: str) -> None:
    if outcome not in OUTCOMES.get(channel, {}):
        raise Refused("attempt-unreadable", field="outcome")
    one = Attempt(
        uuid_or_none(request.POST.get("id", "")) or uuid7(),
        row.area,
        row.subject_kind,
        row.subject_id,
        row.purpose,
        channel,
        outcome,
        request.at,
        row.household_id,
        request.POST.get("note", "").strip(),
    )
    record_attempt(attempt=one, pack=pack, scope=request.sight, by=request.actor, at=request.at)
    after = reach(request.sight, row.id)
    if after.next_channel and after.next_due_at:
        told = gettext("Noted. Next: {channel}.").format(channel=CHANNELS[after.next_channel])
    else:
        told = gettext("Noted.")
    messages.success(request, told)


def _minutes(text: str) -> int:
    return min(max(int(text), 15), 24 * 60) if text.isdecimal() else 60


def _back(request: DeskRequest) -> str:
    return "today" if request.POST.get("back") == "today" else "calls"
