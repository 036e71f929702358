"""A value that was to be verified is written down, and everything that hangs on it follows (LESSONS 14)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from shouwang.accounts.rules import ROLES
from shouwang.journeys.reclassify import reclassify
from shouwang.journeys.settle_item import settle_item
from shouwang.journeys.watch_over import watch_over
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Grant, Scope
from shouwang.observation.queries import duties, file_page, verify_checks
from shouwang.people.queries import people_by_ids, person, search_people
from shouwang.screening.actions import record_trip
from shouwang.screening.queries import VerifyRow, trips_of, verify_items
from tests.conftest import CHINA
from tests.journeys.living import CLERK, EVERYTHING, TOWN, file_of, living_town, measure

pytestmark = pytest.mark.django_db
AT = datetime(2020, 1, 28, 9, 0, tzinfo=CHINA)
LATER = datetime(2020, 1, 29, 21, 0, tzinfo=CHINA)
UNDATED = "宋大超,男,500101198806112658,13800000001,安坪村3组127号,武汉市,,宋大超\n"
WRONG = "宋小梅,女,500101198806112651,1380000,安坪村3组127号,武汉市,2020-01-22,宋大超\n"


@pytest.fixture(autouse=True)
def town(tmp_path: Path) -> None:
    living_town(tmp_path, (UNDATED, WRONG), AT)


def item(field: str) -> VerifyRow:
    return next(row for row in verify_items(EVERYTHING) if row.field == field)


def settle(field: str, value: str = "", how: str = "corrected") -> None:
    settle_item(item_id=item(field).id, how=how, value=value, scope=EVERYTHING, by=CLERK, at=LATER)


def test_a_verified_return_date_counts_the_open_file_from_that_day() -> None:
    assert file_of("宋大超").day_zero == date(2020, 1, 28), "the day found stands for the day unknown"
    measure(file_of("宋大超").id, datetime(2020, 1, 29, 10, 0, tzinfo=CHINA))
    settle("returned_on", "2020-01-20")
    file = file_of("宋大超")
    assert (file.day_zero, file.anchor_known, file.planned_last_day) == (
        date(2020, 1, 20),
        "clear",
        date(2020, 2, 10),
    )
    page = file_page(EVERYTHING, file.id, LATER)
    moved = next(event for event in page.events if event.kind == "re-anchored")
    assert (moved.before["last_day"], moved.after["last_day"]) == ("2020-02-18", "2020-02-10")
    assert sum(len(cell.checks) for day in page.days for cell in day.cells) == 1, "the check stays"
    assert all(proved.ok for proved in verify_checks(LATER))


def test_the_earlier_telling_of_the_journey_is_kept() -> None:
    settle("returned_on", "2020-01-20")
    told = trips_of(EVERYTHING, search_people(EVERYTHING, "宋大超")[0].id)
    assert [(trip.returned_on, trip.superseded_at is None) for trip in told] == [
        (date(2020, 1, 20), True),
        (None, False),
    ]


def test_a_return_so_long_ago_that_the_days_are_over_leaves_only_the_release_to_do() -> None:
    settle("returned_on", "2020-01-02")
    due = [duty for duty in duties(EVERYTHING, LATER) if duty.file_id == file_of("宋大超").id]
    assert due, "nobody is dropped: the file is still somebody's to end"
    assert file_of("宋大超").planned_last_day <= date(2020, 1, 29)
    assert all(proved.ok for proved in verify_checks(LATER))


def test_asking_again_who_is_to_be_watched_moves_nothing_twice() -> None:
    settle("returned_on", "2020-01-20")
    again = watch_over(people=[search_people(EVERYTHING, "宋大超")[0].id], area=TOWN, by=CLERK, at=LATER)
    assert (again.opened, again.reanchored) == ((), 0)


def test_a_journey_told_later_counts_the_open_file_from_the_later_return() -> None:
    who = search_people(EVERYTHING, "宋小梅")[0]
    record_trip(
        person_id=who.id,
        area=who.area,
        origin_text="武汉市",
        origin_code="4201",
        returned_on=date(2020, 1, 26),
        by=CLERK,
        at=LATER,
    )
    assert watch_over(people=[who.id], area=TOWN, by=CLERK, at=LATER).reanchored == 1
    assert file_of("宋小梅").day_zero == date(2020, 1, 26)


def test_a_right_number_takes_the_place_of_the_wrong_one() -> None:
    who = search_people(EVERYTHING, "宋小梅")[0].id
    settle("id_no", "110101199003074514")
    settle("phone", "138 1234 5678")
    shown = people_by_ids(EVERYTHING, [who])[0]
    assert shown.id_masked.endswith("4514")
    assert shown.phone_masked.endswith("5678")
    left = {row.field for row in verify_items(EVERYTHING) if row.person_id == who}
    assert not left & {"id_no", "phone"}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("returned_on", "", "value-missing"),
        ("returned_on", "23/1", "value-not-a-day"),
        ("returned_on", "2020-02-23", "returned-in-future"),
        ("id_no", "110101199003074515", "value-still-wrong"),
        ("id_no", "500101198806112658", "id-of-somebody-else"),
        ("phone", "12", "value-still-wrong"),
    ],
)
def test_a_value_that_cannot_be_right_is_refused_and_the_item_stays_open(
    field: str, value: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        settle(field, value)
    assert refused.value.code == code
    assert item(field)


def test_whoever_may_only_look_settles_nothing() -> None:
    looks = Scope("u", (Grant("auditor", TOWN, ROLES["auditor"].permissions | {"person.view"}),))
    with pytest.raises(Refused):
        settle_item(item_id=item("phone").id, how="confirmed", scope=looks, by=CLERK, at=LATER)
    assert person(EVERYTHING, item("phone").person_id)


def test_a_place_is_not_classified_again_as_of_a_moment_before_its_last_decisions() -> None:
    with pytest.raises(Refused) as refused:
        reclassify(area=TOWN, by=CLERK, at=AT - timedelta(hours=1))
    assert refused.value.code == "classified-since"
    reclassify(area=TOWN, by=CLERK, at=LATER)
