"""联系 Reaching people: attempts as facts, where each stands on the ladder, appointments made and kept or missed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7
from shouwang.screening.models.imports import UNTIL_CLOSED


class ReachAttempt(models.Model):
    """联系记录: one try to reach somebody, by whatever channel, and how it ended. Appended, never changed."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "subject_id": f"identity; {UNTIL_CLOSED}",
        "note": f"movement, may name a person; {UNTIL_CLOSED}",
        "digest": f"hash of the content; {UNTIL_CLOSED}",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    subject_kind = models.CharField(max_length=12)
    """`person`, `household`, `dwelling` or `arrival`."""
    subject_id = models.UUIDField()
    purpose = models.CharField(max_length=40)
    """What for: `sweep`, `away`, `away-home`, `arrival`, `call`, …"""
    channel = models.CharField(max_length=12)
    outcome = models.CharField(max_length=16)
    tried_at = models.DateTimeField()
    note = models.TextField(blank=True)
    digest = models.UUIDField()
    """Hash of the content: the same id with another content is not the same fact."""
    corrects = models.ForeignKey(
        "screening.ReachAttempt", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    reason = models.TextField(blank=True)
    by_id = models.TextField()
    by_name = models.TextField()
    recorded_at = models.DateTimeField()

    objects = ScopedManager["ReachAttempt"]()

    class Meta:
        db_table = "screening_reachattempt"
        constraints = [
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(reason=""), name="screening_attempt_reason"
            ),
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(corrects__isnull=False), name="screening_attempt_once"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_id", "purpose", "tried_at"], name="screening_attempt_subject"),
            models.Index(
                OpClass(F("area"), "text_pattern_ops"), F("recorded_at"), name="screening_attempt_area"
            ),
        ]


class Reach(models.Model):
    """待联系: whom somebody has to reach, for what, how next and by when. Kept with the attempts it follows from."""

    PERSONAL: ClassVar[dict[str, str]] = {"subject_id": f"identity; {UNTIL_CLOSED}"}

    class State(models.TextChoices):
        OPEN = "open"
        REACHED = "reached"
        CLOSED = "closed"
        ENDED = "ended"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    subject_kind = models.CharField(max_length=12)
    subject_id = models.UUIDField()
    household_id = models.UUIDField(null=True)
    """Whose door or telephone it is, as far as known: two callers never ring one household at once."""
    purpose = models.CharField(max_length=40)
    script = models.CharField(max_length=60, blank=True)
    """Script of the pack that the call follows."""
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    failures = models.IntegerField(default=0)
    next_channel = models.CharField(max_length=12, blank=True)
    next_due_at = models.DateTimeField(null=True)
    repeat_hours = models.IntegerField(null=True)
    """Whoever was met is due again after so many hours: the visits of parents whose children are away."""
    last_channel = models.CharField(max_length=12, blank=True)
    last_outcome = models.CharField(max_length=16, blank=True)
    last_at = models.DateTimeField(null=True)
    appointment = models.ForeignKey(
        "screening.Appointment", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    """One that was made and is still to come."""
    claimed_by_id = models.TextField(blank=True)
    claimed_by_name = models.TextField(blank=True)
    claim_until = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)

    objects = ScopedManager["Reach"]()

    class Meta:
        db_table = "screening_reach"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "purpose", "subject_kind"], name="screening_reach_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="screening_reach_end_reason",
            ),
        ]
        indexes = [
            models.Index(
                OpClass(F("area"), "text_pattern_ops"),
                F("next_channel"),
                F("next_due_at"),
                F("id"),
                name="screening_reach_open",
                condition=Q(state="open"),
            ),
            models.Index(
                F("next_channel"),
                F("next_due_at"),
                F("id"),
                name="screening_reach_due",
                condition=Q(state="open"),
            ),
            models.Index(
                fields=["household_id"],
                name="screening_reach_household",
                condition=Q(household_id__isnull=False),
            ),
        ]


class Appointment(models.Model):
    """预约上门: when somebody will be at home, who comes, with what. Appended; how it ended is a row of its own."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "subject_id": f"identity; {UNTIL_CLOSED}",
        "goods": f"welfare; {UNTIL_CLOSED}",
        "note": f"may name a person; {UNTIL_CLOSED}",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    subject_kind = models.CharField(max_length=12)
    subject_id = models.UUIDField()
    purpose = models.CharField(max_length=40)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    worker = models.ForeignKey(
        "workforce.Worker", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    """Who comes; null: whoever has the round of the village."""
    goods = models.TextField(blank=True)
    takes_temperature = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    by_id = models.TextField()
    by_name = models.TextField()
    recorded_at = models.DateTimeField()

    objects = ScopedManager["Appointment"]()

    class Meta:
        db_table = "screening_appointment"
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__gt=F("from_at")), name="screening_appointment_order"
            ),
        ]
        indexes = [
            models.Index(
                OpClass(F("area"), "text_pattern_ops"), F("until_at"), name="screening_appointment_area"
            ),
            models.Index(fields=["subject_id", "purpose"], name="screening_appointment_who"),
        ]


class AppointmentEnd(models.Model):
    """预约结果: kept, missed, or put off by either side; one for each appointment."""

    class Outcome(models.TextChoices):
        KEPT = "kept"
        MISSED = "missed"
        PUT_OFF = "put-off"

    appointment = models.OneToOneField(
        "screening.Appointment", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    attempt = models.ForeignKey(
        "screening.ReachAttempt", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    """The attempt that keeping or missing it was; none where it was put off."""
    reason = models.TextField(blank=True)
    by_id = models.TextField()
    by_name = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "screening_appointmentend"
