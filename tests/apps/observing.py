"""The ground of the observation tests: a village, its doctor, returnees of Longsha and their files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from uuid import UUID

from shouwang.kernel.actor import Actor
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Grant, Scope
from shouwang.observation.actions import CheckCommand, NewFile, open_files, record_checks
from shouwang.observation.actions.commands import CheckReceipt
from shouwang.observation.models import ObservationFile
from shouwang.observation.rules import plan_file
from shouwang.packs.conditions import PersonFacts, TripFact
from shouwang.packs.load import builtin
from shouwang.packs.schema import Pack
from shouwang.people.actions import NewHousehold, NewPerson, admit_people
from shouwang.workforce.models import Worker

CHINA = timezone(timedelta(hours=8))
VILLAGE = "500101135003"
OTHER_VILLAGE = "500101135004"
REVISION = UUID(int=2020)
DOCTOR = Actor("doctor", "冉医生")
CADRE = Actor("cadre", "向书记")
COMMANDER = Actor("commander", "谭镇长")
EVERYWHERE = Scope.everything("test")
RECORD = frozenset({"observation.view", "observation.record", "alert.answer"})


def longsha() -> Pack:
    """The pack of the town."""
    return builtin("cn-2020-longsha")


def pack_of(revision: UUID) -> Pack:
    """The only revision of these tests."""
    assert revision == REVISION
    return longsha()


def village_scope(area: str = VILLAGE, permissions: frozenset[str] = RECORD) -> Scope:
    """What a village doctor may see and do."""
    return Scope("doctor", (Grant("village-doctor", area, permissions),))


def when(day: int, hour: int = 9, minute: int = 0, second: int = 0, *, month: int = 2) -> datetime:
    """An instant of February 2020 in Longsha."""
    return datetime(2020, month, day, hour, minute, second, tzinfo=CHINA)


@dataclass(slots=True)
class Ground:
    """People and an owner, ready for files."""

    owner: UUID
    people: list[UUID]
    area: str = VILLAGE


def make_ground(people: int, *, area: str = VILLAGE, at: datetime | None = None) -> Ground:
    """A worker and so many persons of one household."""
    moment = at or when(1)
    worker = Worker.objects.create(area=area, name="冉医生", since=moment)
    home = NewHousehold(area=area, address="3组12号")
    persons = [
        NewPerson(area=area, name=f"居民{n}", sort_key=f"jumin{n:05d}", initials="jm", household_id=home.id)
        for n in range(people)
    ]
    admit_people(households=[home], people=persons, area=area, source="test", by=CADRE, at=moment)
    return Ground(worker.id, [person.id for person in persons], area)


def new_file(
    ground: Ground,
    person: UUID,
    returned: date | None = date(2020, 1, 25),
    *,
    at: datetime | None = None,
    protocol: str = "home-14",
    reason: str = "1月25日自武汉返回",
) -> NewFile:
    """A file to open for somebody back from Wuhan."""
    pack = longsha()
    facts = PersonFacts(area=ground.area, trips=(TripFact("4201", None, returned),))
    plan = plan_file(
        pack.protocol(protocol), facts, at or when(1), pack, evidence="导入第12行", reason=reason
    )
    return NewFile(
        person_id=person,
        area=ground.area,
        owner_id=ground.owner,
        plan=plan,
        pack_id=pack.id,
        revision_id=REVISION,
        category="wuhan",
    )


def open_some(ground: Ground, returned: date | None = date(2020, 1, 25), **kwargs: object) -> list[UUID]:
    """Open a file for everybody of the ground and return the ids."""
    at = kwargs.get("at") or when(1)
    files = [new_file(ground, person, returned, **kwargs) for person in ground.people]  # type: ignore[arg-type]
    return list(open_files(files=files, by=CADRE, at=at).files)  # type: ignore[arg-type]


def check(file_id: UUID, taken_at: datetime, deci: int | None = 365, **kwargs: object) -> CheckCommand:
    """A check at the door."""
    values: dict[str, object] = {"channel": "visit", "id": uuid7()} | kwargs
    return CheckCommand(file_id=file_id, taken_at=taken_at, deci=deci, **values)  # type: ignore[arg-type]


def record(items: list[CheckCommand], at: datetime, scope: Scope = EVERYWHERE) -> list[CheckReceipt]:
    """Record checks as the doctor."""
    return record_checks(items=items, scope=scope, pack_of=pack_of, by=DOCTOR, at=at)


def file(file_id: UUID) -> ObservationFile:
    """The row as it stands."""
    return ObservationFile.objects.unscoped("test").get(id=file_id)
