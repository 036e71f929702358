# ruff: noqa: S608 - statements are made of this room's own text; every value is a parameter
"""Where one file stands: the checks in force, open alerts, quorum. For the room's own actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import connection

from shouwang.kernel.days import local_day
from shouwang.observation.models import Alert, DailyCheck, TestDuty, TestFact
from shouwang.observation.rules import (
    Finding,
    Schedule,
    Visit,
    found_positive,
    negatives_in_row,
    quorum_of_day,
    slot_day,
    slot_no,
)
from shouwang.packs.conditions import CheckFacts, Condition, Context, PersonFacts, evaluate

IN_FORCE = "not exists (select 1 from observation_dailycheck x where x.corrects_id = c.id)"
"""A check that nothing corrects."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What release asks about a file."""

    checks_done: int
    open_alerts: int
    quorum_met: bool | None
    tests_negative: int
    tests_awaited: int
    tested_positive: bool


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
    findings, awaited = findings_of(file_id, schedule.zone)
    return Standing(
        done,
        still_open,
        _quorum_met(file_id, schedule),
        negatives_in_row(findings, schedule.day_zero),
        awaited,
        found_positive(findings, schedule.day_zero),
    )


def findings_of(file_id: UUID, zone: str) -> tuple[list[Finding], int]:
    """What the samples of a file were found to be, in order, and how many wait for their result."""
    rows = TestDuty.objects.unscoped("of a file held by the caller").filter(
        file_id=file_id, sampled_at__isnull=False
    )
    taken = list(rows.order_by("sampled_at", "id").values_list("sampled_at", "outcome", "state"))
    told = [Finding(at, local_day(at, zone), outcome) for at, outcome, _ in taken if at and outcome]
    return told, sum(state != TestDuty.State.DONE for _, _, state in taken)


def _quorum_met(file_id: UUID, schedule: Schedule) -> bool | None:
    day = _last_quorum_day(schedule)
    if day is None:
        return None
    came, must = quorum_of_day(schedule.timetable.part(schedule.day_no(day)), visits_on(file_id, day))
    return came >= must


def causes_of(file_id: UUID, zone: str, when: Condition, ctx: Context) -> list[dict[str, str]]:
    """What is on record of a file of which `when` holds for certain: results of tests, checks in force.

    As plain data: what, its id, the local day, what was found.
    """
    reached = "of a file held by the caller"
    found = []
    results = TestFact.objects.unscoped(reached).filter(file_id=file_id, step="resulted")
    replaced = set(results.filter(corrects__isnull=False).values_list("corrects_id", flat=True))
    for fact in results.order_by("happened_at", "id"):
        facts = PersonFacts(check=CheckFacts(test=fact.outcome))
        if fact.id not in replaced and evaluate(when, facts, ctx) is True:
            day = local_day(fact.happened_at, zone)
            found.append({"test": str(fact.id), "day": day.isoformat(), "found": fact.outcome})
    checks = DailyCheck.objects.unscoped(reached).raw(
        "select c.* from observation_dailycheck c where c.file_id = %s and c.outcome = 'done' and c.abnormal"
        f" and {IN_FORCE} order by c.taken_at, c.id",
        [file_id],
    )
    for check in checks:
        facts = PersonFacts(check=CheckFacts(check.deci, frozenset(check.symptoms)))
        if evaluate(when, facts, ctx) is True:
            day = local_day(check.taken_at, zone)
            said = ",".join([str(check.deci or ""), *check.symptoms]).strip(",")
            found.append({"check": str(check.id), "day": day.isoformat(), "found": said})
    return found


def visits_on(file_id: UUID, day: date) -> list[Visit]:
    """Who came on a day, from the checks in force."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(c.vouched, c.roles), c.channel from observation_dailycheck c where c.file_id = %s"
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
