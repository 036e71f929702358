"""微信群: a chat group for the team of one household, and who should be in it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7

UNTIL_CLOSED = "until two years after the outbreak is closed"


class ChatGroup(models.Model):
    """微信群: one group by rule for one target. Its leader creates it; no webhook can."""

    PERSONAL: ClassVar[dict[str, str]] = {"name": f"identity (the head's name); {UNTIL_CLOSED}"}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    target_kind = models.CharField(max_length=20)
    target_id = models.TextField()
    role_set = models.CharField(max_length=40)
    name = models.TextField()
    leader = models.ForeignKey("workforce.Worker", on_delete=models.PROTECT, null=True, related_name="+")
    formed_at = models.DateTimeField()
    created_at = models.DateTimeField(null=True)
    """When the leader said that it exists."""
    channel = models.OneToOneField("outreach.Channel", on_delete=models.PROTECT, null=True, related_name="+")
    connected_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.TextField(blank=True)
    wanted = models.PositiveSmallIntegerField(default=0)
    """How many should be in it."""
    to_do = models.PositiveSmallIntegerField(default=0)
    """Members still to be added or removed by hand; kept by the action that changes them."""

    objects = ScopedManager["ChatGroup"]()

    class Meta:
        db_table = "outreach_chatgroup"
        constraints = [
            models.UniqueConstraint(
                fields=["target_kind", "target_id", "role_set"],
                condition=Q(closed_at__isnull=True),
                name="outreach_chatgroup_once",
            ),
        ]
        indexes = [
            models.Index(
                OpClass(F("area"), "text_pattern_ops"), F("name"), F("id"), name="outreach_chatgroup_area"
            ),
            models.Index(fields=["leader"], name="outreach_chatgroup_leader"),
        ]


class GroupMember(models.Model):
    """群成员: somebody who should be in a group from `since` to `until`, and whether they are."""

    PERSONAL: ClassVar[dict[str, str]] = {"name": f"identity; {UNTIL_CLOSED}"}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    group = models.ForeignKey("outreach.ChatGroup", on_delete=models.CASCADE, related_name="+")
    worker = models.ForeignKey("workforce.Worker", on_delete=models.PROTECT, null=True, related_name="+")
    """None: the contact of the household."""
    name = models.TextField()
    role = models.CharField(max_length=40)
    """Roles of the worker, or `contact`."""
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    """No longer wanted from here on."""
    added_at = models.DateTimeField(null=True)
    """The leader said: is in the group."""
    removed_at = models.DateTimeField(null=True)
    """The leader said: is out again."""

    class Meta:
        db_table = "outreach_groupmember"
        indexes = [
            models.Index(fields=["group", "since"], name="outreach_groupmember_group"),
            models.Index(
                fields=["worker"], name="outreach_groupmember_worker", condition=Q(until__isnull=True)
            ),
        ]


class GroupArea(models.Model):
    """建群范围: a place whose groups are formed by rule and kept as teams change."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField(unique=True)
    kept_at = models.DateTimeField()
    """When its groups were last compared with its teams."""

    objects = ScopedManager["GroupArea"]()

    class Meta:
        db_table = "outreach_grouparea"
