"""文书: papers as they were issued, and the record that they reached the person."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7

UNTIL_CLOSED = "until two years after the outbreak is closed"


class Paper(models.Model):
    """文书: one printed paper with its frozen content. The database refuses to change what was printed."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "sealed": f"identity, identifier, address and health, sealed; {UNTIL_CLOSED}",
        "holder_masked": f"identity, masked; {UNTIL_CLOSED}",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    kind = models.CharField(max_length=30)
    """`notice-of-observation`, `release-certificate`, `person-file` (`rules.PaperKind`)."""
    subject_kind = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    town = models.TextField()
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    """With kind, town and year: the serial (文号)."""
    content = models.JSONField()
    """Printed values that tell nothing of a person, and the wording's title."""
    sealed = models.BinaryField()
    """All other printed values, as JSON, sealed (`people.sealed`)."""
    content_hash = models.CharField(max_length=64)
    seal = models.BinaryField(max_length=32)
    holder_masked = models.TextField()
    office = models.TextField()
    issued_on = models.DateField()
    """The local day printed on it."""
    issued_at = models.DateTimeField()
    issued_by_id = models.TextField()
    issued_by_name = models.TextField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by_name = models.TextField(blank=True)
    revoked_reason = models.TextField(blank=True)

    objects = ScopedManager["Paper"]()

    class Meta:
        db_table = "outreach_paper"
        constraints = [
            models.UniqueConstraint(fields=["town", "kind", "year", "number"], name="outreach_paper_serial"),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "kind"],
                condition=Q(revoked_at__isnull=True) & ~Q(kind="person-file"),
                name="outreach_paper_one_valid",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | ~Q(revoked_reason=""),
                name="outreach_paper_revoked_why",
            ),
        ]
        indexes = [
            models.Index(
                OpClass(F("area"), "text_pattern_ops"), F("issued_at").desc(), name="outreach_paper_area"
            ),
            models.Index(fields=["subject_kind", "subject_id", "issued_at"], name="outreach_paper_subject"),
        ]


class PaperSeries(models.Model):
    """文号序列: the last number given out in a town's series of a year; a number is never given twice."""

    UNSCOPED: ClassVar[str] = "counts serials of a town; holds nothing about anybody"

    town = models.TextField()
    kind = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        db_table = "outreach_paperseries"
        constraints = [
            models.UniqueConstraint(fields=["town", "kind", "year"], name="outreach_paperseries_once")
        ]


class ServedRecord(models.Model):
    """送达记录: how a paper reached the person. Appended; a correction names the row it corrects, and why."""

    PERSONAL: ClassVar[dict[str, str]] = {"received_by_sealed": f"identity, sealed; {UNTIL_CLOSED}"}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    """The client's UUID: the same record sent twice is one."""
    area = models.TextField()
    paper = models.ForeignKey("outreach.Paper", on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=20)
    """`in-person`, `family`, `posted`, `sent`, `refused` (signature refused, paper left, witnessed)."""
    received_by_sealed = models.BinaryField()
    note = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64)
    """Hash of what the client sent, to tell a repetition from a conflict."""
    corrects = models.ForeignKey(
        "outreach.ServedRecord", on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.TextField(blank=True)
    served_at = models.DateTimeField()
    by_id = models.TextField()
    by_name = models.TextField()
    recorded_at = models.DateTimeField()

    objects = ScopedManager["ServedRecord"]()

    class Meta:
        db_table = "outreach_servedrecord"
        constraints = [
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(reason=""), name="outreach_served_correction_why"
            ),
        ]
        indexes = [models.Index(fields=["paper", "served_at"], name="outreach_served_paper")]
