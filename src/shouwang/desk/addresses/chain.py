"""Addresses of the chain of responsibility."""

from __future__ import annotations

from django.urls import path

from shouwang.desk.views import chains, pasted

urlpatterns = [
    path("chain/", chains.table, name="chain"),
    path("chain/list/", pasted.heads, name="chain-list"),
    path("chain/alone/", chains.alone, name="chain-alone"),
    path("places/<slug:path>/chain/", chains.place, name="place-chain"),
    path("places/<slug:path>/chain/name/", chains.name, name="place-head"),
    path("places/<slug:path>/chain/<uuid:assignment_id>/end/", chains.end, name="place-head-end"),
]
