"""Tasks of the evening meetings, and tomorrow's list: duties, what is carried over, tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from shouwang.kernel.days import day_end
from shouwang.kernel.scope import Scope
from shouwang.observation.queries import PlannedDuty, planned_duties
from shouwang.oversight.models import DayTask, TaskMark
from shouwang.oversight.queries.closing import carried_of
from shouwang.oversight.rules import Carried
from shouwang.places.queries import zone_of

VIEW = "observation.view"


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task; `outcome` "" while it is open."""

    id: UUID
    area: str
    day: date
    text: str
    owner_id: UUID | None
    owner_name: str
    due_at: datetime
    by_name: str
    at: datetime
    outcome: str = ""
    note: str = ""
    marked_by: str = ""
    marked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tomorrow:
    """What the next day of a place, or of one worker there, will ask for."""

    day: date
    duties: tuple[PlannedDuty, ...]
    carried: tuple[Carried, ...]
    tasks: tuple[TaskRow, ...]


def tasks_of(
    scope: Scope,
    area: str,
    *,
    day: date | None = None,
    due_until: datetime | None = None,
    owner: UUID | None = None,
    limit: int = 500,
) -> list[TaskRow]:
    """Tasks of a place and of what lies in it, by due hour: those decided on `day`, else the open ones."""
    rows = DayTask.objects.within(scope, VIEW).filter(area__startswith=area)
    if owner is not None:
        rows = rows.filter(owner_id=owner)
    if day is not None:
        rows = rows.filter(day=day)
    else:
        marked = TaskMark.objects.within(scope, VIEW).filter(area__startswith=area)
        rows = rows.exclude(id__in=marked.values("task_id"))
    if due_until is not None:
        rows = rows.filter(due_at__lte=due_until)
    held = list(rows.order_by("due_at", "id")[:limit])
    marks = TaskMark.objects.within(scope, VIEW).filter(task_id__in=[row.id for row in held]) if held else []
    return _rows(held, {mark.task_id: mark for mark in marks})


def tomorrow_of(scope: Scope, area: str, day: date, *, worker: UUID | None = None) -> Tomorrow:
    """The list for the day after `day`: planned duties, what `day` carried over, tasks due by its end."""
    following = day + timedelta(days=1)
    duties = planned_duties(scope, following, area=area, owner=worker)
    carried = carried_of(scope, area, day, worker=worker)
    until = day_end(following, zone_of(area))
    tasks = tasks_of(scope, area, due_until=until, owner=worker)
    return Tomorrow(following, tuple(duties), tuple(carried.values()), tuple(tasks))


def _rows(rows: Sequence[DayTask], marks: dict[UUID, TaskMark]) -> list[TaskRow]:
    found = []
    for row in rows:
        mark = marks.get(row.id)
        told = (mark.outcome, mark.note, mark.by_name, mark.at) if mark else ("", "", "", None)
        found.append(
            TaskRow(
                *(row.id, row.area, row.day, row.text, row.owner_id, row.owner_name, row.due_at),
                *(row.by_name, row.at, *told),
            )
        )
    return found
