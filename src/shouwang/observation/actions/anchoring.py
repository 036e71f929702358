"""The day a file is counted from was learnt better: a return date verified, a later exposure told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.kernel.actor import Actor
from shouwang.kernel.scope import Scope
from shouwang.observation.actions.held import hold_file, note_event, schedule_of
from shouwang.observation.actions.moving import MANAGE, move_file
from shouwang.observation.actions.opening import keep_timetables
from shouwang.observation.actions.planning import plan_tests_anew
from shouwang.observation.rules import Changed, FilePlan, next_due


@transaction.atomic
def reanchor_file(
    *, file_id: UUID, plan: FilePlan, reason: str, scope: Scope, by: Actor, at: datetime
) -> None:
    """Count an open file from the day that is known now (LESSONS 14: each change of dates has its reason).

    `plan` is what would have been planned had it been known when the file was opened. Checks stay. An end
    that somebody ordered stays ordered unless the planned one is now later. Refuses `reason-missing`,
    `file-not-found`, `file-closed`, `not-permitted`.
    """
    row = hold_file(scope, MANAGE, file_id)
    before = schedule_of(row)
    keep_timetables([plan.schedule.timetable])
    told = {"day_zero": row.day_zero.isoformat(), "last_day": before.last_day.isoformat()}
    row.anchor_on, row.anchor_known = plan.anchor_on, plan.anchor_known
    row.day_zero, row.planned_last_day = plan.schedule.day_zero, plan.schedule.last_day
    row.found_late, row.timetable_id = plan.found_late, plan.schedule.timetable.key
    if row.ordered_last_day is not None and row.ordered_last_day <= row.planned_last_day:
        row.ordered_last_day, row.ordered_reason = None, ""
    row.first_slot = plan.schedule.first_slot
    if plan.restriction is not None:
        row.evidence = plan.restriction.evidence
    row.save(update_fields=["anchor_on", "anchor_known", "evidence"])
    schedule = schedule_of(row)
    move_file(row, Changed(schedule, next_due(schedule, row.last_slot)))
    plan_tests_anew(row.id, row.area, schedule, at)
    after = {"day_zero": row.day_zero.isoformat(), "last_day": schedule.last_day.isoformat()}
    note_event(row, "re-anchored", reason=reason, by=by, at=at, before=told, after=after)
