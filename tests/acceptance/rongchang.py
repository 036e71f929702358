"""A street of Rongchang with a hotel that is a site, its team, and home teams: the ground of rows C3 and C7."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from shouwang.journeys.bring_home import settle_in_site
from shouwang.journeys.found_place import found_place
from shouwang.journeys.take_in import classify_and_watch
from shouwang.kernel.actor import Actor
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Grant, Scope
from shouwang.observation.actions import (
    CheckCommand,
    ResultCommand,
    SampleCommand,
    TestReceipt,
    record_checks,
    record_result,
    record_sample,
)
from shouwang.observation.queries import LISTS, FileRow, files_by_ids, files_of_person, laboratory_tests
from shouwang.people.actions import NewHousehold, NewPerson, admit_people
from shouwang.places.actions import add_place
from shouwang.places.queries import subtree
from shouwang.policy.queries import pack_of
from shouwang.screening.actions import record_trip
from shouwang.workforce.actions import NewAssignment, NewWorker, assign_many, enlist_workers
from tests.acceptance.conftest import CHINA, EVERYTHING

DISTRICT = "500153"
SITE_STAFF = Actor("site", "点长余敏")
HOME_STAFF = Actor("home", "村干部罗大全")
NAMES = "罗 唐 敖 郭 曾 喻 蒋 周 陈 李".split()


def on(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An instant of 2020 in Rongchang."""
    return datetime(2020, month, day, hour, minute, tzinfo=CHINA)


@dataclass(frozen=True, slots=True)
class Rongchang:
    """Two villages' worth of homes, and the hotel in the other of them."""

    home: str
    site: str
    head: UUID
    cadre: UUID
    site_scope: Scope
    home_scope: Scope


def found(at: datetime) -> Rongchang:
    """The district with its pack, the hotel with its head and medic, a home village with its cadre."""
    found_place(place_code=DISTRICT, pack_id="cn-2020-rongchang", by=SITE_STAFF, at=at)
    villages = subtree(EVERYTHING, DISTRICT, level="village")
    home = villages[0].path
    hotel = next(place.path for place in villages if place.path[:9] != home[:9])
    site = add_place(parent=hotel, name="集中观察点（宾馆）", kind="building", by=SITE_STAFF, at=at)
    staff = [
        NewWorker(area=site, name="余敏", kinds=("site-head",), telephone="13800000011"),
        NewWorker(area=site, name="刁医生", kinds=("medic",), telephone="13800000012"),
        NewWorker(area=home, name="罗大全", kinds=("village-cadre",), telephone="13800000013"),
    ]
    enlist_workers(workers=staff, area=DISTRICT, by=SITE_STAFF, at=at)
    serving = [
        NewAssignment(site, worker.id, "facility-team", worker.kinds[0], "site", site) for worker in staff[:2]
    ]
    assign_many(assignments=serving, area=site, by=SITE_STAFF, at=at)
    return Rongchang(home, site, staff[0].id, staff[2].id, scope_at(site), scope_at(home))


def scope_at(area: str) -> Scope:
    """What an office of a place may see and do there, and nowhere else."""
    may = (
        "observation.view",
        "observation.record",
        "observation.manage",
        "observation.release",
        "alert.answer",
    )
    return Scope("office", (Grant("town-clerk", area, frozenset({*may, "person.view", "paper.issue"})),))


def arrive(place: Rongchang, count: int, at: datetime) -> list[UUID]:
    """So many people of the home village, found at `at` back from Wuhan and taken to the site; their files."""
    people = admit(place, count, at)
    for person in people:
        record_trip(
            person_id=person,
            area=place.home,
            origin_text="武汉",
            origin_code="4201",
            returned_on=at.astimezone(CHINA).date() - timedelta(days=1),
            by=HOME_STAFF,
            at=at,
        )
    classify_and_watch(people=people, area=place.home, by=HOME_STAFF, at=at)
    files = [open_file(person).id for person in people]
    settle_in_site(file_ids=files, site=place.site, reason="集中观察", scope=EVERYTHING, by=SITE_STAFF, at=at)
    return files


def admit(place: Rongchang, count: int, at: datetime) -> list[UUID]:
    """People of the home village, each in a household whose cadre is assigned."""
    homes = [
        NewHousehold(area=place.home, address=f"{n}组1号", address_key=f"{n}-1", head_name=f"{_name(n)}")
        for n in range(1, count + 1)
    ]
    people = [
        NewPerson(
            area=place.home,
            name=_name(n),
            sort_key=f"ren{n:05d}",
            initials="r",
            household_id=home.id,
            birth_date=date(1970, 1, 1),
        )
        for n, home in enumerate(homes, start=1)
    ]
    admit_people(households=homes, people=people, area=place.home, source="test", by=HOME_STAFF, at=at)
    team = [
        NewAssignment(place.home, place.cadre, "home-team", "village-cadre", "household", str(home.id))
        for home in homes
    ]
    assign_many(assignments=team, area=place.home, by=HOME_STAFF, at=at)
    return [person.id for person in people]


def _name(n: int) -> str:
    return f"{NAMES[n % len(NAMES)]}某{n}"


def open_file(person: UUID) -> FileRow:
    """The person's only open file."""
    (file,) = [f for f in files_of_person(EVERYTHING, person) if f.state == "open"]
    return file


def file(file_id: UUID) -> FileRow:
    """A file as it stands."""
    return files_by_ids(EVERYTHING, [file_id])[file_id]


def checked(file_id: UUID, at: datetime, deci: int = 365, **more: object) -> tuple[str, ...]:
    """A check recorded when it was taken; the alarms it raised."""
    values: dict[str, object] = {"channel": "visit"} | more
    item = CheckCommand(uuid7(), file_id, at, deci=deci, **values)  # type: ignore[arg-type]
    (receipt,) = record_checks(items=[item], scope=EVERYTHING, pack_of=pack_of, by=SITE_STAFF, at=at)
    assert receipt.status == "recorded", receipt
    return receipt.alerts


def checked_through(file_id: UUID, first: date, last: date) -> None:
    """Both checks of every day, all normal."""
    day = first
    while day <= last:
        for hour in (9, 17):
            checked(file_id, on(day.month, day.day, hour))
        day += timedelta(days=1)


def sampled(file_id: UUID, at: datetime, label: str = "") -> TestReceipt:
    """A throat swab for PCR, recorded when it was taken."""
    item = SampleCommand(uuid7(), file_id, "pcr", at, label=label)
    return record_sample(item=item, scope=EVERYTHING, pack_of=pack_of, by=SITE_STAFF, at=at)


def resulted(test: UUID, outcome: str, at: datetime) -> TestReceipt:
    """A result recorded when it was found."""
    item = ResultCommand(uuid7(), test, outcome, at, lab="区疾控中心")
    return record_result(item=item, scope=EVERYTHING, pack_of=pack_of, by=SITE_STAFF, at=at)


def swabbed(file_id: UUID, at: datetime, outcome: str = "negative", label: str = "") -> TestReceipt:
    """A sample and, three hours later, its result."""
    receipt = sampled(file_id, at, label)
    return resulted(receipt.duty_id, outcome, at + timedelta(hours=3))


def listed(what: str, at: datetime, scope: Scope = EVERYTHING) -> dict[UUID, str]:
    """File → kind of the tests that stand in a list."""
    assert what in LISTS
    return {row.file_id: row.kind for row in laboratory_tests(scope, what, at, limit=5000)}
