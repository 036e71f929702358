"""Whom somebody has to reach: the lists by channel, where one subject stands, appointments and visits of a day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q

from shouwang.journal.scoped import ScopedQuerySet
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.screening.models import Appointment, AppointmentEnd, Reach, ReachAttempt

CAP = 10_000
"""A list is counted to here and no further."""


@dataclass(frozen=True, slots=True)
class ReachRow:
    """Somebody to reach: for what, how next, by when, and what was tried."""

    id: UUID
    area: str
    subject_kind: str
    subject_id: UUID
    household_id: UUID | None
    purpose: str
    script: str
    state: str
    failures: int
    next_channel: str
    next_due_at: datetime | None
    last_channel: str
    last_outcome: str
    last_at: datetime | None
    appointment_id: UUID | None
    claimed_by_id: str
    claimed_by_name: str
    claim_until: datetime | None

    @property
    def cursor(self) -> str:
        """Where the next page goes on."""
        due = self.next_due_at.isoformat() if self.next_due_at else ""
        return f"{due}~{self.id}"

    def is_taken(self, at: datetime) -> bool:
        """Whether somebody has this call just now."""
        return self.claim_until is not None and self.claim_until > at


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One try, as it was noted; `is_corrected`: another row took its place."""

    id: UUID
    purpose: str
    channel: str
    outcome: str
    tried_at: datetime
    note: str
    corrects_id: UUID | None
    reason: str
    by_name: str
    recorded_at: datetime
    is_corrected: bool = False


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """A time that was agreed on and has not ended yet."""

    id: UUID
    area: str
    subject_kind: str
    subject_id: UUID
    purpose: str
    from_at: datetime
    until_at: datetime
    worker_id: UUID | None
    goods: str
    takes_temperature: bool
    note: str


def reaches(
    scope: Scope,
    *,
    channel: str | None = None,
    purpose: str | None = None,
    area: str | None = None,
    due_before: datetime | None = None,
    subjects: Collection[UUID] | None = None,
    limit: int = 50,
    after: str = "",
) -> list[ReachRow]:
    """Who is still to be reached, the most pressing first; `after` is the cursor of the last row seen."""
    found = _open(scope, channel, purpose, area)
    if due_before is not None:
        found = found.filter(next_due_at__lt=due_before)
    if subjects is not None:
        found = found.filter(subject_id__in=subjects)
    due, row = _cursor(after)
    if row is not None and due is not None:
        found = found.filter(Q(next_due_at__gt=due) | Q(next_due_at=due, id__gt=row))
    elif row is not None:
        found = found.filter(next_due_at__isnull=True, id__gt=row)
    rows = found.order_by(F("next_due_at").asc(nulls_last=True), "id")[:limit]
    return [ReachRow(*values) for values in rows.values_list(*ReachRow.__slots__)]


def reach_counts(scope: Scope, at: datetime, *, area: str | None = None) -> dict[str, tuple[int, int]]:
    """Channel → (still to be reached, late among them). "": no rung of the ladder makes sense."""
    found = _open(scope, None, None, area).values_list("next_channel")
    counted = found.annotate(n=Count("id"), late=Count("id", filter=Q(next_due_at__lt=at)))
    return {channel: (n, late) for channel, n, late in counted.order_by("next_channel")}


def reach(scope: Scope, reach_id: UUID) -> ReachRow:
    """One of them. Out of scope does not exist: `reach-not-found`."""
    values = Reach.objects.within(scope).filter(id=reach_id).values_list(*ReachRow.__slots__).first()
    if values is None:
        raise Refused("reach-not-found")
    return ReachRow(*values)


def reach_of(scope: Scope, subject_id: UUID, purpose: str) -> ReachRow | None:
    """Where a subject stands for a purpose, if anybody tried or has to."""
    rows = Reach.objects.within(scope).filter(subject_id=subject_id, purpose=purpose)
    values = rows.values_list(*ReachRow.__slots__).first()
    return ReachRow(*values) if values else None


def attempts_of(scope: Scope, subject_id: UUID, *, purpose: str | None = None) -> list[AttemptRow]:
    """What was tried, newest first, what was corrected among it."""
    found = ReachAttempt.objects.within(scope).filter(subject_id=subject_id)
    if purpose is not None:
        found = found.filter(purpose=purpose)
    rows = list(found.order_by("-tried_at", "-id").values_list(*AttemptRow.__slots__[:-1])[:200])
    corrected = {row[6] for row in rows if row[6] is not None}
    return [replace(AttemptRow(*row), is_corrected=row[0] in corrected) for row in rows]


def appointments(
    scope: Scope,
    *,
    until: datetime,
    worker: UUID | None = None,
    area: str | None = None,
    limit: int = 100,
) -> list[AppointmentRow]:
    """Appointments that begin before `until` and of which nobody has said how they ended, the earliest first.

    `worker`: those of this visitor, and those that are anybody's.
    """
    found = Appointment.objects.within(scope.narrowed(area) if area else scope).filter(from_at__lt=until)
    found = found.exclude(id__in=AppointmentEnd.objects.values("appointment_id"))
    if worker is not None:
        found = found.filter(Q(worker_id=worker) | Q(worker_id__isnull=True))
    rows = found.order_by("from_at", "id")[:limit]
    return [AppointmentRow(*values) for values in rows.values_list(*AppointmentRow.__slots__)]


def appointment(scope: Scope, appointment_id: UUID) -> AppointmentRow:
    """One appointment. Out of scope does not exist: `appointment-not-found`."""
    rows = Appointment.objects.within(scope).filter(id=appointment_id)
    values = rows.values_list(*AppointmentRow.__slots__).first()
    if values is None:
        raise Refused("appointment-not-found")
    return AppointmentRow(*values)


def wrong_reaches() -> int:
    """Unscoped, for `verify`: rows whose last attempt is not the last that counts."""
    with connection.cursor() as cursor:
        cursor.execute(_WRONG)
        return int(cursor.fetchone()[0])


_WRONG = """
select count(*) from screening_reach r left join lateral (
    select a.tried_at, a.outcome from screening_reachattempt a
    where a.subject_id = r.subject_id and a.purpose = r.purpose and a.subject_kind = r.subject_kind
        and not exists (select 1 from screening_reachattempt c where c.corrects_id = a.id)
    order by a.tried_at desc, a.id desc limit 1) t on true
where r.state <> 'ended' and r.last_at is not null
    and (t.tried_at, t.outcome) is distinct from (r.last_at, r.last_outcome)
"""


def _open(scope: Scope, channel: str | None, purpose: str | None, area: str | None) -> ScopedQuerySet[Reach]:
    found = Reach.objects.within(scope.narrowed(area) if area else scope).filter(state="open")
    if channel is not None:
        found = found.filter(next_channel=channel)
    return found.filter(purpose=purpose) if purpose else found


def _cursor(after: str) -> tuple[datetime | None, UUID | None]:
    due, _, row = after.partition("~")
    try:
        return (datetime.fromisoformat(due) if due else None), UUID(row)
    except ValueError:
        return None, None


def reach_ids(scope: Scope, appointment_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Appointment → the row that waits for it."""
    rows = Reach.objects.within(scope).filter(appointment_id__in=list(appointment_ids))
    return {found: row for found, row in rows.values_list("appointment_id", "id") if found is not None}
