"""日报 Daily reports as they were closed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7


class ClosedReport(models.Model):
    """已结日报: a day's report as it was closed. A correction is a new revision with its reason."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    day = models.DateField()
    """The local day."""
    revision = models.PositiveSmallIntegerField()
    content = models.JSONField()
    """All figures with their definitions (`rules.frozen`), and per figure the ids behind it."""
    hash = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    closed_at = models.DateTimeField()
    closed_by_id = models.TextField()
    closed_by_name = models.TextField()

    objects = ScopedManager["ClosedReport"]()

    class Meta:
        db_table = "oversight_closedreport"
        constraints = [
            models.UniqueConstraint(fields=["area", "day", "revision"], name="oversight_closed_once"),
            models.CheckConstraint(condition=Q(revision=1) | ~Q(reason=""), name="oversight_closed_why"),
        ]
