"""Files asked over from one place to another, seen from either side; discharges; who came back positive."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shouwang.journal.scoped import within_areas
from shouwang.kernel.scope import Scope
from shouwang.observation.models import Discharge, FileEvent, HandOverRequest, ObservationFile
from shouwang.observation.queries.within import VIEW
from shouwang.people.queries import homes_of


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request to receive a person. The sender sees what became of it and of the file, not the file itself."""

    id: UUID
    file_id: UUID
    person_id: UUID
    area: str
    from_area: str
    from_stage: str
    to_stage: str
    state: str
    reason: str
    asked_at: datetime
    asked_by_name: str
    answer_by: datetime
    answered_at: datetime | None
    answered_by_name: str
    note: str
    file_state: str
    last_check_at: datetime | None
    is_mine: bool
    """Whether this person's side is the one that receives."""


def hand_over_requests(
    scope: Scope, *, waiting: bool | None = None, file_id: UUID | None = None, limit: int = 200
) -> list[RequestRow]:
    """Requests to and from the places in sight: those that wait by their deadline, then the latest answered."""
    areas = scope.areas_for(VIEW)
    rows = HandOverRequest.objects.unscoped("either side sees it").filter(
        within_areas(areas) | within_areas(areas, "from_area")
    )
    if waiting is not None:
        is_open = HandOverRequest.State.ASKED
        rows = rows.filter(state=is_open) if waiting else rows.exclude(state=is_open)
    if file_id is not None:
        rows = rows.filter(file_id=file_id)
    ordered = rows.order_by("answer_by", "id") if waiting else rows.order_by("-asked_at", "-id")
    return [_request(row, areas) for row in ordered.select_related("file")[:limit]]


def waiting_requests(scope: Scope) -> int:
    """How many requests wait for the answer of the places in sight."""
    rows = HandOverRequest.objects.within(scope, VIEW).filter(state=HandOverRequest.State.ASKED)
    return rows.count()


def request_by_id(scope: Scope, request_id: UUID) -> RequestRow | None:
    """One request, seen from either side."""
    areas = scope.areas_for(VIEW)
    rows = HandOverRequest.objects.unscoped("either side sees it").filter(
        within_areas(areas) | within_areas(areas, "from_area"), id=request_id
    )
    row = rows.select_related("file").first()
    return _request(row, areas) if row else None


def _request(row: HandOverRequest, areas: tuple[str, ...]) -> RequestRow:
    file: Any = row.file
    return RequestRow(
        *(
            row.id,
            row.file_id,
            file.person_id,
            row.area,
            row.from_area,
            row.from_stage,
            row.to_stage,
            row.state,
        ),
        *(row.reason, row.asked_at, row.asked_by_name, row.answer_by, row.answered_at, row.answered_by_name),
        *(row.note, file.state, file.last_check_at, row.area.startswith(areas)),
    )


@dataclass(frozen=True, slots=True)
class DischargeRow:
    """A discharge in force."""

    id: UUID
    person_id: UUID
    hospital: str
    discharged_on: date
    document: str
    recorded_at: datetime
    recorded_by_name: str
    correct_reason: str


def discharges_of(scope: Scope, people: Collection[UUID]) -> dict[UUID, list[DischargeRow]]:
    """Discharges in force of these people in sight, the earliest first: person → discharges. Two queries."""
    rows = list(
        Discharge.objects.unscoped("of people in scope, wherever they were when it was recorded")
        .filter(person_id__in=list(homes_of(scope, list(people))))
        .order_by("discharged_on", "recorded_at", "id")
    )
    replaced = {row.corrects_id for row in rows}
    found: dict[UUID, list[DischargeRow]] = {}
    for d in rows:
        if d.id not in replaced:
            told = DischargeRow(
                *(d.id, d.person_id, d.hospital, d.discharged_on, d.document, d.recorded_at),
                *(d.recorded_by_name, d.correct_reason),
            )
            found.setdefault(d.person_id, []).append(told)
    return found


@dataclass(frozen=True, slots=True)
class MovedOnRow:
    """A watch that ended because the person was found: where to, in which stage, on which day, because of what.

    This is what the room of cases takes up: who had contact with them is its question. `goes_on_as`: the file
    that was reopened from this one by the same event; a re-positive is this, never a new case.
    """

    id: UUID
    file_id: UUID
    person_id: UUID
    household_id: UUID | None
    area: str
    revision_id: UUID
    protocol: str
    event: str
    to: str
    stage: str
    day_no: int
    because: tuple[dict[str, str], ...]
    at: datetime
    goes_on_as: UUID | None


def moved_on(
    scope: Scope, *, since: datetime, until: datetime, area: str = "", limit: int = 200
) -> list[MovedOnRow]:
    """Files in sight whose people moved on by an event of the pack from `since` until before `until`, the last
    first. Two queries."""
    rows = FileEvent.objects.within(scope, VIEW).filter(
        **{"kind": ObservationFile.State.TRANSFERRED, "after__has_key": "event", "area__startswith": area},
        **{"at__gte": since, "at__lt": until},
    )
    found = list(rows.select_related("file").order_by("-at", "-id")[:limit])
    again = FileEvent.objects.within(scope, VIEW).filter(
        kind="reopened", before__file__in=[str(e.file_id) for e in found]
    )
    goes_on = {str(e.before["file"]): e.file_id for e in again}
    return [
        MovedOnRow(
            *(e.id, e.file_id, e.file.person_id, e.file.household_id, e.area),
            *(e.file.revision_id, e.file.protocol, e.after["event"], e.after["to"], e.after["stage"]),
            *(e.after["day_no"], tuple(e.after["because"]), e.at, goes_on.get(str(e.file_id))),
        )
        for e in found
    ]
