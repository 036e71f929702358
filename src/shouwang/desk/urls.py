"""Addresses of the office pages."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from shouwang.desk.views import (
    checks,
    duties,
    files,
    households,
    journal,
    packs,
    people,
    search,
    today,
    users,
    watched,
)

urlpatterns = [
    path("", today.today, name="today"),
    path("language/", set_language, name="set_language"),
    path("search/", search.search, name="search"),
    path("households/<uuid:household_id>/", households.household, name="household"),
    path("users/", users.users, name="users"),
    path("users/add/", users.add_user, name="user-add"),
    path("users/<uuid:user_id>/give/", users.give_role, name="user-give"),
    path("users/<uuid:user_id>/take/", users.take_role, name="user-take"),
    path("people/<uuid:person_id>/", people.person, name="person"),
    path("people/<uuid:person_id>/reveal/", people.reveal, name="person-reveal"),
    path("people/<uuid:person_id>/correct/", people.correct, name="person-correct"),
    path("files/<uuid:file_id>/check/", checks.check, name="check"),
    path("files/<uuid:file_id>/checks/<uuid:check_id>/correct/", checks.correct, name="check-correct"),
    path(
        "files/<uuid:file_id>/checks/<uuid:check_id>/countersign/",
        checks.countersign,
        name="check-countersign",
    ),
    path("files/<uuid:file_id>/sign/", checks.sign, name="day-sign"),
    path("files/<uuid:file_id>/release/", files.release, name="file-release"),
    path("files/<uuid:file_id>/release-early/", files.release_early, name="file-release-early"),
    path("files/<uuid:file_id>/extend/", files.extend, name="file-extend"),
    path("files/<uuid:file_id>/hand-over/", files.pass_on, name="file-hand-over"),
    path("due/", duties.due, name="due"),
    path("alerts/", duties.alerts, name="alerts"),
    path("alerts/<uuid:alert_id>/answer/", duties.answer, name="alert-answer"),
    path("watched/", watched.watched, name="watched"),
    path("packs/", packs.packs, name="packs"),
    path("packs/propose/", packs.propose, name="pack-propose"),
    path("packs/<uuid:revision_id>/", packs.pack, name="pack"),
    path("packs/<uuid:revision_id>/preview/", packs.would_change, name="pack-preview"),
    path("packs/<uuid:revision_id>/approve/", packs.approve, name="pack-approve"),
    path("journal/", journal.journal, name="journal"),
]
