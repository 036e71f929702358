"""警报: what a reading, a test or a silence raises, until somebody has answered it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7
from shouwang.observation.models.files import UNTIL_CLOSED


class Alert(models.Model):
    """警报: raised in the transaction of the check; unanswered, it climbs."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "code": f"health; {UNTIL_CLOSED}",
        "answer": f"health; {UNTIL_CLOSED}",
    }

    class State(models.TextChoices):
        OPEN = "open"
        ANSWERED = "answered"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(
        "observation.ObservationFile", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    check_row = models.ForeignKey(
        "observation.DailyCheck", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    test = models.ForeignKey(
        "observation.TestFact", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    """The test that raised it, where no daily check did."""
    area = models.TextField()
    code = models.CharField(max_length=60)
    severity = models.CharField(max_length=10)
    tell = ArrayField(models.TextField())
    """Roles to tell."""
    climb = ArrayField(models.IntegerField())
    """Minutes after which it climbs, each counted from when it was raised."""
    raised_at = models.DateTimeField()
    level = models.SmallIntegerField(default=0)
    next_climb_at = models.DateTimeField(null=True)
    told_steps = models.SmallIntegerField(db_default=0)
    """How many steps were told: the opening, then each climb. Rows owe their telling; nobody has to remember it."""
    lease_until = models.DateTimeField(null=True)
    """Where telling failed: not tried again before."""
    attempts = models.SmallIntegerField(db_default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    answered_by = models.TextField(blank=True)
    answered_by_name = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    """What was done."""

    objects = ScopedManager["Alert"]()

    class Meta:
        db_table = "observation_alert"
        constraints = [
            models.UniqueConstraint(fields=["check_row", "code"], name="observation_alert_once"),
            models.UniqueConstraint(
                fields=["test", "code"], condition=Q(test__isnull=False), name="observation_alert_test_once"
            ),
            models.CheckConstraint(
                condition=Q(check_row__isnull=False, test__isnull=True)
                | Q(check_row__isnull=True, test__isnull=False),
                name="observation_alert_cause",
            ),
            models.CheckConstraint(
                condition=Q(state="open")
                | (~Q(answered_by="") & ~Q(answer="") & Q(answered_at__isnull=False)),
                name="observation_alert_answer",
            ),
        ]
        indexes = [
            models.Index(
                OpClass(F("area"), "text_pattern_ops"),
                F("raised_at"),
                name="observation_alert_open",
                condition=~Q(state="closed"),
            ),
            models.Index(
                fields=["next_climb_at"],
                name="observation_alert_climb",
                condition=Q(state="open", next_climb_at__isnull=False),
            ),
            models.Index(
                fields=["raised_at"],
                name="observation_alert_untold",
                condition=Q(state="open", told_steps=0),
            ),
            models.Index(fields=["file"], name="observation_alert_file"),
        ]
