"""Addresses of the doctor's round and of its sheets."""

from __future__ import annotations

from django.urls import path

from shouwang.desk.views import rounds

urlpatterns = [
    path("round/", rounds.round_page, name="round"),
    path("round/tonight/", rounds.evening, name="round-evening"),
    path("round/order/", rounds.order, name="round-order"),
    path("round/make/", rounds.make, name="round-make"),
    path("households/<uuid:household_id>/locate/", rounds.locate, name="household-locate"),
    path("round/find/", rounds.find, name="round-find"),
    path("round/sheets/<uuid:sheet_id>/", rounds.sheet, name="round-sheet"),
    path("round/sheets/<uuid:sheet_id>/print/", rounds.print_sheet, name="round-print"),
]
