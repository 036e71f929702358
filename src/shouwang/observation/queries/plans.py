# ruff: noqa: S608 - statements are made of this room's own text; every value is a parameter
"""The distinct plans among open files: a million share a few thousand, so Python can be asked of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db import connection

from shouwang.kernel.scope import Scope
from shouwang.observation.models import Timetable as TimetableRow
from shouwang.observation.queries.within import area_condition
from shouwang.observation.rules import Schedule, Timetable


@dataclass(frozen=True, slots=True)
class PlanKey:
    """What makes two files equal for the calendar."""

    timetable: str
    zone: str
    day_zero: date
    last_day: date

    def schedule(self, first_slot: int) -> Schedule:
        return Schedule(timetable(self.timetable), self.zone, self.day_zero, first_slot, self.last_day)


@cache
def timetable(key: str) -> Timetable:
    """A timetable by its key, the hash of its content: remembered for ever."""
    return Timetable.of_plain(TimetableRow.objects.get(key=key).content)


def plans_in_force(scope: Scope, *, area: str | None = None) -> list[PlanKey]:
    """The distinct plans of open files in sight."""
    where, params = area_condition(scope, "f.area", area)
    with connection.cursor() as cursor:
        cursor.execute(
            "select f.timetable_id, f.zone, f.day_zero, coalesce(f.ordered_last_day, f.planned_last_day)"
            f" from observation_file f where f.state = 'open' and {where} group by 1, 2, 3, 4",
            params,
        )
        return [PlanKey(*row) for row in cursor.fetchall()]


def columns(rows: Mapping[PlanKey, int]) -> list[list[object]]:
    """Plans and a number each, as arrays for `unnest`."""
    return [
        [key.timetable for key in rows],
        [key.zone for key in rows],
        [key.day_zero for key in rows],
        [key.last_day for key in rows],
        list(rows.values()),
    ]
