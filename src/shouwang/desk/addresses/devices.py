"""Addresses of phones in the field, and of what they sent that somebody must look at."""

from __future__ import annotations

from django.urls import path

from shouwang.desk.views import device_entries, devices

urlpatterns = [
    path("devices/", devices.listing, name="devices"),
    path("devices/code/", devices.give_code, name="device-code"),
    path("devices/from-the-field/", device_entries.listing, name="device-entries"),
    path("devices/from-the-field/<uuid:entry_id>/", device_entries.entry, name="device-entry"),
    path("devices/from-the-field/<uuid:entry_id>/open/", device_entries.opened, name="device-entry-open"),
    path("devices/from-the-field/<uuid:entry_id>/accept/", device_entries.accept, name="device-entry-accept"),
    path(
        "devices/from-the-field/<uuid:entry_id>/dismiss/", device_entries.dismiss, name="device-entry-dismiss"
    ),
    path(
        "devices/from-the-field/<uuid:entry_id>/confirm/", device_entries.confirm, name="device-entry-confirm"
    ),
    path("devices/<uuid:device_id>/", devices.one, name="device"),
    path("devices/<uuid:device_id>/revoke/", devices.revoke, name="device-revoke"),
]
