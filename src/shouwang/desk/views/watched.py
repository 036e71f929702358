"""正在观察 Everyone under observation in a place, and who left it because they were found."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render

from shouwang.desk.dates import day_words
from shouwang.desk.gate import DeskRequest, page
from shouwang.desk.labwords import OUTCOMES
from shouwang.desk.packwords import category_words, event_titles, stage_words, symptom_titles
from shouwang.desk.paging import PAGE, cut, uuid_or_none
from shouwang.kernel.days import day_start
from shouwang.kernel.errors import Refused
from shouwang.observation.queries import MovedOnRow, moved_on
from shouwang.observation.queries import watched as files_watched
from shouwang.packs.schema import Pack
from shouwang.people.queries import people_by_ids
from shouwang.places.queries import spoken_names, zone_of
from shouwang.policy.queries import pack_of

DAYS_BACK = 14
MOST_MOVED = 200


@page("observation.view")
def watched(request: DeskRequest) -> HttpResponse:
    """Open files, of a village or of all; or only who was seen today."""
    area = request.GET.get("area", "")
    if area and not request.sight.sees(area):
        raise Refused("place-not-found")
    seen = request.GET.get("only") == "seen"
    rows = files_watched(
        request.sight,
        request.at,
        zone=zone_of(area or request.sight.areas[0]),
        area=area or None,
        seen_today=seen,
        limit=PAGE + 1,
        after=uuid_or_none(request.GET.get("after", "")),
    )
    pages = cut(rows, lambda file: str(file.id))
    people = {p.id: p for p in people_by_ids(request.sight, [f.person_id for f in pages.rows])}
    context = {
        "rows": [
            (
                file,
                people.get(file.person_id),
                category_words(file.revision_id, file.category),
                (request.today - file.day_zero).days,
                (file.last_day - file.day_zero).days,
            )
            for file in pages.rows
        ],
        "next": pages.next,
        "seen": seen,
        "area": area,
        "places": spoken_names([*(f.area for f in pages.rows), area]),
        "today": request.today,
    }
    return render(request, "desk/watched.html", context)


@page("observation.view")
def moved(request: DeskRequest) -> HttpResponse:
    """Who was found in these days and went on to a hospital: from which stage, because of what, to where."""
    area = request.GET.get("area", "")
    if area and not request.sight.sees(area):
        raise Refused("place-not-found")
    since = request.today - timedelta(days=DAYS_BACK - 1)
    zone = zone_of(area or request.sight.areas[0])
    found = moved_on(
        request.sight,
        since=day_start(since, zone),
        until=request.at + timedelta(seconds=1),
        area=area,
        limit=MOST_MOVED,
    )
    people = {p.id: p for p in people_by_ids(request.sight, [row.person_id for row in found])}
    context = {
        "rows": [(row, people.get(row.person_id), *_told(row)) for row in found],
        "is_cut": len(found) == MOST_MOVED,
        "since": since,
        "area": area,
        "places": spoken_names([*(row.area for row in found), area]),
        "today": request.today,
    }
    return render(request, "desk/moved_on.html", context)


def _told(row: MovedOnRow) -> tuple[str, str, list[str]]:
    """The event, the stage it happened in and what it follows from, in the words of the pack of the file."""
    pack = pack_of(row.revision_id)
    event = event_titles(pack, row.protocol, "transfer", "reopen").get(row.event, row.event)
    return event, stage_words(pack, row.protocol, row.stage), [_because(cause, pack) for cause in row.because]


def _because(cause: dict[str, str], pack: Pack) -> str:
    """2月14日 阳性; 2月14日 37.6 咳嗽."""
    day = day_words(date.fromisoformat(cause["day"]), weekday=False)
    if "test" in cause:
        return f"{day} {OUTCOMES.get(cause['found'], cause['found'])}"
    titles = symptom_titles(pack)
    said = [
        f"{int(one) / 10:.1f}" if one.isdigit() else titles.get(one, one) for one in cause["found"].split(",")
    ]
    return f"{day} {' '.join(said)}"
