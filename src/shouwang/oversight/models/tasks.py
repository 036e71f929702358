"""次日任务 What the evening meeting decided for tomorrow, and what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.oversight.models.closing import STAFF, UNTIL_CLOSED


class DayTask(models.Model):
    """任务: what is to be done, by whom, until when. Never changed; what became of it is a mark."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "text": f"may speak of a person; {UNTIL_CLOSED}",
        "owner_name": STAFF,
        "by_name": STAFF,
    }

    id = models.UUIDField(primary_key=True, editable=False)
    """The client's, so that the same task sent twice is one."""
    area = models.TextField()
    day = models.DateField()
    """The evening on which it was decided."""
    text = models.TextField()
    owner = models.ForeignKey("workforce.Worker", on_delete=models.PROTECT, null=True, related_name="+")
    """Who does it; null: the place's duty desk."""
    owner_name = models.TextField(blank=True)
    due_at = models.DateTimeField()
    fingerprint = models.CharField(max_length=64)
    by_id = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField()

    objects = ScopedManager["DayTask"]()

    class Meta:
        db_table = "oversight_daytask"
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="oversight_task_text")]
        indexes = [
            models.Index(OpClass(F("area"), "text_pattern_ops"), F("due_at"), name="oversight_task_area")
        ]


class TaskMark(models.Model):
    """任务回执: a task was done or dropped, with a note. One for each task."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "note": f"may speak of a person; {UNTIL_CLOSED}",
        "by_name": STAFF,
    }

    class Outcome(models.TextChoices):
        DONE = "done"
        DROPPED = "dropped"

    task = models.OneToOneField(
        "oversight.DayTask", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    area = models.TextField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    note = models.TextField()
    by_id = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField()

    objects = ScopedManager["TaskMark"]()

    class Meta:
        db_table = "oversight_taskmark"
        constraints = [
            models.CheckConstraint(condition=~Q(outcome="dropped") | ~Q(note=""), name="oversight_mark_why")
        ]
