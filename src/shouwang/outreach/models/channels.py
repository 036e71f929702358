"""通道: robots of groups, SMS accounts, mailboxes: what a message leaves by, and how it has fared lately."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7


class Channel(models.Model):
    """通道: a way out of one place. Its secrets (webhook, keys, passwords) are sealed."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "secret_sealed": "credentials, sealed; until the channel is closed and its messages are a year old",
        "key_digest": "credentials, blind index; until the channel is closed and its messages are a year old",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    kind = models.CharField(max_length=20)
    """`wecom`, `dingtalk`, `feishu`, `sms-http`, `sms-aliyun`, `sms-tencent`, `email` (`rules.KINDS`)."""
    title = models.TextField()
    settings = models.JSONField(default=dict)
    """What is no secret: base URL, signature and template ids of an SMS account, language."""
    secret_sealed = models.BinaryField()
    """Webhook key, signing secret, access keys, password, as JSON, sealed."""
    key_digest = models.BinaryField(max_length=16, null=True)
    """Blind index of a robot's key: one robot is the robot of one group, or a family is told of in another's."""
    of_group = models.BooleanField(default=False)
    """The robot of one chat group; else the whole area's."""
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    """Tries without success since the last one."""
    failing_since = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    last_code = models.TextField(blank=True)
    """What the vendor answered to the last failed try."""
    stopped_at = models.DateTimeField(null=True)
    """Since when it counts as stopped: the alarm."""
    blocked_until = models.DateTimeField(null=True)
    """No call before (throttled by the vendor, or stopped and tried only now and then)."""

    objects = ScopedManager["Channel"]()

    class Meta:
        db_table = "outreach_channel"
        constraints = [
            models.UniqueConstraint(
                fields=["key_digest"],
                condition=Q(of_group=True, closed_at__isnull=True),
                name="outreach_channel_robot_once",
            ),
        ]
        indexes = [
            models.Index(OpClass(F("area"), "text_pattern_ops"), F("id"), name="outreach_channel_area"),
            models.Index(
                fields=["stopped_at"], name="outreach_channel_stopped", condition=Q(stopped_at__isnull=False)
            ),
        ]
