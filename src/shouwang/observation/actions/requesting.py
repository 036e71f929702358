"""A person goes from a site to a home team: asked, accepted or rejected; never without owner or next duty."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.days import local_day
from shouwang.kernel.decision import Decision
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions.commands import PackOf
from shouwang.observation.actions.held import codes, hold_file, note_event, release_facts, schedule_of, told
from shouwang.observation.models import Alert, HandOver, HandOverRequest, ObservationFile, TestDuty
from shouwang.observation.rules import hours_after, may_leave_stage, next_due, step_of
from shouwang.packs.conditions import Context
from shouwang.packs.schema import Pack, Stage

MANAGE = "observation.manage"
ANSWER_HOURS = 24
"""Where the pack does not say: the receiving side has a day."""


@transaction.atomic
def ask_hand_over(
    *, file_id: UUID, to_area: str, reason: str, scope: Scope, pack_of: PackOf, by: Actor, at: datetime
) -> UUID:
    """Ask the people of `to_area` to receive somebody whose stage here is over. Returns the request.

    Until they accept, the file stays with its owner and its duties. Refuses `reason-missing`, `already-asked`,
    `already-there`, `stage-refused` with the rule's reasons, and what `hold_file` refuses.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    row = hold_file(scope, MANAGE, file_id)
    if row.area == to_area:
        raise Refused("already-there")
    pack = pack_of(row.revision_id)
    _must_be_over(row, pack, at)
    asked = HandOverRequest.objects.unscoped("of a file in scope")
    if asked.filter(file_id=row.id, state=HandOverRequest.State.ASKED).exists():
        raise Refused("already-asked")
    before, into = step_of(schedule_of(row), next_due(schedule_of(row), row.last_slot))
    stage = _stage(pack, row.protocol, before.code if before else "")
    hours = stage.hand_over_within_hours if stage and stage.hand_over_within_hours else ANSWER_HOURS
    request = HandOverRequest.objects.create(
        file_id=row.id,
        area=to_area,
        from_area=row.area,
        from_owner_id=_owner(row),
        from_stage=before.code if before else "",
        to_stage=into.code if into else "",
        reason=reason.strip(),
        asked_at=at,
        asked_by=by.id,
        asked_by_name=by.name,
        answer_by=hours_after(at, hours),
    )
    append_event(
        verb="observation.hand-over.asked",
        subject=("file", row.id),
        area=row.area,
        by=by,
        at=at,
        payload={"request": request.id, "to": to_area, "stage": request.to_stage},
    )
    return request.id


@transaction.atomic
def accept_hand_over(
    *,
    request_id: UUID,
    owner: UUID,
    household_id: UUID | None,
    scope: Scope,
    pack_of: PackOf,
    by: Actor,
    at: datetime,
) -> UUID:
    """Receive the person: owner, place and stage of the file change at this instant. Returns the file.

    Asked again now whether the stage is over: an alarm since keeps the person where they are. Refuses
    `request-not-found`, `not-permitted`, `request-closed`, `stage-refused`.
    """
    request = _held(scope, request_id)
    row = (
        ObservationFile.objects.unscoped("asked of this person's place")
        .select_for_update(no_key=True)
        .get(id=request.file_id)
    )
    if row.state != ObservationFile.State.OPEN:
        raise Refused("file-closed", state=row.state)
    decision = _must_be_over(row, pack_of(row.revision_id), at)
    before = {"area": row.area, "owner": str(row.owner_id), "stage": request.from_stage}
    if row.owner_id != owner:
        HandOver.objects.create(
            file_id=row.id,
            area=request.area,
            from_owner_id=_owner(row),
            to_owner_id=owner,
            reason=request.reason,
            by_id=by.id,
            by_name=by.name,
            at=at,
        )
    _carry(row, request.area, owner, household_id)
    _answer(request, HandOverRequest.State.ACCEPTED, "", by, at, owner)
    note_event(
        row,
        "received",
        reason=request.reason,
        by=by,
        at=at,
        before=before,
        after={"area": row.area, "owner": str(owner), "stage": request.to_stage, "request": str(request.id)},
        decision=told(decision, row.revision_id),
    )
    return row.id


@transaction.atomic
def reject_hand_over(*, request_id: UUID, note: str, scope: Scope, by: Actor, at: datetime) -> None:
    """Say why the person cannot be received; they stay where they are, watched over by whom they were.

    Refuses `reason-missing`, `request-not-found`, `not-permitted`, `request-closed`.
    """
    if not note.strip():
        raise Refused("reason-missing")
    request = _held(scope, request_id)
    _answer(request, HandOverRequest.State.REJECTED, note.strip(), by, at, None)
    append_event(
        verb="observation.hand-over.rejected",
        subject=("file", request.file_id),
        area=request.area,
        by=by,
        at=at,
        payload={"request": request.id, "from": request.from_area, "note": note.strip()},
    )


def _held(scope: Scope, request_id: UUID) -> HandOverRequest:
    """The request, locked, at the receiving side. The sender sees it, and may not answer it."""
    rows = HandOverRequest.objects.unscoped("asked below on which side this person is")
    row = rows.select_for_update().filter(id=request_id).first()
    if row is None or not (scope.sees(row.area) or scope.sees(row.from_area)):
        raise Refused("request-not-found")
    if not scope.allows(MANAGE, row.area):
        raise Refused("not-permitted", permission=MANAGE)
    if row.state != HandOverRequest.State.ASKED:
        raise Refused("request-closed", state=row.state)
    return row


def _answer(
    request: HandOverRequest, state: str, note: str, by: Actor, at: datetime, owner: UUID | None
) -> None:
    request.state, request.note, request.answered_at = state, note, at
    request.answered_by, request.answered_by_name, request.to_owner_id = by.id, by.name, owner
    request.save()


def _carry(row: ObservationFile, area: str, owner: UUID, household_id: UUID | None) -> None:
    """Owner, place, stage and what is due, in one row; alarms and tests follow."""
    schedule = schedule_of(row)
    due = next_due(schedule, row.last_slot)
    row.area, row.owner_id, row.household_id = area, owner, household_id or row.household_id
    row.next_slot, row.next_due_at, row.stage, row.next_channel = due.slot, due.at, due.stage, due.channel
    row.save(
        update_fields=[
            *("area", "owner", "household", "next_slot", "next_due_at", "stage", "next_channel"),
        ]
    )
    reached = "of a file held by the caller"
    TestDuty.objects.unscoped(reached).filter(file_id=row.id).update(area=area)
    Alert.objects.unscoped(reached).filter(file_id=row.id).exclude(state=Alert.State.CLOSED).update(area=area)


def _must_be_over(row: ObservationFile, pack: Pack, at: datetime) -> Decision:
    """Refuses `stage-refused` with the reasons of the rule."""
    schedule = schedule_of(row)
    due = next_due(schedule, row.last_slot)
    before, _ = step_of(schedule, due)
    stage = _stage(pack, row.protocol, before.code if before else "")
    ctx = Context.of(pack, local_day(at, row.zone))
    condition = stage.leave if stage else None
    decision = may_leave_stage(schedule, due, condition, release_facts(row), ctx, at)
    if not decision:
        raise Refused("stage-refused", reasons=codes(decision.reasons), file=str(row.id))
    return decision


def _owner(row: ObservationFile) -> UUID:
    """Who answers for an open file; the database keeps it from having nobody."""
    if row.owner_id is None:
        raise Refused("owner-missing", person=str(row.person_id))
    return row.owner_id


def _stage(pack: Pack, protocol: str, code: str) -> Stage | None:
    return next((stage for stage in pack.protocol(protocol).stages if stage.code == code), None)
