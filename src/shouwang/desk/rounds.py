"""The round: duties gathered by household, in the order they are done (SCREENS.md, Today)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shouwang.desk.paging import PAGE
from shouwang.kernel.areas import village_of
from shouwang.kernel.scope import Scope
from shouwang.observation.queries import Duty, due_count, duties, late_count
from shouwang.people.queries import PersonRow, people_by_ids
from shouwang.places.queries import spoken_names
from shouwang.workforce.queries import charges_of, worker_of_user

FETCHED = 150
"""Duties read for one page; a household's people stand together, so a page holds some fifty doors."""


@dataclass(slots=True)
class Door:
    """One household of the round: whom to see there, and the most pressing of their duties."""

    household_id: UUID | None
    head_name: str
    address: str
    phone_masked: str
    area: str
    people: list[tuple[Duty, PersonRow | None]]

    @property
    def first(self) -> Duty:
        """The duty that decides where the household stands in the list."""
        return self.people[0][0]

    @property
    def is_late(self) -> bool:
        return self.first.late_seconds > 0

    @property
    def worst(self) -> Duty:
        """Whose last reading is shown: an abnormal one, else the highest."""
        rows = [duty for duty, _ in self.people]
        return max(rows, key=lambda d: (bool(d.last_abnormal), d.last_deci or 0))

    @property
    def others(self) -> str:
        """The other files of the household, for the check page to go on to."""
        return ",".join(str(duty.file_id) for duty, _ in self.people[1:])

    @property
    def is_test(self) -> bool:
        """Whether a sample is to be taken, which has a form of its own."""
        return self.first.kind == "test"


def my_households(scope: Scope, user_id: UUID | str) -> list[UUID]:
    """The households that the worker behind a log-in is assigned to; none for whoever is no worker."""
    worker = worker_of_user(scope, user_id)
    if worker is None:
        return []
    charges = charges_of(scope, worker.id)
    return sorted({UUID(charge.target_id) for charge in charges if charge.target_kind == "household"})


def households_due(
    scope: Scope, at: datetime, *, after: str = "", households: Collection[UUID] | None = None
) -> dict[str, object]:
    """Doors of today, and how many are late; `households`: only these, of all in sight."""
    rows = duties(scope, at, tests=True, limit=FETCHED, after=after, households=households)
    people = {p.id: p for p in people_by_ids(scope, [d.person_id for d in rows])}
    doors = _gathered(rows, people)
    shown = doors[:PAGE] if len(rows) == FETCHED else doors
    last = shown[-1].people[-1][0] if shown else None
    is_more = len(rows) == FETCHED or len(doors) > len(shown)
    return {
        "doors": shown,
        "next": last.cursor if is_more and last else "",
        "late": late_count(scope, at, households=households),
        "due": due_count(scope, at, households=households),
        "places": spoken_names(door.area for door in shown),
        "has_villages": len({village_of(door.area) for door in shown}) > 1,
    }


def _gathered(rows: list[Duty], people: dict[UUID, PersonRow]) -> list[Door]:
    doors: dict[object, Door] = {}
    for duty in rows:
        person = people.get(duty.person_id)
        whose = duty.test_id or duty.household_id or duty.person_id
        key = (whose, duty.late_seconds > 0, duty.channel)
        door = doors.get(key)
        if door is None:
            head = (person.head_name or person.name) if person else ""
            address, phone = (person.address, person.phone_masked) if person else ("", "")
            door = doors[key] = Door(duty.household_id, head, address, phone, duty.area, [])
        door.people.append((duty, person))
    return list(doors.values())
