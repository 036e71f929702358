"""包保对象: what needs a team beside the households under observation; and who is away for a while."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7


class TeamTarget(models.Model):
    """包保对象: a compound, site, post, firm, village or household that a role set was put on, since when.

    For a place `target_id` is its path, for a household or a person its id; for what no other room holds yet
    (a post, a site, a firm) it is the id of this row.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    target_kind = models.CharField(max_length=20)
    target_id = models.TextField()
    role_set = models.CharField(max_length=40)
    name = models.TextField(blank=True)
    """What people call it; of a household nothing is kept here."""
    unit = models.TextField(blank=True)
    """包保单位: the unit paired with it."""
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_reason = models.TextField(blank=True)

    objects = ScopedManager["TeamTarget"]()

    class Meta:
        db_table = "workforce_teamtarget"
        constraints = [
            models.UniqueConstraint(
                fields=["target_kind", "target_id", "role_set"],
                condition=Q(until__isnull=True),
                name="workforce_teamtarget_once",
            ),
        ]
        indexes = [models.Index(OpClass(F("area"), "text_pattern_ops"), name="workforce_teamtarget_area")]


class Absence(models.Model):
    """缺勤: a worker falls ill or is away; somebody stands in, and hands back when they return."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "kind": "staff, may say that somebody is ill; three years after the last assignment ends",
        "reason": "staff, may say that somebody is ill; three years after the last assignment ends",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    worker = models.ForeignKey("workforce.Worker", on_delete=models.PROTECT, related_name="+")
    stand_in = models.ForeignKey("workforce.Worker", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    """`ill`, `away`"""
    reason = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = ScopedManager["Absence"]()

    class Meta:
        db_table = "workforce_absence"
        constraints = [
            models.UniqueConstraint(
                fields=["worker"], condition=Q(until__isnull=True), name="workforce_absence_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=["ill", "away"]), name="workforce_absence_kind"),
        ]
        indexes = [models.Index(fields=["stand_in"], name="workforce_absence_stand_in")]
