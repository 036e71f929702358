"""今日 Today: one page, four readers."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from shouwang.desk.gate import DeskRequest, page


@page(None)
def today(request: DeskRequest) -> HttpResponse:
    """What must be done now, by role."""
    return render(request, "desk/today.html", {})
