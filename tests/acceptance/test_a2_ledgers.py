"""A2 Ledgers 台账: three books over one person table, as of any moment, what changed, every row exported."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from shouwang.journeys.found_place import found_place
from shouwang.journeys.take_in import take_in_file
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.scope import Scope
from shouwang.ledgers.actions import export_ledger
from shouwang.ledgers.queries import all_rows, ledger_changes, ledger_totals, open_ledger
from shouwang.ledgers.rules import HEAD_ROWS
from shouwang.packs.load import builtin
from tests.conftest import SAMPLES

pytestmark = pytest.mark.django_db
TOWN = "500101135"
ALL = Scope.everything()
PACK = builtin("cn-2020-longsha")
TRUTH = json.loads((SAMPLES / "TRUTH.json").read_text())
HUBEI_FILE, OTHER_FILE = "longsha_hubei_returnees.xlsx", "longsha_other_returnees_gb18030.csv"


def _take_in(name: str, at: datetime) -> None:
    take_in_file(
        kind="returnees", area=TOWN, path=SAMPLES / name, file_name=name, by=SYSTEM, at=at, dry_run=False
    )


def _totals(code: str, on: date, origin: str | None = None, as_of: datetime | None = None) -> tuple[int, int]:
    found = ledger_totals(ALL, PACK, code, on=on, area=TOWN, origin=origin, as_of=as_of)
    return found.people, found.households


def test_the_books_of_longsha_hold_whom_the_villages_sent_and_nobody_else(
    at: datetime, tmp_path: Path
) -> None:
    found_place(place_code=TOWN, pack_id="cn-2020-longsha", by=SYSTEM, at=at)
    _take_in(HUBEI_FILE, at)
    truth, day = TRUTH[HUBEI_FILE], at.date()
    assert _totals("hubei", day) == (truth["hubei_people"], truth["hubei_households"])
    assert _totals("hubei", day, "4201") == (truth["wuhan_people"], truth["wuhan_households"])

    tomorrow = at + timedelta(days=1)
    _take_in(OTHER_FILE, tomorrow)
    other = TRUTH[OTHER_FILE]
    assert _totals("hubei", day)[0] == truth["hubei_people"]
    assert _totals("hubei", day, as_of=at) == (truth["hubei_people"], truth["hubei_households"])
    assert _totals("other", day, as_of=at)[0] == 0
    assert _totals("other", day)[0] == other["people"]

    changes = ledger_changes(ALL, PACK, "other", since=at, until=tomorrow, area=TOWN)
    assert (changes.added, changes.left) == (other["people"], 0)
    assert {"trip-recorded"} <= {reason.code for row in changes.rows for reason in row.reasons}

    people = [row.person_id for row in all_rows(ALL, PACK, "hubei", on=day, area=TOWN)]
    assert len(set(people)) == truth["hubei_people"]
    out = tmp_path / "hubei.xlsx"
    receipt = export_ledger(
        scope=ALL, pack=PACK, code="hubei", on=day, area=TOWN, out=out, by=SYSTEM, at=tomorrow
    )
    sheet = CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0).to_python()
    assert receipt.rows == len(sheet) - HEAD_ROWS == truth["hubei_people"]

    festival = {row.person_id for row in all_rows(ALL, PACK, "spring-festival", on=day, area=TOWN)}
    assert festival & set(people)
    page = open_ledger(ALL, PACK, "hubei", on=day, area=TOWN, limit=50)
    assert all(row.reasons and row.category in ("wuhan", "hubei") for row in page.rows)
