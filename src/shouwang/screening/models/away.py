"""外出务工 Workers away: who is away from which village, what they said each time, and what holds now."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7
from shouwang.screening.models.imports import UNTIL_CLOSED


class AwayWorker(models.Model):
    """外出务工人员: somebody of the register who works elsewhere. What holds now is kept with what was said."""

    PERSONAL: ClassVar[dict[str, str]] = {"where_text": f"movement; {UNTIL_CLOSED}"}

    class State(models.TextChoices):
        NOT_ASKED = "not-asked"
        DEFERRED = "deferred"
        RETURNING = "returning"
        UNDECIDED = "undecided"
        RETURNED = "returned"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    """The village that is home."""
    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="+")
    household_id = models.UUIDField(null=True)
    where_text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NOT_ASKED)
    returning_on = models.DateField(null=True)
    dependants = models.BooleanField(null=True)
    """Whether somebody at home needs looking after; null: not asked."""
    told_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=10)
    """`register`, `hand` or `call`: how they came on the list."""
    by_id = models.TextField()
    by_name = models.TextField()
    recorded_at = models.DateTimeField()

    objects = ScopedManager["AwayWorker"]()

    class Meta:
        db_table = "screening_awayworker"
        indexes = [
            models.Index(OpClass(F("area"), "text_pattern_ops"), F("id"), name="screening_away_area"),
            models.Index(fields=["household_id"], name="screening_away_household"),
        ]


class AwayOutcome(models.Model):
    """返乡意向: what a worker away said at one time. Appended; the last said counts, the others stay."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "where_text": f"movement; {UNTIL_CLOSED}",
        "digest": f"hash of the content; {UNTIL_CLOSED}",
        "note": f"may name a person; {UNTIL_CLOSED}",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    away = models.ForeignKey(
        "screening.AwayWorker", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    outcome = models.CharField(max_length=10)
    returning_on = models.DateField(null=True)
    where_text = models.TextField(blank=True)
    dependants = models.BooleanField(null=True)
    told_at = models.DateTimeField()
    source = models.CharField(max_length=6)
    """`call`, `self`, `family`, `door` or `hand`."""
    note = models.TextField(blank=True)
    digest = models.UUIDField()
    by_id = models.TextField()
    by_name = models.TextField()
    recorded_at = models.DateTimeField()

    objects = ScopedManager["AwayOutcome"]()

    class Meta:
        db_table = "screening_awayoutcome"
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome__in=["returning", "returned"]) | Q(returning_on__isnull=False),
                name="screening_away_return_day",
            ),
        ]
        indexes = [
            models.Index(fields=["away", "told_at"], name="screening_away_told"),
            models.Index(
                OpClass(F("area"), "text_pattern_ops"), F("recorded_at"), name="screening_away_said"
            ),
        ]
