"""医学观察: files, daily checks, alerts, signatures. What pages need fast stands on the file."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
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


class DailyCheck(models.Model):
    """每日测查: one check as it was made; never changed, corrected only by a new row that names it."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "deci": f"health; {UNTIL_CLOSED}",
        "symptoms": f"health; {UNTIL_CLOSED}",
        "abnormal": f"health; {UNTIL_CLOSED}",
        "note_sealed": f"health, sealed; {UNTIL_CLOSED}",
        "measured_by_name": "staff; three years after the last assignment ends",
        "recorded_by_name": "staff; three years after the last assignment ends",
    }

    id = models.UUIDField(primary_key=True, editable=False)
    """The client's, so that the same fact sent twice is one fact."""
    file = models.ForeignKey(
        "observation.ObservationFile", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    area = models.TextField()
    slot_no = models.IntegerField()
    day_no = models.SmallIntegerField()
    taken_at = models.DateTimeField()
    local_day = models.DateField()
    zone = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()
    recorded_by_name = models.TextField()
    deci = models.SmallIntegerField(null=True)
    """Tenths of a degree Celsius; null: not measured."""
    symptoms = ArrayField(models.TextField())
    channel = models.CharField(max_length=10)
    outcome = models.CharField(max_length=12)
    """`done`, `not-home`, `refused`, `unreachable`; only `done` satisfies a slot."""
    measured_by = models.TextField()
    """Worker's or user's id, or `self`."""
    measured_by_name = models.TextField(blank=True)
    seen = models.CharField(max_length=10)
    """Who was seen: `person`, `household`, `nobody`."""
    roles = ArrayField(models.TextField())
    """In which roles of the team those who came saw the person, as they said."""
    came = ArrayField(models.UUIDField(), default=list, db_default=[])
    """The workers who came, where they were named."""
    vouched = ArrayField(models.TextField(), null=True)
    """Those of the roles that somebody assigned to the household then held; null: nobody was assigned at all."""
    thermometer = models.CharField(max_length=12, blank=True, db_default="")
    """How it was measured: `mercury`, `electronic`, `ear`, `forehead`, `none`; "" where not asked."""
    witness = models.CharField(max_length=10, blank=True, db_default="")
    """Who saw the reading: `worker` (in person or on video), `family`, `nobody`; "" where not asked."""
    photo_seen = models.BooleanField(null=True)
    """Whether a photograph of the reading was seen; null where not asked."""
    late = models.BooleanField()
    """Taken after its deadline."""
    abnormal = models.BooleanField()
    note_sealed = models.BinaryField(null=True)
    payload_hash = models.UUIDField()
    corrects = models.ForeignKey(
        "observation.DailyCheck", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    correct_reason = models.TextField(blank=True)

    objects = ScopedManager["DailyCheck"]()

    class Meta:
        db_table = "observation_dailycheck"
        constraints = [
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(correct_reason=""),
                name="observation_check_correct_reason",
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(corrects__isnull=False),
                name="observation_check_corrected_once",
            ),
        ]
        indexes = [models.Index(fields=["file", "slot_no"], name="observation_check_slot")]


class CheckConflict(models.Model):
    """冲突: the same id came again with other content. Refused, and kept for a person to look at."""

    PERSONAL: ClassVar[dict[str, str]] = {"payload": f"health; {UNTIL_CLOSED}"}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    check_id = models.UUIDField(db_index=True)
    file = models.ForeignKey("observation.ObservationFile", on_delete=models.PROTECT, related_name="+")
    area = models.TextField()
    payload = models.JSONField()
    """What came, without the note."""
    payload_hash = models.UUIDField()
    by_id = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects = ScopedManager["CheckConflict"]()

    class Meta:
        db_table = "observation_checkconflict"
        constraints = [
            models.UniqueConstraint(fields=["check_id", "payload_hash"], name="observation_conflict_once")
        ]


class Countersign(models.Model):
    """复核签字: a second person signed one check."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    check_row = models.OneToOneField("observation.DailyCheck", on_delete=models.PROTECT, related_name="+")
    area = models.TextField()
    by_id = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField()

    objects = ScopedManager["Countersign"]()

    class Meta:
        db_table = "observation_countersign"


class DaySignature(models.Model):
    """每日签字: a named worker signed one day of a file. A signed day is never changed, only corrected."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(
        "observation.ObservationFile", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    area = models.TextField()
    day = models.DateField()
    day_no = models.SmallIntegerField()
    checks = ArrayField(models.UUIDField())
    """The checks that stood on that day when it was signed."""
    by_id = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField()

    objects = ScopedManager["DaySignature"]()

    class Meta:
        db_table = "observation_daysignature"
        constraints = [models.UniqueConstraint(fields=["file", "day"], name="observation_day_signed_once")]


class Alert(models.Model):
    """警报: raised in the transaction of the check; unanswered, it climbs."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "code": f"health; {UNTIL_CLOSED}",
        "answer": f"health; {UNTIL_CLOSED}",
    }

    class State(models.TextChoices):
        OPEN = "open"
        ANSWERED = "answered"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(
        "observation.ObservationFile", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    check_row = models.ForeignKey(
        "observation.DailyCheck", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    test = models.ForeignKey(
        "observation.TestFact", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    """The test that raised it, where no daily check did."""
    area = models.TextField()
    code = models.CharField(max_length=60)
    severity = models.CharField(max_length=10)
    tell = ArrayField(models.TextField())
    """Roles to tell."""
    climb = ArrayField(models.IntegerField())
    """Minutes after which it climbs, each counted from when it was raised."""
    raised_at = models.DateTimeField()
    level = models.SmallIntegerField(default=0)
    next_climb_at = models.DateTimeField(null=True)
    told_steps = models.SmallIntegerField(db_default=0)
    """How many steps were told: the opening, then each climb. Rows owe their telling; nobody has to remember it."""
    lease_until = models.DateTimeField(null=True)
    """Where telling failed: not tried again before."""
    attempts = models.SmallIntegerField(db_default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    answered_by = models.TextField(blank=True)
    answered_by_name = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    """What was done."""

    objects = ScopedManager["Alert"]()

    class Meta:
        db_table = "observation_alert"
        constraints = [
            models.UniqueConstraint(fields=["check_row", "code"], name="observation_alert_once"),
            models.UniqueConstraint(
                fields=["test", "code"], condition=Q(test__isnull=False), name="observation_alert_test_once"
            ),
            models.CheckConstraint(
                condition=Q(check_row__isnull=False, test__isnull=True)
                | Q(check_row__isnull=True, test__isnull=False),
                name="observation_alert_cause",
            ),
            models.CheckConstraint(
                condition=Q(state="open")
                | (~Q(answered_by="") & ~Q(answer="") & Q(answered_at__isnull=False)),
                name="observation_alert_answer",
            ),
        ]
        indexes = [
            models.Index(
                OpClass(F("area"), "text_pattern_ops"),
                F("raised_at"),
                name="observation_alert_open",
                condition=~Q(state="closed"),
            ),
            models.Index(
                fields=["next_climb_at"],
                name="observation_alert_climb",
                condition=Q(state="open", next_climb_at__isnull=False),
            ),
            models.Index(
                fields=["raised_at"],
                name="observation_alert_untold",
                condition=Q(state="open", told_steps=0),
            ),
            models.Index(fields=["file"], name="observation_alert_file"),
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
