"""医学观察: observation files with their timetable, what happened to them and to whom they were handed. What pages need
fast stands on the file."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7

UNTIL_CLOSED = "until two years after the outbreak is closed"


OPEN = Q(state="open")


class Timetable(models.Model):
    """时刻表: what a protocol asks for on each of its days, named by its content; never changed."""

    UNSCOPED: ClassVar[str] = "a page of a pack; holds nothing about anybody"

    key = models.CharField(max_length=32, primary_key=True)
    content = models.JSONField()

    class Meta:
        db_table = "observation_timetable"


class ObservationFile(models.Model):
    """观察档案 (一人一档): one person watched over under one protocol, from day 0 to the end."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "category": f"health; {UNTIL_CLOSED}",
        "anchor_on": f"health; {UNTIL_CLOSED}",
        "last_deci": f"health; {UNTIL_CLOSED}",
        "last_abnormal": f"health; {UNTIL_CLOSED}",
        "evidence": f"health; {UNTIL_CLOSED}",
        "reason": f"health; {UNTIL_CLOSED}",
        "end_reason": f"health; {UNTIL_CLOSED}",
    }

    class State(models.TextChoices):
        OPEN = "open"
        RELEASED = "released"
        RELEASED_EARLY = "released-early"
        TRANSFERRED = "transferred"
        MOVED = "moved"
        CANCELLED = "cancelled"
        DIED = "died"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    household = models.ForeignKey(
        "people.Household", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    area = models.TextField()
    zone = models.TextField()
    protocol = models.CharField(max_length=60)
    category = models.CharField(max_length=60, blank=True)
    pack_id = models.CharField(max_length=60)
    revision_id = models.UUIDField()
    """The policy revision it was opened under; whose rules decide about it."""
    timetable = models.ForeignKey(
        "observation.Timetable", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    anchor_event = models.CharField(max_length=20)
    anchor_on = models.DateField()
    anchor_known = models.CharField(max_length=20)
    """`clear`, or `unknown-day-found`: the date is to be verified."""
    day_zero = models.DateField()
    found_late = models.BooleanField(default=False)
    planned_last_day = models.DateField()
    ordered_last_day = models.DateField(null=True)
    """Where somebody ordered another end than the planned one; the reason stands beside it."""
    ordered_reason = models.TextField(blank=True)
    actual_ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)

    owner = models.ForeignKey(
        "workforce.Worker", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    first_slot = models.IntegerField()
    """From which slot on checks are duties (`rules.slots`)."""
    last_slot = models.IntegerField(null=True)
    """The latest slot that a check satisfied."""
    next_slot = models.IntegerField(null=True)
    next_due_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=60)
    next_channel = models.CharField(max_length=10, blank=True)
    last_check_at = models.DateTimeField(null=True)
    last_outcome = models.CharField(max_length=12, blank=True)
    last_deci = models.SmallIntegerField(null=True)
    last_abnormal = models.BooleanField(null=True)
    last_channel = models.CharField(max_length=10, blank=True)
    signed_to = models.DateField(null=True)
    """The latest day that was signed."""

    restricts = models.BooleanField(default=False)
    legal_ground = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    expires_at = models.DateTimeField(null=True)
    review_on = models.DateField(null=True)
    appeal_channel = models.TextField(blank=True)

    opened_at = models.DateTimeField()
    opened_by = models.TextField()
    opened_by_name = models.TextField()

    objects = ScopedManager["ObservationFile"]()

    class Meta:
        db_table = "observation_file"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "protocol"], condition=OPEN, name="observation_file_one_open"
            ),
            models.CheckConstraint(
                condition=~OPEN | Q(owner__isnull=False, next_due_at__isnull=False, next_slot__isnull=False),
                name="observation_file_never_alone",
            ),
            models.CheckConstraint(
                condition=(OPEN & Q(actual_ended_at__isnull=True))
                | (~OPEN & Q(actual_ended_at__isnull=False) & ~Q(end_reason="")),
                name="observation_file_end",
            ),
            models.CheckConstraint(
                condition=Q(ordered_last_day__isnull=True) | ~Q(ordered_reason=""),
                name="observation_file_ordered_reason",
            ),
            models.CheckConstraint(
                condition=Q(restricts=False)
                | (
                    ~Q(legal_ground="")
                    & ~Q(evidence="")
                    & ~Q(reason="")
                    & ~Q(appeal_channel="")
                    & Q(expires_at__isnull=False, review_on__isnull=False)
                ),
                name="observation_file_restriction_grounds",
            ),
        ]
        indexes = [
            models.Index(
                OpClass(F("area"), "text_pattern_ops"),
                F("next_due_at"),
                name="observation_file_due",
                condition=OPEN,
            ),
            models.Index(fields=["owner", "next_due_at"], name="observation_file_owner", condition=OPEN),
            models.Index(fields=["revision_id", "next_due_at"], name="observation_file_late", condition=OPEN),
            models.Index(fields=["person"], name="observation_file_person"),
        ]


class FileEvent(models.Model):
    """档案事项: what happened to a file besides checks (extension, release …), with its reason."""

    PERSONAL: ClassVar[dict[str, str]] = {"reason": f"health; {UNTIL_CLOSED}"}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(
        "observation.ObservationFile", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    area = models.TextField()
    kind = models.CharField(max_length=20)
    """`extended`, `restarted`, `handed-over`, `released`, `released-early`, `transferred`, `moved`, …"""
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField()
    decision = models.JSONField(default=dict)
    """Revision and reasons of the rule that decided."""
    by_id = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField()

    objects = ScopedManager["FileEvent"]()

    class Meta:
        db_table = "observation_fileevent"
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="observation_event_reason")]
        indexes = [models.Index(fields=["file", "at"], name="observation_event_file")]


class HandOver(models.Model):
    """交接: a file passed from one owner to another; there is no moment without one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(
        "observation.ObservationFile", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    area = models.TextField()
    from_owner = models.ForeignKey("workforce.Worker", on_delete=models.PROTECT, related_name="+")
    to_owner = models.ForeignKey("workforce.Worker", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    by_id = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField()

    objects = ScopedManager["HandOver"]()

    class Meta:
        db_table = "observation_handover"
        constraints = [
            models.CheckConstraint(condition=~Q(from_owner=F("to_owner")), name="observation_handover_other")
        ]
        indexes = [models.Index(fields=["file", "at"], name="observation_handover_file")]
