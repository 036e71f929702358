"""Addresses of what a person tells: journeys and contacts."""

from __future__ import annotations

from django.urls import path

from shouwang.desk.views import facts

urlpatterns = [
    path("people/<uuid:person_id>/journey/", facts.journey, name="person-journey"),
    path("people/<uuid:person_id>/contact/", facts.contact, name="person-contact"),
]
