"""三清 The three clears of a place, and the list behind every gap."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from shouwang.desk import clears as told
from shouwang.desk.gate import DeskRequest, page
from shouwang.desk.views.evening import VIEW, asked
from shouwang.kernel.errors import Refused
from shouwang.oversight.rules import BY_CODE


@page(VIEW)
def clears(request: DeskRequest) -> HttpResponse:
    """Is everything clear? For each criterion how many are not, of how many, and in which places."""
    area, _ = asked(request)
    return render(
        request, "desk/clears.html", told.the_clears(request.sight, area, request.today, request.at)
    )


@page(VIEW)
def gap(request: DeskRequest, kind: str) -> HttpResponse:
    """The list behind one kind of unfinished work or one criterion."""
    area, day = asked(request)
    if kind not in BY_CODE:
        raise Refused("gap-not-found")
    context = told.the_list(request.sight, kind, area, day, request.at, after=request.GET.get("after", ""))
    context |= {"may_name": request.scope.holds("person.view"), "today": request.today}
    return render(request, "desk/gap_rows.html", context)
