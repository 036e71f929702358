"""居民: households and persons, where they live and have lived, and how they are identified.

Every model says which of its fields are personal, of what class, and how long they are kept (`PERSONAL`).
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7

UNTIL_CLOSED = "until two years after the outbreak is closed"
DIVIDED = "grid-divided"
"""Reason of a residence that says no more than that the village was divided: nobody moved."""


class Household(models.Model):
    """户: people who live together behind one door."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "head_name": f"identity; {UNTIL_CLOSED}",
        "address": f"address; {UNTIL_CLOSED}",
        "address_key": f"address; {UNTIL_CLOSED}",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    dwelling = models.ForeignKey("places.Dwelling", on_delete=models.PROTECT, null=True, related_name="+")
    number = models.TextField(blank=True)
    head_name = models.TextField(blank=True)
    address = models.TextField(blank=True)
    address_key = models.TextField(blank=True)
    """The address as matching compares it (`places.rules.address_key`)."""
    recorded_at = models.DateTimeField()

    objects = ScopedManager["Household"]()

    class Meta:
        db_table = "people_household"
        indexes = [
            models.Index(
                OpClass(F("area"), "text_pattern_ops"), F("address_key"), name="people_household_area"
            ),
            models.Index(fields=["number"], name="people_household_number", condition=~Q(number="")),
        ]


class Person(models.Model):
    """居民: one human being, once. Identifiers and telephones hang on it, sealed."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "name": f"identity; {UNTIL_CLOSED}",
        "sort_key": f"identity; {UNTIL_CLOSED}",
        "initials": f"identity; {UNTIL_CLOSED}",
        "birth_date": f"identity; {UNTIL_CLOSED}",
        "sex": f"identity; {UNTIL_CLOSED}",
        "relation": f"identity; {UNTIL_CLOSED}",
    }

    class Sex(models.TextChoices):
        MALE = "m"
        FEMALE = "f"
        UNKNOWN = ""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    """Path of the village or grid the person lives in now; kept by the same action that moves them."""
    household = models.ForeignKey("people.Household", on_delete=models.PROTECT, null=True, related_name="+")
    name = models.TextField()
    sort_key = models.TextField()
    """Pinyin of the name, for sorting."""
    initials = models.TextField()
    """Pinyin initials, for search."""
    sex = models.CharField(max_length=1, choices=Sex.choices, blank=True)
    birth_date = models.DateField(null=True)
    relation = models.TextField(blank=True)
    """与户主关系, as written."""
    is_resident = models.BooleanField(null=True)
    """是否常住; null where nobody said."""
    recorded_at = models.DateTimeField()
    merged_into = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")

    objects = ScopedManager["Person"]()

    class Meta:
        db_table = "people_person"
        indexes = [
            models.Index(
                OpClass(F("area"), "text_pattern_ops"), F("sort_key"), F("id"), name="people_person_area_sort"
            ),
            models.Index(F("sort_key"), F("id"), name="people_person_sort"),
            models.Index(OpClass(F("initials"), "text_pattern_ops"), name="people_person_initials"),
            models.Index(OpClass(F("name"), "text_pattern_ops"), name="people_person_name"),
            models.Index(fields=["household"], name="people_person_household"),
        ]


class Identifier(models.Model):
    """证件: an identity paper of a person, sealed; found by its blind index. Kept as it was written."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "sealed": f"identifier, sealed; {UNTIL_CLOSED}",
        "digest": f"identifier, blind index; {UNTIL_CLOSED}",
        "tail_digest": f"identifier, blind index; {UNTIL_CLOSED}",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    """`id-18`, `id-15`, `permit-hk`, `permit-mo`, `permit-tw`, `passport`, `other`, `none`."""
    sealed = models.BinaryField()
    digest = models.BinaryField(max_length=16)
    tail_digest = models.BinaryField(max_length=16)
    masked = models.CharField(max_length=24)
    """What a list shows."""
    problem = models.CharField(max_length=40, blank=True)
    """A code such as `id-checksum` where the value still has to be verified."""
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_identifier"
        indexes = [
            models.Index(fields=["digest"], name="people_identifier_digest"),
            models.Index(fields=["tail_digest"], name="people_identifier_tail"),
            models.Index(fields=["person"], name="people_identifier_person"),
        ]


class Telephone(models.Model):
    """电话: a number of a person, sealed; found by its blind index."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "sealed": f"telephone, sealed; {UNTIL_CLOSED}",
        "digest": f"telephone, blind index; {UNTIL_CLOSED}",
        "tail_digest": f"telephone, blind index; {UNTIL_CLOSED}",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    digest = models.BinaryField(max_length=16)
    tail_digest = models.BinaryField(max_length=16)
    masked = models.CharField(max_length=24)
    problem = models.CharField(max_length=40, blank=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_telephone"
        indexes = [
            models.Index(fields=["digest"], name="people_telephone_digest"),
            models.Index(fields=["tail_digest"], name="people_telephone_tail"),
            models.Index(fields=["person"], name="people_telephone_person"),
        ]


class Residence(models.Model):
    """居住: where a person lives, as known over time. A move supersedes the row before; none is changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    household = models.ForeignKey("people.Household", on_delete=models.PROTECT, null=True, related_name="+")
    area = models.TextField()
    since = models.DateField(null=True)
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    objects = ScopedManager["Residence"]()

    class Meta:
        db_table = "people_residence"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(superseded_at__isnull=True), name="people_residence_one_now"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "recorded_at"], name="people_residence_person"),
            models.Index(OpClass(F("area"), "text_pattern_ops"), name="people_residence_area"),
        ]


class PersonTag(models.Model):
    """人群标识: what makes a person vulnerable or known (old and alone, pregnant, chronic illness, …)."""

    PERSONAL: ClassVar[dict[str, str]] = {"code": f"health and welfare; {UNTIL_CLOSED}"}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_persontag"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "code"], condition=Q(superseded_at__isnull=True), name="people_tag_once"
            ),
        ]


class PersonCorrection(models.Model):
    """更正: a field of a person as it was before, why it was changed, by whom. Old and new are sealed."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "old_sealed": f"identity, sealed; {UNTIL_CLOSED}",
        "new_sealed": f"identity, sealed; {UNTIL_CLOSED}",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    field = models.CharField(max_length=30)
    old_sealed = models.BinaryField()
    new_sealed = models.BinaryField()
    reason = models.TextField()
    by_id = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "people_personcorrection"
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="people_correction_reason")]
        indexes = [models.Index(fields=["person", "at"], name="people_correction_person")]
