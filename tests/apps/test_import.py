"""The import of the real samples at full size, against TRUTH.json."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from django.db import connection

from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.national_id import check_digit
from shouwang.kernel.scope import Grant, Scope
from shouwang.places.actions import load_divisions
from shouwang.screening import actions, queries
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


def test_the_correction_spreadsheet_is_filled_in_sent_back_and_closes_what_it_answers(
    town: None, at: datetime, tmp_path: Path
) -> None:
    report = bring(HUBEI, at)
    everything = Scope.everything()
    data = queries.corrections_workbook(everything, UUID(report["batch"]), say=lambda code: f"={code}")
    path = tmp_path / "corrections.xlsx"
    path.write_bytes(data)
    book = openpyxl.load_workbook(path)
    page = book.active
    header = [cell.value for cell in page[1]]
    assert page.max_row - 1 == report["with_problems"] + report["rejected"]
    number, returned, name = (header.index(h) + 1 for h in ("身份证号码", "返回时间", "姓名"))
    assert all(isinstance(cell.value, str | None) for row in page.iter_rows() for cell in row)
    assert all(not str(row[0].value).startswith("=") for row in page.iter_rows())
    fixed = 0
    for row in range(2, page.max_row + 1):
        if not page.cell(row, name).value:
            continue
        first = f"500101198001{10 + fixed % 18:02d}{100 + fixed // 18:03d}"
        page.cell(row, number).value = first + check_digit(first)
        page.cell(row, returned).value = "2020年1月20日"
        fixed += 1
    book.save(path)
    again = actions.import_file(
        kind="returnees", area=TOWN, path=path, file_name="corrections.xlsx", by=CLERK, at=at
    )
    assert (again["accepted"], again["rejected"], again["problems"]) == (fixed, 3, {})
    assert one("select count(*) from people_person") == TRUTH[HUBEI]["people"]
    assert queries.verify_counts(everything) == {}
    assert one("select count(*) from screening_trip where superseded_at is null") == TRUTH[HUBEI]["people"]
    assert one("select count(*) from screening_trip where superseded_at is null and returned_on is null") == 0
    assert one("select count(*) from people_identifier where superseded_at is null and problem <> ''") == 0
    assert one("select count(*) from screening_trip where corrects_id is not null and reason = ''") == 0


def test_rows_and_items_open_within_scope_only(town: None, at: datetime) -> None:
    report = bring(HUBEI, at)
    everything, batch = Scope.everything(), UUID(report["batch"])
    village = Scope("doctor", (Grant("doctor", "500101135212", frozenset({"person.see"})),))
    assert len(queries.rows(everything, batch, state="rejected", limit=2000)) == 3
    assert len(queries.rows(everything, batch, code="id-numeric-cell", limit=2000)) == 9
    assert queries.batch(everything, batch).state == "committed"
    with pytest.raises(Refused, match="batch-not-found"):
        queries.batch(village, batch)
    mine = queries.verify_items(village, limit=1000)
    assert mine
    assert all(item.area.startswith("500101135212") for item in mine)
    assert sum(queries.verify_counts(everything).values()) == sum(TRUTH[HUBEI]["problems"].values())
    item = mine[0]
    actions.resolve_verify_item(item_id=item.id, how="confirmed", by=CLERK, at=at)
    with pytest.raises(Refused, match="verify-item-resolved"):
        actions.resolve_verify_item(item_id=item.id, how="confirmed", by=CLERK, at=at)
    assert len(queries.verify_items(village, limit=1000)) == len(mine) - 1
    assert queries.sources_of(village, item.person_id)[0].batch_id == batch
    assert queries.trips_of(village, item.person_id)


def test_a_confirmed_mapping_is_remembered_for_the_office(town: None, at: datetime) -> None:
    batch, summary = actions.read_file(
        kind="returnees", area=TOWN, path=SAMPLES / OTHER, file_name=OTHER, by=CLERK, at=at
    )
    sheet = summary.sheets[0]
    columns = {column.index: column.field for column in sheet.columns}
    note = next(column.index for column in sheet.columns if column.field == "note")
    actions.confirm_mapping(
        batch_id=batch, columns={sheet.fingerprint: {**columns, note: "symptoms"}}, by=CLERK, at=at
    )
    counts = actions.preview_import(batch_id=batch, by=CLERK, at=at)
    assert counts["people"] == TRUTH[OTHER]["people"]
    actions.commit_import(batch_id=batch, by=CLERK, at=at)
    assert one("select count(*) from screening_trip where symptoms = '咳嗽'") > 0
    _, later = actions.read_file(
        kind="returnees", area=TOWN, path=SAMPLES / OTHER, file_name=OTHER, by=CLERK, at=at
    )
    assert later.sheets[0].columns[note].field == "symptoms"
    assert later.sheets[0].columns[note].reason == "confirmed"
