"""A village is divided into grids: what stands where a door stands goes along, what has happened stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouwang.journal.queries import event_page
from shouwang.journeys.divide_by_list import divide_by_list, read_grids
from shouwang.journeys.divide_village import (
    Divided,
    add_below,
    divide_by_choice,
    divide_by_doors,
    make_doors,
    rename_below,
)
from shouwang.journeys.sweep_round import open_round, record_doors
from shouwang.journeys.take_in import take_in_file
from shouwang.journeys.verify_house import verify_house
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Grant, Scope
from shouwang.observation.queries import duties, file_page, open_alerts
from shouwang.people.actions import NewHousehold, NewPerson, admit_people
from shouwang.people.queries import household, person, residences_of
from shouwang.places.actions import DwellingDraft, ensure_dwellings
from shouwang.places.queries import doors_of, dwelling_areas, grid_doors
from shouwang.places.rules import DoorChoice
from shouwang.screening.actions import NewFound, NewVisit, add_door, close_sweep, record_visits
from shouwang.screening.queries import found_at, reaches, sheet_doors
from shouwang.workforce.queries import team_of
from tests.apps.sweeping import CLERK, found_round
from tests.apps.sweeping import VILLAGE as SWEPT
from tests.conftest import CHINA
from tests.town import OTHER_VILLAGE, TOWN, VILLAGE, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
ALL = Scope.everything("test")
OFFICE = Scope("clerk", (Grant("town-clerk", TOWN, frozenset({"place.edit", "person.view"})),))
BY = Actor("clerk", "冉晓梅")
STANDING = (
    ("people_household", "id = %(home)s"),
    ("people_person", "household_id = %(home)s"),
    ("people_residence", "household_id = %(home)s and superseded_at is null"),
    ("observation_file", "household_id = %(home)s and state = 'open'"),
    ("observation_alert", "state <> 'closed'"),
    ("screening_reach", "household_id = %(home)s and state = 'open'"),
    ("screening_verifyitem", "resolved_at is null"),
    ("screening_awayworker", "household_id = %(home)s"),
    ("workforce_assignment", "target_id = %(home)s::text and until is null"),
    ("workforce_teamtarget", "target_id = %(home)s::text and until is null"),
    ("workforce_roster", "closed_reason = ''"),
    ("workforce_shift", "ends_at > %(at)s"),
    ("outreach_chatgroup", "target_id = %(home)s::text and closed_at is null"),
)
"""Table → which of its rows stand where the household's door stands."""


@pytest.fixture
def town() -> Town:
    return found_town(AT, roles=())


def grid(name: str = "第一网格", village: str = VILLAGE) -> str:
    return add_below(village=village, parent="", name=name, kind="grid", scope=OFFICE, by=BY, at=AT)


def put(to: str, choice: DoorChoice, *, loose: bool = False, village: str = VILLAGE) -> Divided:
    return divide_by_choice(
        village=village, to=to, choice=choice, loose_only=loose, scope=OFFICE, by=BY, at=AT
    )


def areas(town: Town) -> dict[str, set[str]]:
    told: dict[str, Any] = {"home": town.households["宋云"], "at": AT}
    found = {}
    with connection.cursor() as cursor:
        for table, where in STANDING:
            cursor.execute(f"select area from {table} where {where}", told)
            found[table] = {row[0] for row in cursor.fetchall()}
    return found


def wrong() -> list[str]:
    return [check.name for check in verify_house(AT) if not check.ok]


def test_everything_that_stands_at_a_door_follows_it_into_a_grid_and_back(town: Town) -> None:
    assert areas(town) == {table: {VILLAGE} for table, _ in STANDING}
    before = wrong()
    to = grid()
    done = put(to, DoorChoice("3组"))
    assert (done.doors, done.households, done.people, done.files) == (1, 1, 2, 1)
    assert done.came_from == ((VILLAGE, 1),)
    assert areas(town) == {table: {to} for table, _ in STANDING}
    assert wrong() == before
    put(VILLAGE, DoorChoice("3组"))
    assert areas(town) == {table: {VILLAGE} for table, _ in STANDING}
    assert wrong() == before


def test_what_was_told_stays_and_whoever_works_in_the_grid_sees_it_all_the_same(town: Town) -> None:
    to = grid()
    put(to, DoorChoice("3组"))
    rights = frozenset({"person.view", "observation.view", "observation.record"})
    doctor = Scope("doctor", (Grant("village-doctor", to, rights),))
    page = file_page(doctor, town.ids["file"], AT)
    assert sum(len(cell.checks) for day in page.days for cell in day.cells) == 5
    assert [event.kind for event in page.events] == ["relocated"]
    assert len(duties(doctor, AT, limit=10)) == 1
    assert [alert.area for alert in open_alerts(doctor)] == [to]
    with connection.cursor() as cursor:
        cursor.execute("select distinct area from observation_dailycheck")
        assert cursor.fetchall() == [(VILLAGE,)]
    now, before = residences_of(doctor, town.people["宋云"])
    assert (now.reason, now.area, now.since) == ("grid-divided", to, before.since)
    assert before.superseded_at == AT
    assert len(team_of(ALL, "household", town.households["宋云"])) == 1
    (event,) = [e for e in event_page(ALL) if e.verb == "places.doors.divided"]
    assert (event.payload["doors"], event.payload["people"], event.payload["files"]) == (1, 2, 1)


def test_numbers_choose_a_range_and_doors_in_a_grid_stay_where_that_is_asked(town: Town) -> None:
    del town
    draft = [DwellingDraft(VILLAGE, "3组", f"{n}号", f"3组{n}") for n in range(1, 41)]
    ensure_dwellings(drafts=draft, by=BY, at=AT)
    first, second = grid(), grid("第二网格")
    assert put(first, DoorChoice("3组", 1, 20)).doors == 20
    assert put(second, DoorChoice("3组", 11, 40), loose=True).doors == 20
    assert put(second, DoorChoice("3组", 11, 20)).came_from == ((first, 10),)
    assert grid_doors(ALL, VILLAGE) == {first: 10, second: 30}
    chosen = [door.id for door in doors_of(ALL, VILLAGE) if door.door in ("1号", "2号")]
    elsewhere = ensure_dwellings(drafts=[DwellingDraft(OTHER_VILLAGE, "", "1号", "1")], by=BY, at=AT)
    ticked = [*chosen, *elsewhere.values()]
    done = divide_by_doors(village=VILLAGE, to=second, doors=ticked, scope=OFFICE, by=BY, at=AT)
    assert done.doors == 2
    assert set(dwelling_areas(elsewhere.values()).values()) == {OTHER_VILLAGE}


@pytest.mark.parametrize(
    ("code", "village", "to"),
    [
        ("no-doors-chosen", VILLAGE, VILLAGE),
        ("place-unknown", VILLAGE, OTHER_VILLAGE),
        ("place-not-found", "500101134200", VILLAGE),
        ("place-not-found", TOWN, VILLAGE),
    ],
)
def test_a_division_is_refused(town: Town, code: str, village: str, to: str) -> None:
    del town
    group = "99组" if code == "no-doors-chosen" else "3组"
    with pytest.raises(Refused, match=code):
        put(to, DoorChoice(group), village=village)


def test_a_grid_has_a_name_of_its_own(town: Town) -> None:
    del town
    first, second = grid(), grid("第二网格")
    with pytest.raises(Refused, match="place-name-taken"):
        rename_below(village=VILLAGE, path=second, name="第一网格", scope=OFFICE, by=BY, at=AT)
    with pytest.raises(Refused, match="place-unknown"):
        rename_below(village=OTHER_VILLAGE, path=second, name="三", scope=OFFICE, by=BY, at=AT)
    with pytest.raises(Refused, match="place-kind"):
        add_below(village=VILLAGE, parent=OTHER_VILLAGE, name="甲", kind="grid", scope=OFFICE, by=BY, at=AT)
    rename_below(village=VILLAGE, path=second, name="河边网格", scope=OFFICE, by=BY, at=AT)
    assert grid() == first
    inner = add_below(
        village=VILLAGE, parent=second, name="幸福小区", kind="compound", scope=OFFICE, by=BY, at=AT
    )
    assert inner.startswith(second)


def test_an_import_knows_the_doors_and_people_that_were_put_into_a_grid(town: Town, tmp_path: Path) -> None:
    del town
    first = _register(tmp_path, "冉光明,冉光明,沙包村,3组,20号\n")
    assert first["accepted"] == 1
    to = grid()
    put(to, DoorChoice("3组"))
    doors = len(doors_of(ALL, VILLAGE))
    again = _register(
        tmp_path, "冉光明,冉光明,沙包村,3组,20号\n冉光明,冉小明,沙包村,3组,20号\n谭新,谭新,沙包村,3组,15号\n"
    )
    assert (again["accepted"], again["duplicates"]) == (2, 1), "冉光明 is known by name and door"
    assert len(doors_of(ALL, VILLAGE)) == doors
    with connection.cursor() as cursor:
        cursor.execute(
            "select p.name, p.area, h.area from people_person p join people_household h on h.id = p.household_id"
            " where p.name in ('冉光明', '冉小明', '谭新') order by p.name"
        )
        assert cursor.fetchall() == [("冉光明", to, to), ("冉小明", to, to), ("谭新", to, to)]


def _register(folder: Path, rows: str) -> dict[str, int]:
    file = folder / "名单.csv"
    file.write_text("户主,姓名,村,组,门牌\n" + rows, "utf-8")
    at = AT + timedelta(hours=1)
    return take_in_file(kind="register", area=TOWN, path=file, file_name="名单.csv", by=BY, at=at).counts


def test_a_round_that_is_open_keeps_its_doors_and_the_next_goes_by_grids() -> None:
    doors = found_round()
    to = grid(village=SWEPT)
    assert put(to, DoorChoice("1组", 1, 9), village=SWEPT).doors == 2
    doors.look()
    assert {row.area for row in doors.rows.values()} == {SWEPT, OTHER_VILLAGE}
    at = datetime(2020, 2, 2, 10, tzinfo=CHINA)
    found = NewVisit(
        uuid7(),
        doors.rows["1组2号"].id,
        at,
        "met",
        3,
        found=(NewFound(name="宋小弟", telephone="13800001111"),),
    )
    missed = NewVisit(uuid7(), doors.rows["1组9号"].id, at, "not-home")
    receipts = record_visits(sweep_id=doors.sweep, visits=[found, missed], scope=ALL, by=CLERK, at=at)
    assert {receipt.status for receipt in receipts} == {"recorded"}
    (new,) = found_at(ALL, doors.rows["1组2号"].id)
    assert person(ALL, new.person_id).area == to
    row, _ = add_door(sweep_id=doors.sweep, area=SWEPT, address="1组9号", scope=ALL, by=CLERK, at=at)
    assert row == doors.rows["1组9号"].id
    close_sweep(sweep_id=doors.sweep, scope=ALL, by=CLERK, at=at)
    again = open_round(area=TOWN, due_on=at.date(), scope=ALL, by=CLERK, at=at)
    rows = {row.address: row for row in sheet_doors(ALL, again, area=TOWN)}
    assert {address for address, row in rows.items() if row.area == to} == {"1组2号", "1组9号"}
    assert rows["1组9号"].carried == "not-home"
    assert [check.name for check in verify_house(at) if check.name.startswith("sweep") and not check.ok] == []


def test_a_household_without_a_door_gets_one_and_its_door_of_the_last_round_stays_missed(town: Town) -> None:
    at = AT + timedelta(hours=1)
    (before,) = sheet_doors(ALL, town.ids["sweep"], area=OTHER_VILLAGE)
    close_sweep(sweep_id=town.ids["sweep"], scope=ALL, by=BY, at=at)
    assert make_doors(village=OTHER_VILLAGE, scope=OFFICE, by=BY, at=at) == 1
    assert make_doors(village=OTHER_VILLAGE, scope=OFFICE, by=BY, at=at) == 0
    again = open_round(area=TOWN, due_on=at.date(), scope=ALL, by=BY, at=at)
    (now,) = sheet_doors(ALL, again, area=OTHER_VILLAGE)
    assert (before.address, now.address, now.carried) == ("3组15号", "3组15号", "unvisited")


def test_a_call_follows_and_a_later_attempt_from_the_open_round_leaves_it_in_the_grid(town: Town) -> None:
    to = grid()
    put(to, DoorChoice("3组"))
    at = AT + timedelta(minutes=5)
    visit = NewVisit(uuid7(), town.ids["door"], at, "not-home")
    record_doors(sweep_id=town.ids["sweep"], visits=[visit], scope=ALL, by=BY, at=at)
    found = {row.purpose: row.area for row in reaches(ALL)}
    assert found.pop("arrival") == VILLAGE, "who came through a post stands behind no door yet"
    assert "sweep" in found
    assert set(found.values()) == {to}, found


def test_a_list_divides_line_by_line_and_says_what_it_did_not_take(town: Town) -> None:
    lines = read_grids(
        "村,网格,组或门牌\n沙包村,第一网格,3组\n沙包村\t第二网格\n没有的村,甲,1组\n"
        "沙包村,第一网格,99组\n沙包村,,3组\n青龙村,东网格,3组15号\n"
    )
    done = divide_by_list(lines=lines, area=TOWN, scope=OFFICE, by=BY, at=AT)
    assert (done.lines, done.grids, done.doors) == (6, 2, 2)
    assert [(r.line.number, r.code) for r in done.refused] == [
        (3, "grid-line-empty"),
        (4, "place-unknown"),
        (5, "no-doors-chosen"),
        (6, "place-name-missing"),
    ]
    assert household(ALL, town.households["宋云"]).area.startswith(f"{VILLAGE}-")
    again = divide_by_list(lines=lines[:1], area=TOWN, scope=OFFICE, by=BY, at=AT)
    assert (again.doors, again.unchanged, again.grids) == (0, 1, 0)
    far = Scope("other", (Grant("town-clerk", OTHER_VILLAGE, frozenset({"place.edit"})),))
    refused = divide_by_list(lines=lines[:1], area=TOWN, scope=far, by=BY, at=AT).refused
    assert [r.code for r in refused] == ["place-unknown"]


def test_ten_doors_or_a_hundred_take_the_same_few_statements_and_one_event(town: Town) -> None:
    del town
    first, second = grid(), grid("第二网格")
    told = []
    for many, group in ((10, "4组"), (100, "5组")):
        drafts = [DwellingDraft(VILLAGE, group, f"{n}号", f"{group}{n}") for n in range(many)]
        doors = ensure_dwellings(drafts=drafts, by=BY, at=AT)
        homes = [
            NewHousehold(VILLAGE, f"{group}{n}号", f"{group}{n}", "", f"户{n}", door)
            for n, door in enumerate(doors.values())
        ]
        people = [NewPerson(VILLAGE, home.head_name, "h", "h", home.id) for home in homes]
        admit_people(households=homes, people=people, area=VILLAGE, source="test", by=BY, at=AT)
        before = len(event_page(ALL, limit=1000))
        with CaptureQueriesContext(connection) as queries:
            assert put(first, DoorChoice(group)).people == many
        assert len(event_page(ALL, limit=1000)) == before + (2 if many == 10 else 1), (
            "with the door of 3组15号"
        )
        told.append(len(queries))
        put(second, DoorChoice(group))
    assert told[1] <= told[0] <= 40
