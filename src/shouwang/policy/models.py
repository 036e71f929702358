"""方案修订: policy packs as adopted by a place. Content is frozen when proposed; adoption is final."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.ids import uuid7


class PackRevision(models.Model):
    """方案修订: one revision of a pack for one place, from proposal to retirement.

    `source` is the canonical content that `content_hash` is made of, `original` the text as it was handed in.
    In force from `in_force_from` (inclusive) to `in_force_until` (exclusive; null while nothing followed).
    The database refuses a change of content, a change after adoption, and an approval by the proposer.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        APPROVED = "approved"
        ADOPTED = "adopted"
        RETIRED = "retired"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    pack_id = models.CharField(max_length=60)
    revision = models.CharField(max_length=60)
    disease = models.CharField(max_length=60)
    content_hash = models.CharField(max_length=64)
    source = models.JSONField()
    original = models.TextField()
    state = models.CharField(max_length=10, choices=State)
    reason = models.TextField()
    proposed_by = models.TextField()
    proposed_by_name = models.TextField()
    proposed_at = models.DateTimeField()
    approved_by = models.TextField(blank=True)
    approved_by_name = models.TextField(blank=True)
    approved_at = models.DateTimeField(null=True)
    adopted_by = models.TextField(blank=True)
    adopted_at = models.DateTimeField(null=True)
    in_force_from = models.DateTimeField(null=True)
    in_force_until = models.DateTimeField(null=True)

    objects = ScopedManager["PackRevision"]()

    class Meta:
        db_table = "policy_packrevision"
        indexes = [models.Index(fields=["area", "disease", "in_force_from"], name="policy_revision_in_force")]
        constraints = [
            models.CheckConstraint(
                name="policy_revision_second_person",
                condition=Q(state="proposed")
                | (~Q(approved_by="") & (~Q(approved_by=F("proposed_by")) | Q(proposed_by=SYSTEM.id))),
            ),
            models.CheckConstraint(
                name="policy_revision_dates",
                condition=Q(state__in=["proposed", "approved"])
                | Q(adopted_at__isnull=False, in_force_from__isnull=False),
            ),
            models.CheckConstraint(
                name="policy_revision_order",
                condition=Q(in_force_until__isnull=True) | Q(in_force_until__gt=F("in_force_from")),
            ),
            models.UniqueConstraint(
                fields=["area", "disease"],
                condition=Q(state="adopted"),
                name="policy_revision_one_adopted",
            ),
        ]
