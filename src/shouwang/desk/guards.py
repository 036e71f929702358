"""What a watch is over, in words; what is wrong with it; the limits of the pack on hours in a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID

from django.utils.translation import gettext

from shouwang.desk.dates import moment_words
from shouwang.desk.paging import uuid_or_none
from shouwang.kernel.areas import village_of
from shouwang.kernel.scope import Scope
from shouwang.packs.schema import Pack
from shouwang.people.queries import households_by_ids
from shouwang.places.queries import spoken_names
from shouwang.workforce.queries import RosterAlarm


class Named(Protocol):
    """Something about a target: a roster, a team, a vacancy."""

    @property
    def id(self) -> UUID: ...
    @property
    def target_kind(self) -> str: ...
    @property
    def target_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def area(self) -> str: ...


def target_names(scope: Scope, rows: Iterable[Named]) -> dict[UUID, str]:
    """Row id → what people call its target: a household by its head, a place as it is spoken of. Two queries."""
    listed = list(rows)
    homes = [
        one for one in (uuid_or_none(r.target_id) for r in listed if r.target_kind == "household") if one
    ]
    heads = {
        str(home.id): gettext("Household of %(head)s") % {"head": home.head_name}
        if home.head_name
        else home.address
        for home in households_by_ids(scope, homes)
    }
    places = spoken_names(r.target_id for r in listed if r.target_kind != "household")
    return {r.id: places.get(r.target_id) or r.name or heads.get(r.target_id) or "—" for r in listed}


def around(rows: Iterable[Named]) -> dict[str, str]:
    """Area of a row → the place it lies in, as people say it: a site in its village, anything else where it is."""
    listed = list(rows)
    own = {row.target_id for row in listed}
    within = {row.area: village_of(row.area) if row.area in own else row.area for row in listed}
    said = spoken_names(within.values())
    return {area: said.get(place, "") for area, place in within.items()}


def alarm_lines(
    alarms: Sequence[RosterAlarm], known: dict[UUID, str], at: datetime
) -> list[dict[str, object]]:
    """Each alarm of a watch as a line: what, where, who, since when."""
    return [
        {
            "alarm": alarm,
            "name": known.get(alarm.roster.id, ""),
            "words": _words(alarm, at),
            "who": alarm.shift.worker if alarm.shift else "",
        }
        for alarm in alarms
    ]


def _words(alarm: RosterAlarm, at: datetime) -> str:
    start, end = moment_words(alarm.since, at), moment_words(alarm.until, at)
    if alarm.kind == "gap":
        return gettext("nobody on duty {start}–{end}, {n} missing").format(
            start=start, end=end, n=alarm.missing
        )
    if alarm.kind == "late-start":
        return gettext("did not come at {start}").format(start=start)
    return gettext("not handed over since {start}").format(start=start)


def limits(pack: Pack, on: date) -> tuple[timedelta, timedelta] | None:
    """(most hours in a row, least rest) of the pack; None where it has none."""
    held = pack.values_on(on)
    most, rest = held.get("most-hours-in-a-row"), held.get("least-hours-of-rest")
    if not isinstance(most, int) or not isinstance(rest, int):
        return None
    return timedelta(hours=most), timedelta(hours=rest)
