"""Addresses of the field app's page and files."""

from __future__ import annotations

from django.urls import path

from shouwang.fieldapi.site import site

urlpatterns = [
    path("", site, name="field-app"),
    path("<path:path>", site, name="field-app-file"),
]
