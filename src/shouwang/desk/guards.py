"""What a watch is over, in words; what is wrong with it; the limits of the pack on hours in a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from django.utils.translation import gettext

from shouwang.desk.dates import zone_named
from shouwang.desk.paging import uuid_or_none
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


def target_names(scope: Scope, rows: Iterable[Named]) -> dict[UUID, str]:
    """Row id → what people call its target: a household by its head, a place as it is spoken of. Two queries."""
    listed = list(rows)
    homes = [
        one for one in (uuid_or_none(r.target_id) for r in listed if r.target_kind == "household") if one
    ]
    heads = {str(home.id): home.head_name or home.address for home in households_by_ids(scope, homes)}
    places = spoken_names(r.target_id for r in listed if r.target_kind != "household")
    return {r.id: places.get(r.target_id) or r.name or heads.get(r.target_id) or "—" for r in listed}


def alarm_lines(alarms: Sequence[RosterAlarm], known: dict[UUID, str]) -> list[dict[str, object]]:
    """Each alarm of a watch as a line: what, where, who, since when."""
    return [
        {
            "alarm": alarm,
            "name": known.get(alarm.roster.id, ""),
            "words": _words(alarm),
            "who": alarm.shift.worker if alarm.shift else "",
        }
        for alarm in alarms
    ]


def _words(alarm: RosterAlarm) -> str:
    zone = zone_named(alarm.roster.zone)
    start, end = alarm.since.astimezone(zone), alarm.until.astimezone(zone)
    if alarm.kind == "gap":
        return gettext("nobody on duty {start}–{end}, {n} missing").format(
            start=f"{start:%m-%d %H:%M}", end=f"{end:%m-%d %H:%M}", n=alarm.missing
        )
    if alarm.kind == "late-start":
        return gettext("did not come at {start}").format(start=f"{start:%m-%d %H:%M}")
    return gettext("not handed over since {start}").format(start=f"{start:%m-%d %H:%M}")


def limits(pack: Pack, on: date) -> tuple[timedelta, timedelta] | None:
    """(most hours in a row, least rest) of the pack; None where it has none."""
    held = pack.values_on(on)
    most, rest = held.get("most-hours-in-a-row"), held.get("least-hours-of-rest")
    if not isinstance(most, int) or not isinstance(rest, int):
        return None
    return timedelta(hours=most), timedelta(hours=rest)
