"""The evening of a place: what is left of every kind, what was said about it, who has closed and who has not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shouwang.kernel.canon import content_hash
from shouwang.kernel.days import day_end, day_start
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.queries import figures_by_village
from shouwang.oversight.models import CarriedItem, CloseOut
from shouwang.oversight.queries.gaps import gap_by_area, gap_rows
from shouwang.oversight.rules import (
    DAILY,
    Carried,
    DayLook,
    DayState,
    Gap,
    GapMoment,
    KindState,
    close_by,
    closing_level,
    evening_of,
    rolled_up,
    standing_of,
)
from shouwang.packs.schema import Evening, Pack
from shouwang.places.queries import PlaceRow, children, place_by_path
from shouwang.policy.queries import pack_of, revision_in_force

VIEW = "observation.view"
CLOSE = "day.close"


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """One revision of a closed day as it is read later."""

    area: str
    day: date
    revision: int
    state: str
    due_at: datetime
    content: Mapping[str, Any]
    hash: str
    reason: str
    at: datetime
    by_name: str


def moment_of(scope: Scope, area: str, day: date, at: datetime) -> GapMoment:
    """The moment at which gaps of a place are asked for. Refuses `place-not-found`."""
    place = _place(scope, area)
    return GapMoment(area, day, place.zone, _as_of(day, place.zone, at), pack_at(scope, area, at))


def pack_at(scope: Scope, area: str, at: datetime) -> Pack | None:
    """The pack in force at a place, if there is one."""
    row = revision_in_force(scope, area, at)
    return pack_of(row.id) if row else None


def look_at_day(scope: Scope, area: str, day: date, at: datetime) -> DayLook:
    """Everything that whoever closes the day of a place must have seen. Refuses `place-not-found`."""
    place = _place(scope, area)
    moment = GapMoment(area, day, place.zone, _as_of(day, place.zone, at), pack_at(scope, area, at))
    below = closing_places(scope, area)
    paths = tuple(child.path for child in below)
    states = day_states(scope, [place, *below], day, at, evening_of(moment.pack))
    kinds = tuple(_kind(scope, gap, moment, paths) for gap in DAILY)
    quiet = frozenset(paths) - _busy(scope, moment, kinds, paths, at)
    carried = carried_of(scope, area, day)
    return DayLook(states[area], kinds, carried, tuple(states[path] for path in paths), quiet)


def closing_places(scope: Scope, area: str) -> list[PlaceRow]:
    """The places directly below one that close a day of their own: towns, villages, grids."""
    return [child for child in children(scope, area) if closing_level(child.level)]


def day_states(
    scope: Scope, places: Iterable[PlaceRow], day: date, at: datetime, evening: Evening
) -> dict[str, DayState]:
    """How the day stands at each of these places. One query."""
    wanted = list(places)
    last = {row.area: row for row in _latest(scope, [place.path for place in wanted], day, at)}
    found = {}
    for place in wanted:
        level = closing_level(place.level) or "county"
        row = last.get(place.path)
        by = row.due_at if row else close_by(evening, level, day, place.zone)
        is_closed = row is not None and row.state == CloseOut.State.CLOSED
        state = standing_of(is_closed=is_closed, by=by, start=day_start(day, place.zone), at=at)
        told = DayState(place.path, level, by, state, row.revision if row else 0)
        if row is not None and is_closed:
            told = replace(told, closed_at=row.at, closed_by=row.by_name, hash=row.hash)
        found[place.path] = told
    return found


def day_state(scope: Scope, area: str, day: date, at: datetime) -> DayState:
    """How the day stands at one place: the reminder, computed at read. Refuses `place-not-found`."""
    place = _place(scope, area)
    return day_states(scope, [place], day, at, evening_of(pack_at(scope, area, at)))[area]


def closed_days(scope: Scope, area: str, day: date) -> list[ClosedDay]:
    """Every revision of a place's day, the last one first."""
    rows = CloseOut.objects.within(scope, VIEW).filter(area=area, day=day).order_by("-revision")
    return [
        ClosedDay(
            *(row.area, row.day, row.revision, row.state, row.due_at, row.content, row.hash),
            *(row.reason, row.at, row.by_name),
        )
        for row in rows
    ]


def carried_of(
    scope: Scope, area: str, day: date, *, worker: UUID | None = None
) -> dict[tuple[str, str], Carried]:
    """What was said about the items of a place's day, the latest word on each; `worker`: theirs only."""
    rows = (
        CarriedItem.objects.within(scope, VIEW)
        .filter(area__startswith=area, day=day)
        .order_by("kind", "item", "-at", "-id")
        .distinct("kind", "item")
    )
    return {
        (row.kind, row.item): Carried(
            row.kind, row.item, row.reason, row.note, row.to_worker_id, row.to_name, row.by_name
        )
        for row in rows
        if worker is None or row.to_worker_id == worker
    }


def altered_close_outs() -> list[tuple[str, date, int]]:
    """Closed days whose content no longer has its hash; without scope, for `shouwang verify`."""
    every = CloseOut.objects.unscoped("verify").order_by("area", "day", "revision")
    return [
        (row.area, row.day, row.revision)
        for row in every.iterator(chunk_size=200)
        if content_hash(row.content) != row.hash
    ]


def close_out_count() -> int:
    """How many times a day was closed; without scope, for `shouwang verify`."""
    return CloseOut.objects.unscoped("verify").count()


def _place(scope: Scope, area: str) -> PlaceRow:
    place = place_by_path(scope, area) if scope.allows(VIEW, area) else None
    if place is None:
        raise Refused("place-not-found", area=area)
    return place


def _as_of(day: date, zone: str, at: datetime) -> datetime:
    """A past day is looked at as it is known now, but its duties end with it."""
    return max(at, day_start(day, zone)) if at < day_end(day, zone) else at


def _kind(scope: Scope, gap: Gap, moment: GapMoment, paths: tuple[str, ...]) -> KindState:
    summed = rolled_up(gap_by_area(scope, gap.code, moment), paths)
    own = summed.pop("")
    rows = gap_rows(scope, gap.code, moment, limit=None) if own else []
    here = tuple(row for row in rows if not (paths and row.area.startswith(paths)))
    return KindState(gap, here, {path: number for path, number in summed.items() if number})


def _busy(
    scope: Scope, moment: GapMoment, kinds: Iterable[KindState], paths: tuple[str, ...], at: datetime
) -> set[str]:
    """Places below with something to close: people observed, or anything left."""
    busy = {path for kind in kinds for path in kind.below}
    lengths = {len(path) for path in paths}
    for digits in lengths:
        rows = figures_by_village(scope, at, zone=moment.zone, area=moment.area, digits=digits)
        busy |= {row.area for row in rows if row.under_observation}
    return busy & set(paths)


def _latest(scope: Scope, areas: list[str], day: date, at: datetime) -> list[CloseOut]:
    rows = CloseOut.objects.within(scope, VIEW).filter(area__in=areas, day=day, at__lte=at)
    return list(rows.defer("content").order_by("area", "-revision").distinct("area"))
