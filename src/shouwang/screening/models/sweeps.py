"""排查轮次: rounds, their doors, the visits, whom they met; and counters that are kept of all that."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7
from shouwang.screening.models.imports import UNTIL_CLOSED


class Sweep(models.Model):
    """排查轮次: one round over the doors of a place, from its opening to its closing, with a due date."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    ordinal = models.SmallIntegerField()
    """第几轮: counted at this place from 1."""
    name = models.TextField()
    zone = models.CharField(max_length=40)
    due_on = models.DateField()
    role_set = models.CharField(max_length=40, blank=True)
    """The role set whose assignments to places say who answers for which doors (分片包干)."""
    follows = models.ForeignKey("screening.Sweep", on_delete=models.PROTECT, null=True, related_name="+")
    only_left = models.BooleanField(default=False)
    """Whether it holds only what the round before left, and doors that are new since."""
    opened_at = models.DateTimeField()
    opened_by_id = models.TextField()
    opened_by_name = models.TextField()
    closed_at = models.DateTimeField(null=True)
    closed_by_id = models.TextField(blank=True)
    closed_by_name = models.TextField(blank=True)

    objects = ScopedManager["Sweep"]()

    class Meta:
        db_table = "screening_sweep"
        constraints = [
            models.UniqueConstraint(fields=["area", "ordinal"], name="screening_sweep_ordinal"),
            models.UniqueConstraint(
                fields=["area"], condition=Q(closed_at__isnull=True), name="screening_sweep_one_open"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
                name="screening_sweep_order",
            ),
        ]


class SweepDoor(models.Model):
    """排查门户: one door on the list of a round, and how it stands: columns kept from its visits."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sweep = models.ForeignKey("screening.Sweep", on_delete=models.PROTECT, related_name="+", db_index=False)
    area = models.TextField()
    """Path of its grid or village: the leaf that counters are kept by."""
    number = models.IntegerField()
    """Its number on the list of the leaf, as on the printed sheet."""
    dwelling = models.ForeignKey(
        "places.Dwelling", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    household = models.ForeignKey(
        "people.Household", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    """Only where the household has no door that could be read."""
    carried = models.CharField(max_length=16, blank=True)
    """How the round before left it, where it missed it; else ""."""
    listed_at = models.DateTimeField()
    outcome = models.CharField(max_length=16, blank=True)
    last_visit_at = models.DateTimeField(null=True)
    first_day = models.DateField(null=True)
    visits = models.IntegerField(default=0)
    people = models.IntegerField(default=0)
    """Different people met at least (`rules.people_behind`)."""

    objects = ScopedManager["SweepDoor"]()

    class Meta:
        db_table = "screening_sweepdoor"
        constraints = [
            models.UniqueConstraint(fields=["sweep", "area", "number"], name="screening_door_number"),
            models.UniqueConstraint(
                fields=["dwelling", "sweep"], condition=Q(dwelling__isnull=False), name="screening_door_once"
            ),
            models.UniqueConstraint(
                fields=["household", "sweep"],
                condition=Q(household__isnull=False),
                name="screening_door_household_once",
            ),
            models.CheckConstraint(
                condition=Q(dwelling__isnull=False, household__isnull=True)
                | Q(dwelling__isnull=True, household__isnull=False),
                name="screening_door_is_one_thing",
            ),
        ]
        indexes = [
            models.Index(
                F("sweep"),
                OpClass(F("area"), "text_pattern_ops"),
                F("number"),
                name="screening_door_missed",
                condition=~Q(outcome__in=["met", "vacant", "moved"]),
            ),
        ]


class DoorVisit(models.Model):
    """入户: one visit to one door as it was told. Never changed: a correction names the visit before."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "named": f"presence; {UNTIL_CLOSED}",
        "note_sealed": f"any, sealed; {UNTIL_CLOSED}",
        "visitor_name": "staff; three years after the last assignment ends",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    """The client's."""
    sweep = models.ForeignKey("screening.Sweep", on_delete=models.PROTECT, related_name="+", db_index=False)
    door = models.ForeignKey("screening.SweepDoor", on_delete=models.PROTECT, related_name="+")
    area = models.TextField()
    visited_at = models.DateTimeField()
    local_day = models.DateField()
    outcome = models.CharField(max_length=16)
    people = models.SmallIntegerField()
    named = ArrayField(models.UUIDField(), default=list)
    """Persons met, by id; those found on no register too, once they are in the books."""
    note_sealed = models.BinaryField(null=True)
    visitor_name = models.TextField()
    """Who knocked."""
    payload_hash = models.UUIDField()
    corrects = models.ForeignKey(
        "screening.DoorVisit", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    reason = models.TextField(blank=True)
    by_id = models.TextField()
    by_name = models.TextField()
    recorded_at = models.DateTimeField()

    objects = ScopedManager["DoorVisit"]()

    class Meta:
        db_table = "screening_doorvisit"
        constraints = [
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(reason=""), name="screening_visit_correction_reason"
            ),
            models.CheckConstraint(condition=Q(people__gte=0), name="screening_visit_people"),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(corrects__isnull=False),
                name="screening_visit_corrected_once",
            ),
        ]
        indexes = [models.Index(fields=["sweep", "area", "local_day"], name="screening_visit_day")]


class VisitConflict(models.Model):
    """入户冲突: what came under the id of another visit. Refused, and kept for a person to look at."""

    PERSONAL: ClassVar[dict[str, str]] = {"payload_sealed": f"any, sealed; {UNTIL_CLOSED}"}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    visit = models.ForeignKey("screening.DoorVisit", on_delete=models.PROTECT, related_name="+")
    area = models.TextField()
    payload_sealed = models.BinaryField()
    payload_hash = models.UUIDField()
    by_id = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField()

    objects = ScopedManager["VisitConflict"]()

    class Meta:
        db_table = "screening_visitconflict"
        constraints = [
            models.UniqueConstraint(fields=["visit", "payload_hash"], name="screening_visitconflict_once")
        ]


class SweepFound(models.Model):
    """摸排新增: somebody met at a door who was on no register there, and who they turned out to be."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    visit = models.ForeignKey("screening.DoorVisit", on_delete=models.PROTECT, related_name="+")
    sweep = models.ForeignKey("screening.Sweep", on_delete=models.PROTECT, related_name="+")
    area = models.TextField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    is_new = models.BooleanField()
    """Whether nobody knew this person; else they were known somewhere else."""
    recorded_at = models.DateTimeField()

    objects = ScopedManager["SweepFound"]()

    class Meta:
        db_table = "screening_sweepfound"
        constraints = [models.UniqueConstraint(fields=["visit", "person"], name="screening_found_once")]


class SweepPerson(models.Model):
    """见面人员: who was met at which door in a round; each counts at one door. Kept from the visits."""

    id = models.BigAutoField(primary_key=True)
    sweep = models.ForeignKey(
        "screening.Sweep", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    door = models.ForeignKey(
        "screening.SweepDoor", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    area = models.TextField()
    counted = models.BooleanField()

    objects = ScopedManager["SweepPerson"]()

    class Meta:
        db_table = "screening_sweepperson"
        constraints = [
            models.UniqueConstraint(fields=["person", "sweep", "door"], name="screening_sweepperson_once")
        ]
        indexes = [
            models.Index(fields=["door"], name="screening_sweepperson_twice", condition=Q(counted=False)),
        ]


class SweepLeaf(models.Model):
    """网格进度: how the doors of one grid or village stand in a round. Kept from the doors."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sweep = models.ForeignKey("screening.Sweep", on_delete=models.PROTECT, related_name="+", db_index=False)
    area = models.TextField()
    doors = models.IntegerField(default=0)
    met = models.IntegerField(default=0)
    not_home = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    vacant = models.IntegerField(default=0)
    cannot_locate = models.IntegerField(default=0)
    moved = models.IntegerField(default=0)
    people = models.IntegerField(default=0)
    visits = models.IntegerField(default=0)
    carried = models.IntegerField(default=0)
    carried_done = models.IntegerField(default=0)
    last_visit_at = models.DateTimeField(null=True)

    objects = ScopedManager["SweepLeaf"]()

    class Meta:
        db_table = "screening_sweepleaf"
        constraints = [models.UniqueConstraint(fields=["sweep", "area"], name="screening_leaf_once")]


class SweepDay(models.Model):
    """逐日进度: what was done in one grid or village on one local day of a round. Kept from the visits."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sweep = models.ForeignKey("screening.Sweep", on_delete=models.PROTECT, related_name="+", db_index=False)
    area = models.TextField()
    day = models.DateField()
    visits = models.IntegerField()
    """Visits to doors."""
    person_visits = models.IntegerField()
    """People met, each as often as met (人次)."""
    met = models.IntegerField()
    refused = models.IntegerField()
    doors = models.IntegerField()
    """Doors whose first visit of the round was on this day."""

    objects = ScopedManager["SweepDay"]()

    class Meta:
        db_table = "screening_sweepday"
        constraints = [models.UniqueConstraint(fields=["sweep", "area", "day"], name="screening_day_once")]
