"""Addresses of grids: which villages are divided, and dividing one."""

from __future__ import annotations

from django.urls import path

from shouwang.desk.views import grids, pasted

urlpatterns = [
    path("grids/", grids.villages, name="grids"),
    path("grids/list/", pasted.grids, name="grid-list"),
    path("grids/<slug:path>/", grids.village, name="grid-village"),
    path("grids/<slug:path>/add/", grids.add, name="grid-add"),
    path("grids/<slug:path>/name/", grids.rename, name="grid-rename"),
    path("grids/<slug:path>/doors/", grids.by_doors, name="grid-doors"),
    path("grids/<slug:path>/range/", grids.by_choice, name="grid-range"),
    path("grids/<slug:path>/missing/", grids.make, name="grid-missing"),
]
