"""Reading round sheets: their lines in the order of the paper, and what was keyed in of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.models import DailyCheck, ObservationFile, RoundSheet
from shouwang.observation.queries.within import VIEW
from shouwang.observation.rules import line_id
from shouwang.people.sealed import unseal


@dataclass(frozen=True, slots=True)
class SheetLineRow:
    """A line as it was printed. `check_id` is the id of the check it becomes."""

    number: int
    check_id: UUID
    file_id: UUID
    household_id: UUID | None
    area: str
    channel: str
    expected: int
    promised: tuple[int, int] | None
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A round sheet."""

    id: UUID
    area: str
    day: date
    number: int
    zone: str
    worker_id: UUID | None
    worker_name: str
    lines: tuple[SheetLineRow, ...]
    symptoms: tuple[str, ...]
    told: dict[str, Any]
    made_by: str
    made_at: datetime

    @property
    def code(self) -> str:
        """What is printed on the paper: month, day and number ("0201-3")."""
        return f"{self.day:%m%d}-{self.number}"


@dataclass(frozen=True, slots=True)
class Keyed:
    """What a line of a sheet became."""

    check_id: UUID
    outcome: str
    deci: int | None
    symptoms: tuple[str, ...]
    taken_at: datetime
    abnormal: bool
    is_corrected: bool
    recorded_by: str


def round_sheet(scope: Scope, sheet_id: UUID) -> SheetRow:
    """One sheet. Out of scope does not exist: `sheet-not-found`."""
    held = RoundSheet.objects.within(scope, VIEW).filter(id=sheet_id).first()
    if held is None:
        raise Refused("sheet-not-found")
    return _row(held)


def round_sheets(
    scope: Scope, *, day: date | None = None, number: int | None = None, limit: int = 20
) -> list[SheetRow]:
    """Sheets in sight, newest first; of one day, or with one number, where asked."""
    rows = RoundSheet.objects.within(scope, VIEW)
    if day is not None:
        rows = rows.filter(day=day)
    if number is not None:
        rows = rows.filter(number=number)
    return [_row(held) for held in rows.order_by("-made_at", "-id")[:limit]]


def keyed_lines(scope: Scope, check_ids: Iterable[UUID]) -> dict[UUID, Keyed]:
    """Which lines have become checks, by the check's id. Two queries."""
    wanted = list(check_ids)
    rows = list(DailyCheck.objects.within(scope, VIEW).filter(id__in=wanted))
    corrected = set(
        DailyCheck.objects.within(scope, VIEW)
        .filter(corrects_id__in=wanted)
        .values_list("corrects_id", flat=True)
    )
    return {
        row.id: Keyed(
            row.id,
            row.outcome,
            row.deci,
            tuple(row.symptoms),
            row.taken_at,
            row.abnormal,
            row.id in corrected,
            row.recorded_by_name,
        )
        for row in rows
    }


def files_in_sight(scope: Scope, ids: Iterable[UUID]) -> dict[UUID, tuple[UUID, date]]:
    """File → (person, day 0), as far as in sight. One query."""
    rows = ObservationFile.objects.within(scope, VIEW).filter(id__in=list(ids))
    return {one: (person, zero) for one, person, zero in rows.values_list("id", "person_id", "day_zero")}


@dataclass(frozen=True, slots=True)
class SeenFile:
    """An open file that was checked today, or whose last reading was abnormal."""

    id: UUID
    person_id: UUID
    abnormal: bool


def seen_files(
    scope: Scope, since: datetime, *, households: Collection[UUID] | None = None, limit: int = 1000
) -> list[SeenFile]:
    """Open files in sight checked since then or last abnormal; `households`: only theirs. One query."""
    rows = ObservationFile.objects.within(scope, VIEW).filter(state="open")
    rows = rows.filter(Q(last_check_at__gte=since) | Q(last_abnormal=True))
    if households is not None:
        rows = rows.filter(household_id__in=list(households))
    found = rows.order_by("id").values_list("id", "person_id", "last_abnormal")[:limit]
    return [SeenFile(one, person, bool(abnormal)) for one, person, abnormal in found]


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody noted beside a check of the day: what is wanted, what to look at again."""

    file_id: UUID
    taken_at: datetime
    note: str
    by_name: str


def remarks_of_day(scope: Scope, day: date, file_ids: Iterable[UUID]) -> list[Remark]:
    """Notes beside the checks of these files on a local day, in the order they were taken. One query."""
    rows = DailyCheck.objects.within(scope, VIEW).filter(
        file_id__in=list(file_ids), local_day=day, note_sealed__isnull=False
    )
    return [
        Remark(row.file_id, row.taken_at, _note(row), row.recorded_by_name)
        for row in rows.order_by("taken_at", "id")
    ]


def _note(row: DailyCheck) -> str:
    sealed = row.note_sealed or b""
    return unseal(sealed, table="observation_dailycheck", row=row.id, field="note_sealed")


def _row(held: RoundSheet) -> SheetRow:
    lines = tuple(_line(held.id, number, plain) for number, plain in enumerate(held.lines, 1))
    return SheetRow(
        *(held.id, held.area, held.day, held.number, held.zone, held.worker_id, held.worker_name),
        lines,
        tuple(held.symptoms),
        held.told,
        held.made_by_name,
        held.made_at,
    )


def _line(sheet_id: UUID, number: int, plain: dict[str, Any]) -> SheetLineRow:
    promised = plain["promised"]
    return SheetLineRow(
        number,
        line_id(sheet_id, number),
        UUID(plain["file"]),
        UUID(plain["household"]) if plain["household"] else None,
        plain["area"],
        plain["channel"],
        plain["expected"],
        (promised[0], promised[1]) if promised else None,
        tuple(plain["roles"]),
    )
