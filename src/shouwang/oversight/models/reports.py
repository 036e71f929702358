"""日报 Daily reports as they were closed."""

from __future__ import annotations

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

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


class ReportTemplate(models.Model):
    """日报模板: a Word template that a place put in the stead of the built-in one. The latest row counts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    form = models.CharField(max_length=60)
    content = models.BinaryField()
    """The docx; empty: the built-in template again."""
    hash = models.CharField(max_length=64)
    by_id = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField()

    objects = ScopedManager["ReportTemplate"]()

    class Meta:
        db_table = "oversight_reporttemplate"
        indexes = [
            models.Index(
                F("form"), OpClass(F("area"), "text_pattern_ops"), F("at"), name="oversight_template"
            )
        ]
