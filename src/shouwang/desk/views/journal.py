"""日志 The journal: who did, read, exported and overrode what, to whom and why."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from shouwang.desk.gate import DeskRequest, page
from shouwang.desk.paging import PAGE, at_and_id, cut
from shouwang.desk.words import GROUPS, noted, number_of, subject_words, verb_words
from shouwang.journal.queries import event_page
from shouwang.kernel.days import day_end, day_start
from shouwang.places.queries import spoken_names

TICK = timedelta(microseconds=1)


@page("journal.view")
def journal(request: DeskRequest) -> HttpResponse:
    """Events in sight, newest first: by group, by who, of one day, about one thing."""
    group = request.GET.get("group", "")
    actor = request.GET.get("who", "").strip()
    day = _day(request.GET.get("day", ""))
    since, until = _span(day)
    kind, _, subject = request.GET.get("about", "").partition("~")
    events = event_page(
        request.sight,
        verbs=GROUPS[group][1] if group in GROUPS else (),
        actor=actor,
        about=(kind, subject) if subject else None,
        since=since,
        until=until,
        after=at_and_id(request.GET.get("after", "")),
        limit=PAGE + 1,
    )
    pages = cut(events, lambda row: f"{row.at.isoformat()}~{row.id}")
    context = {
        "rows": [
            (
                row,
                verb_words(row.verb),
                subject_words(row.subject_kind),
                number_of(row.subject_id),
                noted(row.payload),
            )
            for row in pages.rows
        ],
        "next": pages.next,
        "groups": [(code, title, code == group) for code, (title, _) in GROUPS.items()],
        "group": group,
        "who": actor,
        "day": day,
        "about": f"{subject_words(kind)} {number_of(subject)}" if subject else "",
        "places": spoken_names(row.area for row in pages.rows),
    }
    return render(request, "desk/journal.html", context)


def _day(text: str) -> date | None:
    """A day as an address says it; anything else is every day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _span(day: date | None) -> tuple[datetime | None, datetime | None]:
    if day is None:
        return None, None
    zone = timezone.get_current_timezone_name()
    return day_start(day, zone), day_end(day, zone) - TICK
