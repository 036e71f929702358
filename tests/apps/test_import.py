"""The import of the real samples at full size, against TRUTH.json."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from shouwang.kernel.actor import Actor
from shouwang.places.actions import load_divisions
from shouwang.screening import actions
from tests.conftest import SAMPLES

pytestmark = pytest.mark.django_db

CLERK = Actor("clerk", "周书记")
TOWN = "500101135"
TRUTH = json.loads((SAMPLES / "TRUTH.json").read_text())
HUBEI, OTHER, REGISTER = (
    "longsha_hubei_returnees.xlsx",
    "longsha_other_returnees_gb18030.csv",
    "longsha_register.xlsx",
)


@pytest.fixture
def town(at: datetime, db: None) -> None:
    load_divisions(county=TOWN[:6], by=CLERK, at=at)


def bring(name: str, at: datetime, kind: str = "returnees", **more: Any) -> dict[str, Any]:
    path = SAMPLES / name
    return actions.import_file(kind=kind, area=TOWN, path=path, file_name=path.name, by=CLERK, at=at, **more)  # type: ignore[arg-type]


def one(sql: str, *values: object) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


@pytest.mark.parametrize("name", [HUBEI, OTHER])
def test_a_returnee_file_gives_its_true_figures_and_every_row_is_accounted_for(
    name: str, town: None, at: datetime
) -> None:
    report = bring(name, at)
    truth = TRUTH[name]
    for key in ("people", "households", "duplicates", "rejected", "problems"):
        assert report[key] == truth[key], key
    assert report["rows"] == truth["data_rows"]
    assert report["rows"] == report["accepted"] + report["duplicates"] + report["rejected"]
    assert one("select count(*) from people_person") == truth["people"]
    assert one("select count(distinct household_id) from people_person") == truth["households"]
    assert one("select count(*) from screening_importrow") == truth["data_rows"]
    assert one("select count(*) from screening_trip") == truth["people"]
    hubei = "from screening_trip t join people_person p on p.id = t.person_id where t.origin_code like %s"
    assert one(f"select count(*) {hubei}", "42%") == truth["hubei_people"]
    assert one(f"select count(distinct p.household_id) {hubei}", "42%") == truth["hubei_households"]
    assert one(f"select count(*) {hubei}", "4201%") == truth["wuhan_people"]
    assert one(f"select count(distinct p.household_id) {hubei}", "4201%") == truth["wuhan_households"]
    assert report["figures"]["unplaced"] == 0
    assert report["figures"]["origin_unclear"] == 0


def test_the_register_of_42000_comes_in_whole_and_the_same_number_under_two_names_stays_two_people(
    town: None, at: datetime
) -> None:
    report = bring(REGISTER, at, "register")
    assert (report["people"], report["accepted"]) == (42000, 42000)
    assert report["households"] == TRUTH[REGISTER]["households"]
    assert report["problems"] == {"id-conflict": 16}
    assert one("select count(*) from people_person") == 42000
    assert one("select count(*) from people_household") == TRUTH[REGISTER]["households"]
    assert one("select count(*) from screening_verifyitem where code = 'id-conflict'") == 16
    assert one("select count(*) from people_person where area not like '500101135___'") == 0
    assert one("select count(*) from people_person where is_resident is null") == 0
    again = bring(REGISTER, at, "register")
    assert (again["accepted"], again["duplicates"], again["people"]) == (0, 42000, 42000)
    assert one("select count(*) from people_person") == 42000


def test_the_same_file_again_adds_no_person_and_no_second_journey(town: None, at: datetime) -> None:
    bring(HUBEI, at)
    again = bring(HUBEI, at)
    assert (again["accepted"], again["duplicates"], again["rejected"]) == (0, 1060, 3)
    assert again["people"] == TRUTH[HUBEI]["people"]
    assert one("select count(*) from people_person") == TRUTH[HUBEI]["people"]
    assert one("select count(*) from screening_trip") == TRUTH[HUBEI]["people"]
    assert one("select count(*) from screening_importrow where person_id is not null") == 2 * 1060
    assert one("select count(*) from screening_verifyitem") == sum(TRUTH[HUBEI]["problems"].values())


def test_a_dry_run_writes_nobody_and_says_the_same_figures(town: None, at: datetime) -> None:
    report = bring(HUBEI, at, dry_run=True)
    assert report["people"] == TRUTH[HUBEI]["people"]
    assert report["problems"] == TRUTH[HUBEI]["problems"]
    assert one("select count(*) from people_person") == 0
    assert one("select state from screening_importbatch") == "cancelled"
    assert one("select count(*) from screening_importbatch where content is not null") == 0


def test_an_import_is_undone_whole_and_only_while_nothing_was_built_on_it(town: None, at: datetime) -> None:
    bring(OTHER, at)
    report = bring(HUBEI, at)
    batch = report["batch"]
    with pytest.raises(Refused, match="batch-built-on"):
        actions.undo_import(
            batch_id=batch, built_on=lambda people: list(people)[:2], reason="wrong file", by=CLERK, at=at
        )
    left = actions.undo_import(batch_id=batch, built_on=lambda _: set(), reason="wrong file", by=CLERK, at=at)
    assert left == TRUTH[HUBEI]["people"]
    assert one("select count(*) from people_person") == TRUTH[OTHER]["people"]
    assert one("select count(*) from people_household") == TRUTH[OTHER]["households"]
    assert one("select count(*) from screening_trip") == TRUTH[OTHER]["people"]
    again = bring(HUBEI, at)
    assert again["accepted"] == TRUTH[HUBEI]["people"]


def test_a_cancelled_import_leaves_nothing_behind(town: None, at: datetime) -> None:
    batch, _ = actions.read_file(
        kind="returnees", area=TOWN, path=SAMPLES / HUBEI, file_name=HUBEI, by=CLERK, at=at
    )
    seen: list[int] = []
    with pytest.raises(Refused, match="batch-cancelled"):
        actions.commit_import(
            batch_id=batch, by=CLERK, at=at, progress=lambda done, _: seen.append(done),
            cancelled=lambda: len(seen) > 1,
        )  # fmt: skip
    assert len(seen) == 2
    assert one("select count(*) from people_person") == 0
    assert one("select state from screening_importbatch") == "cancelled"
