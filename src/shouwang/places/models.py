"""地点: divisions of five levels, grids, compounds, buildings; dwellings behind doors."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7


class Place(models.Model):
    """地点: a division, a functional zone, a grid, a compound or a building."""

    AREA_COLUMN: ClassVar[str] = "path"

    class Level(models.TextChoices):
        PROVINCE = "province"
        CITY = "city"
        COUNTY = "county"
        STREET = "street"
        VILLAGE = "village"
        GRID = "grid"
        COMPOUND = "compound"
        BUILDING = "building"

    code = models.TextField(unique=True)
    path = models.TextField(unique=True)
    """Prefix-closed: equals the code for ordinary divisions; what `area` holds in every scoped table."""
    name = models.TextField()
    level = models.CharField(max_length=10, choices=Level.choices)
    parent = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    is_zone = models.BooleanField(default=False)
    """A functional zone (高新区) without a division code of its own."""
    zone = models.TextField(default="Asia/Shanghai")
    """IANA time zone: which local day it is here."""
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    objects = ScopedManager["Place"]()

    class Meta:
        db_table = "places_place"
        indexes = [
            models.Index(OpClass(F("path"), "text_pattern_ops"), name="places_place_path"),
            models.Index(fields=["parent", "code"], name="places_place_parent"),
        ]


class Dwelling(models.Model):
    """门户: one door, as locals say it."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "door": "address; until two years after the outbreak is closed",
        "address_key": "address; until two years after the outbreak is closed",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    group = models.TextField(blank=True)
    """组, as written ("3组")."""
    door = models.TextField()
    address_key = models.TextField()
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    objects = ScopedManager["Dwelling"]()

    class Meta:
        db_table = "places_dwelling"
        constraints = [models.UniqueConstraint(fields=["area", "address_key"], name="places_dwelling_once")]
        indexes = [models.Index(OpClass(F("area"), "text_pattern_ops"), name="places_dwelling_area")]
