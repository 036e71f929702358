"""Addresses of the field API (docs/reference/sync.md); each has its module under `endpoints`."""

from __future__ import annotations

from django.urls import path

from shouwang.fieldapi.endpoints.changes import changes
from shouwang.fieldapi.endpoints.commands import commands
from shouwang.fieldapi.endpoints.enrol import enrol
from shouwang.fieldapi.endpoints.openapi import openapi
from shouwang.fieldapi.endpoints.shift import shift
from shouwang.fieldapi.endpoints.state import state

urlpatterns = [
    path("v1/enrol", enrol, name="field-enrol"),
    path("v1/shift", shift, name="field-shift"),
    path("v1/state", state, name="field-state"),
    path("v1/changes", changes, name="field-changes"),
    path("v1/commands", commands, name="field-commands"),
    path("v1/openapi.json", openapi, name="field-openapi"),
]
