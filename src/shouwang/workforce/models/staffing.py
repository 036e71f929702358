"""配人方案: what was proposed for whom, frozen until somebody accepts it, whole or in part."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7


class StaffingProposal(models.Model):
    """配人方案: a proposal as it was computed, from what, by which method, how good."""

    PERSONAL: ClassVar[dict[str, str]] = {"by_name": "staff; three years after the last assignment ends"}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    target_kind = models.CharField(max_length=20)
    role_set = models.CharField(max_length=40)
    revision_id = models.UUIDField()
    """The revision of the pack whose roles and caps it was computed under."""
    moving = models.BooleanField(default=False)
    """Whether slots that nobody fixed might change hands."""
    basis = models.CharField(max_length=64)
    """Digest of the targets, workers and assignments it was computed from."""
    summary = models.JSONField()
    """Counts, method, cost and gap as they were then."""
    at = models.DateTimeField()
    by_name = models.TextField()
    closed_at = models.DateTimeField(null=True)

    objects = ScopedManager["StaffingProposal"]()

    class Meta:
        db_table = "workforce_proposal"
        indexes = [
            models.Index(OpClass(F("area"), "text_pattern_ops"), F("at"), name="workforce_proposal_area")
        ]


class StaffingSlot(models.Model):
    """一条变动: one slot of a proposal: who comes, in whose place, how far; and what became of it."""

    class State(models.TextChoices):
        PROPOSED = "proposed"
        ACCEPTED = "accepted"
        STALE = "stale"
        """What it rested on had changed when it was accepted; nothing was done."""
        DROPPED = "dropped"

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey("workforce.StaffingProposal", on_delete=models.CASCADE, related_name="+")
    area = models.TextField()
    target_id = models.TextField()
    role = models.CharField(max_length=40)
    worker = models.ForeignKey("workforce.Worker", on_delete=models.PROTECT, null=True, related_name="+")
    """Null: nobody was found; the slot stays vacant."""
    moved_from = models.ForeignKey("workforce.Worker", on_delete=models.PROTECT, null=True, related_name="+")
    metres = models.IntegerField(default=0)
    metres_before = models.IntegerField(null=True)
    load_before = models.IntegerField(default=0)
    """What the worker carried in this role when it was computed, and would carry with all of it."""
    load_after = models.IntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)

    objects = ScopedManager["StaffingSlot"]()

    class Meta:
        db_table = "workforce_slot"
        constraints = [
            models.CheckConstraint(
                condition=Q(worker__isnull=False) | Q(state="proposed") | Q(state="dropped"),
                name="workforce_slot_vacant_is_never_accepted",
            )
        ]
        indexes = [models.Index(fields=["proposal", "area", "target_id", "id"], name="workforce_slot_page")]
