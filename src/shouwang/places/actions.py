"""Writing the place tree: official divisions, zones, grids, compounds, buildings, doors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db import connection, transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.places.divisions import LEVELS, parent_of, upper, villages
from shouwang.places.models import Dwelling, Place, PlaceAlias
from shouwang.places.rules import next_path

OWN = "the place tree is loaded by its own room"
_BELOW_DIVISIONS = ("grid", "compound", "building")


@dataclass(frozen=True, slots=True)
class DwellingDraft:
    """A door read from a list: `area` is the path of its village or grid (see `rules.read_address`)."""

    area: str
    group: str
    door: str
    address_key: str


@transaction.atomic
def load_divisions(*, county: str | None, by: Actor, at: datetime) -> int:
    """Load the official divisions below a code and all provinces, cities and counties of the country.

    `county` is any code of two digits or more (a town loads its county); None loads every village of China.
    Loading again adds only what is missing and renames what the edition renamed. Returns the number of new
    places. Refuses `division-unknown`.
    """
    wanted = county[:6] if county else ""
    if county and county not in upper() and not _is_village(county):
        raise Refused("division-unknown", division=county)
    added = _copy_in(_rows(wanted))
    if added:
        append_event(
            verb="places.divisions.loaded",
            subject=("division", wanted or "all"),
            area=wanted,
            by=by,
            at=at,
            payload={"added": added},
        )
    return added


@transaction.atomic
def add_place(
    *,
    parent: str,
    name: str,
    kind: str,
    by: Actor,
    at: datetime,
    level: str | None = None,
    code: str | None = None,
    position: tuple[float, float] | None = None,
) -> str:
    """Add a place below the one at path `parent` and return its path; the same name there again is the same.

    `kind`: zone, grid, compound, building. A zone says at which `level` it stands ("county" for 430971-like
    ones). `position` is (latitude, longitude). Refuses `place-unknown`, `place-name-missing`, `place-kind`.
    """
    above = Place.objects.unscoped(OWN).select_for_update().filter(path=parent).first()
    if above is None:
        raise Refused("place-unknown", path=parent)
    if not name.strip():
        raise Refused("place-name-missing", field="name")
    if kind not in ("zone", *_BELOW_DIVISIONS) or (kind == "zone" and level not in LEVELS.values()):
        raise Refused("place-kind", kind=kind)
    siblings = dict(Place.objects.unscoped(OWN).filter(parent=above).values_list("name", "path"))
    if name.strip() in siblings:
        return siblings[name.strip()]
    latitude, longitude = position or (None, None)
    place = Place.objects.create(
        code=code,
        path=next_path(parent, siblings.values()),
        name=name.strip(),
        level=level or kind,
        kind=kind,
        parent=above,
        zone=above.zone,
        latitude=latitude,
        longitude=longitude,
        valid_from=at.date(),
    )
    append_event(
        verb="places.place.added",
        subject=("place", place.id),
        area=place.path,
        by=by,
        at=at,
        payload={"name": place.name, "kind": kind},
    )
    return place.path


def add_grid(*, village: str, name: str, by: Actor, at: datetime) -> str:
    """Add a 网格 to the village at a path; returns the grid's path (see `add_place`)."""
    return add_place(parent=village, name=name, kind="grid", by=by, at=at)


@transaction.atomic
def add_alias(*, path: str, name: str, by: Actor, at: datetime) -> None:
    """Let a place be found by another name. Refuses `place-unknown`."""
    place = Place.objects.unscoped(OWN).filter(path=path).first()
    if place is None:
        raise Refused("place-unknown", path=path)
    if PlaceAlias.objects.unscoped(OWN).filter(place=place, name=name).exists():
        return
    PlaceAlias.objects.create(place=place, name=name)
    append_event(
        verb="places.alias.added",
        subject=("place", place.id),
        area=path,
        by=by,
        at=at,
        payload={"name": name},
    )


@transaction.atomic
def ensure_dwellings(
    *, drafts: Iterable[DwellingDraft], by: Actor, at: datetime
) -> dict[tuple[str, str], UUID]:
    """Make sure every door has a row; returns (area, address key) → id. Drafts without a key are passed over.

    One statement and one event however many doors. Refuses `place-unknown` when an area is no place.
    """
    wanted = {(draft.area, draft.address_key): draft for draft in drafts if draft.address_key}
    if not wanted:
        return {}
    areas = {draft.area for draft in wanted.values()}
    known = set(Place.objects.unscoped(OWN).filter(path__in=areas).values_list("path", flat=True))
    if unknown := sorted(areas - known):
        raise Refused("place-unknown", path=unknown[0])
    added = _insert_dwellings(list(wanted.values()))
    if added:
        append_event(
            verb="places.dwellings.added",
            subject=("division", min(areas)),
            area=_shared(areas),
            by=by,
            at=at,
            payload={"added": added},
        )
    rows = Dwelling.objects.unscoped(OWN).filter(area__in=areas).values_list("area", "address_key", "id")
    return {(area, key): pk for area, key, pk in rows.iterator() if (area, key) in wanted}


def _is_village(code: str) -> bool:
    return len(code) == 12 and any(True for _ in villages(code))


def _rows(wanted: str) -> Iterator[tuple[str, str]]:
    """Parents before children: counties and above of the whole country, the rest below `wanted`."""
    above = ((code, name) for code, name in upper().items() if len(code) <= 6)
    streets = ((code, name) for code, name in upper().items() if len(code) == 9 and code.startswith(wanted))
    return chain(above, streets, villages(wanted))


def _copy_in(rows: Iterator[tuple[str, str]]) -> int:
    ids: dict[str, UUID] = {}
    with connection.cursor() as cursor:
        cursor.execute("select code, id from places_place where code is not null")
        ids.update(cursor.fetchall())
        cursor.execute(
            """create temporary table places_incoming (id uuid, code text, name text, level text,
            kind text, parent_id uuid) on commit drop"""
        )
        with cursor.copy("copy places_incoming from stdin") as copy:
            for code, name in rows:
                own = ids.get(code) or ids.setdefault(code, uuid7())
                copy.write_row((own, code, name, LEVELS[len(code)], "official", ids.get(parent_of(code))))
        cursor.execute(
            """insert into places_place (id, code, path, name, level, kind, parent_id, zone)
            select id, code, code, name, level, kind, parent_id, 'Asia/Shanghai' from places_incoming
            on conflict (code) do nothing"""
        )
        added: int = cursor.rowcount
        cursor.execute(
            """update places_place p set name = i.name from places_incoming i
            where i.code = p.code and i.name <> p.name"""
        )
        cursor.execute("drop table places_incoming")
        if added:
            cursor.execute("analyze places_place")
    return added


def _insert_dwellings(drafts: list[DwellingDraft]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into places_dwelling (id, place_id, area, group_name, door, address_key)
            select d.id, p.id, d.area, d.grp, d.door, d.key
            from unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[])
                as d (id, area, grp, door, key) join places_place p on p.path = d.area
            on conflict (area, address_key) do nothing""",
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
