"""Addresses of the office pages: every part of the work in one list."""

from __future__ import annotations

from shouwang.desk.addresses import evening, facts, spine

urlpatterns = [
    *spine.urlpatterns,
    *facts.urlpatterns,
    *evening.urlpatterns,
]
