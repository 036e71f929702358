"""Telling of alerts and missed checks: what is owed is claimed, told and settled in one transaction.

The rows of alerts and missed checks are the obligations. `claim_*` locks what is owed (two ticks share the work by
SKIP LOCKED), `settle_tellings` writes who was told and moves the rows on; both inside the caller's transaction, so
that a process killed between them has told nobody and owes everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from os.path import commonprefix
from typing import Literal
from uuid import UUID, uuid5

from django.db import connection, transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.observation.models import Telling
from shouwang.observation.rules import alert_dues, missed_dues, next_step_at, steps_due

AboutKind = Literal["alert", "missed"]
TABLES: dict[AboutKind, str] = {"alert": "observation_alert", "missed": "observation_missedcheck"}
MOST_BACKOFF = 60


@dataclass(frozen=True, slots=True)
class Owed:
    """An alert or a missed check of which somebody must be told now."""

    kind: AboutKind
    id: UUID
    file_id: UUID
    person_id: UUID
    area: str
    household_id: UUID | None
    owner_id: UUID
    code: str
    severity: str
    tell: tuple[str, ...]
    dues: tuple[datetime, ...]
    told_steps: int
    steps: tuple[tuple[int, datetime], ...]
    """The steps whose time has come, with that time."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a ladder to be written."""

    about: Owed
    step: int
    line: int
    """Which line of its step."""
    due_at: datetime
    outcome: str
    level: str
    role: str
    worker_id: UUID | None
    worker_name: str

    @property
    def id(self) -> UUID:
        """The same for the same line, whoever writes it: a step is never climbed twice."""
        return uuid5(self.about.id, f"{self.step}:{self.line}")


@dataclass(frozen=True, slots=True)
class Climbed:
    """An alert or a missed check that was told, and where it stands now (0: only the opening)."""

    kind: AboutKind
    id: UUID
    file_id: UUID
    area: str
    code: str
    severity: str
    level: int
    tell: list[str]
    climbs: int
    """How many climbs this was, without the opening."""


def claim_alerts(*, at: datetime, most: int, only: UUID | None = None) -> list[Owed]:
    """Open alerts whose opening or next climb is due, locked inside the caller's action."""
    with connection.cursor() as cursor:
        cursor.execute(_ALERTS, {"at": at, "most": most, "only": only})
        rows = cursor.fetchall()
    return [_owed("alert", row[:9], alert_dues(row[9], row[10]), row[11], at) for row in rows]


def claim_missed(*, at: datetime, most: int, only: UUID | None = None) -> list[Owed]:
    """Missed checks that are still missed and due to be told, locked inside the caller's action."""
    with connection.cursor() as cursor:
        cursor.execute(_MADE, {"at": at})
        cursor.execute(_MISSED, {"at": at, "most": most, "only": only})
        rows = cursor.fetchall()
    return [_owed("missed", row[:9], missed_dues(row[9], row[10]), row[11], at) for row in rows]


@transaction.atomic
def note_missed(
    *, revision_id: UUID, tell: Sequence[str], steps: Sequence[int], by: Actor, at: datetime
) -> int:
    """Write an obligation for every check of this revision's files that is late by the first of `steps` minutes.

    One for a check, however often the tick asks. Returns how many are new.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _NOTE,
            {
                "revision": revision_id,
                "tell": list(tell),
                "steps": sorted(steps),
                "before": at - timedelta(minutes=min(steps)),
            },
        )
        areas = [row[0] for row in cursor.fetchall()]
    if areas:
        append_event(
            verb="observation.missed.noted",
            subject=("revision", revision_id),
            area=commonprefix(areas),  # noqa: RUF071 - of codes
            by=by,
            at=at,
            payload={"count": len(areas)},
        )
    return len(areas)


@transaction.atomic
def settle_tellings(*, owed: Sequence[Owed], lines: Sequence[Line], by: Actor, at: datetime) -> list[Climbed]:
    """Write the lines and move what was owed on: in the transaction that claimed it."""
    if not owed:
        return []
    rows = [_row(line, at) for line in lines]
    Telling.objects.get_queryset().bulk_create(rows, batch_size=2000)
    for kind in TABLES:
        _move_on(kind, [one for one in owed if one.kind == kind])
    append_event(
        verb="observation.alerts.climbed",
        subject=("alerts", owed[0].id),
        area=commonprefix([one.area for one in owed]),  # noqa: RUF071 - of codes
        by=by,
        at=at,
        payload={
            "count": len(owed),
            "told": sum(line.outcome == "told" for line in lines),
            "alerts": [one.id for one in owed[:500]],
        },
    )
    return [
        Climbed(
            *(one.kind, one.id, one.file_id, one.area, one.code, one.severity),
            max(one.steps[-1][0], 0),
            list(one.tell),
            sum(step > 0 for step, _ in one.steps),
        )
        for one in owed
    ]


@transaction.atomic
def put_off(*, owed: Owed, by: Actor, at: datetime) -> None:
    """Telling failed: try again later, and later still the next time, so that one never holds up the others."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"update {TABLES[owed.kind]} set attempts = attempts + 1,"  # noqa: S608 - of our two tables
            " lease_until = %s + least(power(2, attempts), %s) * interval '1 minute' where id = %s",
            [at, MOST_BACKOFF, owed.id],
        )
    append_event(
        verb="observation.telling.put-off",
        subject=("file", owed.file_id),
        area=owed.area,
        by=by,
        at=at,
        payload={owed.kind: owed.id},
    )


def _owed(
    kind: AboutKind, row: tuple[object, ...], dues: tuple[datetime, ...], told: int, at: datetime
) -> Owed:
    key, file, person, area, home, owner, code, severity, tell = row
    return Owed(
        *(kind, key, file, person, area, home, owner, code, severity, tuple(tell)),  # type: ignore[arg-type]
        dues,
        told,
        steps_due(dues, told, at),
    )


def _row(line: Line, at: datetime) -> Telling:
    one = line.about
    return Telling(
        id=line.id,
        about_kind=one.kind,
        about_id=one.id,
        file_id=one.file_id,
        area=one.area,
        step=line.step,
        line=line.line,
        due_at=line.due_at,
        at=at,
        outcome=line.outcome,
        level=line.level,
        role=line.role,
        worker_id=line.worker_id,
        worker_name=line.worker_name,
    )


def _move_on(kind: AboutKind, owed: Sequence[Owed]) -> None:
    if not owed:
        return
    told = [one.steps[-1][0] + 1 for one in owed]
    next_at = [next_step_at(one.dues, number) for one, number in zip(owed, told, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_MOVE[kind], [[one.id for one in owed], told, next_at])


_ALERTS = """
select a.id, a.file_id, f.person_id, a.area, f.household_id, f.owner_id, a.code, a.severity, a.tell, a.raised_at,
    a.climb, a.told_steps
from observation_alert a join observation_file f on f.id = a.file_id
where a.state = 'open' and ((a.told_steps = 0 and a.raised_at <= %(at)s) or a.next_climb_at <= %(at)s)
    and (a.lease_until is null or a.lease_until <= %(at)s) and (%(only)s::uuid is null or a.id = %(only)s)
order by a.raised_at, a.id limit %(most)s for update of a skip locked
"""

_MADE = """
update observation_missedcheck m set state = 'made', next_at = null from observation_file f
where m.state = 'open' and m.next_at <= %(at)s and f.id = m.file_id
    and (f.state <> 'open' or f.next_slot is distinct from m.slot_no)
"""

_MISSED = """
select m.id, m.file_id, f.person_id, m.area, f.household_id, f.owner_id, 'missed', 'warning', m.tell, m.due_at,
    m.steps, m.told_steps
from observation_missedcheck m join observation_file f on f.id = m.file_id
where m.state = 'open' and m.next_at <= %(at)s
    and (m.lease_until is null or m.lease_until <= %(at)s) and (%(only)s::uuid is null or m.id = %(only)s)
order by m.next_at, m.id limit %(most)s for update of m skip locked
"""

_NOTE = """
insert into observation_missedcheck (id, file_id, area, slot_no, due_at, tell, steps, told_steps, next_at,
    attempts, state)
select gen_random_uuid(), f.id, f.area, f.next_slot, f.next_due_at, %(tell)s, %(steps)s::int[], 0,
    f.next_due_at + (%(steps)s::int[])[1] * interval '1 minute', 0, 'open'
from observation_file f
where f.state = 'open' and f.revision_id = %(revision)s and f.next_due_at <= %(before)s
    and not exists (select 1 from observation_missedcheck m where m.file_id = f.id and m.slot_no = f.next_slot)
on conflict do nothing returning area
"""

_MOVE: dict[AboutKind, str] = {
    "alert": """
update observation_alert a set level = m.told - 1, told_steps = m.told, next_climb_at = m.next_at,
    lease_until = null, attempts = 0
from unnest(%s::uuid[], %s::int[], %s::timestamptz[]) as m (id, told, next_at) where a.id = m.id""",
    "missed": """
update observation_missedcheck c set told_steps = m.told, next_at = m.next_at, lease_until = null, attempts = 0
from unnest(%s::uuid[], %s::int[], %s::timestamptz[]) as m (id, told, next_at) where c.id = m.id""",
}
