# ruff: noqa: S608 - statements are made of this room's own text; every value is a parameter
"""Proof that what is kept on the files is what the checks say, by SQL over all of them.

Two ways to know who is late must agree on every file: the kept column (`next_due_at < at`), and the anti-join
from the facts: the plan's latest duty whose deadline is over, and no check in force at that slot or after.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from shouwang.kernel.scope import Scope
from shouwang.observation.queries.plans import PlanKey, columns, plans_in_force
from shouwang.observation.queries.standing import IN_FORCE
from shouwang.observation.queries.within import area_condition
from shouwang.observation.rules import last_passed, next_due


@dataclass(frozen=True, slots=True)
class Proved:
    """One statement about the data: whether it holds, and how many rows break it."""

    name: str
    ok: bool
    count: int


def verify_checks(at: datetime) -> list[Proved]:
    """Every statement that `shouwang verify` makes about observation, over all files."""
    counts = {name: _scalar(statement) for name, statement in _STATEMENTS.items()}
    counts["observation.kept-columns-agree"] = _scalar(_KEPT)
    counts["observation.next-due-agrees"] = wrong_next_due()
    counts["observation.late-agrees-with-anti-join"] = late_disagreements(Scope.everything(), at)
    return [Proved(name, count == 0, count) for name, count in counts.items()]


def wrong_next_due() -> int:
    """Open files whose next duty is not the one the rule gives, asked once for each distinct standing."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS)
        wrong = 0
        for key, first, last, slot, due_at, stage, channel, number in (
            (PlanKey(*row[:4]), *row[4:]) for row in cursor.fetchall()
        ):
            due = next_due(key.schedule(first), last)
            if (due.slot, due.at, due.stage, due.channel) != (slot, due_at, stage, channel):
                wrong += number
    return wrong


@dataclass(frozen=True, slots=True)
class AntiJoin:
    """The anti-join for lateness, ready to run: `select f.id …` and its parameters."""

    statement: str
    params: dict[str, Any]


def late_by_anti_join(scope: Scope, at: datetime, *, area: str | None = None) -> AntiJoin:
    """Who is late from the facts alone, without the kept columns. For proof and measure, not for pages."""
    where, params = area_condition(scope, "f.area", area)
    passed = {}
    for key in plans_in_force(scope, area=area):
        slot = last_passed(key.schedule(0), at)
        if slot is not None:
            passed[key] = slot
    names = ("tables", "zones", "zeros", "lasts", "slots")
    return AntiJoin(_ANTI_JOIN.format(where=where), params | dict(zip(names, columns(passed), strict=True)))


def late_disagreements(scope: Scope, at: datetime) -> int:
    """Open files on whose lateness the kept column and the anti-join differ."""
    anti = late_by_anti_join(scope, at)
    where, _ = area_condition(scope, "f.area")
    kept = (
        f"select f.id from observation_file f where f.state = 'open' and f.next_due_at < %(at)s and {where}"
    )
    left, right = f"select * from ({anti.statement}) x", f"select * from ({kept}) y"
    both = f"(({left} except {right}) union all ({right} except {left}))"
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {both} z", anti.params | {"at": at})
        number: int = cursor.fetchone()[0]
    return number


def _scalar(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        number: int = cursor.fetchone()[0]
    return number


_STATEMENTS = {
    "observation.open-file-has-owner-and-due": """
        select count(*) from observation_file where state = 'open'
            and (owner_id is null or next_due_at is null or next_slot is null)""",
    "observation.closed-file-has-end": """
        select count(*) from observation_file where state <> 'open'
            and (actual_ended_at is null or end_reason = '' or next_due_at is not null)""",
    "observation.restriction-has-grounds": """
        select count(*) from observation_file where restricts and (legal_ground = '' or evidence = ''
            or reason = '' or appeal_channel = '' or expires_at is null or review_on is null)""",
    "observation.open-file-is-where-its-person-is": """
        select count(*) from observation_file f join people_person p on p.id = f.person_id
            where f.state = 'open' and f.area <> p.area""",
    "observation.one-open-file": """
        select count(*) from (select 1 from observation_file where state = 'open'
            group by person_id, protocol having count(*) > 1) twice""",
    "observation.abnormal-check-has-alert": """
        select count(*) from observation_dailycheck c where c.abnormal
            and not exists (select 1 from observation_alert a where a.check_row_id = c.id)""",
    "observation.alert-has-abnormal-check": """
        select count(*) from observation_alert a join observation_dailycheck c on c.id = a.check_row_id
            where not c.abnormal""",
    "observation.check-belongs-to-file-day": """
        select count(*) from observation_daysignature s where exists (select 1 from unnest(s.checks) k
            left join observation_dailycheck c on c.id = k and c.file_id = s.file_id where c.id is null)""",
}

_KEPT = f"""
select count(*) from observation_file f left join lateral (
    select c.slot_no, c.taken_at, c.deci, c.abnormal, c.channel from observation_dailycheck c
    where c.file_id = f.id and c.outcome = 'done' and {IN_FORCE}
    order by c.slot_no desc, c.taken_at desc, c.id desc limit 1
) c on true
where f.last_slot is distinct from c.slot_no or f.last_check_at is distinct from c.taken_at
    or (c.slot_no is not null and (f.last_deci is distinct from c.deci
        or f.last_abnormal is distinct from c.abnormal or f.last_channel is distinct from c.channel))
"""

_STANDINGS = """
select timetable_id, zone, day_zero, coalesce(ordered_last_day, planned_last_day), first_slot, last_slot,
    next_slot, next_due_at, stage, next_channel, count(*)
from observation_file where state = 'open' group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
"""

_ANTI_JOIN = f"""
select f.id from observation_file f
join unnest(%(tables)s::text[], %(zones)s::text[], %(zeros)s::date[], %(lasts)s::date[], %(slots)s::int[])
    as p (timetable, zone, day_zero, last_day, slot)
    on f.timetable_id = p.timetable and f.zone = p.zone and f.day_zero = p.day_zero
        and coalesce(f.ordered_last_day, f.planned_last_day) = p.last_day
where f.state = 'open' and {{where}} and p.slot >= f.first_slot
    and not exists (select 1 from observation_dailycheck c where c.file_id = f.id and c.slot_no >= p.slot
        and c.outcome = 'done' and {IN_FORCE})
"""
