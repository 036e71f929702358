"""收日 The day as each level closed it: what was left, why, who takes it. Appended, never changed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7

STAFF = "staff; three years after the last assignment ends"
UNTIL_CLOSED = "until two years after the outbreak is closed"


class CarriedItem(models.Model):
    """结转事项: why one thing was not done on a day, and who takes it on the next. The latest row counts."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "note": f"may speak of a person; {UNTIL_CLOSED}",
        "to_name": STAFF,
        "by_name": STAFF,
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    command = models.UUIDField()
    """The client's id of what was sent, one item or many: sent twice it is one fact."""
    area = models.TextField()
    """Of the item."""
    day = models.DateField()
    kind = models.CharField(max_length=40)
    """Code of the kind of work (`rules.gaps`)."""
    item = models.TextField()
    """Key of the item in its kind."""
    reason = models.CharField(max_length=60)
    note = models.TextField(blank=True)
    to_worker = models.ForeignKey(
        "workforce.Worker", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    """Who takes it; null: the place's duty desk."""
    to_name = models.TextField(blank=True)
    by_id = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField()

    objects = ScopedManager["CarriedItem"]()

    class Meta:
        db_table = "oversight_carrieditem"
        constraints = [
            models.UniqueConstraint(fields=["command", "kind", "item"], name="oversight_carried_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="oversight_carried_why"),
        ]
        indexes = [
            models.Index(
                F("day"), OpClass(F("area"), "text_pattern_ops"), F("kind"), name="oversight_carried_day"
            ),
            models.Index(fields=["to_worker", "day"], name="oversight_carried_worker"),
        ]


class CloseOut(models.Model):
    """收日记录: a place's day as it was closed, or opened again. A correction is a new revision with its reason."""

    PERSONAL: ClassVar[dict[str, str]] = {"by_name": STAFF}

    class State(models.TextChoices):
        CLOSED = "closed"
        REOPENED = "reopened"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    day = models.DateField()
    revision = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices)
    level = models.CharField(max_length=10)
    due_at = models.DateTimeField()
    """By when the pack in force asked for it."""
    content = models.JSONField()
    """What was looked at (`rules.closing.frozen_day`): counts, own items with reasons, the places below."""
    hash = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    by_id = models.TextField()
    by_name = models.TextField()

    objects = ScopedManager["CloseOut"]()

    class Meta:
        db_table = "oversight_closeout"
        constraints = [
            models.UniqueConstraint(fields=["area", "day", "revision"], name="oversight_closeout_once"),
            models.CheckConstraint(condition=Q(revision=1) | ~Q(reason=""), name="oversight_closeout_why"),
        ]
        indexes = [
            models.Index(F("day"), OpClass(F("area"), "text_pattern_ops"), name="oversight_closeout_day")
        ]
