"""Which door and which place a household stands at."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from shouwang.journal.scoped import ScopedQuerySet
from shouwang.kernel.scope import Scope
from shouwang.people.models import Household, Person


@dataclass(frozen=True, slots=True)
class DoorlessHousehold:
    """A household whose address is known and that no door of the village's list holds."""

    id: UUID
    area: str
    address: str
    address_key: str


def household_areas(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Household → the place it stands in now. Unscoped: for actions that admit people into these households."""
    rows = Household.objects.unscoped("asked by an action for households it holds").filter(id__in=set(ids))
    return dict(rows.values_list("id", "area"))


def doorless_households(scope: Scope, village: str) -> list[DoorlessHousehold]:
    """Households of a village that people live in, with an address and no door. One query."""
    rows = _living(scope, village).filter(dwelling__isnull=True).exclude(address_key="")
    return [
        DoorlessHousehold(*row)
        for row in rows.order_by("id").values_list("id", "area", "address", "address_key")
    ]


def without_door(scope: Scope, village: str) -> tuple[int, int]:
    """How many households of a village have an address but no door, and how many not even an address."""
    rows = _living(scope, village).filter(dwelling__isnull=True)
    counted = rows.aggregate(
        told=Count("id", filter=~Q(address_key="")), silent=Count("id", filter=Q(address_key=""))
    )
    return counted["told"], counted["silent"]


def heads_behind(scope: Scope, doors: Collection[UUID]) -> dict[UUID, tuple[str, int]]:
    """Door → (heads of the households behind it, how many people live there), for a list of doors. One query."""
    living = Person.objects.unscoped("of households in scope").filter(
        household_id=OuterRef("id"), merged_into__isnull=True
    )
    rows = (
        Household.objects.within(scope)
        .filter(dwelling_id__in=doors)
        .annotate(people=Subquery(living.values("household_id").annotate(n=Count("id")).values("n")))
    )
    found: dict[UUID, tuple[str, int]] = {}
    for door, head, people in rows.values_list("dwelling_id", "head_name", "people"):
        names, number = found.get(door, ("", 0))
        found[door] = ("、".join(name for name in (names, head) if name), number + (people or 0))
    return found


def _living(scope: Scope, village: str) -> ScopedQuerySet[Household]:
    people = Person.objects.unscoped("of households in scope").filter(
        household_id=OuterRef("id"), merged_into__isnull=True
    )
    inside = Q(area=village) | Q(area__startswith=f"{village}-")
    return Household.objects.within(scope).filter(inside).filter(Exists(people))
