"""日志 The journal: who did, read, exported and overrode what."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from shouwang.desk.gate import DeskRequest, page
from shouwang.desk.paging import PAGE, at_and_id, cut
from shouwang.desk.words import GROUPS, subject_words, verb_words
from shouwang.journal.queries import event_page
from shouwang.places.queries import spoken_names


@page("journal.view")
def journal(request: DeskRequest) -> HttpResponse:
    """Events in sight, newest first, by group and by who."""
    group = request.GET.get("group", "")
    actor = request.GET.get("who", "").strip()
    events = event_page(
        request.sight,
        verbs=GROUPS[group][1] if group in GROUPS else (),
        actor=actor,
        after=at_and_id(request.GET.get("after", "")),
        limit=PAGE + 1,
    )
    pages = cut(events, lambda row: f"{row.at.isoformat()}~{row.id}")
    context = {
        "rows": [(row, verb_words(row.verb), subject_words(row.subject_kind)) for row in pages.rows],
        "next": pages.next,
        "groups": [(code, title, code == group) for code, (title, _) in GROUPS.items()],
        "group": group,
        "who": actor,
        "places": spoken_names(row.area for row in pages.rows),
    }
    return render(request, "desk/journal.html", context)
