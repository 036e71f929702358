"""收日 Closing the day of a place; the evening meeting; tomorrow's list."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from shouwang.desk import evening
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.paging import uuid_or_none
from shouwang.desk.reporting import default_area
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.oversight.actions import close_day, explain_items, mark_task, reopen_day, write_task

VIEW = "observation.view"
CLOSE = "day.close"


@page(VIEW)
def close_out(request: DeskRequest) -> HttpResponse:
    """What is left today, why, who takes it; then the day is closed."""
    area, day = asked(request)
    context = evening.the_close_out(request.sight, area, day, request.at)
    context |= {
        "may_close": request.scope.allows(CLOSE, area),
        "command": uuid7(),
        "today": request.today,
        "areas": evening.places_around(request.sight, area),
    }
    return render(request, "desk/close_out.html", context)


@act(CLOSE)
def explain(request: DeskRequest) -> HttpResponse:
    """Reasons for items of one kind: the ticked ones, or all that have none yet."""
    area, day = asked(request)
    post = request.POST
    items = post.getlist("item") or None
    if items is None and post.get("all") != "yes":
        raise Refused("nothing-to-explain", kind=post.get("kind", ""))
    number = explain_items(
        command=uuid_or_none(post.get("command", "")) or uuid7(),
        scope=request.scope,
        area=area,
        day=day,
        kind=post.get("kind", ""),
        items=items,
        reason=post.get("reason", ""),
        note=post.get("note", ""),
        to_worker=_worker(post.get("worker", "")),
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("Carried to tomorrow: {n}.").format(n=number))
    return _back("close-out", area, day)


@act(CLOSE)
def close(request: DeskRequest) -> HttpResponse:
    """Close the day as it was looked at."""
    area, day = asked(request)
    revision = close_day(
        scope=request.scope,
        area=area,
        day=day,
        looked=request.POST.get("looked", ""),
        without=request.POST.get("without", ""),
        reason=request.POST.get("reason", ""),
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("The day is closed, revision {n}.").format(n=revision))
    return _back("close-out", area, day)


@act(CLOSE)
def reopen(request: DeskRequest) -> HttpResponse:
    """Open a closed day again, with a reason."""
    area, day = asked(request)
    reason = request.POST.get("reason", "")
    reopen_day(scope=request.scope, area=area, day=day, reason=reason, by=request.actor, at=request.at)
    messages.success(request, gettext("The day is open again."))
    return _back("close-out", area, day)


@page(VIEW)
def meeting(request: DeskRequest) -> HttpResponse:
    """One page for the evening meeting; prints on A4."""
    area, day = asked(request)
    context = evening.the_meeting(request.sight, area, day, request.at)
    context |= {
        "may_close": request.scope.allows(CLOSE, area),
        "task_id": uuid7(),
        "today": request.today,
        "tomorrow": day + timedelta(days=1),
    }
    return render(request, "desk/evening.html", context)


@page(VIEW)
def tomorrow(request: DeskRequest) -> HttpResponse:
    """What the next day will ask for, worker by worker; prints a sheet for each."""
    area, day = asked(request)
    worker = uuid_or_none(request.GET.get("worker", ""))
    context = evening.the_tomorrow(
        request.sight, area, day, worker=worker, after=request.GET.get("after", "")
    )
    return render(request, "desk/tomorrow.html", context | {"today": request.today})


@act(CLOSE)
def task(request: DeskRequest) -> HttpResponse:
    """Write a task for tomorrow."""
    area, day = asked(request)
    post = request.POST
    write_task(
        id=uuid_or_none(post.get("id", "")) or uuid7(),
        scope=request.scope,
        area=area,
        day=day,
        text=post.get("text", ""),
        owner=_worker(post.get("worker", "")),
        due_at=_instant(post.get("due", "")),
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("The task is written."))
    return _back("evening", area, day)


@act(CLOSE)
def task_done(request: DeskRequest, task_id: UUID) -> HttpResponse:
    """Say that a task was done, or dropped and why."""
    post = request.POST
    mark_task(
        task_id=task_id,
        scope=request.scope,
        outcome=post.get("outcome", ""),
        note=post.get("note", ""),
        by=request.actor,
        at=request.at,
    )
    area, day = asked(request)
    return _back("evening", area, day)


def asked(request: DeskRequest) -> tuple[str, date]:
    """Which place and day a page is about: those in the address, else one's own and today."""
    told = request.GET if request.method == "GET" else request.POST
    try:
        day = date.fromisoformat(told.get("day", ""))
    except ValueError:
        day = request.today
    area = told.get("area", "") or default_area(request.sight, request.at)
    if not request.sight.sees(area):
        raise Refused("place-not-found")
    return area, min(day, request.today)


def _worker(text: str) -> UUID | None:
    if not text:
        return None
    worker = uuid_or_none(text)
    if worker is None:
        raise Refused("worker-unknown")
    return worker


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=timezone.get_current_timezone())
    except ValueError as unreadable:
        raise Refused("task-due-past") from unreadable


def _back(name: str, area: str, day: date) -> HttpResponse:
    return redirect(f"{reverse(name)}?{urlencode({'day': day.isoformat(), 'area': area})}")
