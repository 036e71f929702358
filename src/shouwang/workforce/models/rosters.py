"""值班: rosters, shifts that one person cannot have two of at once, and what was said at the hand-over."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7


class Roster(models.Model):
    """值班表: a target kept by shifts from one instant to another, without a gap."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    team = models.ForeignKey("workforce.TeamTarget", on_delete=models.PROTECT, related_name="+")
    starts = models.JSONField()
    """When shifts begin, on the wall clock of `zone`, as the pack said when the roster was opened."""
    people = models.PositiveSmallIntegerField()
    """How many are on duty at once."""
    late_after_minutes = models.PositiveSmallIntegerField()
    zone = models.CharField(max_length=40)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    """Null: until somebody closes it."""
    closed_reason = models.TextField(blank=True)

    objects = ScopedManager["Roster"]()

    class Meta:
        db_table = "workforce_roster"
        constraints = [
            models.UniqueConstraint(
                fields=["team"], condition=Q(closed_reason=""), name="workforce_roster_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="workforce_roster_order"
            ),
        ]
        indexes = [models.Index(OpClass(F("area"), "text_pattern_ops"), name="workforce_roster_area")]


class Shift(models.Model):
    """班次: one person on duty at one target from one instant to another.

    That nobody is on two shifts at once is an exclusion constraint of the database
    (`workforce_shift_one_at_a_time`). A shift given up is cancelled with a reason and keeps its row.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    roster = models.ForeignKey("workforce.Roster", on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey("workforce.Worker", on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_reason = models.TextField(blank=True)

    objects = ScopedManager["Shift"]()

    class Meta:
        db_table = "workforce_shift"
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="workforce_shift_order"),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | ~Q(cancelled_reason=""),
                name="workforce_shift_cancelled_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["roster", "starts_at"], name="workforce_shift_roster"),
            models.Index(fields=["worker", "starts_at"], name="workforce_shift_worker"),
            models.Index(
                fields=["ends_at"],
                name="workforce_shift_open",
                condition=Q(cancelled_at__isnull=True, handed_over_at__isnull=True),
            ),
        ]


class ShiftNote(models.Model):
    """交接班记录: what the one who goes tells the one who comes. Append-only; a correction names the old note."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "text": "what was noted at a household, may be health; until two years after the outbreak is closed",
        "by_name": "staff; three years after the last assignment ends",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    shift = models.ForeignKey("workforce.Shift", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    """`begun`, `note`, `handed`"""
    to_shift = models.ForeignKey("workforce.Shift", on_delete=models.PROTECT, null=True, related_name="+")
    """Who took over."""
    text = models.TextField(blank=True)
    corrects = models.ForeignKey("workforce.ShiftNote", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by_id = models.TextField()
    by_name = models.TextField()

    objects = ScopedManager["ShiftNote"]()

    class Meta:
        db_table = "workforce_shiftnote"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["begun", "note", "handed"]), name="workforce_shiftnote_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind="begun") | ~Q(text=""), name="workforce_shiftnote_says_something"
            ),
        ]
        indexes = [models.Index(fields=["shift", "at"], name="workforce_shiftnote_shift")]
