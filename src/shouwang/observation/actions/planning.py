"""Test duties follow the plan of their file: written when it opens, again when it is counted anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from shouwang.kernel.ids import uuid7
from shouwang.observation.actions.arrays import plain_array, text_array, time_array, uuid_array
from shouwang.observation.models import TestDuty
from shouwang.observation.rules import Schedule, samples_due


def plan_tests(files: Sequence[tuple[UUID, str, Schedule]], at: datetime) -> None:
    """Write the test duties of these files (id, area, schedule) inside the caller's action; one statement."""
    rows = [
        (file_id, area, due)
        for file_id, area, schedule in files
        if schedule.timetable.tests
        for due in samples_due(schedule, at)
    ]
    if not rows:
        return
    dues = [due for _, _, due in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            _PLAN,
            [
                uuid_array([uuid7() for _ in rows]),
                uuid_array([file_id for file_id, _, _ in rows]),
                text_array([area for _, area, _ in rows]),
                text_array([due.kind for due in dues]),
                text_array([due.stage for due in dues]),
                text_array([due.day.isoformat() for due in dues]),
                plain_array([due.day_no for due in dues]),
                time_array([due.due_at for due in dues]),
            ],
        )


def plan_tests_anew(file_id: UUID, area: str, schedule: Schedule, at: datetime) -> None:
    """Put the duties of a new plan in the place of those not met yet, inside the caller's action."""
    planned = TestDuty.objects.unscoped("of a file held by the caller").filter(
        file_id=file_id, cause=TestDuty.Cause.PROTOCOL
    )
    planned.filter(state=TestDuty.State.DUE).update(state=TestDuty.State.VOID)
    plan_tests([(file_id, area, schedule)], at)


_PLAN = """
insert into observation_testduty (id, file_id, area, kind, cause, stage, day, day_no, due_at, state, label, lab,
    outcome)
select t.id, t.file_id, t.area, t.kind, 'protocol', t.stage, t.day::date, t.day_no, t.due_at, 'due', '', '', ''
from unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::int[],
    %s::timestamptz[]) as t (id, file_id, area, kind, stage, day, day_no, due_at)
on conflict do nothing
"""
