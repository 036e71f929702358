"""消息: what is to be told, each try at telling it, and what came of the try."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7


class Message(models.Model):
    """消息: an obligation to tell somebody something once. The id says what it is about, so twice is once."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "destination_sealed": "telephone of staff or webhook, sealed; a year after it was sent",
    }

    id = models.UUIDField(primary_key=True, editable=False)
    """Made by the caller from what the message is about: queued again it is the same message."""
    area = models.TextField()
    template = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    """What stands for the placeholders; looked at before it is written, holds nothing of a person's."""
    revision_id = models.UUIDField(null=True)
    """The pack revision whose text it is; none: ours."""
    to_kind = models.CharField(max_length=20)
    """`worker`, `group`, or `channel` (a test)."""
    to_id = models.UUIDField()
    about_kind = models.CharField(max_length=30)
    about_id = models.TextField()
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default="queued")
    queued_at = models.DateTimeField()
    queued_by = models.TextField()
    next_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    maybe_twice = models.BooleanField(default=False)
    """An earlier call may have arrived; the text says so."""
    channel = models.ForeignKey("outreach.Channel", on_delete=models.PROTECT, null=True, related_name="+")
    """The last one tried."""
    destination_sealed = models.BinaryField(default=b"")
    """Where the last try went."""
    last_code = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)

    objects = ScopedManager["Message"]()

    class Meta:
        db_table = "outreach_message"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sending", "sent", "refused", "uncertain", "dead"]),
                name="outreach_message_state",
            ),
            models.CheckConstraint(
                condition=~Q(state="queued") | Q(next_at__isnull=False), name="outreach_message_due"
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(lease_until__isnull=False, channel__isnull=False),
                name="outreach_message_lease",
            ),
        ]
        indexes = [
            models.Index(
                F("urgent").desc(),
                F("next_at"),
                F("id"),
                name="outreach_message_queued",
                condition=Q(state="queued"),
            ),
            models.Index(
                fields=["lease_until"], name="outreach_message_sending", condition=Q(state="sending")
            ),
            models.Index(
                OpClass(F("area"), "text_pattern_ops"), F("queued_at").desc(), name="outreach_message_area"
            ),
            models.Index(F("queued_at").desc(), F("id").desc(), name="outreach_message_newest"),
            models.Index(
                fields=["state", "queued_at"],
                name="outreach_message_trouble",
                condition=Q(state__in=["refused", "uncertain", "dead"]),
            ),
            models.Index(fields=["to_id", "queued_at"], name="outreach_message_to"),
        ]


class DeliveryAttempt(models.Model):
    """投递: one call, marked before it is made. Appended, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    message = models.ForeignKey("outreach.Message", on_delete=models.PROTECT, related_name="+")
    channel = models.ForeignKey("outreach.Channel", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    text_hash = models.CharField(max_length=64)
    began_at = models.DateTimeField()

    objects = ScopedManager["DeliveryAttempt"]()

    class Meta:
        db_table = "outreach_deliveryattempt"
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="outreach_attempt_once"),
        ]
        indexes = [
            models.Index(fields=["channel", "began_at"], name="outreach_attempt_rate"),
        ]


class DeliveryResult(models.Model):
    """投递结果: what came of a call, or what a rule or a person said about one without an answer. Appended."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    attempt = models.ForeignKey("outreach.DeliveryAttempt", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12)
    """`sent`, `throttled`, `failed` (try again), `refused`, `lost` (no answer), `arrived` (a person saw it)."""
    code = models.TextField(blank=True)
    """The vendor's own code (`errcode`), or ours."""
    receipt = models.TextField(blank=True)
    """The vendor's number of the message, where it gives one."""
    by_id = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "outreach_deliveryresult"
        indexes = [models.Index(fields=["attempt"], name="outreach_result_attempt")]
