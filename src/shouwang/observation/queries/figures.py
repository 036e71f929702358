# ruff: noqa: S608 - statements are made of this room's own text; every value is a parameter
"""The figures of a place: how many are watched over, due, done, late, alarmed; and their course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from shouwang.kernel.areas import VILLAGE_DIGITS
from shouwang.kernel.days import day_end, day_start, local_day
from shouwang.kernel.scope import Scope
from shouwang.observation.queries.within import area_condition

SPARK_DAYS = 14


@dataclass(frozen=True, slots=True)
class Figures:
    """One place today. People, not checks.

    `due` still have something due today (the late included), `done` have been seen today and owe nothing more
    today; `late` owe a check, a release or the sample of a laboratory test. `oldest_alert_at`: since
    when the oldest alert waits.
    """

    area: str
    under_observation: int
    due: int
    done: int
    late: int
    alerts: int
    oldest_alert_at: datetime | None
    course: tuple[int, ...] = ()
    """People under observation at the end of each of the last days, oldest first, today last."""


def figures(scope: Scope, at: datetime, *, zone: str, area: str | None = None) -> Figures:
    """The figures of everything in sight inside `area`. `zone`: whose day is today."""
    rows = _figures(scope, at, zone, area, 0)
    alerts, oldest = _alerts(scope, area, 0).get("", (0, None))
    opened, due, done, late = rows.get("", (0, 0, 0, 0))
    return Figures(area or "", opened, due, done, late, alerts, oldest)


def figures_by_village(
    scope: Scope, at: datetime, *, zone: str, area: str | None = None, digits: int = VILLAGE_DIGITS
) -> list[Figures]:
    """The figures of each village (with 9 digits: town) in sight inside `area`, by code."""
    rows = _figures(scope, at, zone, area, digits)
    alerts = _alerts(scope, area, digits)
    courses = _courses(scope, at, zone, area, digits)
    found = []
    for code in sorted(set(rows) | set(alerts) | set(courses)):
        opened, due, done, late = rows.get(code, (0, 0, 0, 0))
        count, oldest = alerts.get(code, (0, None))
        course = courses.get(code, (0,) * SPARK_DAYS)
        found.append(Figures(code, opened, due, done, late, count, oldest, course))
    return found


def _figures(
    scope: Scope, at: datetime, zone: str, area: str | None, digits: int
) -> dict[str, tuple[int, int, int, int]]:
    where, params = area_condition(scope, "f.area", area)
    today = local_day(at, zone)
    params |= {"at": at, "digits": digits, "start": day_start(today, zone), "end": day_end(today, zone)}
    with connection.cursor() as cursor:
        cursor.execute(
            "select left(f.area, %(digits)s), count(*), count(*) filter (where f.next_due_at <= %(end)s),"
            " count(*) filter (where f.next_due_at > %(end)s and f.last_check_at >= %(start)s),"
            " count(*) filter (where f.next_due_at < %(at)s or f.id in (select t.file_id"
            " from observation_testduty t where t.state = 'due' and t.due_at < %(at)s))"
            f" from observation_file f where f.state = 'open' and {where} group by 1",
            params,
        )
        return {row[0]: tuple(row[1:]) for row in cursor.fetchall()}


def _alerts(scope: Scope, area: str | None, digits: int) -> dict[str, tuple[int, datetime | None]]:
    where, params = area_condition(scope, "a.area", area)
    with connection.cursor() as cursor:
        cursor.execute(
            "select left(a.area, %(digits)s), count(*), min(a.raised_at) from observation_alert a"
            f" where not a.state = 'closed' and {where} group by 1",
            params | {"digits": digits},
        )
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}


def _courses(
    scope: Scope, at: datetime, zone: str, area: str | None, digits: int
) -> dict[str, tuple[int, ...]]:
    """People under observation at the end of each day: opened so far less ended so far."""
    where, params = area_condition(scope, "f.area", area)
    today = local_day(at, zone)
    params |= {"digits": digits, "zone": zone, "at": at, "begin": day_start(today - _SPAN, zone)}
    with connection.cursor() as cursor:
        cursor.execute(_COURSE.format(where=where), params)
        moves: dict[str, dict[date | None, int]] = {}
        for code, day, number in cursor.fetchall():
            moves.setdefault(code, {})[day] = moves.get(code, {}).get(day, 0) + number
    days = [today - timedelta(days=back) for back in range(SPARK_DAYS - 1, -1, -1)]
    return {code: _running(found, days) for code, found in moves.items()}


_SPAN = timedelta(days=SPARK_DAYS - 1)


def _running(moves: dict[date | None, int], days: list[date]) -> tuple[int, ...]:
    total = sum(number for day, number in moves.items() if day is None)
    course = []
    for day in days:
        total += moves.get(day, 0)
        course.append(total)
    return tuple(course)


_COURSE = """
select left(f.area, %(digits)s),
    case when f.opened_at < %(begin)s then null else (f.opened_at at time zone %(zone)s)::date end, count(*)
from observation_file f where {where} and f.opened_at <= %(at)s
    and (f.actual_ended_at is null or f.actual_ended_at >= %(begin)s) group by 1, 2
union all
select left(f.area, %(digits)s), (f.actual_ended_at at time zone %(zone)s)::date, -count(*)
from observation_file f where {where} and f.actual_ended_at between %(begin)s and %(at)s group by 1, 2
"""
