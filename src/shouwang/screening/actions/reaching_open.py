"""Opening and ending what has to be reached: a call to make, a household to visit, an arrival to meet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from shouwang.kernel.ids import uuid7
from shouwang.screening.models import Reach

OWN = "the rows are reached through scope by the caller"


@dataclass(frozen=True, slots=True)
class NewReach:
    """Whom to reach, for what, first by which channel, and by when."""

    area: str
    subject_kind: str
    subject_id: UUID
    purpose: str
    channel: str
    due_at: datetime | None
    household_id: UUID | None = None
    script: str = ""
    repeat_hours: int | None = None


def open_reaches(*, wanted: Sequence[NewReach], at: datetime) -> int:
    """Put these on the lists, inside the caller's action. One statement, however many.

    Who stands there already and is still to be reached stays as they are; who was reached before is to be
    reached again. Returns how many are newly to be reached.
    """
    if not wanted:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _OPEN,
            [
                at,
                [uuid7() for _ in wanted],
                [one.area for one in wanted],
                [one.subject_kind for one in wanted],
                [one.subject_id for one in wanted],
                [one.household_id for one in wanted],
                [one.purpose for one in wanted],
                [one.script for one in wanted],
                [one.channel for one in wanted],
                [one.due_at for one in wanted],
                [one.repeat_hours for one in wanted],
            ],
        )
        return int(cursor.rowcount)


def end_reaches(*, subjects: Collection[UUID], purpose: str, reason: str, at: datetime) -> int:
    """Take these off the lists, inside the caller's action: nobody needs to reach them for this any more."""
    rows = Reach.objects.unscoped(OWN).filter(subject_id__in=subjects, purpose=purpose)
    return rows.exclude(state="ended").update(
        state="ended",
        ended_at=at,
        end_reason=reason,
        next_channel="",
        next_due_at=None,
        claim_until=None,
        claimed_by_id="",
        claimed_by_name="",
    )


_OPEN = """
insert into screening_reach as r (recorded_at, id, area, subject_kind, subject_id, household_id, purpose, script,
    next_channel, next_due_at, repeat_hours, state, failures, last_channel, last_outcome, claimed_by_id,
    claimed_by_name, end_reason)
select b.at, i.*, 'open', 0, '', '', '', '', '' from (values (%s::timestamptz)) b (at),
    unnest(%s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[],
        %s::timestamptz[], %s::int[]) i
on conflict (subject_id, purpose, subject_kind) do update set area = excluded.area, script = excluded.script,
    household_id = coalesce(excluded.household_id, r.household_id), state = 'open', failures = 0,
    next_channel = excluded.next_channel, next_due_at = excluded.next_due_at, repeat_hours = excluded.repeat_hours,
    ended_at = null, end_reason = ''
where r.state <> 'open'
"""
