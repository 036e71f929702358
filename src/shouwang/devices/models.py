"""设备: phones, one-time codes, the inbox of commands with their receipts, epochs and backups.

The inbox is facts: what came, when, and what was answered. What somebody decided afterwards about a command
that was kept is a row of its own (`Settlement`).
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7

KEPT = "the outbreak and one year"


class Device(models.Model):
    """设备: an enrolled phone, bound to one log-in. `area` is where that log-in works, and whose desk sees it."""

    PERSONAL: ClassVar[dict[str, str]] = {"name": "staff; one year after it was revoked"}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    """What the phone is called at the desk: 熊医生的手机."""
    token_hash = models.CharField(max_length=64, unique=True)
    app = models.IntegerField()
    """Release of the app that was last heard from."""
    enrolled_at = models.DateTimeField()
    enrolled_by = models.TextField()
    enrolled_by_name = models.TextField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.TextField(blank=True)
    revoked_by_name = models.TextField(blank=True)
    revoke_reason = models.TextField(blank=True)
    shift_from = models.DateTimeField(null=True)
    shift_until = models.DateTimeField(null=True)
    floor_at = models.DateTimeField()
    """Beginning of the oldest shift from which something may still come: what is older than that a phone that
    tells the time cannot have done (sync.md §5)."""
    last_seen_at = models.DateTimeField(null=True)
    skew_seconds = models.FloatField(default=0)
    contiguous = models.BigIntegerField(default=0)
    """Every sequence number up to it is here."""
    highest = models.BigIntegerField(default=0)
    last_server_seq = models.BigIntegerField(default=0)
    """The server's number of the newest command of this device."""

    objects = ScopedManager["Device"]()

    class Meta:
        db_table = "devices_device"
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | ~Q(revoke_reason=""), name="devices_device_reason"
            ),
            models.CheckConstraint(
                condition=Q(contiguous__lte=F("highest"), contiguous__gte=0), name="devices_device_order"
            ),
        ]
        indexes = [models.Index(OpClass(F("area"), "text_pattern_ops"), F("id"), name="devices_device_area")]


class EnrolCode(models.Model):
    """登记码: lets one phone become a device of one log-in, once, for 24 hours. Kept as a hash."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    hash = models.CharField(max_length=64, unique=True)
    made_by = models.TextField()
    made_by_name = models.TextField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    device = models.ForeignKey("devices.Device", on_delete=models.PROTECT, null=True, related_name="+")

    objects = ScopedManager["EnrolCode"]()

    class Meta:
        db_table = "devices_enrolcode"
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gte=F("made_at")), name="devices_enrolcode_order")
        ]


class Command(models.Model):
    """收件: one command of a phone with its receipt, as it came and as it was answered. Never changed."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "sealed": f"health, sealed to the server's key; {KEPT}",
        "effect": f"health; {KEPT}",
    }

    class Status(models.TextChoices):
        DONE = "done"
        REFUSED = "refused"
        QUARANTINED = "quarantined"

    id = models.UUIDField(primary_key=True, editable=False)
    device = models.ForeignKey("devices.Device", on_delete=models.PROTECT, related_name="+", db_index=False)
    area = models.TextField()
    seq = models.BigIntegerField()
    server_seq = models.BigIntegerField(unique=True)
    """The server's own order; from the sequence `devices_server_seq`, which also says how far it has come."""
    kind = models.TextField()
    v = models.IntegerField()
    actor = models.TextField()
    revision = models.TextField(blank=True)
    occurred_at = models.DateTimeField(null=True)
    """By the phone's clock, as told; null where it could not be read."""
    zone = models.TextField()
    recorded_at = models.DateTimeField(null=True)
    skew_seconds = models.FloatField()
    received_at = models.DateTimeField()
    told_at = models.DateTimeField()
    """When it counts as done: by the clock rules, never after `received_at`."""
    hash = models.CharField(max_length=64)
    status = models.CharField(max_length=12, choices=Status.choices)
    code = models.TextField(blank=True)
    effect = models.JSONField(default=dict)
    """What the phone was told became of it: alarms, day, next due, flags of the clock."""
    kept = models.CharField(max_length=12, blank=True)
    """What a person must look at: `refused`, `quarantined`, `date`; "" for nothing."""
    sealed = models.JSONField(null=True)
    """What the phone sealed, where a person must look at it; open it with the server's key."""

    objects = ScopedManager["Command"]()

    class Meta:
        db_table = "devices_command"
        constraints = [
            models.CheckConstraint(
                condition=Q(kept__in=["", "date"]) | Q(sealed__isnull=False),
                name="devices_command_kept_whole",
            ),
            models.CheckConstraint(
                condition=Q(told_at__lte=F("received_at")), name="devices_command_not_in_future"
            ),
        ]
        indexes = [
            models.Index(fields=["device", "seq"], name="devices_command_seq"),
            models.Index(
                F("received_at").desc(), F("id").desc(), condition=~Q(kept=""), name="devices_command_kept"
            ),
        ]


class Conflict(models.Model):
    """撞号: what came under the id of another command. Both are kept, the first stands."""

    PERSONAL: ClassVar[dict[str, str]] = {"sealed": f"health, sealed to the server's key; {KEPT}"}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    command_id = models.UUIDField()
    """The id both bear; a command of the inbox, or a fact that a room had before."""
    device = models.ForeignKey("devices.Device", on_delete=models.PROTECT, related_name="+", db_index=False)
    area = models.TextField()
    seq = models.BigIntegerField()
    kind = models.TextField()
    actor = models.TextField()
    occurred_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    told_at = models.DateTimeField()
    zone = models.TextField()
    v = models.IntegerField()
    hash = models.CharField(max_length=64)
    code = models.TextField()
    sealed = models.JSONField()

    objects = ScopedManager["Conflict"]()

    class Meta:
        db_table = "devices_conflict"
        constraints = [
            models.UniqueConstraint(fields=["command_id", "hash"], name="devices_conflict_once"),
        ]
        indexes = [
            models.Index(fields=["device", "seq"], name="devices_conflict_seq"),
            models.Index(F("received_at").desc(), F("id").desc(), name="devices_conflict_received"),
        ]


class Settlement(models.Model):
    """处理: what somebody decided about a command that was kept."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted"
        DISMISSED = "dismissed"
        CONFIRMED = "confirmed"
        """The date it was written at is right."""

    id = models.UUIDField(primary_key=True, editable=False)
    """Of the command, or of the conflict."""
    area = models.TextField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.TextField(blank=True)
    by_id = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField()

    objects = ScopedManager["Settlement"]()

    class Meta:
        db_table = "devices_settlement"
        constraints = [
            models.CheckConstraint(
                condition=~Q(verdict="dismissed") | ~Q(reason=""), name="devices_settlement_reason"
            )
        ]


class Epoch(models.Model):
    """纪元: one life of the database; a restore begins another, and phones offer again what it may lack."""

    UNSCOPED: ClassVar[str] = "an installation has one; it tells nothing about anybody"

    id = models.UUIDField(primary_key=True, editable=False)
    number = models.BigIntegerField(unique=True)
    begun_at = models.DateTimeField()
    reason = models.TextField()
    """`first`, `restore`, or `seen`: a phone knew more than we."""
    by_id = models.TextField()
    by_name = models.TextField()

    class Meta:
        db_table = "devices_epoch"


class Backup(models.Model):
    """备份: a backup that was restored in a trial and agreed; every command up to `server_seq` is inside."""

    UNSCOPED: ClassVar[str] = "an installation's, not a place's; it tells nothing about anybody"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    server_seq = models.BigIntegerField()
    file = models.TextField()
    size = models.BigIntegerField()
    rows = models.BigIntegerField()
    """Rows counted alike in the original and in the trial."""
    events = models.BigIntegerField()
    """Links of the journal that verified in the trial."""
    taken_at = models.DateTimeField()
    verified_at = models.DateTimeField()
    by_id = models.TextField()
    by_name = models.TextField()

    class Meta:
        db_table = "devices_backup"
        indexes = [models.Index(F("server_seq").desc(), name="devices_backup_newest")]


class HeldList(models.Model):
    """名单底数: which documents a phone holds and in which state, by key: what the next pull is compared with.

    The id is the cursor the phone was given. The last two of a device are kept, so that a lost answer costs nothing.
    """

    UNSCOPED: ClassVar[str] = "keys and digests of what one phone holds; read by that phone's own pull"

    id = models.UUIDField(primary_key=True, editable=False)
    device = models.ForeignKey("devices.Device", on_delete=models.CASCADE, related_name="+", db_index=False)
    docs = models.JSONField()
    """Key → short digest."""
    at = models.DateTimeField()

    class Meta:
        db_table = "devices_heldlist"
        indexes = [models.Index(F("device"), F("at").desc(), name="devices_heldlist_device")]
