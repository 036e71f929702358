"""Reads of the place tree. Out of scope is not existing; names of the divisions above are public."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Min, Q, TextField
from django.db.models.expressions import RawSQL

from shouwang.kernel.areas import village_of
from shouwang.kernel.scope import Scope
from shouwang.places.models import Dwelling, Place, PlaceAlias
from shouwang.places.rules import full_name, read_address, village_forms, village_name

PUBLIC = "names of divisions are public"


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place as other rooms see it."""

    id: UUID
    code: str | None
    path: str
    name: str
    level: str
    kind: str
    zone: str


def place_by_code(scope: Scope, code: str) -> PlaceRow | None:
    """The place with an official code (or, for places without one, a path)."""
    places = Place.objects.within(scope)
    return _one(places.filter(code=code).first() or places.filter(path=code).first())


def place_by_path(scope: Scope, path: str) -> PlaceRow | None:
    """The place at a path."""
    return _one(Place.objects.within(scope).filter(path=path).first())


def subtree(scope: Scope, code: str, *, level: str | None = None) -> list[PlaceRow]:
    """A place and everything below it, in path order; `level` keeps one level only."""
    rows = Place.objects.within(scope).filter(path__startswith=code)
    if level is not None:
        rows = rows.filter(level=level)
    return [_row(place) for place in rows.order_by("path")]


def children(scope: Scope, code: str) -> list[PlaceRow]:
    """The places directly below one, in path order."""
    rows = Place.objects.within(scope).filter(parent__path=code)
    return [_row(place) for place in rows.order_by("path")]


def ancestors(path: str) -> list[PlaceRow]:
    """The places above a path and the place itself, from the province down, for a breadcrumb.

    Unscoped: divisions are public.
    """
    prefixes = [path[:length] for length in range(2, len(path) + 1)]
    rows = Place.objects.unscoped(PUBLIC).filter(path__in=prefixes)
    return [_row(place) for place in rows.order_by("path")]


def places_around(areas: Iterable[str]) -> list[PlaceRow]:
    """The places on the way to these paths, each once, in path order. One query. Unscoped: divisions are public."""
    prefixes = {area[:length] for area in set(areas) for length in range(2, len(area) + 1)}
    rows = Place.objects.unscoped(PUBLIC).filter(path__in=prefixes, valid_until__isnull=True)
    return [_row(place) for place in rows.order_by("path")]


def places_below(paths: Iterable[str], level: str) -> list[PlaceRow]:
    """The places of a level below these paths, in path order. One query. Unscoped: divisions are public."""
    below = Q(pk__in=[])
    for path in set(paths):
        below |= Q(path__startswith=path)
    rows = Place.objects.unscoped(PUBLIC).filter(below, level=level, valid_until__isnull=True)
    return [_row(place) for place in rows.order_by("path")]


def villages_around(areas: Iterable[str]) -> dict[str, str]:
    """Path → path of the village it lies in or is; of anything wider, the path itself. One query.

    Unscoped: divisions are public.
    """
    wanted = set(areas)
    prefixes = {area[:length] for area in wanted for length in range(2, len(area) + 1)}
    villages = set(
        Place.objects.unscoped(PUBLIC)
        .filter(path__in=prefixes, level=Place.Level.VILLAGE)
        .values_list("path", flat=True)
    )
    return {
        area: next((area[:end] for end in range(2, len(area) + 1) if area[:end] in villages), area)
        for area in wanted
    }


def names_of(paths: list[str]) -> dict[str, str]:
    """Path → name, for lists. Unscoped: names of places are public.

    Names of official divisions are kept in memory: they come from the national list and have no other writer.
    """
    missing = {path for path in paths if path not in _NAMES}
    if missing:
        rows = Place.objects.unscoped(PUBLIC).filter(path__in=missing).values_list("path", "name", "code")
        found = {path: (name, path == code) for path, name, code in rows}
        _NAMES.update({path: name for path, (name, official) in found.items() if official})
        return {p: _NAMES.get(p) or found[p][0] for p in paths if p in _NAMES or p in found}
    return {path: _NAMES[path] for path in paths}


_NAMES: dict[str, str] = {}


def zone_of(path: str) -> str:
    """The time zone of the place at a path (of the nearest place above when there is none). Unscoped: public."""
    above = ancestors(path)
    return above[-1].zone if above else "Asia/Shanghai"


def position_of(path: str) -> tuple[float, float] | None:
    """Where the place at a path is on the map, if anybody said so. Unscoped: public."""
    row = Place.objects.unscoped(PUBLIC).filter(path=path, latitude__isnull=False).first()
    return (
        (row.latitude, row.longitude)
        if row and row.latitude is not None and row.longitude is not None
        else None
    )


def positions_of(paths: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Path → (latitude, longitude) of the places that have them. Unscoped: where a village lies is public."""
    rows = Place.objects.unscoped(PUBLIC).filter(path__in=set(paths), latitude__isnull=False)
    return {
        path: (lat, lon)
        for path, lat, lon in rows.values_list("path", "latitude", "longitude")
        if lat is not None and lon is not None
    }


def spoken_names(paths: Iterable[str]) -> dict[str, str]:
    """Path → the place as people say it, a grid with its village: 海螺村第一网格; "" has none. One query.

    Unscoped: names of places are public.
    """
    wanted = {path for path in paths if path}
    known = names_of(sorted(wanted | {village_of(path) for path in wanted}))
    said = {path: village_name(name) for path, name in known.items()}
    return {path: full_name(said, path) for path in wanted & said.keys()}


def village_index(scope: Scope, within: str = "") -> dict[str, str]:
    """Every name a village in sight goes by → its path, for reading many addresses (`rules.read_address`)."""
    rows = Place.objects.within(scope).filter(level="village", path__startswith=within)
    pairs = list(rows.order_by("path").values_list("path", "name"))
    forms = village_forms(pairs)
    aliases = PlaceAlias.objects.within(scope).filter(place__path__startswith=within, place__level="village")
    for name, path in aliases.values_list("name", "place__path"):
        forms.setdefault(village_name(name), path)
    return forms


def find_village(scope: Scope, text: str, *, within: str) -> PlaceRow | None:
    """The one village or community below `within` (path) that `text` names; None when none or several."""
    forms = village_index(scope, within)
    path = forms.get(village_name(text)) or forms.get(text.strip()) or read_address(text, forms).area
    return place_by_path(scope, path) if path else None


def dwelling_ids(scope: Scope, area: str) -> dict[tuple[str, str], UUID]:
    """(area, address key) → id of every dwelling below a path."""
    rows = Dwelling.objects.within(scope).filter(area__startswith=area)
    return {(own, key): pk for own, key, pk in rows.values_list("area", "address_key", "id")}


def dwelling_labels(scope: Scope, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Doors in sight as locals say them, by id. One query."""
    rows = Dwelling.objects.within(scope).filter(id__in=set(ids))
    return {pk: f"{group}{door}" for pk, group, door in rows.values_list("id", "group", "door")}


def dwelling_areas(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Door → the place it stands in now. Unscoped: for actions that write who lives behind these doors."""
    rows = Dwelling.objects.unscoped("asked by an action for doors it holds").filter(id__in=set(ids))
    return dict(rows.values_list("id", "area"))


@dataclass(frozen=True, slots=True)
class DoorRow:
    """One door as the list of a village shows it."""

    id: UUID
    area: str
    group: str
    door: str
    cursor: str


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How many doors of one group stand in one place of the village."""

    group: str
    area: str
    doors: int


def doors_of(scope: Scope, village: str) -> list[DoorRow]:
    """Every door of a village and its grids, for choosing among them. One query."""
    rows = Dwelling.objects.within(scope).filter(_in_village(village))
    return [DoorRow(*row, "") for row in rows.values_list("id", "area", "group", "door")]


def door_page(
    scope: Scope,
    village: str,
    *,
    area: str = "",
    group: str | None = None,
    after: str = "",
    limit: int = 50,
) -> list[DoorRow]:
    """Doors of a village in the order in which they are walked; `after` is the cursor of the last seen.

    `area`: only those that stand exactly there (the village itself: those in no grid); `group`: only its doors.
    """
    rows = Dwelling.objects.within(scope).filter(_in_village(village)).annotate(walk=_WALK)
    if area:
        rows = rows.filter(area=area)
    if group is not None:
        rows = rows.filter(group=group)
    walk, _, key = after.rpartition("~")
    if key:
        rows = rows.filter(Q(walk__gt=walk) | Q(walk=walk, id__gt=key))
    found = rows.order_by("walk", "id").values_list("id", "area", "group", "door", "walk")[:limit]
    return [DoorRow(pk, where, grp, door, f"{walk}~{pk}") for pk, where, grp, door, walk in found]


def group_counts(scope: Scope, village: str) -> list[GroupCount]:
    """Doors of a village by group and by the place they stand in. One query."""
    rows = Dwelling.objects.within(scope).filter(_in_village(village)).annotate(walk=_GROUP_WALK)
    counted = rows.values_list("group", "area").annotate(doors=Count("id"), first=Min("walk"))
    return [GroupCount(group, area, doors) for group, area, doors, _ in counted.order_by("first", "area")]


def grid_doors(scope: Scope, village: str) -> dict[str, int]:
    """Place → how many doors stand exactly there, of a village and every place in it. One query."""
    rows = Dwelling.objects.within(scope).filter(_in_village(village)).values_list("area")
    return dict(rows.annotate(Count("id")))


def village_doors(scope: Scope, villages: Collection[str]) -> dict[str, tuple[int, int, int]]:
    """Village → (grids and other places in it, doors, doors in none of them). Two queries.

    A building without doors divides nothing: a hotel that is a site is one.
    """
    below = Q(pk__in=[])
    inside = Q(pk__in=[])
    for path in villages:
        below |= Q(path__startswith=f"{path}-")
        inside |= _in_village(path)
    found = dict.fromkeys(villages, (0, 0, 0))
    buildings: set[str] = set()
    for path, kind in Place.objects.within(scope).filter(below).values_list("path", "kind"):
        if kind == Place.Kind.BUILDING:
            buildings.add(path)
            continue
        village = _village(path, villages)
        places, total, loose = found[village]
        found[village] = (places + 1, total, loose)
    counted = Dwelling.objects.within(scope).filter(inside).values_list("area").annotate(Count("id"))
    for area, doors in counted:
        village = _village(area, villages)
        places, total, loose = found[village]
        loose += doors if area == village else 0
        found[village] = (places + (area in buildings), total + doors, loose)
    return found


def places_at(
    scope: Scope, *, level: str, area: str = "", after: str = "", limit: int = 50
) -> list[PlaceRow]:
    """Places of a level in sight, in path order; `after` is the path of the last seen."""
    rows = Place.objects.within(scope).filter(level=level, path__startswith=area, path__gt=after)
    return [_row(place) for place in rows.order_by("path")[:limit]]


def _village(path: str, villages: Collection[str]) -> str:
    return next(one for one in villages if path == one or path.startswith(f"{one}-"))


_NATURAL = "regexp_replace(regexp_replace({0}, '(\\d+)', '00000\\1', 'g'), '0*(\\d{{6}})', '\\1', 'g')"
"""A text with every number in it at six digits, so that door 9 comes before door 10."""
_WALK = RawSQL(_NATURAL.format("address_key"), [], output_field=TextField())  # noqa: S611 - no value in it
_GROUP_WALK = RawSQL(_NATURAL.format("group_name"), [], output_field=TextField())  # noqa: S611


def _in_village(village: str) -> Q:
    return Q(area=village) | Q(area__startswith=f"{village}-")


def _one(place: Place | None) -> PlaceRow | None:
    return _row(place) if place is not None else None


def _row(place: Place) -> PlaceRow:
    return PlaceRow(place.id, place.code, place.path, place.name, place.level, place.kind, place.zone)
