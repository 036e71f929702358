# ruff: noqa: S608 - statements are made of this room's own text; every value is a parameter
"""Where one file stands: the checks in force, open alerts, quorum. For the room's own actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import connection

from shouwang.observation.models import Alert, DailyCheck
from shouwang.observation.rules import Schedule, Visit, quorum_of_day, slot_day, slot_no

IN_FORCE = "not exists (select 1 from observation_dailycheck x where x.corrects_id = c.id)"
"""A check that nothing corrects."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What release asks about a file."""

    checks_done: int
    open_alerts: int
    quorum_met: bool | None


def latest_done(file_id: UUID) -> DailyCheck | None:
    """The check in force at the latest slot at which the person was seen."""
    rows = DailyCheck.objects.unscoped("of a file held by the caller")
    found = rows.raw(
        "select c.* from observation_dailycheck c where c.file_id = %s and c.outcome = 'done'"
        f" and {IN_FORCE} order by c.slot_no desc, c.taken_at desc, c.id desc limit 1",
        [file_id],
    )
    return next(iter(found), None)


def standing_of(file_id: UUID, schedule: Schedule) -> Standing:
    """The standing of a file; the quorum is that of the last day which asks for one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from observation_dailycheck c"
            f" where c.file_id = %s and c.outcome = 'done' and {IN_FORCE}",
            [file_id],
        )
        done: int = cursor.fetchone()[0]
    alerts = Alert.objects.unscoped("of a file held by the caller")
    still_open = alerts.filter(file_id=file_id).exclude(state=Alert.State.CLOSED).count()
    return Standing(done, still_open, _quorum_met(file_id, schedule))


def _quorum_met(file_id: UUID, schedule: Schedule) -> bool | None:
    day = _last_quorum_day(schedule)
    if day is None:
        return None
    came, must = quorum_of_day(schedule.timetable.part(schedule.day_no(day)), visits_on(file_id, day))
    return came >= must


def visits_on(file_id: UUID, day: date) -> list[Visit]:
    """Who came on a day, from the checks in force."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.roles, c.channel from observation_dailycheck c where c.file_id = %s"
            f" and c.slot_no between %s and %s and c.outcome = 'done' and {IN_FORCE}",
            [file_id, slot_no(day, 0), slot_no(day, 31)],
        )
        return [Visit(frozenset(roles), channel) for roles, channel in cursor.fetchall()]


def _last_quorum_day(schedule: Schedule) -> date | None:
    day, floor = schedule.last_day, slot_day(schedule.first_slot) - timedelta(days=1)
    while day > floor:
        if schedule.timetable.part(schedule.day_no(day)).quorum:
            return day
        day -= timedelta(days=1)
    return None
