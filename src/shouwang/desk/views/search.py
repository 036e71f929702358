"""查找 One box: name, pinyin initials, last four of an id, telephone, door."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from shouwang.desk.gate import DeskRequest, page
from shouwang.people.queries import search_people
from shouwang.places.queries import spoken_names

MOST = 50


@page("person.view")
def search(request: DeskRequest) -> HttpResponse:
    """What the box finds in sight. One hit by a full number opens at once."""
    text = request.GET.get("q", "").strip()
    found = search_people(request.sight, text, limit=MOST)
    if len(found) == 1 and len(text) >= 11 and text.isalnum():
        return redirect("person", person_id=found[0].id)
    context = {
        "text": text,
        "found": found,
        "is_cut": len(found) == MOST,
        "most": MOST,
        "places": spoken_names(row.area for row in found),
        "today": request.today,
    }
    return render(request, "desk/search.html", context)
