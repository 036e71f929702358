"""巡诊单: the lines of a round as they were printed, so that the paper that comes back can be keyed in."""

from __future__ import annotations

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7


class RoundSheet(models.Model):
    """巡诊单: one printed round. Holds ids and times only; names are read when it is printed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    """The place of its first line; every line is asked for its own when it is printed or keyed in."""
    day = models.DateField()
    """The local day of the round."""
    number = models.PositiveIntegerField()
    """Counts the sheets of a place and day, for people."""
    zone = models.TextField()
    worker_id = models.UUIDField(null=True)
    """Whose round it is; none where somebody without households of their own walks it."""
    worker_name = models.TextField()
    lines = models.JSONField()
    """In the order of the paper: file, household, channel, expected and promised hours, roles."""
    symptoms = models.JSONField()
    """The codes behind the numbers of the symptom boxes."""
    told = models.JSONField()
    """How the order was found: method, gap, seconds walked, when it begins and ends."""
    made_by_id = models.TextField()
    made_by_name = models.TextField()
    made_at = models.DateTimeField()

    objects = ScopedManager["RoundSheet"]()

    class Meta:
        db_table = "observation_roundsheet"
        constraints = [
            models.UniqueConstraint(fields=["area", "day", "number"], name="observation_roundsheet_number")
        ]
        indexes = [
            models.Index(
                OpClass(F("area"), "text_pattern_ops"),
                F("made_at").desc(),
                name="observation_roundsheet_area",
            )
        ]
