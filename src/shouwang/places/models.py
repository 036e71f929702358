"""地点: places in one tree, the other names they go by, and the doors people live behind."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Left

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7


class Place(models.Model):
    """地点: an official division, a functional zone, a grid, a compound or a building.

    `path` is prefix-closed: everything below a place has a path that begins with the place's own. For an
    official division it equals the code; below, and for zones without a code, segments "-001" follow. A
    retired place keeps its row with `valid_until`. Names of places are public; no personal data.
    """

    class Kind(models.TextChoices):
        OFFICIAL = "official"
        ZONE = "zone"
        GRID = "grid"
        COMPOUND = "compound"
        BUILDING = "building"

    class Level(models.TextChoices):
        PROVINCE = "province"
        CITY = "city"
        COUNTY = "county"
        STREET = "street"
        VILLAGE = "village"
        GRID = "grid"
        COMPOUND = "compound"
        BUILDING = "building"

    AREA_COLUMN: ClassVar[str] = "path"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=12, null=True, unique=True)
    """Official code, 2 to 12 digits; null where there is none."""
    path = models.TextField(unique=True)
    """What `area` holds in every scoped table. Its unique index comes with a text_pattern_ops twin."""
    name = models.TextField()
    level = models.CharField(max_length=10, choices=Level.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OFFICIAL)
    parent = models.ForeignKey(
        "places.Place", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    """IANA time zone: the local day of this place."""
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    objects = ScopedManager["Place"]()

    class Meta:
        db_table = "places_place"
        indexes = [
            models.Index(OpClass(F("name"), "text_pattern_ops"), name="places_place_name"),
            models.Index(fields=["parent", "path"], name="places_place_parent"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="official") | (Q(code__isnull=False) & Q(path=F("code"))),
                name="places_official_path_is_code",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="places_place_position",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceAlias(models.Model):
    """别名: another name of a place: an old name, a former code, what locals say."""

    AREA_COLUMN: ClassVar[str] = "place__path"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    place = models.ForeignKey("places.Place", on_delete=models.CASCADE, related_name="+")
    name = models.TextField()

    objects = ScopedManager["PlaceAlias"]()

    class Meta:
        db_table = "places_alias"
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="places_alias_once")]
        indexes = [models.Index(fields=["name"], name="places_alias_name")]


class Dwelling(models.Model):
    """住处: one door, as locals say it, in a village or a grid; one only in its village, wherever it was put."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "door": "address; until two years after the outbreak is closed",
        "group": "address; until two years after the outbreak is closed",
        "address_key": "address; until two years after the outbreak is closed",
        "latitude": "address; until two years after the outbreak is closed",
        "longitude": "address; until two years after the outbreak is closed",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    area = models.TextField()
    """Path of `place`."""
    group = models.TextField(blank=True, db_column="group_name")
    """组: "7组"; blank in towns."""
    door = models.TextField()
    """The rest of the address as locals say it: "9号", "正街3栋1单元7-3"."""
    address_key = models.TextField()
    """`places.rules.address_key`: equal for two writings of one door."""
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    objects = ScopedManager["Dwelling"]()

    class Meta:
        db_table = "places_dwelling"
        constraints = [
            models.UniqueConstraint(
                Case(
                    When(area__regex=r"^\d{12}", then=Left("area", 12)),
                    default=F("area"),
                    output_field=models.TextField(),
                ),
                F("address_key"),
                name="places_dwelling_once",
            ),
            models.CheckConstraint(condition=~Q(address_key=""), name="places_dwelling_has_door"),
        ]
        indexes = [
            models.Index(
                OpClass(F("area"), "text_pattern_ops"), F("address_key"), name="places_dwelling_area"
            )
        ]
