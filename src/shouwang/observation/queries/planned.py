# ruff: noqa: S608 - statements are made of this room's own text; every value is a parameter
"""What a coming day will ask for: checks and releases of open files as the timetables have them, and the samples of
laboratory tests due by its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from shouwang.kernel.scope import Scope
from shouwang.observation.queries.within import area_condition
from shouwang.observation.rules import slot_no


@dataclass(frozen=True, slots=True)
class PlannedDuty:
    """One file on a coming day: its checks by deadline, its release, or a sample to be taken (`kind` "test", the
    kind of test in `channel`)."""

    file_id: UUID
    person_id: UUID
    household_id: UUID | None
    owner_id: UUID
    area: str
    kind: str
    stage: str
    channel: str
    day_no: int
    last_day_no: int
    deadlines: tuple[datetime, ...]
    last_deci: int | None
    last_abnormal: bool | None


def planned_duties(
    scope: Scope, day: date, *, area: str | None = None, owner: UUID | None = None, limit: int | None = None
) -> list[PlannedDuty]:
    """Open files with something due on the local day `day` which has not begun: by owner, telephone first,
    then by village and household. A file whose last day is over is to be released; a sample not taken yet stays."""
    where, params = area_condition(scope, "f.area", area)
    if owner is not None:
        where += " and f.owner_id = %(owner)s"
    params |= {"day": day, "slot": slot_no(day, 0), "owner": owner, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_PLANNED.format(where=where), params)
        return [PlannedDuty(*(*row[:10], tuple(row[10]), *row[11:])) for row in cursor.fetchall()]


def planned_count(scope: Scope, day: date, *, area: str | None = None) -> tuple[int, int, int]:
    """(files with checks, files to be released, samples to be taken) on a coming day."""
    where, params = area_condition(scope, "f.area", area)
    params |= {"day": day, "slot": slot_no(day, 0)}
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) filter (where kind = 'check'), count(*) filter (where kind = 'release')"
            f", (select count(*) from ({_TESTS.format(where=where)}) samples)"
            f" from ({_FILES.format(where=where)}) due",
            params,
        )
        checks, releases, samples = cursor.fetchone()
        return int(checks), int(releases), int(samples)


_FILES = """
select f.*, coalesce(f.ordered_last_day, f.planned_last_day) as last_day, b.deadlines, b.channels, b.stages,
    case when %(day)s::date > coalesce(f.ordered_last_day, f.planned_last_day) then 'release' else 'check' end
        as kind
from observation_file f join observation_timetable t on t.key = f.timetable_id
cross join lateral (
    select coalesce(array_agg((%(day)s::date + make_interval(mins => (e.beat ->> 0)::int)) at time zone f.zone
            order by e.n), '{{}}') as deadlines,
        array_agg(e.beat -> 2 ->> 0 order by e.n) as channels, array_agg(e.beat ->> 1 order by e.n) as stages
    from jsonb_array_elements(t.content -> 'days' -> least(greatest(
        %(day)s::date - f.day_zero - (t.content ->> 'first')::int, 0),
        jsonb_array_length(t.content -> 'days') - 1)) with ordinality as e (beat, n)
    where %(slot)s + (e.n - 1)::int >= f.first_slot
        and %(day)s::date <= coalesce(f.ordered_last_day, f.planned_last_day)
) b
where f.state = 'open' and {where}
    and (cardinality(b.deadlines) > 0 or %(day)s::date > coalesce(f.ordered_last_day, f.planned_last_day))
"""
_TESTS = """
select f.id, f.person_id, f.household_id, f.owner_id, f.area, 'test' as kind, t.stage, t.kind as channel,
    %(day)s::date - f.day_zero as day_no,
    coalesce(f.ordered_last_day, f.planned_last_day) - f.day_zero as last_day_no, array[t.due_at] as deadlines,
    f.last_deci, f.last_abnormal
from observation_testduty t join observation_file f on f.id = t.file_id
where t.state = 'due' and f.state = 'open' and {where}
    and t.due_at <= (%(day)s::date + 1)::timestamp at time zone f.zone
"""
_PLANNED = f"""
select * from (
    select id, person_id, household_id, owner_id, area, kind, coalesce(stages[1], stage) as stage,
        coalesce(channels[1], '') as channel, %(day)s::date - day_zero as day_no,
        last_day - day_zero as last_day_no, deadlines, last_deci, last_abnormal
    from ({_FILES}) due
    union all {_TESTS}) due
order by owner_id, case when kind = 'release' then 2
    when channel in ('phone', 'video', 'chat', 'self') then 0 else 1 end, area, household_id, id, kind
limit %(limit)s
"""
