"""每日测查: checks of a day, conflicts, countersignatures, signatures of the day."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7
from shouwang.observation.models.files import UNTIL_CLOSED


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
