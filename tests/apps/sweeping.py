"""The ground of the sweep tests: two villages of Longsha with doors, and a round opened over them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from shouwang.kernel.actor import Actor
from shouwang.kernel.ids import uuid7
from shouwang.kernel.names import initials, sort_key
from shouwang.kernel.scope import Grant, Scope
from shouwang.people.actions import NewHousehold, NewPerson, admit_people
from shouwang.places.actions import DwellingDraft, ensure_dwellings, load_divisions
from shouwang.places.rules import read_address
from shouwang.screening.actions import NewVisit, VisitReceipt, begin_sweep, record_visits
from shouwang.screening.queries import DoorRow, sheet_doors
from tests.conftest import CHINA
from tests.kept import made_once

TOWN = "500101135"
VILLAGE = "500101135200"
OTHER = "500101135201"
CADRE = Actor("cadre", "向书记")
CLERK = Actor("clerk", "冉晓梅")
EVERYWHERE = Scope.everything("test")
DUE = date(2020, 2, 8)


def scope_of(area: str, *permissions: str) -> Scope:
    """Somebody whose grants hold at one place."""
    return Scope("somebody", (Grant("role", area, frozenset(permissions)),))


def when(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An instant of February 2020 in Longsha."""
    return datetime(2020, 2, day, hour, minute, tzinfo=CHINA)


OPENED = when(1, 8)


@dataclass
class Doors:
    """Doors by address, the people behind them, and the round."""

    sweep: UUID = field(default_factory=uuid7)
    people: dict[str, list[UUID]] = field(default_factory=dict)
    rows: dict[str, DoorRow] = field(default_factory=dict)

    def look(self) -> None:
        """Read the list of the round again."""
        found = sheet_doors(EVERYWHERE, self.sweep, area=TOWN, limit=1000)
        self.rows = {row.address: row for row in found}

    def visit(self, address: str, outcome: str = "met", people: int = 0, **more: object) -> NewVisit:
        at = more.pop("at", when(2))
        return NewVisit(uuid7(), self.rows[address].id, at, outcome, people, **more)  # type: ignore[arg-type]


HOMES = {
    VILLAGE: {"1组2号": ("宋云", "谭玉兰"), "1组10号": ("单德明",), "1组9号": ("向阳", "向东", "冉梅")},
    OTHER: {"2组1号": ("程静",), "2组3号": ()},
}


def found_doors(homes: dict[str, dict[str, tuple[str, ...]]] | None = None) -> Doors:
    """Two villages of five doors; nobody lives behind the last."""
    return made_once(("found_doors", repr(homes)), lambda: _found_doors(homes or HOMES))


def _found_doors(homes: dict[str, dict[str, tuple[str, ...]]]) -> Doors:
    load_divisions(county="500101", by=CLERK, at=when(1, 7))
    doors = Doors()
    for area, addresses in homes.items():
        drafts = {}
        for address in addresses:
            read = read_address(address, {})
            drafts[address] = DwellingDraft(area, read.group, read.door, read.address_key)
        held = ensure_dwellings(drafts=drafts.values(), by=CLERK, at=when(1, 7))
        households, people = [], []
        for address, names in addresses.items():
            if not names:
                continue
            key = drafts[address].address_key
            home = NewHousehold(
                area=area,
                address=address,
                address_key=key,
                head_name=names[0],
                dwelling_id=held[area, key],
            )
            households.append(home)
            members = [NewPerson(area, name, sort_key(name), initials(name), home.id) for name in names]
            doors.people[address] = [member.id for member in members]
            people += members
        admit_people(households=households, people=people, area=area, source="test", by=CLERK, at=when(1, 7))
    return doors


def found_round(homes: dict[str, dict[str, tuple[str, ...]]] | None = None) -> Doors:
    """The doors, and the first round over the town open."""

    def make() -> Doors:
        doors = found_doors(homes)
        doors.sweep = begin_sweep(area=TOWN, due_on=DUE, scope=EVERYWHERE, by=CLERK, at=OPENED)
        doors.look()
        return doors

    return made_once(("found_round", repr(homes)), make)


def record(doors: Doors, *visits: NewVisit, at: datetime | None = None) -> list[VisitReceipt]:
    """Record visits as the cadre; at the evening of the latest, if nothing else is said."""
    latest = max(visit.visited_at for visit in visits)
    return record_visits(
        sweep_id=doors.sweep,
        visits=visits,
        scope=EVERYWHERE,
        by=CADRE,
        at=at or latest + timedelta(hours=1),
    )
