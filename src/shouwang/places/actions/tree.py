"""Writing the place tree: official divisions, zones, grids, compounds, buildings, doors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db import connection, transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.areas import TOWN_DIGITS, VILLAGE_DIGITS
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.places.divisions import LEVELS, parent_of, upper, villages
from shouwang.places.models import Place, PlaceAlias
from shouwang.places.rules import next_path

OWN = "the place tree is loaded by its own room"
_BELOW_DIVISIONS = ("grid", "compound", "building")


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
        raise Refused("place-unknown", place=parent)
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
def rename_place(*, path: str, name: str, by: Actor, at: datetime) -> None:
    """Call a place another name: a grid, compound or building, which nobody but its own people names.

    Refuses `place-unknown` (also for an official division), `place-name-missing`, `place-name-taken`.
    """
    place = (
        Place.objects.unscoped(OWN).select_for_update().filter(path=path, kind__in=_BELOW_DIVISIONS).first()
    )
    if place is None:
        raise Refused("place-unknown", place=path)
    said = name.strip()
    if not said:
        raise Refused("place-name-missing", field="name")
    if said == place.name:
        return
    if Place.objects.unscoped(OWN).filter(parent_id=place.parent_id, name=said).exists():
        raise Refused("place-name-taken", name=said)
    before = place.name
    Place.objects.unscoped(OWN).filter(id=place.id).update(name=said)
    append_event(
        verb="places.place.renamed",
        subject=("place", place.id),
        area=path,
        by=by,
        at=at,
        payload={"from": before, "to": said},
    )


@transaction.atomic
def add_alias(*, path: str, name: str, by: Actor, at: datetime) -> None:
    """Let a place be found by another name. Refuses `place-unknown`."""
    place = Place.objects.unscoped(OWN).filter(path=path).first()
    if place is None:
        raise Refused("place-unknown", place=path)
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


def _is_village(code: str) -> bool:
    return len(code) == VILLAGE_DIGITS and any(True for _ in villages(code))


def _rows(wanted: str) -> Iterator[tuple[str, str]]:
    """Parents before children: counties and above of the whole country, the rest below `wanted`."""
    above = ((code, name) for code, name in upper().items() if len(code) <= 6)
    streets = (
        (code, name) for code, name in upper().items() if len(code) == TOWN_DIGITS and code.startswith(wanted)
    )
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
