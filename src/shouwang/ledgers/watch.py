# ruff: noqa: S608 - table names come from code, everything asked is a parameter
"""The observation beside a ledger's row: day n of m, last reading, owner. One query for a page of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shouwang.ledgers.fetching import areas_sql, fetch


@dataclass(frozen=True, slots=True)
class Watch:
    """The file of a person as a line tells it; of several the open one, then the latest.

    `last_deci` in tenths of a degree. Of a past moment the reading is left out where it came later.
    """

    file_id: UUID
    state: str
    protocol: str
    stage: str
    day_no: int
    last_day_no: int
    next_due_at: datetime | None
    last_check_at: datetime | None
    last_deci: int | None
    last_outcome: str
    abnormal: bool | None
    owner_id: UUID | None
    owner: str


def watches(ids: Sequence[UUID], areas: Sequence[str], *, on: date, as_of: datetime) -> dict[UUID, Watch]:
    """By person; only files within `areas` (where observation may be seen), opened by `as_of`."""
    where, params = areas_sql("f.area", areas)
    rows = fetch(
        f"""SELECT DISTINCT ON (f.person_id) f.person_id, f.id,
            CASE WHEN f.actual_ended_at > %(at)s THEN 'open' ELSE f.state END AS state, f.protocol, f.stage,
            least(%(on)s::date, coalesce(f.ordered_last_day, f.planned_last_day)) - f.day_zero,
            coalesce(f.ordered_last_day, f.planned_last_day) - f.day_zero,
            f.next_due_at, t.known, CASE WHEN t.known IS NOT NULL THEN f.last_deci END,
            CASE WHEN t.known IS NOT NULL THEN f.last_outcome ELSE '' END,
            CASE WHEN t.known IS NOT NULL THEN f.last_abnormal END, f.owner_id, coalesce(w.name, '')
        FROM observation_file f
        CROSS JOIN LATERAL (SELECT CASE WHEN f.last_check_at <= %(at)s THEN f.last_check_at END AS known) t
        LEFT JOIN workforce_worker w ON w.id = f.owner_id
        WHERE f.person_id = ANY(%(ids)s) AND f.opened_at <= %(at)s AND {where}
        ORDER BY f.person_id, (f.actual_ended_at IS NULL OR f.actual_ended_at > %(at)s) DESC,
            f.opened_at DESC""",
        params | {"ids": list(ids), "at": as_of, "on": on},
    )
    return {row[0]: Watch(*row[1:]) for row in rows}
