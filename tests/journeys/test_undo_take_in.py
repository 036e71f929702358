"""A wrong file is taken back with everything that followed from it by itself, and with nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection

from shouwang.classification.queries import counts
from shouwang.journeys.take_in import take_in_file
from shouwang.journeys.undo_take_in import Undone, undo_take_in
from shouwang.journeys.verify_house import verify_house
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Grant, Scope
from shouwang.observation.queries import files_of_person
from shouwang.outreach.actions import issue_paper
from shouwang.outreach.rules import DoorContent
from shouwang.people.actions import correct_person
from tests.conftest import SAMPLES
from tests.journeys.living import CLERK, EVERYTHING, ROWS, TOWN, batch_of, found_town, measure
from tests.journeys.living import bring as take

pytestmark = pytest.mark.django_db

TABLES = (
    *("people_person", "people_household", "people_residence", "people_identifier", "people_telephone"),
    *("screening_trip", "screening_exposure", "screening_verifyitem", "classification_decision"),
    *("classification_standing", "observation_file"),
)


@pytest.fixture
def town(at: datetime) -> None:
    found_town(at - timedelta(days=1))


def bring(folder: Path, rows: tuple[str, ...], at: datetime, name: str = "a.csv") -> UUID:
    return batch_of(take(folder, rows, at, name))


def undo(batch: UUID, at: datetime, scope: Scope = EVERYTHING) -> Undone:
    return undo_take_in(batch_id=batch, reason="报错了文件", scope=scope, by=CLERK, at=at)


def standing_still() -> dict[str, object]:
    """Every figure that an import changes."""
    found: dict[str, object] = {"counts": counts(EVERYTHING, TOWN)}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"select count(*) from {table}")
            found[table] = cursor.fetchone()[0]
        cursor.execute("select person_id, decision_id, category, facts_digest from classification_standing")
        found["standings"] = sorted(cursor.fetchall())
    return found


def all_well(at: datetime) -> bool:
    return all(check.ok for check in verify_house(at))


def anyone(batch: UUID) -> tuple[UUID, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select person_id, area from screening_importrow where batch_id = %s and person_id is not null"
            " order by row_no limit 1",
            [batch],
        )
        found: tuple[UUID, str] = cursor.fetchone()
    return found


def test_an_import_goes_with_its_files_and_decisions(town: None, at: datetime, tmp_path: Path) -> None:
    before = standing_still()
    batch = bring(tmp_path, ROWS, at)
    assert counts(EVERYTHING, TOWN) == {"wuhan": 2, "hubei": 1}
    assert undo(batch, at + timedelta(minutes=5)) == Undone(people=3, files=3, decisions=3)
    assert standing_still() == before
    assert all_well(at + timedelta(minutes=6))


def test_whoever_was_known_before_stands_where_they_stood(town: None, at: datetime, tmp_path: Path) -> None:
    bring(tmp_path, ROWS[2:], at)
    before = standing_still()
    again = ROWS[2].replace("湖北恩施州,2020-01-25", "武汉市,2020-01-30")
    wrong = bring(tmp_path, (ROWS[0], again), at + timedelta(hours=1), "b.csv")
    assert counts(EVERYTHING, TOWN) == {"wuhan": 2}
    done = undo(wrong, at + timedelta(hours=2))
    assert (done.people, done.files, done.decisions) == (1, 1, 2)
    assert standing_still() == before
    assert all_well(at + timedelta(hours=3))


def test_two_files_of_one_instant_are_told_apart_by_what_remains(
    town: None, at: datetime, tmp_path: Path
) -> None:
    bring(tmp_path, ROWS[2:], at)
    again = ROWS[2].replace("湖北恩施州", "武汉市")
    undo(bring(tmp_path, (ROWS[0], again), at, "b.csv"), at)
    assert counts(EVERYTHING, TOWN) == {"hubei": 1}
    person, _ = anyone(UUID(str(last_committed())))
    assert [file.state for file in files_of_person(EVERYTHING, person)] == ["open"]
    assert all_well(at + timedelta(hours=3))


def last_committed() -> UUID:
    with connection.cursor() as cursor:
        cursor.execute("select id from screening_importbatch where state = 'committed'")
        found: UUID = cursor.fetchone()[0]
    return found


def _check(person: UUID, area: str, at: datetime) -> None:
    measure(files_of_person(EVERYTHING, person)[0].id, at)


def _correct(person: UUID, area: str, at: datetime) -> None:
    correct_person(person_id=person, name="name", value="宋大潮", reason="写错", by=CLERK, at=at)


def _notice(person: UUID, area: str, at: datetime) -> None:
    file = files_of_person(EVERYTHING, person)[0]
    content = DoorContent(office="龙沙镇", start=at.date(), last=at.date(), contact="值班室")
    subject = ("observation-file", file.id)
    issue_paper(content=content, subject=subject, area=area, zone="Asia/Shanghai", by=CLERK, at=at)


@pytest.mark.parametrize("work", [_check, _correct, _notice])
def test_what_a_person_did_since_is_never_undone(
    work: object, town: None, at: datetime, tmp_path: Path
) -> None:
    batch = bring(tmp_path, ROWS, at)
    work(*anyone(batch), at + timedelta(minutes=10))  # type: ignore[operator]
    before = standing_still()
    with pytest.raises(Refused) as refused:
        undo(batch, at + timedelta(minutes=20))
    assert (refused.value.code, refused.value.params) == ("batch-built-on", {"people": 1})
    assert standing_still() == before


def test_another_town_does_not_know_the_import_and_a_doctor_may_not_undo_it(
    town: None, at: datetime, tmp_path: Path
) -> None:
    batch = bring(tmp_path, ROWS, at)
    elsewhere = Scope("x", (Grant("town-clerk", "500101136", frozenset({"import.run"})),))
    doctor = Scope("d", (Grant("village-doctor", TOWN, frozenset({"person.view"})),))
    for scope, code in ((elsewhere, "batch-not-found"), (doctor, "not-permitted")):
        with pytest.raises(Refused) as refused:
            undo(batch, at, scope)
        assert refused.value.code == code
    with pytest.raises(Refused, match="reason-missing"):
        undo_take_in(batch_id=batch, reason=" ", scope=EVERYTHING, by=CLERK, at=at)


def test_the_list_of_hubei_returnees_is_taken_back_whole(town: None, at: datetime) -> None:
    before = standing_still()
    path = SAMPLES / "longsha_hubei_returnees.xlsx"
    taken = take_in_file(kind="returnees", area=TOWN, path=path, file_name=path.name, by=CLERK, at=at)
    done = undo(UUID(taken.counts["batch"]), at + timedelta(minutes=5))
    assert (done.people, done.files) == (1046, len(taken.watched.opened))
    assert standing_still() == before
    assert all_well(at + timedelta(minutes=6))
