"""Rounds: opening one with its list of doors, adding a door that was on no list, closing it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.days import local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.places.actions import DwellingDraft, ensure_dwellings
from shouwang.places.queries import place_by_path, zone_of
from shouwang.places.rules import read_address
from shouwang.screening.actions.sweeps_doors import list_doors
from shouwang.screening.models import Sweep, SweepDoor

OWN = "the row is reached through scope by the caller"
MANAGE, RECORD = "sweep.manage", "sweep.record"


@transaction.atomic
def begin_sweep(
    *,
    area: str,
    due_on: date,
    scope: Scope,
    by: Actor,
    at: datetime,
    name: str = "",
    role_set: str = "",
    only_left: bool = False,
    sweep_id: UUID | None = None,
) -> UUID:
    """Open a round over every door below `area`: dwellings, and households whose door nobody could read.

    It follows the last round of the same place: what that one missed is marked; with `only_left` the list
    holds nothing else but doors that are new since. Refuses `not-permitted`, `place-unknown`,
    `sweep-due-past`, `sweep-open-already` (also where an open round of a place around or below shares its
    doors), `sweep-no-doors`.
    """
    if not scope.allows(MANAGE, area):
        raise Refused("not-permitted", permission=MANAGE)
    if place_by_path(Scope.everything(), area) is None:
        raise Refused("place-unknown", place=area)
    zone = zone_of(area)
    if due_on < local_day(at, zone):
        raise Refused("sweep-due-past", due=due_on.isoformat())
    _lock_rounds()
    _refuse_second(area)
    before = Sweep.objects.unscoped(OWN).filter(area=area).order_by("-ordinal").first()
    ordinal = before.ordinal + 1 if before else 1
    sweep = Sweep.objects.create(
        id=sweep_id or uuid7(),
        area=area,
        ordinal=ordinal,
        name=name.strip(),
        zone=zone,
        due_on=due_on,
        role_set=role_set,
        follows=before,
        only_left=only_left and before is not None,
        opened_at=at,
        opened_by_id=by.id,
        opened_by_name=by.name,
    )
    doors = list_doors(sweep.id, at=at)
    if not doors:
        raise Refused("sweep-no-doors")
    append_event(
        verb="screening.sweep.opened",
        subject=("sweep", sweep.id),
        area=area,
        by=by,
        at=at,
        payload={"ordinal": ordinal, "doors": doors, "due": due_on, "only_left": sweep.only_left},
    )
    return sweep.id


@transaction.atomic
def add_door(
    *, sweep_id: UUID, area: str, address: str, scope: Scope, by: Actor, at: datetime
) -> tuple[UUID, int]:
    """Put a door that was found on no list on the round's; returns its id and number. There already: itself.

    Refuses `sweep-not-found`, `sweep-closed`, `place-unknown` (also where this person records no doors),
    `door-address-missing`.
    """
    sweep = held_sweep(sweep_id, for_update=True)
    if not area.startswith(sweep.area) or not scope.allows(RECORD, area):
        raise Refused("place-unknown", place=area)
    if sweep.closed_at is not None:
        raise Refused("sweep-closed", name=sweep.name)
    read = read_address(address, {})
    if not read.address_key:
        raise Refused("door-address-missing", field="address")
    draft = DwellingDraft(area, read.group, read.door, read.address_key)
    dwelling = ensure_dwellings(drafts=[draft], by=by, at=at)[area, read.address_key]
    list_doors(sweep_id, at=at, dwelling=dwelling)
    listed = Q(dwelling_id=dwelling) | Q(household__dwelling_id=dwelling)
    row = SweepDoor.objects.unscoped(OWN).filter(listed, sweep_id=sweep_id).first()
    if row is None:  # a door of the same village, in a grid that this round does not cover
        raise Refused("place-unknown", place=area)
    append_event(
        verb="screening.sweep.door-added",
        subject=("sweep", sweep_id),
        area=area,
        by=by,
        at=at,
        payload={"door": str(row.id), "number": row.number},
    )
    return row.id, row.number


@transaction.atomic
def close_sweep(*, sweep_id: UUID, scope: Scope, by: Actor, at: datetime) -> None:
    """Close a round. Paper of doors visited before is still taken in; what was missed goes to the next.

    Refuses `sweep-not-found`, `not-permitted`, `sweep-closed`.
    """
    sweep = held_sweep(sweep_id, for_update=True)
    if not scope.allows(MANAGE, sweep.area):
        raise Refused("not-permitted", permission=MANAGE)
    if sweep.closed_at is not None:
        raise Refused("sweep-closed", name=sweep.name)
    Sweep.objects.unscoped(OWN).filter(id=sweep_id).update(
        closed_at=at, closed_by_id=by.id, closed_by_name=by.name
    )
    append_event(verb="screening.sweep.closed", subject=("sweep", sweep_id), area=sweep.area, by=by, at=at)


@transaction.atomic
def note_sheet_printed(*, sweep_id: UUID, area: str, doors: int, by: Actor, at: datetime) -> None:
    """That a list of doors with names was put on paper, and by whom, is in the journal."""
    append_event(
        verb="screening.sweep.printed",
        subject=("sweep", sweep_id),
        area=area,
        by=by,
        at=at,
        payload={"doors": doors},
    )


def held_sweep(sweep_id: UUID, *, for_update: bool = False) -> Sweep:
    """A round, inside the caller's action. Refuses `sweep-not-found`."""
    rows = Sweep.objects.unscoped(OWN)
    sweep = (rows.select_for_update() if for_update else rows).filter(id=sweep_id).first()
    if sweep is None:
        raise Refused("sweep-not-found")
    return sweep


def _lock_rounds() -> None:
    """One opening at a time: two places of which one holds the other must see each other."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended('screening_sweep', 0))")


def _refuse_second(area: str) -> None:
    open_ones = Sweep.objects.unscoped("rounds around and below share doors").filter(closed_at__isnull=True)
    for other, name in open_ones.values_list("area", "name"):
        if other.startswith(area) or area.startswith(other):
            raise Refused("sweep-open-already", name=name, place=other)
