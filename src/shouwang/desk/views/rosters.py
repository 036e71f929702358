"""值班 Rosters: what is kept by shifts, who has which hours, hand-over notes; hours nobody has stand in red."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.desk.colleagues import namesakes, to_choose
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.guards import alarm_lines, around, limits, target_names
from shouwang.desk.packwords import every_role_title, role_set_title, role_titles
from shouwang.desk.paging import PAGE, cut, uuid_or_none
from shouwang.desk.policy import pack_here
from shouwang.desk.rostering import first_day, week_of
from shouwang.journeys.guard_household import fill_roster
from shouwang.kernel.days import day_end, day_start
from shouwang.kernel.errors import Refused
from shouwang.workforce.actions import (
    NewShift,
    begin_shift,
    cancel_shift,
    close_roster,
    give_shifts,
    hand_shift_over,
    note_on_shift,
)
from shouwang.workforce.queries import (
    RosterRow,
    ShiftRow,
    roster,
    roster_alarms,
    rosters,
    shift,
    shift_notes,
    team_of,
    workers_by_ids,
    workers_near,
    worn_out,
)


@page("observation.view")
def roster_list(request: DeskRequest) -> HttpResponse:
    """Every watch in sight, those in trouble first on top of the list."""
    closed = request.GET.get("closed") == "yes"
    found = rosters(request.sight, closed=closed, after=request.GET.get("after", ""), limit=PAGE + 1)
    pages = cut(found, lambda row: row.cursor)
    _, pack = pack_here(request.sight, request.at)
    alarms = [] if closed else roster_alarms(request.sight, request.at)
    known = target_names(request.sight, [*pages.rows, *(alarm.roster for alarm in alarms[:50])])
    context = {
        "rows": [(row, known[row.id], role_set_title(pack, row.role_set)) for row in pages.rows],
        "alarms": alarm_lines(alarms[:50], known, request.at),
        "alarm_count": len(alarms),
        "worn": _worn(request, pack_limits=limits(pack, request.today)),
        "next": pages.next,
        "closed": closed,
        "places": around(pages.rows),
    }
    return render(request, "desk/rosters.html", context)


@page("observation.view")
def roster_page(request: DeskRequest, roster_id: UUID) -> HttpResponse:
    """A watch: the week as a grid, what was handed over, who is worn out."""
    row = roster(request.sight, roster_id)
    _, pack = pack_here(request.sight, request.at, row.area)
    first = first_day(request.GET.get("from", ""), request.at, row.zone)
    week = week_of(request.sight, row, first, request.at)
    team = [m for m in team_of(request.sight, row.target_kind, row.target_id) if m.role_set == row.role_set]
    may_assign = request.scope.allows("team.assign", row.area) and not row.closed_reason
    others = workers_near(request.sight, row.area) if may_assign else []
    notes = shift_notes(request.sight, roster_id)
    struck = {note.corrects_id for note in notes if note.corrects_id}
    members = list({m.worker.id: m.worker for m in team}.values())
    others = [w for w in others if w.id not in {m.id for m in members}]
    titles = every_role_title(pack) | role_titles(pack, row.role_set)
    on_duty = {s.id: s for _, cells in week.rows for cell in cells for s in cell.shifts}.values()
    context = {
        "row": row,
        "name": target_names(request.sight, [row])[row.id],
        "title": role_set_title(pack, row.role_set),
        "week": week,
        "members": to_choose(members, titles, beside=others),
        "others": to_choose(others, titles, beside=members),
        "namesakes": namesakes((s.worker_id, s.worker, s.telephone) for s in on_duty),
        "notes": [(note, note.id in struck) for note in notes],
        "worn": _worn(request, row, pack_limits=limits(pack, request.today)),
        "may_assign": may_assign,
        "may_record": request.scope.allows("observation.record", row.area) and not row.closed_reason,
        "places": around([row]),
    }
    return render(request, "desk/roster.html", context)


@act("team.assign")
def give(request: DeskRequest, roster_id: UUID) -> HttpResponse:
    """Put somebody on duty for one shift, or for hours of one."""
    row = _may_assign(request, roster_id)
    worker = _worker(request, request.POST.get("worker", ""))
    starts, ends = _instant(request, "starts"), _instant(request, "ends")
    give_shifts(roster_id=row.id, shifts=[NewShift(worker, starts, ends)], by=request.actor, at=request.at)
    messages.success(request, gettext("On duty."))
    return _back(request, row)


@act("team.assign")
def fill(request: DeskRequest, roster_id: UUID) -> HttpResponse:
    """Give the open shifts of a week to the people ticked, in turn."""
    row = _may_assign(request, roster_id)
    people = [_worker(request, one) for one in dict.fromkeys(request.POST.getlist("worker"))]
    first = first_day(request.POST.get("from", ""), request.at, row.zone)
    made = fill_roster(
        roster=row,
        people=people,
        since=max(request.at, day_start(first, row.zone)),
        until=day_end(first + timedelta(days=6), row.zone),
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("{n} shifts given out.").format(n=made))
    return _back(request, row)


@act("team.assign")
def close(request: DeskRequest, roster_id: UUID) -> HttpResponse:
    """The watch ends now."""
    row = _may_assign(request, roster_id)
    reason = request.POST.get("reason", "")
    close_roster(roster_id=row.id, reason=reason, by=request.actor, at=request.at)
    messages.success(request, gettext("The watch is over."))
    return redirect("rosters")


@act("team.assign")
def cancel(request: DeskRequest, shift_id: UUID) -> HttpResponse:
    """Take somebody off a shift that has not begun: its hours are a gap until another has them."""
    row, _ = _shift(request, shift_id, "team.assign")
    reason = request.POST.get("reason", "")
    cancel_shift(shift_id=shift_id, reason=reason, by=request.actor, at=request.at)
    messages.success(request, gettext("Taken off the shift."))
    return _back(request, row)


@act("observation.record")
def begin(request: DeskRequest, shift_id: UUID) -> HttpResponse:
    """到岗: they are there."""
    row, _ = _shift(request, shift_id, "observation.record")
    begin_shift(shift_id=shift_id, by=request.actor, at=request.at)
    messages.success(request, gettext("On duty since now."))
    return _back(request, row)


@act("observation.record")
def hand(request: DeskRequest, shift_id: UUID) -> HttpResponse:
    """交班: what the next must know; the next is on duty with it."""
    row, _ = _shift(request, shift_id, "observation.record")
    following = uuid_or_none(request.POST.get("to", ""))
    hand_shift_over(
        shift_id=shift_id,
        text=request.POST.get("text", ""),
        to_shift_id=following,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("The shift is handed over."))
    return _back(request, row)


@act("observation.record")
def note(request: DeskRequest, shift_id: UUID) -> HttpResponse:
    """Write something down during a shift, or put an earlier note right."""
    row, _ = _shift(request, shift_id, "observation.record")
    note_on_shift(
        shift_id=shift_id,
        text=request.POST.get("text", ""),
        corrects=uuid_or_none(request.POST.get("corrects", "")),
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("Written down."))
    return _back(request, row)


def _may_assign(request: DeskRequest, roster_id: UUID) -> RosterRow:
    row = roster(request.sight, roster_id)
    if not request.scope.allows("team.assign", row.area):
        raise Refused("not-permitted")
    return row


def _shift(request: DeskRequest, shift_id: UUID, permission: str) -> tuple[RosterRow, ShiftRow]:
    found = shift(request.sight, shift_id)
    row = roster(request.sight, found.roster_id)
    if not request.scope.allows(permission, row.area):
        raise Refused("not-permitted")
    return row, found


def _worker(request: DeskRequest, text: str) -> UUID:
    worker = uuid_or_none(text)
    if worker is None or worker not in workers_by_ids(request.sight, [worker]):
        raise Refused("worker-unknown")
    return worker


def _instant(request: DeskRequest, field: str) -> datetime:
    try:
        moment = datetime.fromisoformat(request.POST.get(field, ""))
    except ValueError as error:
        raise Refused("shift-backwards") from error
    if moment.tzinfo is None:
        raise Refused("shift-backwards")
    return moment


def _worn(
    request: DeskRequest, row: RosterRow | None = None, *, pack_limits: tuple[timedelta, timedelta] | None
) -> list[dict[str, object]]:
    """Who is on duty too long in a row, yesterday to a week ahead; nobody where the pack has no limit."""
    if pack_limits is None:
        return []
    found = worn_out(
        request.sight,
        request.at - timedelta(days=1),
        request.at + timedelta(days=7),
        most=pack_limits[0],
        least_rest=pack_limits[1],
        roster_id=row.id if row else None,
    )
    return [
        {"name": name, "hours": round(s.on_duty.total_seconds() / 3600), "start": s.start, "end": s.end}
        for s, name in found[:30]
    ]


def _back(request: DeskRequest, row: RosterRow) -> HttpResponse:
    answer = redirect("roster", roster_id=row.id)
    if first := request.POST.get("from", ""):
        answer["Location"] += f"?from={first[:10]}"
    return answer
