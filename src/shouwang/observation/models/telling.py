"""告知: who was told of an alert or a missed check, when, at which step of the climb."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7


class Telling(models.Model):
    """告知: one line of a ladder, never changed. A level passed over (vacant, or told before) is a line too.

    The id follows from what it is about, the step and the line, so that no step is ever climbed twice.
    """

    PERSONAL: ClassVar[dict[str, str]] = {
        "worker_name": "staff; three years after the last assignment ends",
    }

    id = models.UUIDField(primary_key=True, editable=False)
    about_kind = models.CharField(max_length=10)
    """`alert` or `missed`."""
    about_id = models.UUIDField()
    file = models.ForeignKey(
        "observation.ObservationFile", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    area = models.TextField()
    step = models.SmallIntegerField()
    """0: at the opening; 1, 2 …: each climb."""
    line = models.SmallIntegerField()
    due_at = models.DateTimeField()
    """When the pack's clock asked for it."""
    at = models.DateTimeField()
    """When it was done."""
    outcome = models.CharField(max_length=12)
    """`told`, `vacant`, `told-before`, `nobody`."""
    level = models.CharField(max_length=20)
    role = models.CharField(max_length=40, blank=True)
    worker = models.ForeignKey(
        "workforce.Worker", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    worker_name = models.TextField(blank=True)

    objects = ScopedManager["Telling"]()

    class Meta:
        db_table = "observation_telling"
        constraints = [
            models.UniqueConstraint(fields=["about_id", "step", "line"], name="observation_telling_once"),
            models.CheckConstraint(
                condition=~Q(outcome="told") | Q(worker__isnull=False), name="observation_telling_told"
            ),
        ]
        indexes = [
            models.Index(fields=["file", "at"], name="observation_telling_file"),
            models.Index(fields=["worker", "at"], name="observation_telling_worker"),
            models.Index(
                OpClass(F("area"), "text_pattern_ops"), F("at").desc(), name="observation_telling_area"
            ),
        ]


class MissedCheck(models.Model):
    """漏测: a check that was not made by its deadline and that the pack wants somebody told of. An obligation."""

    class State(models.TextChoices):
        OPEN = "open"
        MADE = "made"
        """A check came, or the file moved on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(
        "observation.ObservationFile", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    area = models.TextField()
    slot_no = models.IntegerField()
    due_at = models.DateTimeField()
    tell = ArrayField(models.TextField())
    steps = ArrayField(models.IntegerField())
    """Minutes after the deadline at which each step is due: the first telling, then the climbs."""
    told_steps = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)

    objects = ScopedManager["MissedCheck"]()

    class Meta:
        db_table = "observation_missedcheck"
        constraints = [
            models.UniqueConstraint(fields=["file", "slot_no"], name="observation_missed_once"),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                name="observation_missed_owed",
                condition=Q(state="open", next_at__isnull=False),
            ),
            models.Index(fields=["file"], name="observation_missed_open", condition=Q(state="open")),
        ]
