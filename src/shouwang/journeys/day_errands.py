"""The day's doors that are no checks: appointments that were made, and families of workers away to look in on.

They stand on the visitor's list of the day beside the checks. Crosses screening, places, people.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shouwang.kernel.days import day_end, local_day
from shouwang.kernel.scope import Scope
from shouwang.places.queries import zone_of
from shouwang.screening.queries import AppointmentRow, ReachRow, appointments, reach_ids, reaches

MOST = 60
"""Errands of one day on one list; what is more is on the page of calls."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One door of the day. An appointment has its time, and what is brought; a visit only a deadline."""

    kind: str
    reach_id: UUID | None
    area: str
    subject_kind: str
    subject_id: UUID
    due_at: datetime | None
    from_at: datetime | None = None
    goods: str = ""
    takes_temperature: bool = False
    appointment_id: UUID | None = None


def day_errands(
    scope: Scope,
    at: datetime,
    *,
    area: str | None = None,
    worker: UUID | None = None,
    households: Collection[UUID] | None = None,
) -> list[Errand]:
    """Appointments and visits until the end of the local day, late ones among them, the earliest first.

    `worker`: appointments of this visitor and those that are anybody's. `households`: visits of these doors only.
    """
    where = area or next(iter(scope.areas), "")
    zone = zone_of(where)
    until = day_end(local_day(at, zone), zone)
    made = appointments(scope, until=until, worker=worker, area=area, limit=MOST)
    visits = reaches(
        scope,
        channel="door",
        purpose="away-home",
        area=area,
        due_before=until,
        subjects=households,
        limit=MOST,
    )
    ids = reach_ids(scope, [one.id for one in made])
    errands = [_of_appointment(one, ids.get(one.id)) for one in made] + [_of_visit(row) for row in visits]
    return sorted(errands, key=lambda one: (one.from_at or one.due_at or until, str(one.subject_id)))


def _of_appointment(one: AppointmentRow, reach_id: UUID | None) -> Errand:
    return Errand(
        "appointment",
        reach_id,
        one.area,
        one.subject_kind,
        one.subject_id,
        one.until_at,
        one.from_at,
        one.goods,
        one.takes_temperature,
        one.id,
    )


def _of_visit(row: ReachRow) -> Errand:
    return Errand("visit", row.id, row.area, row.subject_kind, row.subject_id, row.next_due_at)
