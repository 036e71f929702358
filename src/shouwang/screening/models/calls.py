"""问询 Statements: what somebody answered to a script, by telephone or on their own account."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7
from shouwang.screening.models.imports import UNTIL_CLOSED


class Statement(models.Model):
    """陈述: the answers of one person to one script. Appended; an update names the one before, and both stay."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "answers": f"health and movement, sealed; {UNTIL_CLOSED}",
        "digest": f"hash of the content; {UNTIL_CLOSED}",
        "facts": f"codes of what the answers became; {UNTIL_CLOSED}",
        "reason": f"may name a person; {UNTIL_CLOSED}",
    }

    class Source(models.TextChoices):
        CALL = "call"
        SELF = "self"
        DOOR = "door"
        FORM = "form"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    script = models.CharField(max_length=60)
    revision_id = models.UUIDField()
    """Revision of the pack whose script was asked."""
    source = models.CharField(max_length=4, choices=Source.choices)
    """`self`: the person rang to say so."""
    told_at = models.DateTimeField()
    answers = models.BinaryField()
    """Question → answer, as sealed JSON."""
    facts = models.JSONField(default=list)
    """What the answers became: key, fact, kind and id, without values."""
    digest = models.UUIDField()
    replaces = models.ForeignKey(
        "screening.Statement", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    """The answers before these, of the same person to the same script."""
    is_correction = models.BooleanField(default=False)
    """Whether the answers before were wrong, not only older."""
    reason = models.TextField(blank=True)
    by_id = models.TextField()
    by_name = models.TextField()
    recorded_at = models.DateTimeField()

    objects = ScopedManager["Statement"]()

    class Meta:
        db_table = "screening_statement"
        constraints = [
            models.UniqueConstraint(
                fields=["replaces"], condition=Q(replaces__isnull=False), name="screening_statement_chain"
            ),
            models.CheckConstraint(
                condition=Q(is_correction=False) | (Q(replaces__isnull=False) & ~Q(reason="")),
                name="screening_statement_reason",
            ),
        ]
        indexes = [
            models.Index(F("person"), F("script"), F("told_at").desc(), name="screening_statement_person"),
        ]
