"""A household moves: people, files, alarms and the owner go together (issue 2 §6)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import pytest

from shouwang.journal.queries import event_page
from shouwang.journeys.move_household import Moved, move_household
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Grant, Scope
from shouwang.observation.queries import (
    due_count,
    duties,
    file_page,
    files_of_person,
    late_count,
    open_alerts,
    verify_checks,
)
from shouwang.people.actions import move_person
from shouwang.people.queries import household, residences_of
from shouwang.workforce.queries import duty_desk, team_of
from tests.conftest import CHINA
from tests.town import OTHER_VILLAGE, TOWN, VILLAGE, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
CLERK = Actor("clerk", "冉晓梅")
RIGHTS = frozenset({"person.edit", "person.view", "observation.manage", "observation.view", "pack.view"})
EVERYTHING = Scope.everything()


def office(area: str = TOWN) -> Scope:
    return Scope("clerk", (Grant("town-clerk", area, RIGHTS),))


@pytest.fixture
def town() -> Town:
    return found_town(AT, roles=())


def move(town: Town, *, area: str = OTHER_VILLAGE, reason: str = "投亲", scope: Scope | None = None) -> Moved:
    return move_household(
        household_id=town.households["宋云"],
        area=area,
        address="5组8号",
        since=date(2020, 2, 1),
        reason=reason,
        scope=scope or office(),
        by=CLERK,
        at=AT,
    )


def broken(name: str) -> int:
    return next(proved.count for proved in verify_checks(AT) if proved.name == name)


def test_a_household_moves_with_its_people_files_alarms_and_a_new_owner(town: Town) -> None:
    old = town.households["宋云"]
    moved = move(town)
    assert (moved.people, moved.files) == (2, 1)
    there = Scope("doctor", (Grant("village-doctor", OTHER_VILLAGE, RIGHTS),))
    (duty,) = duties(there, AT, limit=10)
    assert (duty.household_id, duty.area) == (moved.household_id, OTHER_VILLAGE)
    assert len(household(there, moved.household_id).members) == 2
    assert household(office(), old).members == ()
    assert duties(Scope("doctor", (Grant("village-doctor", VILLAGE, RIGHTS),)), AT, limit=10) == []
    assert [alert.area for alert in open_alerts(EVERYTHING)] == [OTHER_VILLAGE]
    page = file_page(there, duty.file_id, AT)
    assert {event.kind for event in page.events} == {"relocated", "handed-over"}
    assert sum(len(cell.checks) for day in page.days for cell in day.cells) == 5
    assert residences_of(there, town.people["宋云"])[0].reason == "投亲"


def test_the_team_stays_with_the_village_and_a_new_one_answers_at_the_new_door(town: Town) -> None:
    old = town.households["宋云"]
    moved = move(town)
    assert team_of(EVERYTHING, "household", old) == []
    team = team_of(EVERYTHING, "household", moved.household_id)
    assert {member.role for member in team} == {"village-cadre", "medic"}
    (file,) = files_of_person(EVERYTHING, town.people["宋云"])
    assert file.owner_id == moved.owner
    assert moved.owner != duty_desk(EVERYTHING, TOWN).id


def test_verify_sees_a_file_that_was_left_behind(town: Town) -> None:
    name = "observation.open-file-is-where-its-person-is"
    assert broken(name) == 0
    move(town)
    assert broken(name) == 0
    person = town.people["宋云"]
    move_person(
        person_id=person, household_id=None, area=VILLAGE, since=None, reason="记错了", by=CLERK, at=AT
    )
    assert broken(name) == 1


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("reason-missing", {"reason": " "}),
        ("already-there", {"area": VILLAGE}),
        ("place-unknown", {"area": "500101134001"}),
        ("place-unknown", {"area": "500101135999"}),
        ("place-unknown", {"scope": office(VILLAGE)}),
        ("household-not-found", {"scope": office(OTHER_VILLAGE)}),
    ],
)
def test_a_move_that_cannot_be_is_refused_and_nothing_is_written(
    town: Town, code: str, change: dict[str, object]
) -> None:
    before = len(event_page(EVERYTHING, limit=500))
    with pytest.raises(Refused) as refused:
        move(town, **change)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert len(event_page(EVERYTHING, limit=500)) == before


def test_duties_of_some_households_are_theirs_only(town: Town) -> None:
    home = town.households["宋云"]
    assert len(duties(EVERYTHING, AT, households=[home])) == 1
    assert late_count(EVERYTHING, AT, households=[home]) == late_count(EVERYTHING, AT)
    nobody = [UUID(int=1)]
    assert duties(EVERYTHING, AT, households=nobody) == []
    assert due_count(EVERYTHING, AT, households=nobody).number == 0
    assert due_count(EVERYTHING, AT, households=[]).number == 0
