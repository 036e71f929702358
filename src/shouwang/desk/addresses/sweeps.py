"""Addresses of rounds over doors."""

from __future__ import annotations

from django.urls import path

from shouwang.desk.views import sweep_doors, sweep_entry, sweeps

urlpatterns = [
    path("sweeps/", sweeps.sweeps, name="sweeps"),
    path("sweeps/open/", sweeps.open_new, name="sweep-open"),
    path("sweeps/<uuid:sweep_id>/", sweeps.sweep, name="sweep"),
    path("sweeps/<uuid:sweep_id>/close/", sweeps.close, name="sweep-close"),
    path("sweeps/<uuid:sweep_id>/owner/", sweeps.give, name="sweep-owner"),
    path("sweeps/<uuid:sweep_id>/print/", sweeps.sheets, name="sweep-print"),
    path("sweeps/<uuid:sweep_id>/missed/", sweep_doors.missed, name="sweep-missed"),
    path("sweeps/<uuid:sweep_id>/doors/add/", sweep_doors.add, name="sweep-door-add"),
    path("sweeps/<uuid:sweep_id>/entry/", sweep_entry.entry, name="sweep-entry"),
    path("sweeps/doors/<uuid:door_id>/", sweep_doors.door, name="sweep-door"),
    path("sweeps/visits/<uuid:visit_id>/correct/", sweep_doors.correct, name="sweep-visit-correct"),
]
