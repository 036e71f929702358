"""The day's duties with the names and doors they are about (C5: telephone first, then doors)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shouwang.kernel.scope import Scope
from shouwang.observation.queries import Duty, duties
from shouwang.people.queries import PersonRow, people_by_ids
from shouwang.places.queries import zone_of

PAGE = 1000


def day_list(
    scope: Scope, at: datetime, *, area: str | None = None, owner: UUID | None = None
) -> list[dict[str, Any]]:
    """Every duty in sight, in the order it is done, as plain values; times on the wall clock of the place.

    Reads in pages of a thousand.
    """
    rows: list[dict[str, Any]] = []
    after = ""
    while True:
        page = duties(scope, at, area=area, owner=owner, tests=True, limit=PAGE, after=after)
        people = {p.id: p for p in people_by_ids(scope, [duty.person_id for duty in page])}
        zones = {where: ZoneInfo(zone_of(where)) for where in {duty.area for duty in page}}
        rows += [_plain(duty, people.get(duty.person_id), zones[duty.area]) for duty in page]
        if len(page) < PAGE:
            return rows
        after = page[-1].cursor


def _plain(duty: Duty, person: PersonRow | None, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "file": str(duty.file_id),
        "person": str(duty.person_id),
        "name": person.name if person else "",
        "household": str(person.household_id) if person and person.household_id else None,
        "address": person.address if person else "",
        "telephone": person.phone_masked if person else "",
        "area": duty.area,
        "kind": duty.kind,
        "stage": duty.stage,
        "test": duty.test_kind,
        "channel": duty.channel,
        "day": duty.day_no,
        "of": duty.last_day_no,
        "due_at": duty.due_at.astimezone(zone).isoformat(),
        "late": duty.late_seconds > 0,
        "late_minutes": duty.late_seconds // 60,
        "last_reading": duty.last_deci,
        "owner": str(duty.owner_id),
    }
