# ruff: noqa: S608 - the texts below are fixed, everything asked is a parameter
"""What the daily report counts: for each figure the rows, and their number from the very same rows.

Everything is told from appended facts as known at an instant: files opened by then, checks recorded by then
and not corrected by then. So a past day is counted again as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from shouwang.kernel.days import day_end, day_start
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.rules import slot_no

VIEW = "report.view"


@dataclass(frozen=True, slots=True)
class Moment:
    """Which report: the place (path), the local day and its zone, and the instant whose knowledge counts."""

    area: str
    day: date
    zone: str
    as_of: datetime


@dataclass(frozen=True, slots=True)
class CountedRow:
    """One row behind a figure. `slot` where the figure counts duties, else None."""

    person_id: UUID
    file_id: UUID
    area: str
    slot: int | None = None


_FILES = """with f as (
    select *, opened_at >= %(start)s as fresh,
        case when actual_ended_at <= %(as_of)s and actual_ended_at < %(end)s then state else 'open' end as was
    from observation_file
    where area like %(area)s and opened_at <= %(as_of)s and opened_at < %(end)s
), p as (
    select distinct on (person_id) person_id, id as file_id, area, was, actual_ended_at,
        bool_and(fresh) over (partition by person_id) as new
    from f order by person_id, (was = 'open') desc, actual_ended_at desc, opened_at desc
)"""
_IN_FORCE = """c.recorded_at <= %(as_of)s and c.taken_at < %(end)s and not exists (
        select 1 from observation_dailycheck x where x.corrects_id = c.id and x.recorded_at <= %(as_of)s)"""
_ABNORMAL = f"""{_FILES}, a as (
    select distinct on (f.person_id) f.person_id, f.id as file_id, f.area, c.local_day
    from f join observation_dailycheck c on c.file_id = f.id
    where c.abnormal and {_IN_FORCE} order by f.person_id, c.taken_at
)"""
_DUTIES = f"""{_FILES}, due as (
    select f.person_id, f.id as file_id, f.area, f.was, f.actual_ended_at, f.first_slot,
        %(slot)s + (b.n - 1)::int as slot,
        (%(day)s::date + make_interval(mins => (b.beat ->> 0)::int)) at time zone f.zone as deadline
    from f join observation_timetable t on t.key = f.timetable_id,
        jsonb_array_elements(t.content -> 'days' -> least(greatest(
            %(day)s::date - f.day_zero - (t.content ->> 'first')::int, 0),
            jsonb_array_length(t.content -> 'days') - 1)) with ordinality as b (beat, n)
    where %(day)s::date <= coalesce(f.ordered_last_day, f.planned_last_day)
), s as (
    select d.*, c.done, c.done_late
    from due d cross join lateral (
        select count(*) > 0 as done, coalesce(bool_and(c.late), false) as done_late
        from observation_dailycheck c
        where c.file_id = d.file_id and c.slot_no = d.slot and c.outcome = 'done' and {_IN_FORCE}) c
    where d.slot >= d.first_slot and (d.was = 'open' or d.actual_ended_at > d.deadline)
)"""
_LAST_TRY = f"""{_FILES}, l as (
    select distinct on (f.person_id) f.person_id, f.id as file_id, f.area, c.outcome
    from f join observation_dailycheck c on c.file_id = f.id and c.slot_no between %(slot)s and %(slot)s + 31
    where {_IN_FORCE} order by f.person_id, c.taken_at desc, c.id desc
)"""
_PERSON = "select person_id, file_id, area, null::int as slot"
_DUTY = "select person_id, file_id, area, slot"
_LEFT = "('transferred', 'moved', 'cancelled', 'died')"
_RELEASED = "('released', 'released-early')"
_TODAY = "actual_ended_at >= %(start)s"

_ROWS = {
    "cumulative": f"{_FILES} {_PERSON} from p",
    "new": f"{_FILES} {_PERSON} from p where new",
    "under-observation": f"{_FILES} {_PERSON} from p where was = 'open'",
    "released": f"{_FILES} {_PERSON} from p where was in {_RELEASED} and {_TODAY}",
    "released-total": f"{_FILES} {_PERSON} from p where was in {_RELEASED}",
    "left-otherwise": f"{_FILES} {_PERSON} from p where was in {_LEFT} and {_TODAY}",
    "left-otherwise-total": f"{_FILES} {_PERSON} from p where was in {_LEFT}",
    "abnormal": f"{_ABNORMAL} {_PERSON} from a where local_day = %(day)s",
    "abnormal-total": f"{_ABNORMAL} {_PERSON} from a",
    "reached": f"""{_FILES} {_PERSON} from p where exists (select 1 from f join observation_dailycheck c
        on c.file_id = f.id where f.person_id = p.person_id and c.outcome = 'done' and {_IN_FORCE})""",
    "due": f"{_DUTIES} {_DUTY} from s",
    "done": f"{_DUTIES} {_DUTY} from s where done",
    "done-late": f"{_DUTIES} {_DUTY} from s where done_late",
    "late": f"{_DUTIES} {_DUTY} from s where not done and deadline <= %(as_of)s",
    "to-come": f"{_DUTIES} {_DUTY} from s where not done and deadline > %(as_of)s",
    "unseen": f"{_DUTIES} {_DUTY} from s where not done",
    "refused": f"{_LAST_TRY} {_PERSON} from l where outcome = 'refused'",
    "not-home": f"{_LAST_TRY} {_PERSON} from l where outcome = 'not-home'",
    "lost": f"{_LAST_TRY} {_PERSON} from l where outcome = 'unreachable'",
}


def counted(scope: Scope, what: str, moment: Moment) -> int:
    """How many rows stand behind a figure. Refuses `figure-unknown`."""
    held = _fetch(scope, f"select count(*) from ({_text(what)}) counted", moment)
    return int(held[0][0]) if held else 0


def counted_rows(
    scope: Scope, what: str, moment: Moment, *, offset: int = 0, limit: int | None = None
) -> list[CountedRow]:
    """The rows behind a figure, in stable order. Refuses `figure-unknown`."""
    tail = "order by area, person_id, slot offset %(offset)s limit %(limit)s"
    held = _fetch(scope, f"select * from ({_text(what)}) counted {tail}", moment, offset=offset, limit=limit)
    return [CountedRow(*row) for row in held]


def counted_by_area(scope: Scope, what: str, moment: Moment) -> dict[str, int]:
    """How many rows of a figure lie in each village or grid (full path). Refuses `figure-unknown`."""
    held = _fetch(scope, f"select area, count(*) from ({_text(what)}) counted group by 1", moment)
    return {row[0]: int(row[1]) for row in held}


def counted_statement(what: str, moment: Moment) -> tuple[str, dict[str, Any]]:
    """The rows of a figure as SQL with its parameters, for statements of rooms above that join them.

    Unscoped: whoever runs it has seen to the scope. Refuses `figure-unknown`.
    """
    return _text(what), _asked(moment)


def first_observed_on(scope: Scope, moment: Moment) -> date | None:
    """首例观察日: the local day on which the first file was opened."""
    held = _fetch(scope, f"{_FILES} select min((opened_at at time zone zone)::date) from f", moment)
    return held[0][0] if held else None


def last_release_on(scope: Scope, moment: Moment) -> date | None:
    """最后一名预计解除日: the latest last day, planned or ordered, of the files open at the moment."""
    last = "max(coalesce(ordered_last_day, planned_last_day))"
    held = _fetch(scope, f"{_FILES} select {last} from f where was = 'open'", moment)
    return held[0][0] if held else None


def _text(what: str) -> str:
    if what not in _ROWS:
        raise Refused("figure-unknown", figure=what)
    return _ROWS[what]


def _fetch(scope: Scope, text: str, moment: Moment, **more: object) -> list[tuple[Any, ...]]:
    if not scope.allows(VIEW, moment.area):
        return []
    with connection.cursor() as cursor:
        cursor.execute(text, _asked(moment) | more)
        return list(cursor.fetchall())


def _asked(moment: Moment) -> dict[str, Any]:
    return {
        "area": f"{moment.area}%",
        "day": moment.day,
        "start": day_start(moment.day, moment.zone),
        "end": day_end(moment.day, moment.zone),
        "as_of": moment.as_of,
        "slot": slot_no(moment.day, 0),
    }
