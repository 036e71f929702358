"""People as a telephone in the field holds them: whose door, how old, and the number the household is rung on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from shouwang.kernel.scope import Scope
from shouwang.people.models import Person, PersonTag, Telephone
from shouwang.people.sealed import unseal


@dataclass(frozen=True, slots=True)
class Resident:
    """A person of a round with the door they live behind."""

    id: UUID
    area: str
    household_id: UUID | None
    name: str
    sex: str
    birth_date: date | None
    head_name: str
    address: str
    point: tuple[float, float] | None
    tags: tuple[str, ...] = ()


def residents(scope: Scope, ids: Collection[UUID]) -> dict[UUID, Resident]:
    """These persons in sight. Two queries, however many."""
    rows = Person.objects.within(scope).filter(id__in=ids).select_related(None)
    found = list(rows.values_list(*_COLUMNS))
    tags: dict[UUID, list[str]] = {}
    held = PersonTag.objects.filter(person_id__in=[row[0] for row in found], superseded_at__isnull=True)
    for person, code in held.order_by("code").values_list("person_id", "code"):
        tags.setdefault(person, []).append(code)
    return {
        key: Resident(
            *(key, area, household, name, sex, born, head or "", address or ""),
            (lat, lon) if lat is not None and lon is not None else None,
            tuple(tags.get(key, ())),
        )
        for key, area, household, name, sex, born, head, address, lat, lon in found
    }


@dataclass(frozen=True, slots=True)
class Ring:
    """The number a household is rung on; `full` says that it may be rung: the rest see it masked."""

    number: str
    full: bool


def rings_of(
    scope: Scope,
    *,
    households: Collection[UUID],
    people: Collection[UUID],
    permission: str,
    answered: Collection[UUID] | None = None,
) -> dict[UUID, Ring]:
    """Household (person, where somebody belongs to none) → whom to ring there: the head's number, else that of one
    of `people`, else of anybody of the household. One query, however many.

    In full where `permission` is held and, where `answered` is given, for these households only; the caller
    journals the reading. Else masked.
    """
    inside = Person.objects.within(scope).filter(merged_into__isnull=True)
    lived = inside.filter(Q(household_id__in=households) | Q(id__in=people, household__isnull=True))
    phones = (
        Telephone.objects.filter(person__in=lived, superseded_at__isnull=True)
        .order_by("recorded_at", "id")
        .values_list(
            *("id", "masked", "sealed", "person_id"),
            *("person__household_id", "person__name", "person__household__head_name", "person__area"),
        )
    )
    first = frozenset(people)
    best: dict[UUID, tuple[int, _Phone]] = {}
    for row in phones:
        one = _Phone(*row)
        rank = 0 if one.name and one.name == one.head else 1 if one.person in first else 2
        key = one.household or one.person
        if key not in best or rank <= best[key][0]:
            best[key] = (rank, one)
    mine = None if answered is None else frozenset(answered)
    return {
        key: _ring(one, full=scope.allows(permission, one.area) and (mine is None or key in mine))
        for key, (_, one) in best.items()
    }


class _Phone(NamedTuple):
    """A telephone with whose it is."""

    id: UUID
    masked: str
    sealed: bytes | memoryview
    person: UUID
    household: UUID | None
    name: str
    head: str | None
    area: str


def _ring(one: _Phone, *, full: bool) -> Ring:
    if not full:
        return Ring(one.masked, False)
    told = unseal(one.sealed, table="people_telephone", row=one.id, field="sealed")
    return Ring(told.removeprefix("+86"), True)


def names_behind(scope: Scope, households: Iterable[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    """Household → (person, name) of everybody who lives there, in sight, head of the list first. One query."""
    rows = Person.objects.within(scope).filter(household_id__in=set(households), merged_into__isnull=True)
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    for household, person, name in rows.order_by("id").values_list("household_id", "id", "name"):
        if household is not None:
            found.setdefault(household, []).append((person, name))
    return found


_COLUMNS = (
    *(
        "id",
        "area",
        "household_id",
        "name",
        "sex",
        "birth_date",
        "household__head_name",
        "household__address",
    ),
    *("household__dwelling__latitude", "household__dwelling__longitude"),
)
