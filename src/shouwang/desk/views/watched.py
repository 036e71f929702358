"""正在观察 Everyone under observation in a place."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from shouwang.desk.gate import DeskRequest, page
from shouwang.desk.packwords import category_words
from shouwang.desk.paging import PAGE, cut, uuid_or_none
from shouwang.kernel.errors import Refused
from shouwang.observation.queries import watched as files_watched
from shouwang.people.queries import people_by_ids
from shouwang.places.queries import spoken_names, zone_of


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
