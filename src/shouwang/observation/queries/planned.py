# ruff: noqa: S608 - statements are made of this room's own text; every value is a parameter
"""What a coming day will ask for: the checks and releases of open files, as the timetables have them."""

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
    """One file on a coming day: its checks by deadline, or its release (`kind`)."""

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
    then by village and household. A file whose last day is over is to be released."""
    where, params = area_condition(scope, "f.area", area)
    if owner is not None:
        where += " and f.owner_id = %(owner)s"
    params |= {"day": day, "slot": slot_no(day, 0), "owner": owner, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_PLANNED.format(where=where), params)
        return [PlannedDuty(*(*row[:10], tuple(row[10]), *row[11:])) for row in cursor.fetchall()]


def planned_count(scope: Scope, day: date, *, area: str | None = None) -> tuple[int, int]:
    """(files with checks, files to be released) on a coming day."""
    where, params = area_condition(scope, "f.area", area)
    params |= {"day": day, "slot": slot_no(day, 0)}
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) filter (where kind = 'check'), count(*) filter (where kind = 'release')"
            f" from ({_FILES.format(where=where)}) due",
            params,
        )
        checks, releases = cursor.fetchone()
        return int(checks), int(releases)


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
_PLANNED = f"""
select id, person_id, household_id, owner_id, area, kind, coalesce(stages[1], stage), coalesce(channels[1], ''),
    %(day)s::date - day_zero, last_day - day_zero, deadlines, last_deci, last_abnormal
from ({_FILES}) due
order by owner_id, case when kind = 'release' then 2
    when channels[1] in ('phone', 'video', 'chat', 'self') then 0 else 1 end, area, household_id, id
limit %(limit)s
"""
