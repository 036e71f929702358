"""队伍: workers and assignments. Responsibility is one thing (ARCHITECTURE, idea 3)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7


class Worker(models.Model):
    """工作人员: somebody who serves: a cadre, a medic, a police officer, a neighbour."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "name": "staff; three years after the last assignment ends",
        "telephone": "staff; three years after the last assignment ends",
        "latitude": "staff; three years after the last assignment ends",
        "longitude": "staff; three years after the last assignment ends",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    name = models.TextField()
    telephone = models.TextField(blank=True)
    """The number residents ring; a working number, not sealed."""
    unit = models.TextField(blank=True)
    kinds = models.JSONField(default=list)
    """Role codes this worker can take (`medic`, `police`, …)."""
    user = models.OneToOneField("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    latitude = models.FloatField(null=True)
    """Where they set out from, where known; else the place they serve stands for it."""
    longitude = models.FloatField(null=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = ScopedManager["Worker"]()

    class Meta:
        db_table = "workforce_worker"
        indexes = [models.Index(OpClass(F("area"), "text_pattern_ops"), name="workforce_worker_area")]


class Assignment(models.Model):
    """分工: who, in which role of which role set, to what, from when to when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    worker = models.ForeignKey("workforce.Worker", on_delete=models.PROTECT, related_name="+")
    role_set = models.CharField(max_length=40)
    role = models.CharField(max_length=40)
    target_kind = models.CharField(max_length=20)
    """One of `packs.schema.Target`: `household`, `compound`, `site`, `post`, `village`, …"""
    target_id = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_reason = models.TextField(blank=True)
    handed_to = models.ForeignKey(
        "workforce.Assignment", on_delete=models.PROTECT, null=True, related_name="+"
    )

    is_fixed = models.BooleanField(default=False)
    """Chosen by hand: no proposal moves it."""
    absence = models.ForeignKey(
        "workforce.Absence", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    """Set where somebody stands in for a worker who is away."""

    objects = ScopedManager["Assignment"]()

    class Meta:
        db_table = "workforce_assignment"
        constraints = [
            models.UniqueConstraint(
                fields=["target_kind", "target_id", "role_set", "role", "worker"],
                condition=Q(until__isnull=True),
                name="workforce_assignment_once",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="workforce_assignment_order"
            ),
        ]
        indexes = [
            models.Index(
                fields=["worker", "target_kind"],
                name="workforce_assignment_load",
                condition=Q(until__isnull=True),
            ),
            models.Index(fields=["target_kind", "target_id", "since"], name="workforce_assignment_target"),
            models.Index(OpClass(F("area"), "text_pattern_ops"), name="workforce_assignment_area"),
        ]
