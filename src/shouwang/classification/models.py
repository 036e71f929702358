"""分类: decisions, never changed, and where each person stands now."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7


class Decision(models.Model):
    """分类决定: what a person was found to be, by which revision, why, from which facts. Never changed."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "category": "health; until two years after the outbreak is closed",
        "reasons": "health; until two years after the outbreak is closed",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    area = models.TextField()
    """Where the person lived when this was decided."""
    revision_id = models.UUIDField()
    """The revision of the pack (`policy`), without a foreign key: decisions outlive policy tables."""
    category = models.TextField(null=True)
    """Code of the category; null: no longer of any."""
    certain = models.BooleanField()
    """False: could not be ruled out; unknown counts as found."""
    was = models.TextField(null=True)
    """The category before this decision."""
    reasons = models.JSONField(default=list)
    """`[{"code", "params", "zh"}]`: facts that decided, as data and as a clause in Chinese."""
    facts_digest = models.CharField(max_length=64)
    decided_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    objects = ScopedManager["Decision"]()

    class Meta:
        db_table = "classification_decision"
        indexes = [
            models.Index(fields=["person", "decided_at"], name="classification_dec_person"),
            models.Index(fields=["decided_at"], name="classification_dec_at"),
        ]


class Standing(models.Model):
    """现分类: what a person is now; kept by the statement that writes the decision.

    A person never found to be anything has no row. It is in sight where the person lives now.
    """

    AREA_COLUMN: ClassVar[str] = "person__area"

    PERSONAL: ClassVar[dict[str, str]] = {
        "category": "health; until two years after the outbreak is closed",
    }

    person = models.OneToOneField(
        "people.Person", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    decision = models.ForeignKey(
        "classification.Decision", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    """Written by the one statement that writes the decision; checking it again would cost a fifth of it."""
    category = models.TextField(null=True)
    certain = models.BooleanField()
    revision_id = models.UUIDField()
    facts_digest = models.CharField(max_length=64)

    objects = ScopedManager["Standing"]()

    class Meta:
        db_table = "classification_standing"
        indexes = [
            models.Index(
                fields=["category"], name="classification_standing_cat", condition=Q(category__isnull=False)
            ),
        ]
