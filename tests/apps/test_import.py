"""The import of the real samples at full size, against TRUTH.json."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
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
    return actions.import_file(
        kind=kind, area=TOWN, path=path, file_name=path.name, by=CLERK, at=at, **more
    )  # type: ignore[arg-type]


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
