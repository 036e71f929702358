"""台账: a ledger itself is no table. Kept are the receipts of what left the house."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7


class ExportReceipt(models.Model):
    """导出凭据: who took which ledger out, with how many rows, why, until when the file may be fetched."""

    PERSONAL: ClassVar[dict[str, str]] = {"by_name": "staff; three years after the export"}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    pack = models.TextField()
    ledger = models.TextField()
    asked = models.JSONField(default=dict)
    """Filters, origin, search and order as asked."""
    as_of = models.DateTimeField()
    rows = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    """SHA-256 over the ids of the people in the file, in order; equals the query's."""
    full = models.BooleanField()
    """With full identifiers and telephones."""
    purpose = models.TextField(blank=True)
    approval_id = models.UUIDField(null=True, unique=True)
    """The second person's approval that an export in full was taken on; each gives one file."""
    file_hash = models.CharField(max_length=64)
    by_id = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = ScopedManager["ExportReceipt"]()

    class Meta:
        db_table = "ledgers_exportreceipt"
        constraints = [
            models.CheckConstraint(condition=Q(full=False) | ~Q(purpose=""), name="ledgers_export_purpose"),
            models.CheckConstraint(
                condition=Q(full=False) | Q(approval_id__isnull=False), name="ledgers_export_two_persons"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("at")), name="ledgers_export_expires"),
        ]
        indexes = [models.Index(fields=["area", "at"], name="ledgers_export_area")]
