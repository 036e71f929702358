"""预约上门 Making, keeping, missing and putting off an appointment. Each is a fact; the ladder follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.packs.schema import Pack
from shouwang.screening.actions.reaching import RECORD, Attempt, follow, note_attempts
from shouwang.screening.models import Appointment, AppointmentEnd, Reach
from shouwang.screening.rules import steps_of
from shouwang.workforce.queries import workers_by_ids

OWN = "the row was reached through scope"
ENDS = {"kept": "kept", "missed": "missed", "put-off": ""}


@dataclass(frozen=True, slots=True)
class NewAppointment:
    """When somebody will be at home, who comes (None: whoever has the round), with what."""

    id: UUID
    reach_id: UUID
    from_at: datetime
    until_at: datetime
    worker_id: UUID | None = None
    goods: str = ""
    takes_temperature: bool = False
    note: str = ""


@transaction.atomic
def make_appointment(*, appointment: NewAppointment, scope: Scope, by: Actor, at: datetime) -> UUID:
    """Agree on a time. It stands on the visitor's list of that day; until it ends nothing else is suggested.

    Refuses `reach-not-found` (also out of scope), `not-permitted`, `appointment-pending`, `appointment-order`
    (it ends before it begins, or has passed), `worker-unknown`, `fact-differs`.
    """
    new = appointment
    reach = held_reach(scope, new.reach_id)
    known = Appointment.objects.unscoped(OWN).filter(id=new.id).first()
    if known is not None:
        same = (known.subject_id, known.from_at, known.until_at) == (
            reach.subject_id,
            new.from_at,
            new.until_at,
        )
        if not same:
            raise Refused("fact-differs", id=str(new.id))
        return new.id
    if reach.appointment_id is not None:
        raise Refused("appointment-pending")
    if new.until_at <= new.from_at or new.until_at <= at:
        raise Refused("appointment-order")
    if new.worker_id is not None and not workers_by_ids(Scope.everything(), [new.worker_id]):
        raise Refused("worker-unknown")
    Appointment.objects.create(
        id=new.id,
        area=reach.area,
        subject_kind=reach.subject_kind,
        subject_id=reach.subject_id,
        purpose=reach.purpose,
        from_at=new.from_at,
        until_at=new.until_at,
        worker_id=new.worker_id,
        goods=new.goods.strip(),
        takes_temperature=new.takes_temperature,
        note=new.note.strip(),
        by_id=by.id,
        by_name=by.name,
        recorded_at=at,
    )
    Reach.objects.unscoped(OWN).filter(id=reach.id).update(
        state="open",
        appointment_id=new.id,
        next_channel="appointment",
        next_due_at=new.until_at,
        claimed_by_id="",
        claimed_by_name="",
        claim_until=None,
    )
    append_event(
        verb="screening.appointment.made",
        subject=(reach.subject_kind, reach.subject_id),
        area=reach.area,
        by=by,
        at=at,
        payload={"appointment": str(new.id), "from": new.from_at, "until": new.until_at},
    )
    return new.id


@transaction.atomic
def end_appointment(
    *,
    appointment_id: UUID,
    outcome: str,
    attempt_id: UUID,
    pack: Pack,
    scope: Scope,
    by: Actor,
    at: datetime,
    reason: str = "",
    ended_at: datetime | None = None,
) -> None:
    """Say how an appointment ended: `kept`, `missed` or `put-off` (with a reason; nobody went).

    Kept and missed are attempts of the ladder. Sent again it is one fact. Refuses `appointment-not-found`,
    `not-permitted`, `appointment-outcome`, `reason-missing`, `appointment-ended` (otherwise),
    `appointment-not-yet` (missed before it began).
    """
    if outcome not in ENDS:
        raise Refused("appointment-outcome", outcome=outcome)
    row = Appointment.objects.within(scope).select_for_update().filter(id=appointment_id).first()
    if row is None:
        raise Refused("appointment-not-found")
    if not scope.allows(RECORD, row.area):
        raise Refused("not-permitted")
    ended = AppointmentEnd.objects.filter(appointment_id=appointment_id).first()
    if ended is not None:
        if ended.outcome != outcome:
            raise Refused("appointment-ended", outcome=ended.outcome)
        return
    happened = ended_at or at
    if outcome == "missed" and happened < row.from_at:
        raise Refused("appointment-not-yet")
    if outcome == "put-off" and not reason.strip():
        raise Refused("reason-missing")
    reach = Reach.objects.unscoped(OWN).select_for_update().filter(appointment_id=row.id)
    held = list(reach)
    reach.update(appointment_id=None)
    _end(row, outcome, attempt_id, reason, happened, held, pack, by, at)
    append_event(
        verb=f"screening.appointment.{outcome}",
        subject=(row.subject_kind, row.subject_id),
        area=row.area,
        by=by,
        at=at,
        payload={"appointment": str(row.id), "reason": reason.strip()},
    )


def _end(
    row: Appointment,
    outcome: str,
    attempt_id: UUID,
    reason: str,
    happened: datetime,
    held: list[Reach],
    pack: Pack,
    by: Actor,
    at: datetime,
) -> None:
    attempt = Attempt(
        attempt_id,
        row.area,
        row.subject_kind,
        row.subject_id,
        row.purpose,
        "appointment",
        outcome,
        happened,
        note=reason.strip(),
    )
    if ENDS[outcome]:
        note_attempts([attempt], pack=pack, area=row.area, by=by, at=at)
    AppointmentEnd.objects.create(
        appointment_id=row.id,
        outcome=outcome,
        attempt_id=attempt_id if ENDS[outcome] else None,
        reason=reason.strip(),
        by_id=by.id,
        by_name=by.name,
        recorded_at=at,
    )
    if not ENDS[outcome]:
        homes = [one.household_id for one in held]
        subjects = [one.subject_id for one in held]
        follow(subjects, [o.purpose for o in held], [o.subject_kind for o in held], homes, steps_of(pack), at)
        Reach.objects.unscoped(OWN).filter(id__in=[o.id for o in held], last_at__isnull=True).update(
            next_channel="phone", next_due_at=at
        )


def held_reach(scope: Scope, reach_id: UUID) -> Reach:
    """A row to work on, locked, inside the caller's action. Refuses `reach-not-found`, `not-permitted`."""
    row = Reach.objects.within(scope).select_for_update().filter(id=reach_id).first()
    if row is None or row.state == "ended":
        raise Refused("reach-not-found")
    if not scope.allows(RECORD, row.area):
        raise Refused("not-permitted")
    return row
