"""Doors: making sure that each has one row, where it lies, and which grid it belongs to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.places.models import Dwelling, Place
from shouwang.places.queries import villages_around

OWN = "doors are written by their own room"
KEPT_IDS = 500


@dataclass(frozen=True, slots=True)
class DwellingDraft:
    """A door read from a list: `area` is the path of its village or grid (see `rules.read_address`)."""

    area: str
    group: str
    door: str
    address_key: str


@transaction.atomic
def ensure_dwellings(
    *, drafts: Iterable[DwellingDraft], by: Actor, at: datetime
) -> dict[tuple[str, str], UUID]:
    """Make sure every door has a row; returns (area, address key) → id. Drafts without a key are passed over.

    A door known anywhere in the village is that door, whichever grid it was put into since and whichever place
    of the village the draft names. A handful of statements and one event however many doors. Refuses
    `place-unknown` when an area is no place.
    """
    wanted = {(draft.area, draft.address_key): draft for draft in drafts if draft.address_key}
    if not wanted:
        return {}
    areas = {draft.area for draft in wanted.values()}
    known = set(Place.objects.unscoped(OWN).filter(path__in=areas).values_list("path", flat=True))
    if unknown := sorted(areas - known):
        raise Refused("place-unknown", place=unknown[0])
    village = villages_around(areas)
    held = _held(set(village.values()), {key for _, key in wanted})
    fresh: dict[tuple[str, str], DwellingDraft] = {}
    for (area, key), draft in wanted.items():
        if (village[area], key) not in held:
            fresh.setdefault((village[area], key), draft)
    added = _insert_dwellings(list(fresh.values())) if fresh else 0
    if added:
        append_event(
            verb="places.dwellings.added",
            subject=("division", min(areas)),
            area=_shared(areas),
            by=by,
            at=at,
            payload={"added": added},
        )
        held = _held(set(village.values()), {key for _, key in wanted})
    return {(area, key): held[village[area], key] for area, key in wanted}


@transaction.atomic
def locate_dwelling(*, dwelling_id: UUID, position: tuple[float, float], by: Actor, at: datetime) -> None:
    """Say where a door is on the map: (latitude, longitude). Said again, the newer holds.

    Refuses `dwelling-not-found`, `position-impossible`.
    """
    latitude, longitude = position
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Refused("position-impossible", position=f"{latitude}, {longitude}")
    rows = Dwelling.objects.unscoped("reached through a household in scope").filter(id=dwelling_id)
    door = rows.first()
    if door is None:
        raise Refused("dwelling-not-found")
    rows.update(latitude=latitude, longitude=longitude)
    append_event(
        verb="places.dwelling.located",
        subject=("dwelling", dwelling_id),
        area=door.area,
        by=by,
        at=at,
        payload={},
    )


@transaction.atomic
def put_doors(
    *,
    moves: Mapping[UUID, str],
    village: str,
    followed: Mapping[str, int],
    by: Actor,
    at: datetime,
) -> int:
    """Put doors into grids: door → path of the grid, or of the village itself; returns how many changed.

    One statement and one event, however many doors. What stands on where a door is follows in
    `journeys.divide_village`, which counts it in `followed`. Refuses `place-unknown`.
    """
    paths = sorted(set(moves.values()))
    places = Place.objects.unscoped(OWN).filter(path__in=paths, valid_until__isnull=True)
    ids = dict(places.values_list("path", "id"))
    for path in paths:
        if path not in ids:
            raise Refused("place-unknown", place=path)
    with connection.cursor() as cursor:
        cursor.execute(
            """with k as (select * from unnest(%(doors)s::uuid[], %(places)s::uuid[], %(areas)s::text[])
                as k (door, place, area)),
            held as (select d.id, d.area from places_dwelling d join k on k.door = d.id
                where d.area <> k.area for update of d),
            moved as (update places_dwelling d set area = k.area, place_id = k.place
                from k join held on held.id = k.door where d.id = k.door returning held.area as was, d.area)
            select was, area, count(*) from moved group by was, area order by was, area""",
            {
                "doors": list(moves),
                "places": [ids[path] for path in moves.values()],
                "areas": list(moves.values()),
            },
        )
        moved = cursor.fetchall()
    changed: int = sum(number for _, _, number in moved)
    if changed:
        append_event(
            verb="places.doors.divided",
            subject=("place", village),
            area=village,
            by=by,
            at=at,
            payload={
                "doors": changed,
                "moved": [[was, area, number] for was, area, number in moved],
                "ids": [str(door) for door in list(moves)[:KEPT_IDS]],
                **followed,
            },
        )
    return changed


def _held(villages: Collection[str], keys: Collection[str]) -> dict[tuple[str, str], UUID]:
    """(village, address key) → the door, wherever in the village it stands."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select v.path, d.address_key, d.id
            from unnest(%(villages)s::text[]) as v (path)
            join places_place p on p.path ~>=~ v.path and p.path ~<~ (v.path || '.')
                and (p.path = v.path or p.path ~>=~ (v.path || '-'))
            join places_dwelling d on d.area = p.path and d.address_key = any(%(keys)s)""",
            {"villages": list(villages), "keys": list(keys)},
        )
        return {(village, key): pk for village, key, pk in cursor.fetchall()}


def _insert_dwellings(drafts: list[DwellingDraft]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into places_dwelling (id, place_id, area, group_name, door, address_key)
            select d.id, p.id, d.area, d.grp, d.door, d.key
            from unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[])
                as d (id, area, grp, door, key) join places_place p on p.path = d.area
            on conflict do nothing""",
            [
                [uuid7() for _ in drafts],
                [draft.area for draft in drafts],
                [draft.group for draft in drafts],
                [draft.door for draft in drafts],
                [draft.address_key for draft in drafts],
            ],
        )
        return int(cursor.rowcount)


def _shared(areas: set[str]) -> str:
    """The path of the lowest division above all of `areas`."""
    low, high = min(areas), max(areas)
    for length in (12, 9, 6, 4, 2):
        if low[:length] == high[:length] and len(low) >= length:
            return low[:length]
    return ""
