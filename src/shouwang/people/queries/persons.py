"""Persons and households as pages read them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.people.models import (
    DIVIDED,
    Household,
    Identifier,
    Person,
    PersonCorrection,
    PersonTag,
    Residence,
    Telephone,
)
from shouwang.people.sealed import blind, unseal

TAIL_LENGTH = 4


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as a list shows them."""

    id: UUID
    area: str
    household_id: UUID | None
    name: str
    sex: str
    birth_date: date | None
    relation: str
    address: str
    head_name: str
    id_masked: str
    phone_masked: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household and its members, head first."""

    id: UUID
    area: str
    number: str
    head_name: str
    address: str
    members: tuple[PersonRow, ...] = ()


def person(scope: Scope, person_id: UUID) -> PersonRow:
    """One person. Out of scope does not exist: `person-not-found`."""
    found = people_by_ids(scope, [person_id])
    if not found:
        raise Refused("person-not-found")
    return found[0]


def people_by_ids(scope: Scope, ids: Sequence[UUID]) -> list[PersonRow]:
    """These persons as far as they are in sight, in the order given. Four queries, however many."""
    rows = Person.objects.within(scope).filter(id__in=ids).select_related("household")
    by_id = {row.id: row for row in rows}
    shown = list(by_id)
    papers = {
        i.person_id: i.masked
        for i in Identifier.objects.filter(person_id__in=shown, superseded_at__isnull=True).order_by(
            "recorded_at", "id"
        )
    }
    phones = {
        t.person_id: t.masked
        for t in Telephone.objects.filter(person_id__in=shown, superseded_at__isnull=True).order_by(
            "recorded_at", "id"
        )
    }
    tags: dict[UUID, list[str]] = {}
    for tag in PersonTag.objects.filter(person_id__in=shown, superseded_at__isnull=True).order_by("code"):
        tags.setdefault(tag.person_id, []).append(tag.code)
    return [
        _row(by_id[i], papers.get(i, ""), phones.get(i, ""), tuple(tags.get(i, ())))
        for i in ids
        if i in by_id
    ]


def household(scope: Scope, household_id: UUID) -> HouseholdRow:
    """One household with its members. Out of scope does not exist: `household-not-found`."""
    row = Household.objects.within(scope).filter(id=household_id).first()
    if row is None:
        raise Refused("household-not-found")
    ids = list(
        Person.objects.within(scope)
        .filter(household_id=household_id, merged_into__isnull=True)
        .order_by("id")
        .values_list("id", flat=True)
    )
    members = people_by_ids(scope, ids)
    members.sort(key=lambda m: m.relation not in ("户主", "head"))
    return HouseholdRow(row.id, row.area, row.number, row.head_name, row.address, tuple(members))


def household_positions(scope: Scope, ids: Sequence[UUID]) -> dict[UUID, tuple[float, float]]:
    """Coordinates of the doors of these households, as far as they are known. One query."""
    rows = Household.objects.within(scope).filter(id__in=ids, dwelling__latitude__isnull=False)
    return {
        home: (lat, lon)
        for home, lat, lon in rows.values_list("id", "dwelling__latitude", "dwelling__longitude")
        if lat is not None and lon is not None
    }


def search_people(scope: Scope, text: str, *, limit: int = 50) -> list[PersonRow]:
    """Find persons by name, pinyin initials, full or last four of an id, telephone, or door.

    Out of scope does not exist. At most `limit`, by name.
    """
    wanted = text.strip()
    if not wanted:
        return []
    ids = _matching_ids(scope, wanted, limit)
    found = people_by_ids(scope, ids)
    return sorted(found, key=lambda p: (p.name, str(p.id)))[:limit]


def _matching_ids(scope: Scope, wanted: str, limit: int) -> list[UUID]:
    inside = Person.objects.within(scope).filter(merged_into__isnull=True)
    compact = "".join(wanted.split()).upper().replace("-", "")
    if compact.rstrip("X").isdigit():
        people = set(
            Identifier.objects.filter(digest=blind(compact, "national-id")).values_list(
                "person_id", flat=True
            )
        )
        for number in (compact, f"+86{compact}"):
            digest = blind(number, "telephone")
            people |= set(Telephone.objects.filter(digest=digest).values_list("person_id", flat=True))
        if len(compact) == TAIL_LENGTH:
            tails = Identifier.objects.filter(tail_digest=blind(compact, "national-id-tail"))
            people |= set(tails.values_list("person_id", flat=True)[:2000])
            phones = Telephone.objects.filter(tail_digest=blind(compact, "telephone-tail"))
            people |= set(phones.values_list("person_id", flat=True)[:2000])
        return list(inside.filter(id__in=people).values_list("id", flat=True)[:limit])
    if wanted.isascii():
        return list(inside.filter(initials__startswith=wanted.lower()).values_list("id", flat=True)[:limit])
    by_name = list(inside.filter(name__startswith=wanted).values_list("id", flat=True)[:limit])
    if by_name:
        return by_name
    doors = Household.objects.within(scope).filter(address__contains=wanted).values("id")[:limit]
    return list(inside.filter(household_id__in=doors).values_list("id", flat=True)[:limit])


@dataclass(frozen=True, slots=True)
class ResidenceRow:
    """Where somebody lived, from when, known when."""

    area: str
    household_id: UUID | None
    since: date | None
    reason: str
    recorded_at: datetime
    superseded_at: datetime | None


def residences_of(scope: Scope, person_id: UUID) -> list[ResidenceRow]:
    """The residences of a person in sight, newest first."""
    person(scope, person_id)
    rows = Residence.objects.unscoped("of a person in scope").filter(person_id=person_id)
    return [
        ResidenceRow(r.area, r.household_id, r.since, r.reason, r.recorded_at, r.superseded_at)
        for r in rows.order_by("-recorded_at", "-id")
    ]


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """One correction, opened."""

    field: str
    old: str
    new: str
    reason: str
    by_name: str
    at: datetime


def corrections_of(scope: Scope, person_id: UUID) -> list[CorrectionRow]:
    """What was corrected on a person in sight, newest first."""
    person(scope, person_id)
    table = "people_personcorrection"
    return [
        CorrectionRow(
            c.field,
            unseal(c.old_sealed, table=table, row=c.id, field="old_sealed"),
            unseal(c.new_sealed, table=table, row=c.id, field="new_sealed"),
            *(c.reason, c.by_name, c.at),
        )
        for c in PersonCorrection.objects.filter(person_id=person_id).order_by("-at", "-id")
    ]


def _row(p: Person, paper: str, phone: str, tags: tuple[str, ...]) -> PersonRow:
    home = p.household
    return PersonRow(
        id=p.id,
        area=p.area,
        household_id=p.household_id,
        name=p.name,
        sex=p.sex,
        birth_date=p.birth_date,
        relation=p.relation,
        address=home.address if home else "",
        head_name=home.head_name if home else "",
        id_masked=paper,
        phone_masked=phone,
        tags=tags,
    )


def altered_since(scope: Scope, ids: Collection[UUID], since: datetime) -> set[UUID]:
    """Which of these people in sight somebody corrected, moved, tagged or merged with another after `since`."""
    seen = Person.objects.within(scope).filter(id__in=ids)
    shown = list(seen.values_list("id", flat=True))
    reached = "of persons in scope"
    found = set(PersonCorrection.objects.filter(person_id__in=shown, at__gt=since).values_list("person_id"))
    moved = Residence.objects.unscoped(reached).filter(person_id__in=shown, recorded_at__gt=since)
    moved = moved.exclude(reason=DIVIDED)
    found |= set(moved.values_list("person_id"))
    found |= set(
        PersonTag.objects.filter(person_id__in=shown, recorded_at__gt=since).values_list("person_id")
    )
    merged = Person.objects.unscoped(reached).filter(merged_into_id__in=shown)
    found |= set(merged.values_list("merged_into_id"))
    found |= set(seen.filter(merged_into__isnull=False).values_list("id"))
    return {row[0] for row in found}


@dataclass(frozen=True, slots=True)
class Home:
    """Where a person lives now: what a file or a duty needs, and no more."""

    person_id: UUID
    household_id: UUID | None
    area: str


def homes_of(scope: Scope, ids: Sequence[UUID]) -> dict[UUID, Home]:
    """Household and area of these persons as far as they are in sight. One query."""
    rows = Person.objects.within(scope).filter(id__in=ids, merged_into__isnull=True)
    return {row[0]: Home(*row) for row in rows.values_list("id", "household_id", "area")}


def households_by_ids(scope: Scope, ids: Sequence[UUID]) -> list[HouseholdRow]:
    """These households in sight without their members, in the order given. One query."""
    rows = {row.id: row for row in Household.objects.within(scope).filter(id__in=ids)}
    return [
        HouseholdRow(i, rows[i].area, rows[i].number, rows[i].head_name, rows[i].address)
        for i in ids
        if i in rows
    ]


@dataclass(frozen=True, slots=True)
class Callee:
    """A person as a round needs them: whose household, which door, where it is on the map, masked number."""

    id: UUID
    area: str
    household_id: UUID | None
    name: str
    birth_date: date | None
    head_name: str
    address: str
    phone_masked: str
    point: tuple[float, float] | None


def callees(scope: Scope, ids: Sequence[UUID]) -> dict[UUID, Callee]:
    """These persons in sight with their doors. Two queries, however many."""
    rows = Person.objects.within(scope).filter(id__in=ids).select_related("household__dwelling")
    found = {row.id: row for row in rows}
    phones = Telephone.objects.filter(person_id__in=found, superseded_at__isnull=True)
    masked = {phone.person_id: phone.masked for phone in phones.order_by("recorded_at", "id")}
    return {one: _callee(found[one], masked.get(one, "")) for one in ids if one in found}


def dwelling_of(scope: Scope, household_id: UUID) -> UUID | None:
    """The door of a household in sight, if it is known. Out of scope does not exist: `household-not-found`."""
    row = Household.objects.within(scope).filter(id=household_id).first()
    if row is None:
        raise Refused("household-not-found")
    return row.dwelling_id


def _callee(p: Person, phone: str) -> Callee:
    home = p.household
    dwelling = home.dwelling if home else None
    point = None
    if dwelling and dwelling.latitude is not None and dwelling.longitude is not None:
        point = (dwelling.latitude, dwelling.longitude)
    head, address = (home.head_name, home.address) if home else ("", "")
    return Callee(p.id, p.area, p.household_id, p.name, p.birth_date, head, address, phone, point)


def people_sharing_telephone(scope: Scope, person_id: UUID) -> set[UUID]:
    """Who has a number in common with this person, themselves included, as far as they are in sight."""
    own = Telephone.objects.filter(person_id=person_id, superseded_at__isnull=True).values("digest")
    sharing = Telephone.objects.filter(digest__in=own, superseded_at__isnull=True).values("person_id")
    return {person_id, *Person.objects.within(scope).filter(id__in=sharing).values_list("id", flat=True)}


def people_away(scope: Scope) -> list[UUID]:
    """People in sight of whom the register says that they do not live there (是否常住: 否)."""
    away = Person.objects.within(scope).filter(is_resident=False, merged_into__isnull=True)
    return list(away.order_by("id").values_list("id", flat=True))


def paper_holders(number: str) -> set[UUID]:
    """Who holds this identity number. Unscoped: two persons with one number is a fault wherever they live."""
    held = Identifier.objects.filter(
        digest=blind(number, "national-id"), superseded_at__isnull=True, problem=""
    )
    return set(held.values_list("person_id", flat=True))
