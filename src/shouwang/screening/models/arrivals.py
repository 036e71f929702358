"""到达 Arrivals: posts at roads, stations and wharves, who came through them, and who was met where they went."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7
from shouwang.screening.models.imports import UNTIL_CLOSED


class Post(models.Model):
    """卡点: a checkpoint on a road, a station, a wharf or the entrance of a village."""

    class Kind(models.TextChoices):
        ROAD = "road"
        STATION = "station"
        WHARF = "wharf"
        ENTRANCE = "entrance"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    name = models.TextField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    by_id = models.TextField()
    by_name = models.TextField()
    recorded_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = ScopedManager["Post"]()

    class Meta:
        db_table = "screening_post"
        constraints = [
            models.UniqueConstraint(
                fields=["area", "name"], condition=Q(closed_at__isnull=True), name="screening_post_once"
            ),
        ]
        indexes = [
            models.Index(OpClass(F("area"), "text_pattern_ops"), F("name"), name="screening_post_area")
        ]


class Arrival(models.Model):
    """到达登记: one person who came through a post. `area` is where they go, and whose list they come on."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "name": f"identity; {UNTIL_CLOSED}",
        "telephone_sealed": f"telephone, sealed; {UNTIL_CLOSED}",
        "plate": f"movement; {UNTIL_CLOSED}",
        "from_text": f"movement; {UNTIL_CLOSED}",
        "address": f"address; {UNTIL_CLOSED}",
        "deci": f"health; {UNTIL_CLOSED}",
        "symptoms": f"health; {UNTIL_CLOSED}",
        "digest": f"hash of the content; {UNTIL_CLOSED}",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    post = models.ForeignKey("screening.Post", on_delete=models.PROTECT, related_name="+", db_index=False)
    post_area = models.TextField()
    arrived_at = models.DateTimeField()
    name = models.TextField()
    telephone_sealed = models.BinaryField(null=True)
    telephone_masked = models.CharField(max_length=24, blank=True)
    plate = models.TextField(blank=True)
    """车牌, 车次, 航班 or 船名: who came with the same one came together."""
    from_text = models.TextField()
    from_code = models.TextField(null=True)
    address = models.TextField(blank=True)
    """Where they go, as they say it, below `area`."""
    deci = models.SmallIntegerField(null=True)
    """Temperature at the post in tenths of a degree."""
    symptoms = models.TextField(blank=True)
    from_book = models.BooleanField(default=False)
    """Typed in later from a passenger book."""
    digest = models.UUIDField()
    corrects = models.ForeignKey(
        "screening.Arrival", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    reason = models.TextField(blank=True)
    by_id = models.TextField()
    by_name = models.TextField()
    recorded_at = models.DateTimeField()

    objects = ScopedManager["Arrival"]()

    class Meta:
        db_table = "screening_arrival"
        constraints = [
            models.CheckConstraint(condition=~Q(name="") | ~Q(plate=""), name="screening_arrival_named"),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(reason=""), name="screening_arrival_reason"
            ),
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(corrects__isnull=False), name="screening_arrival_once"
            ),
        ]
        indexes = [
            models.Index(
                OpClass(F("area"), "text_pattern_ops"), F("arrived_at"), name="screening_arrival_area"
            ),
            models.Index(F("post"), F("arrived_at").desc(), F("id").desc(), name="screening_arrival_post"),
        ]


class ArrivalMeeting(models.Model):
    """核实: somebody who arrived was met where they went; who it was, and the journey it became."""

    arrival = models.OneToOneField(
        "screening.Arrival", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    trip_id = models.UUIDField(null=True)
    by_id = models.TextField()
    by_name = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "screening_arrivalmeeting"
