"""实验室检测: which samples are due, what was taken, sent and found; and files asked over to another place."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7
from shouwang.observation.models.files import UNTIL_CLOSED

OUTCOMES = ("negative", "positive", "inconclusive")


class TestDuty(models.Model):
    """检测任务: one laboratory test of one file, from its deadline to its result. What it says is told by facts."""

    __test__ = False
    PERSONAL: ClassVar[dict[str, str]] = {
        "outcome": f"health; {UNTIL_CLOSED}",
        "label": f"health; {UNTIL_CLOSED}",
    }

    class Cause(models.TextChoices):
        PROTOCOL = "protocol"
        REPEAT = "repeat"
        EXTRA = "extra"

    class State(models.TextChoices):
        DUE = "due"
        SAMPLED = "sampled"
        SENT = "sent"
        DONE = "done"
        MISSED = "missed"
        VOID = "void"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(
        "observation.ObservationFile", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    area = models.TextField()
    kind = models.CharField(max_length=60)
    cause = models.CharField(max_length=10, choices=Cause.choices)
    stage = models.CharField(max_length=60)
    day = models.DateField()
    day_no = models.SmallIntegerField()
    due_at = models.DateTimeField()
    """By when the sample is to be taken."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    label = models.CharField(max_length=60, blank=True)
    """What the tube says; by it the laboratory's list is matched."""
    sampled_at = models.DateTimeField(null=True)
    result_due_at = models.DateTimeField(null=True)
    lab = models.TextField(blank=True)
    outcome = models.CharField(max_length=12, blank=True)
    resulted_at = models.DateTimeField(null=True)

    objects = ScopedManager["TestDuty"]()

    class Meta:
        db_table = "observation_testduty"
        constraints = [
            models.UniqueConstraint(
                fields=["file", "kind", "day"],
                condition=Q(cause="protocol") & ~Q(state="void"),
                name="observation_testduty_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["due", "missed", "void"], sampled_at__isnull=True)
                | Q(state__in=["sampled", "sent", "done"], sampled_at__isnull=False),
                name="observation_testduty_sampled",
            ),
            models.CheckConstraint(
                condition=(Q(state="done") & ~Q(outcome="") & Q(resulted_at__isnull=False))
                | (~Q(state="done") & Q(outcome="", resulted_at__isnull=True)),
                name="observation_testduty_outcome",
            ),
        ]
        indexes = [
            models.Index(
                OpClass(F("area"), "text_pattern_ops"),
                F("due_at"),
                name="observation_testduty_due",
                condition=Q(state="due"),
            ),
            models.Index(
                OpClass(F("area"), "text_pattern_ops"),
                F("result_due_at"),
                name="observation_testduty_awaited",
                condition=Q(state__in=["sampled", "sent"]),
            ),
            models.Index(fields=["file", "day"], name="observation_testduty_file"),
            models.Index(fields=["label"], name="observation_testduty_label", condition=~Q(label="")),
        ]


class TestFact(models.Model):
    """检测记录: a sample was taken, sent, or found to be something. Never changed, corrected by a new row."""

    __test__ = False
    PERSONAL: ClassVar[dict[str, str]] = {
        "outcome": f"health; {UNTIL_CLOSED}",
        "label": f"health; {UNTIL_CLOSED}",
        "taken_by_name": "staff; three years after the last assignment ends",
        "recorded_by_name": "staff; three years after the last assignment ends",
    }

    class Step(models.TextChoices):
        SAMPLED = "sampled"
        SENT = "sent"
        RESULTED = "resulted"

    id = models.UUIDField(primary_key=True, editable=False)
    """The client's, so that the same fact sent twice is one fact."""
    duty = models.ForeignKey("observation.TestDuty", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("observation.ObservationFile", on_delete=models.PROTECT, related_name="+")
    area = models.TextField()
    step = models.CharField(max_length=10, choices=Step.choices)
    happened_at = models.DateTimeField()
    """When it was taken, sent, or found."""
    local_day = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()
    recorded_by_name = models.TextField()
    label = models.CharField(max_length=60, blank=True)
    specimen = models.CharField(max_length=20, blank=True)
    taken_by_name = models.TextField(blank=True)
    lab = models.TextField(blank=True)
    outcome = models.CharField(max_length=12, blank=True)
    published_at = models.DateTimeField(null=True)
    """When the result was made known, which is later than when it was found."""
    source = models.TextField(blank=True)
    """The laboratory's list it came with, and the row."""
    payload_hash = models.UUIDField()
    corrects = models.ForeignKey(
        "observation.TestFact", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    correct_reason = models.TextField(blank=True)

    objects = ScopedManager["TestFact"]()

    class Meta:
        db_table = "observation_testfact"
        constraints = [
            models.CheckConstraint(
                condition=(Q(step="resulted") & Q(outcome__in=OUTCOMES))
                | (~Q(step="resulted") & Q(outcome="")),
                name="observation_testfact_outcome",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(correct_reason=""),
                name="observation_testfact_correct_reason",
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(corrects__isnull=False),
                name="observation_testfact_corrected_once",
            ),
        ]


class HandOverRequest(models.Model):
    """交接申请: a site asks a home team to receive a person; accepted or rejected there, the sender keeps sight.

    `area` is the receiving side's, `from_area` the sender's; either sees the row.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        ACCEPTED = "accepted"
        REJECTED = "rejected"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey("observation.ObservationFile", on_delete=models.PROTECT, related_name="+")
    area = models.TextField()
    from_area = models.TextField()
    from_owner = models.ForeignKey("workforce.Worker", on_delete=models.PROTECT, related_name="+")
    to_owner = models.ForeignKey("workforce.Worker", on_delete=models.PROTECT, null=True, related_name="+")
    from_stage = models.CharField(max_length=60)
    to_stage = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    reason = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.TextField()
    asked_by_name = models.TextField()
    answer_by = models.DateTimeField()
    """By when the receiving side answers."""
    answered_at = models.DateTimeField(null=True)
    answered_by = models.TextField(blank=True)
    answered_by_name = models.TextField(blank=True)
    note = models.TextField(blank=True)

    objects = ScopedManager["HandOverRequest"]()

    class Meta:
        db_table = "observation_handoverrequest"
        constraints = [
            models.UniqueConstraint(
                fields=["file"], condition=Q(state="asked"), name="observation_request_one_open"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="observation_request_reason"),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at__isnull=True)
                | (~Q(state="asked") & Q(answered_at__isnull=False) & ~Q(answered_by="")),
                name="observation_request_answer",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(to_owner__isnull=False), name="observation_request_owner"
            ),
        ]
        indexes = [
            models.Index(
                OpClass(F("area"), "text_pattern_ops"), F("asked_at"), name="observation_request_to"
            ),
            models.Index(
                OpClass(F("from_area"), "text_pattern_ops"), F("asked_at"), name="observation_request_from"
            ),
        ]


class Discharge(models.Model):
    """出院记录: somebody left hospital as cured, from which convalescence is counted. Never changed."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "hospital": f"health; {UNTIL_CLOSED}",
        "document": f"health; {UNTIL_CLOSED}",
        "discharged_on": f"health; {UNTIL_CLOSED}",
    }

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    area = models.TextField()
    hospital = models.TextField()
    discharged_on = models.DateField()
    document = models.TextField(blank=True)
    """Number of the certificate of discharge."""
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()
    recorded_by_name = models.TextField()
    payload_hash = models.UUIDField()
    corrects = models.ForeignKey(
        "observation.Discharge", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    correct_reason = models.TextField(blank=True)

    objects = ScopedManager["Discharge"]()

    class Meta:
        db_table = "observation_discharge"
        constraints = [
            models.CheckConstraint(condition=~Q(hospital=""), name="observation_discharge_hospital"),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(correct_reason=""),
                name="observation_discharge_correct_reason",
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(corrects__isnull=False),
                name="observation_discharge_corrected_once",
            ),
        ]
