"""排查 Finding people: imports with every row accounted for, journeys, exposures, and the to-verify list."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7

UNTIL_CLOSED = "until two years after the outbreak is closed"


class ImportBatch(models.Model):
    """导入批次: one file sent by an office, from reading to receipt."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "content": "any, sealed; until the batch is committed, cancelled or thirty days old",
        "reading": f"any (sample values), sealed; {UNTIL_CLOSED}",
        "file_name": f"may name a person; {UNTIL_CLOSED}",
    }

    class State(models.TextChoices):
        READ = "read"
        PREVIEWED = "previewed"
        RUNNING = "running"
        COMMITTED = "committed"
        CANCELLED = "cancelled"
        UNDONE = "undone"
        FAILED = "failed"

    class Kind(models.TextChoices):
        REGISTER = "register"
        RETURNEES = "returnees"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    """Path of the place whose people the file lists; also the office that sent it."""
    kind = models.CharField(max_length=12, choices=Kind.choices)
    file_name = models.TextField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    reading = models.BinaryField(null=True)
    """The summary of the reading (sheets, columns, samples, notices) as sealed JSON."""
    state = models.CharField(max_length=10, choices=State.choices)
    mapping = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    attempts = models.SmallIntegerField(default=0)
    """How often its commit was begun and neither ended nor refused."""
    cancel_requested = models.BooleanField(default=False)
    failure = models.CharField(max_length=60, blank=True)
    by_id = models.TextField()
    by_name = models.TextField()
    recorded_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    followed_up_at = models.DateTimeField(null=True)
    """When everyone it found was classified and watched over; null in a committed batch: still owed."""

    objects = ScopedManager["ImportBatch"]()

    class Meta:
        db_table = "screening_importbatch"
        indexes = [
            models.Index(OpClass(F("area"), "text_pattern_ops"), F("id"), name="screening_batch_area"),
            models.Index(fields=["sha256"], name="screening_batch_sha"),
        ]


class ImportRow(models.Model):
    """导入行: one row of a file and what became of it; the link between a person and every source."""

    PERSONAL: ClassVar[dict[str, str]] = {"raw": f"any, sealed; {UNTIL_CLOSED}"}

    class State(models.TextChoices):
        ACCEPTED = "accepted"
        DUPLICATE = "duplicate"
        REJECTED = "rejected"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey("screening.ImportBatch", on_delete=models.CASCADE, related_name="+")
    area = models.TextField()
    sheet = models.TextField(blank=True)
    row_no = models.IntegerField()
    """As the spreadsheet program counts, from 1."""
    state = models.CharField(max_length=10, choices=State.choices)
    raw = models.BinaryField()
    """The cells by header, as sealed JSON."""
    codes = models.JSONField(default=list)
    """Problem codes, without values."""
    reason = models.CharField(max_length=40, blank=True)
    is_new = models.BooleanField(default=False)
    """Whether this row brought a person nobody knew."""
    person = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")

    objects = ScopedManager["ImportRow"]()

    class Meta:
        db_table = "screening_importrow"
        indexes = [
            models.Index(fields=["batch", "state", "row_no"], name="screening_row_batch"),
            models.Index(fields=["person"], name="screening_row_person", condition=Q(person__isnull=False)),
        ]


class VerifyItem(models.Model):
    """待核实: a value somebody must look into. The person is in the books meanwhile."""

    PERSONAL: ClassVar[dict[str, str]] = {"raw": f"any, sealed; {UNTIL_CLOSED}"}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    row = models.ForeignKey("screening.ImportRow", on_delete=models.SET_NULL, null=True, related_name="+")
    field = models.CharField(max_length=24)
    code = models.CharField(max_length=40)
    raw = models.BinaryField()
    recorded_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by_id = models.TextField(blank=True)
    resolved_by_name = models.TextField(blank=True)
    how = models.TextField(blank=True)

    objects = ScopedManager["VerifyItem"]()

    class Meta:
        db_table = "screening_verifyitem"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "field", "code"],
                condition=Q(resolved_at__isnull=True),
                name="screening_verify_open_once",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True) | ~Q(how=""), name="screening_verify_says_how"
            ),
        ]
        indexes = [
            models.Index(
                OpClass(F("area"), "text_pattern_ops"),
                F("id"),
                name="screening_verify_open",
                condition=Q(resolved_at__isnull=True),
            ),
        ]


class Trip(models.Model):
    """行程: a journey home as somebody told it. Never changed: a correction names the row before."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "origin_text": f"movement; {UNTIL_CLOSED}",
        "returned_raw": f"movement; {UNTIL_CLOSED}",
        "transport": f"movement; {UNTIL_CLOSED}",
        "via": f"movement; {UNTIL_CLOSED}",
        "temperature": f"health; {UNTIL_CLOSED}",
        "symptoms": f"health; {UNTIL_CLOSED}",
    }

    class Returned(models.TextChoices):
        CLEAR = "clear"
        UNCLEAR = "unclear"
        IMPOSSIBLE = "impossible"
        MISSING = "missing"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    area = models.TextField()
    origin_text = models.TextField(blank=True)
    origin_code = models.TextField(null=True)
    """Division code of the place of departure as far as it is certain; null = unknown, counts as found."""
    left_on = models.DateField(null=True)
    returned_on = models.DateField(null=True)
    returned_state = models.CharField(max_length=10, choices=Returned.choices)
    returned_raw = models.TextField(blank=True)
    transport = models.TextField(blank=True)
    vehicle = models.TextField(blank=True)
    """车次, 航班 or 车牌, where the cell names one."""
    via = models.TextField(blank=True)
    contact_in_area = models.BooleanField(null=True)
    temperature = models.SmallIntegerField(null=True)
    """Tenths of a degree, as told when registered; not a daily check."""
    symptoms = models.TextField(blank=True)
    row = models.ForeignKey("screening.ImportRow", on_delete=models.SET_NULL, null=True, related_name="+")
    corrects = models.ForeignKey("screening.Trip", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    by_id = models.TextField()
    by_name = models.TextField()
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    objects = ScopedManager["Trip"]()

    class Meta:
        db_table = "screening_trip"
        constraints = [
            models.CheckConstraint(
                condition=Q(returned_on__isnull=True) | Q(returned_state="clear"),
                name="screening_trip_only_clear_days",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(reason=""), name="screening_trip_correction_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["person"], name="screening_trip_person", condition=Q(superseded_at__isnull=True)
            ),
            models.Index(OpClass(F("area"), "text_pattern_ops"), name="screening_trip_area"),
        ]


class Exposure(models.Model):
    """暴露: contact with a case or with people from an affected area. Appended, corrected by a new row."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "kind": f"health; {UNTIL_CLOSED}",
        "case_ref": f"health; {UNTIL_CLOSED}",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    area = models.TextField()
    kind = models.CharField(max_length=40)
    """A kind that the pack in force names, or `area-contact` (told on a returnee list)."""
    case_ref = models.TextField(blank=True)
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    row = models.ForeignKey("screening.ImportRow", on_delete=models.SET_NULL, null=True, related_name="+")
    corrects = models.ForeignKey("screening.Exposure", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    by_id = models.TextField()
    by_name = models.TextField()
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    objects = ScopedManager["Exposure"]()

    class Meta:
        db_table = "screening_exposure"
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__isnull=True) | Q(first_on__isnull=True) | Q(last_on__gte=F("first_on")),
                name="screening_exposure_in_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["person"], name="screening_exposure_person", condition=Q(superseded_at__isnull=True)
            ),
        ]


class OfficeMapping(models.Model):
    """列对应: the columns that an office confirmed for a header, used again for the next file."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    kind = models.CharField(max_length=12)
    fingerprint = models.CharField(max_length=32)
    columns = models.JSONField()
    """Column index (as text) → field, or "" for a column to leave out."""
    by_id = models.TextField()
    by_name = models.TextField()
    confirmed_at = models.DateTimeField()

    objects = ScopedManager["OfficeMapping"]()

    class Meta:
        db_table = "screening_officemapping"
        constraints = [
            models.UniqueConstraint(fields=["area", "kind", "fingerprint"], name="screening_mapping_once"),
        ]
