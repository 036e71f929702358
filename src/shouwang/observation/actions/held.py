"""One file held for change: locked, in scope, with what the rules ask about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.decision import Decision, Reason
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.models import FileEvent, HandOverRequest, ObservationFile, TestDuty
from shouwang.observation.queries.plans import timetable
from shouwang.observation.queries.standing import standing_of
from shouwang.observation.rules import ReleaseFacts, Schedule


def hold_file(scope: Scope, permission: str, file_id: UUID, *, must_be_open: bool = True) -> ObservationFile:
    """The file, locked. Refuses `file-not-found` (also out of scope), `not-permitted`, `file-closed`."""
    row = ObservationFile.objects.within(scope).select_for_update(no_key=True).filter(id=file_id).first()
    if row is None:
        raise Refused("file-not-found")
    if not scope.allows(permission, row.area):
        raise Refused("not-permitted", permission=permission)
    if must_be_open and row.state != ObservationFile.State.OPEN:
        raise Refused("file-closed", state=row.state)
    return row


def schedule_of(row: ObservationFile) -> Schedule:
    """The file's dates in force."""
    last_day = row.ordered_last_day or row.planned_last_day
    return Schedule(timetable(row.timetable_id), row.zone, row.day_zero, row.first_slot, last_day)


def release_facts(row: ObservationFile) -> ReleaseFacts:
    """Where the file stands, as the release rule asks."""
    standing = standing_of(row.id, schedule_of(row))
    return ReleaseFacts(
        day_zero=row.day_zero,
        last_day=row.ordered_last_day or row.planned_last_day,
        zone=row.zone,
        checks_done=standing.checks_done,
        last_abnormal=row.last_abnormal,
        open_alerts=standing.open_alerts,
        quorum_met=standing.quorum_met,
        tests_negative=standing.tests_negative,
        tests_awaited=standing.tests_awaited,
        tested_positive=standing.tested_positive,
    )


def close_file(row: ObservationFile, state: str, reason: str, at: datetime) -> None:
    """End a file: nothing is due any more, nobody is asked to receive it; who owned it stays written."""
    row.state, row.end_reason, row.actual_ended_at = state, reason, at
    row.next_due_at = row.next_slot = None
    row.next_channel = ""
    row.save(
        update_fields=["state", "end_reason", "actual_ended_at", "next_due_at", "next_slot", "next_channel"]
    )
    reached = "of a file held by the caller"
    TestDuty.objects.unscoped(reached).filter(file_id=row.id, state="due").update(state="void")
    HandOverRequest.objects.unscoped(reached).filter(file_id=row.id, state="asked").update(
        state="withdrawn", answered_at=at, answered_by="system", note=reason
    )


def told(decision: Decision, revision_id: UUID) -> dict[str, Any]:
    """A decision as it is stored: the revision, and the reasons as data."""
    return {
        "revision": str(revision_id),
        "allowed": decision.allowed,
        "reasons": [asdict(reason) for reason in decision.reasons],
    }


def codes(reasons: tuple[Reason, ...]) -> str:
    """The reasons' codes, each once, for a refusal."""
    return ",".join(dict.fromkeys(reason.code for reason in reasons))


def note_event(
    row: ObservationFile,
    kind: str,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    decision: Mapping[str, object] | None = None,
) -> None:
    """Write the file's event and the journal's. Refuses `reason-missing`."""
    if not reason.strip():
        raise Refused("reason-missing")
    FileEvent.objects.create(
        file_id=row.id,
        area=row.area,
        kind=kind,
        before=dict(before or {}),
        after=dict(after or {}),
        reason=reason.strip(),
        decision=dict(decision or {}),
        by_id=by.id,
        by_name=by.name,
        at=at,
    )
    append_event(
        verb=f"observation.file.{kind}",
        subject=("file", row.id),
        area=row.area,
        by=by,
        at=at,
        payload={"before": dict(before or {}), "after": dict(after or {}), "revision": row.revision_id},
    )
