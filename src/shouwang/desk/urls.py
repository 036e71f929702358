"""Addresses of the office pages."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from shouwang.desk.views import today

urlpatterns = [
    path("", today.today, name="today"),
    path("language/", set_language, name="set_language"),
]
