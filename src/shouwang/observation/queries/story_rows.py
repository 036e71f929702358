"""What is read of a file: its row, its days with their checks, its alarms and events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shouwang.observation.models import (
    Alert,
    ObservationFile,
)
from shouwang.observation.rules import (
    short_number,
)


@dataclass(frozen=True, slots=True)
class FileRow:
    """An observation file as lists and headings show it."""

    id: UUID
    person_id: UUID
    household_id: UUID | None
    area: str
    zone: str
    protocol: str
    category: str
    pack_id: str
    revision_id: UUID
    state: str
    anchor_event: str
    anchor_on: date
    anchor_known: str
    day_zero: date
    found_late: bool
    planned_last_day: date
    ordered_last_day: date | None
    ordered_reason: str
    actual_ended_at: datetime | None
    end_reason: str
    owner_id: UUID | None
    stage: str
    next_slot: int | None
    next_due_at: datetime | None
    last_check_at: datetime | None
    last_deci: int | None
    last_abnormal: bool | None
    restricts: bool
    legal_ground: str
    evidence: str
    reason: str
    expires_at: datetime | None
    review_on: date | None
    appeal_channel: str
    opened_at: datetime
    opened_by_name: str

    @property
    def last_day(self) -> date:
        """The last day in force: the ordered one, else the planned."""
        return self.ordered_last_day or self.planned_last_day


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check as it was made. `corrected_by`: the check that stands in its place now."""

    id: UUID
    slot_no: int
    day_no: int
    taken_at: datetime
    recorded_at: datetime
    recorded_by_name: str
    deci: int | None
    symptoms: tuple[str, ...]
    channel: str
    outcome: str
    measured_by: str
    measured_by_name: str
    seen: str
    roles: tuple[str, ...]
    late: bool
    abnormal: bool
    note: str
    corrects: UUID | None
    correct_reason: str
    corrected_by: UUID | None
    countersigned_by: str
    countersigned_at: datetime | None
    came: tuple[UUID, ...] = ()
    vouched: tuple[str, ...] | None = None
    thermometer: str = ""
    witness: str = ""
    photo_seen: bool | None = None

    @property
    def roles_standing(self) -> tuple[str, ...]:
        """The roles that count for the quorum: those an assignment bears out, where anybody was assigned."""
        return self.roles if self.vouched is None else self.vouched


@dataclass(frozen=True, slots=True)
class SlotCell:
    """One slot of the day grid. `state`: `done`, `done-late`, `missed`, `due`, `ahead`, `extra`,
    or `before`: no duty yet when the file was opened."""

    slot: int
    deadline: datetime | None
    channels: tuple[str, ...]
    state: str
    checks: tuple[CheckRow, ...]


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day: its slots, who signed it, and how many roles came of how many that must."""

    day: date
    day_no: int
    stage: str
    cells: tuple[SlotCell, ...]
    signed_by: str
    signed_at: datetime | None
    quorum_came: int
    quorum_must: int


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert and what was done."""

    id: UUID
    file_id: UUID
    check_id: UUID | None
    """None: a laboratory test raised it."""
    area: str
    code: str
    severity: str
    tell: tuple[str, ...]
    raised_at: datetime
    level: int
    next_climb_at: datetime | None
    state: str
    answer: str
    answered_by_name: str
    answered_at: datetime | None
    deci: int | None = None
    taken_at: datetime | None = None
    """What the check found that raised it, and when: a phone without a network tells it hours later."""

    @property
    def number(self) -> str:
        """What it is called by telephone and in messages."""
        return short_number(self.id)


@dataclass(frozen=True, slots=True)
class EventRow:
    """What happened to the file besides checks."""

    kind: str
    reason: str
    before: dict[str, Any]
    after: dict[str, Any]
    decision: dict[str, Any]
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FilePage:
    """The whole story of a file."""

    file: FileRow
    days: tuple[DayRow, ...]
    alerts: tuple[AlertRow, ...]
    events: tuple[EventRow, ...]
    conflicts: int


def file_row(row: ObservationFile) -> FileRow:
    """A row of the table as a value."""
    return FileRow(**{name: getattr(row, name) for name in FileRow.__slots__})


def alert_row(a: Alert) -> AlertRow:
    """A row of the table as a value."""
    return AlertRow(
        *(a.id, a.file_id, a.check_row_id, a.area, a.code, a.severity, tuple(a.tell), a.raised_at, a.level),
        *(a.next_climb_at, a.state, a.answer, a.answered_by_name, a.answered_at),
        *(getattr(a, "check_deci", None), getattr(a, "check_taken", None)),
    )
