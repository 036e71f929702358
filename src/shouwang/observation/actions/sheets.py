"""Keeping the lines of a round as they go to paper, and that a sheet was printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.observation.models import RoundSheet


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One person of a round: ids, how they are met, when (seconds of the local day), what was promised."""

    file: UUID
    household: UUID | None
    area: str
    channel: str
    expected: int
    promised: tuple[int, int] | None = None
    roles: tuple[str, ...] = ()


@transaction.atomic
def make_sheet(
    *,
    lines: Sequence[SheetLine],
    symptoms: Sequence[str],
    told: Mapping[str, object],
    day: date,
    zone: str,
    worker: tuple[UUID | None, str],
    by: Actor,
    at: datetime,
) -> UUID:
    """Keep a round as it goes to paper; returns the sheet's id. Refuses `round-empty`."""
    if not lines:
        raise Refused("round-empty")
    area = lines[0].area
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"round {area} {day}"])
    same = RoundSheet.objects.unscoped("the next number of a place and day").filter(area=area, day=day)
    last = same.aggregate(last=Max("number"))["last"] or 0
    sheet = RoundSheet(id=uuid7(), area=area, day=day, number=last + 1, zone=zone, made_at=at)
    sheet.worker_id, sheet.worker_name = worker
    sheet.lines = [_plain(line) for line in lines]
    sheet.symptoms, sheet.told = list(symptoms), dict(told)
    sheet.made_by_id, sheet.made_by_name = by.id, by.name
    sheet.save(force_insert=True)
    append_event(
        verb="observation.sheet.made",
        subject=("round-sheet", sheet.id),
        area=area,
        by=by,
        at=at,
        payload={"number": sheet.number, "day": day.isoformat(), "lines": len(lines)},
    )
    return sheet.id


@transaction.atomic
def note_printed(*, sheet_id: UUID, area: str, numbers: int, purpose: str, by: Actor, at: datetime) -> None:
    """Record that a sheet was printed, and with how many full telephone numbers on it, for which purpose.

    Refuses `purpose-missing` where numbers are on it.
    """
    if numbers and not purpose.strip():
        raise Refused("purpose-missing")
    append_event(
        verb="observation.sheet.printed",
        subject=("round-sheet", sheet_id),
        area=area,
        by=by,
        at=at,
        payload={"numbers": numbers, "purpose": purpose.strip()},
    )


def _plain(line: SheetLine) -> dict[str, object]:
    plain = asdict(line)
    plain["file"] = str(line.file)
    plain["household"] = str(line.household) if line.household else None
    return plain
