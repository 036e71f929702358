"""Addresses of groups, messages and channels."""

from __future__ import annotations

from django.urls import path

from shouwang.desk.views import groups, sent

urlpatterns = [
    path("groups/", groups.groups, name="groups"),
    path("groups/form/", groups.form, name="groups-form"),
    path("groups/sheets/", groups.sheets, name="groups-sheets"),
    path("groups/<uuid:group_id>/", groups.group, name="group"),
    path("groups/<uuid:group_id>/created/", groups.created, name="group-created"),
    path("groups/<uuid:group_id>/members/", groups.members, name="group-members"),
    path("groups/<uuid:group_id>/connect/", groups.connect, name="group-connect"),
    path("messages/", sent.log, name="messages"),
    path("messages/decide/", sent.decide, name="messages-decide"),
    path("messages/<uuid:message_id>/", sent.message, name="message"),
    path("channels/", sent.channels, name="channels"),
    path("channels/open/", sent.open_channel, name="channel-open"),
    path("channels/<uuid:channel_id>/change/", sent.change_channel, name="channel-change"),
    path("channels/<uuid:channel_id>/test/", sent.try_channel, name="channel-test"),
    path("channels/<uuid:channel_id>/close/", sent.close_channel, name="channel-close"),
]
