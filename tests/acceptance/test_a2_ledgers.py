"""A2 Ledgers 台账: three books as definitions over one person table, at the size of Longsha."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from python_calamine import CalamineWorkbook

from shouwang.kernel.ids import uuid7
from shouwang.kernel.names import initials, sort_key
from shouwang.kernel.scope import Grant, Scope
from shouwang.ledgers.actions import export_ledger
from shouwang.ledgers.queries import (
    Filters,
    LedgerRow,
    ledger_changes,
    ledger_totals,
    open_ledger,
)
from shouwang.packs.schema import Sort
from shouwang.people.actions import NewPerson, admit_people, correct_person, move_person
from shouwang.screening.actions import record_trip
from tests.acceptance.conftest import (
    CLERK,
    EVERYTHING,
    HUBEI_CAME,
    OTHERS_CAME,
    REGISTERED,
    TOWN,
    LongshaTown,
    day_of,
    when,
)
from tests.conftest import SAMPLES

TRUTH = json.loads((SAMPLES / "TRUTH.json").read_text())
HUBEI, OTHERS = TRUTH["longsha_hubei_returnees.xlsx"], TRUTH["longsha_other_returnees_gb18030.csv"]
EVENING = when("01-28 20:00")
MINUTE = timedelta(minutes=1)


def totals(town: LongshaTown, code: str, at: Any = EVENING, **asked: Any) -> tuple[int, int]:
    """(people, households) of a ledger as of `at`."""
    found = ledger_totals(EVERYTHING, town.pack, code, on=day_of(at), as_of=at, area=TOWN, **asked)
    return found.people, found.households


def everyone(
    town: LongshaTown, code: str, at: Any = EVENING, *, page: int = 400, **asked: Any
) -> list[LedgerRow]:
    """Every row of a ledger, page by page, as somebody would turn its leaves."""
    rows: list[LedgerRow] = []
    after = None
    while True:
        asked |= {"after": after, "limit": page}
        found = open_ledger(EVERYTHING, town.pack, code, on=day_of(at), as_of=at, area=TOWN, **asked)
        rows += found.rows
        after = found.next
        if after is None:
            return rows


def ids(rows: list[LedgerRow]) -> set[UUID]:
    return {row.person_id for row in rows}


def column(sql: str, *params: object) -> list[Any]:
    """One column, asked past every room: what the ledgers are compared with."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [row[0] for row in cursor.fetchall()]


# -- three books ----------------------------------------------------------------------------------------


def test_the_book_of_hubei_has_everyone_of_the_list_and_nobody_else(town: LongshaTown) -> None:
    assert totals(town, "hubei") == (HUBEI["hubei_people"], HUBEI["hubei_households"]) == (1046, 665)


def test_the_book_of_hubei_opens_for_wuhan_alone(town: LongshaTown) -> None:
    assert totals(town, "hubei", origin="4201") == (305, 211)
    assert totals(town, "hubei", origin="42") == (1046, 665)
    assert totals(town, "other", origin="42") == (0, 0)


def test_the_book_of_those_back_from_elsewhere_has_all_of_them(town: LongshaTown) -> None:
    assert totals(town, "other") == (OTHERS["people"], OTHERS["households"])


def test_the_book_of_the_spring_festival_overlaps_the_other_two_and_keeps_the_undated(
    town: LongshaTown,
) -> None:
    festival = ids(everyone(town, "spring-festival"))
    hubei, others = ids(everyone(town, "hubei")), ids(everyone(town, "other"))
    assert festival <= hubei | others
    assert festival & hubei
    assert festival & others
    assert not hubei & others
    expected = column(
        "select person_id from screening_trip where superseded_at is null"
        " and (returned_on is null or returned_on between '2020-01-10' and '2020-02-18')"
    )
    assert festival == set(expected)
    assert len(festival) < len(hubei | others), "who came back on 8 and 9 January is not in it"


def test_a_book_is_a_definition_and_holds_no_copy(town: LongshaTown) -> None:
    """One more trip is one more row of the book, without anybody telling the book."""
    neighbour = column(
        "select p.id from people_person p where not exists"
        " (select 1 from screening_trip t where t.person_id = p.id) order by p.id limit 1"
    )[0]
    _back_from(neighbour, "420106", date(2020, 1, 26), EVENING)
    assert totals(town, "hubei", EVENING)[0] == 1047
    assert totals(town, "spring-festival", EVENING)[0] == len(everyone(town, "spring-festival", EVENING))
    tables = column("select table_name from information_schema.tables where table_name like 'ledgers_%%'")
    assert tables == ["ledgers_exportreceipt"], "the room keeps receipts of exports and no people"


def _back_from(person: UUID, code: str, day: date | None, at: Any, **more: Any) -> UUID:
    area = column("select area from people_person where id = %s", person)[0]
    return record_trip(
        person_id=person,
        area=area,
        origin_text="",
        origin_code=code,
        returned_on=day,
        by=CLERK,
        at=at,
        **more,
    )


# -- as of any past moment ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "hubei", "other"),
    [
        (REGISTERED - MINUTE, 0, 0),
        (REGISTERED + MINUTE, 0, 0),
        (HUBEI_CAME - MINUTE, 0, 0),
        (HUBEI_CAME, 1046, 0),
        (OTHERS_CAME - MINUTE, 1046, 0),
        (OTHERS_CAME, 1046, 240),
        (when("02-19 12:00"), 1046, 240),
    ],
)
def test_a_book_opens_as_it_stood_at_any_past_moment(
    town: LongshaTown, at: Any, hubei: int, other: int
) -> None:
    assert (totals(town, "hubei", at)[0], totals(town, "other", at)[0]) == (hubei, other)


def test_what_was_corrected_later_stays_as_it_was_in_yesterdays_book(town: LongshaTown) -> None:
    someone = everyone(town, "hubei", origin="4201")[0]
    trip = column("select id from screening_trip where person_id = %s", someone.person_id)[0]
    morning = when("01-29 09:00")
    _back_from(someone.person_id, "4403", date(2020, 1, 20), morning, corrects=trip, reason="本人说是深圳")
    assert totals(town, "hubei", morning)[0] == 1045
    assert totals(town, "other", morning)[0] == 241
    assert totals(town, "hubei", morning - MINUTE)[0] == 1046
    assert someone.person_id in ids(everyone(town, "hubei", morning - MINUTE))


def test_who_moved_away_stands_in_the_old_village_in_the_old_book(town: LongshaTown) -> None:
    someone = next(row for row in everyone(town, "hubei") if row.area == "500101135003")
    morning = when("01-29 09:00")
    move_person(
        person_id=someone.person_id,
        household_id=None,
        area="500101135200",
        since=date(2020, 1, 29),
        reason="投靠亲戚",
        by=CLERK,
        at=morning,
    )
    for at, village in ((morning - MINUTE, "500101135003"), (morning, "500101135200")):
        shown = {row.person_id: row for row in everyone(town, "hubei", at, filters=Filters(village=village))}
        assert shown[someone.person_id].area == village


# -- what changed since yesterday -----------------------------------------------------------------------


def test_the_book_says_who_was_added_since_yesterday_and_that_it_was_the_list(town: LongshaTown) -> None:
    found = ledger_changes(
        EVERYTHING, town.pack, "hubei", since=when("01-26 20:00"), until=when("01-27 20:00"), limit=2000
    )
    assert (found.added, found.left, found.changed) == (1046, 0, 0)
    assert len(found.rows) == 1046
    assert all("trip-recorded" in [reason.code for reason in row.reasons] for row in found.rows)


def test_the_book_says_who_left_came_or_changed_since_yesterday_and_why(town: LongshaTown) -> None:
    rows = everyone(town, "hubei")
    gone, fixed, moved = (row.person_id for row in rows[:3])
    newcomer = column(
        "select p.id from people_person p where not exists"
        " (select 1 from screening_trip t where t.person_id = p.id) order by p.id desc limit 1"
    )[0]
    noon = when("01-29 12:00")
    trip = column("select id from screening_trip where person_id = %s", gone)[0]
    _back_from(gone, "50", date(2020, 1, 20), noon, corrects=trip, reason="没有出过重庆")
    correct_person(person_id=fixed, name="sex", value="f", reason="登记有误", by=CLERK, at=noon)
    move_person(
        person_id=moved,
        household_id=None,
        area="500101135209",
        since=None,
        reason="搬家",
        by=CLERK,
        at=noon,
    )
    _back_from(newcomer, "4211", date(2020, 1, 26), noon)
    found = ledger_changes(EVERYTHING, town.pack, "hubei", since=EVENING, until=when("01-29 20:00"))
    told = {row.person_id: (row.kind, {reason.code for reason in row.reasons}) for row in found.rows}
    assert (found.added, found.left, found.changed) == (1, 1, 2)
    assert told[newcomer] == ("added", {"trip-recorded"})
    assert told[gone][0] == "left"
    assert {"trip-recorded", "trip-withdrawn"} <= told[gone][1]
    assert told[fixed] == ("changed", {"corrected"})
    assert told[moved] == ("changed", {"moved"})
    why = {row.person_id: row.reasons for row in found.rows}
    assert any("登记有误" in str(reason.params) for reason in why[fixed])
    assert any("搬家" in str(reason.params) for reason in why[moved])


# -- filters, sorts, search -----------------------------------------------------------------------------


def test_filters_part_the_book_without_losing_anybody(town: LongshaTown) -> None:
    whole = everyone(town, "hubei")
    villages = {row.area[:12] for row in whole}
    assert len(villages) > 5
    by_village = [everyone(town, "hubei", filters=Filters(village=village)) for village in villages]
    assert sum(len(rows) for rows in by_village) == len(whole)
    assert set().union(*(ids(rows) for rows in by_village)) == ids(whole)
    by_category = {
        code: everyone(town, "hubei", filters=Filters(category=code)) for code in ("wuhan", "hubei")
    }
    assert {code: len(rows) for code, rows in by_category.items()} == {"wuhan": 305, "hubei": 741}
    verify = everyone(town, "hubei", filters=Filters(to_verify=True))
    clear = everyone(town, "hubei", filters=Filters(to_verify=False))
    assert len(verify) + len(clear) == 1046
    assert len(verify) == town.hubei.counts["with_problems"]
    assert all(row.to_verify for row in verify)
    assert not any(row.to_verify for row in clear)


def test_an_unknown_date_or_a_wrong_id_leaves_nobody_out(town: LongshaTown) -> None:
    whole = everyone(town, "hubei")
    undated = [row for row in whole if row.trip is not None and row.trip.returned_on is None]
    assert len(undated) == HUBEI["problems"]["date-unclear"] + HUBEI["problems"]["date-impossible"]
    assert all(row.to_verify for row in undated)
    assert ids(undated) <= ids(everyone(town, "spring-festival"))


def _key(row: LedgerRow, name: str) -> Any:
    trip = row.trip
    return {
        "name": sort_key(row.name),
        "returned-on": (trip.returned_on if trip else None) or date.max,
        "age": row.birth_date or date.min,
        "origin": (trip.origin_code if trip else None) or "",
        "village": row.area,
    }[name]


@pytest.mark.parametrize("name", ["name", "returned-on", "age", "origin", "village"])
@pytest.mark.parametrize("descending", [False, True])
def test_the_book_sorts_by_its_columns_and_paging_shows_each_person_once(
    town: LongshaTown, name: str, descending: bool
) -> None:
    rows = everyone(town, "hubei", page=97, sort=(Sort(column=name, descending=descending),))  # type: ignore[arg-type]
    assert len(rows) == len(ids(rows)) == 1046
    keys = [_key(row, name) for row in rows]
    assert keys == sorted(keys, reverse=descending)


def test_somebody_is_found_by_name_pinyin_telephone_and_door(town: LongshaTown) -> None:
    someone = next(
        row for row in everyone(town, "hubei") if row.phone_masked and row.address and len(row.name) == 3
    )
    for wanted in (someone.name, initials(someone.name), someone.phone_masked[-4:], someone.address):
        assert someone.person_id in ids(everyone(town, "hubei", search=wanted)), wanted
    assert everyone(town, "hubei", search="没有这个人") == []


def test_a_village_cadre_sees_the_village_and_no_more(town: LongshaTown) -> None:
    village = "500101135003"
    cadre = Scope("u", (Grant("village-cadre", village, frozenset({"ledger.view"})),))
    found = ledger_totals(cadre, town.pack, "hubei", on=day_of(EVENING), as_of=EVENING, area=TOWN)
    whole = [row for row in everyone(town, "hubei") if row.area.startswith(village)]
    assert found.people == len(whole) > 0


# -- exports --------------------------------------------------------------------------------------------


def _sheet_rows(path: Path) -> list[list[Any]]:
    book = CalamineWorkbook.from_path(str(path))
    return [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]


def _export(town: LongshaTown, code: str, out: Path, **asked: Any) -> Any:
    return export_ledger(
        scope=EVERYTHING,
        pack=town.pack,
        code=code,
        on=day_of(EVENING),
        as_of=EVENING,
        area=TOWN,
        out=out,
        by=CLERK,
        at=EVENING,
        **asked,
    )


@pytest.mark.parametrize("code", ["hubei", "other", "spring-festival"])
def test_the_export_holds_every_row_in_the_order_of_the_book(
    town: LongshaTown, code: str, tmp_path: Path
) -> None:
    out = tmp_path / f"{code}.xlsx"
    receipt = _export(town, code, out)
    rows = everyone(town, code)
    assert receipt.rows == len(rows)
    table = _sheet_rows(out)
    header = next(i for i, row in enumerate(table) if "姓名" in row)
    at = table[header].index("姓名")
    body = [row for row in table[header + 1 :] if row[at]]
    assert [row[at] for row in body] == [row.name for row in rows]
    assert not any("身份证号" in str(cell) and len(str(cell)) == 18 for row in body for cell in row)


def test_the_full_export_needs_a_purpose_and_its_ids_are_those_of_the_query(
    town: LongshaTown, tmp_path: Path
) -> None:
    from shouwang.kernel.errors import Refused
    from shouwang.people.queries import revealed

    with pytest.raises(Refused, match="purpose-missing"):
        _export(town, "hubei", tmp_path / "x.xlsx", full=True)
    out = tmp_path / "full.xlsx"
    with pytest.raises(Refused, match="export-needs-second-person"):
        _export(town, "hubei", out, full=True, purpose="县指挥部核对")
    approval = uuid7()
    _export(town, "hubei", out, full=True, purpose="县指挥部核对", approval_id=approval)
    with pytest.raises(Refused, match="export-taken"):
        _export(town, "hubei", out, full=True, purpose="县指挥部核对", approval_id=approval)
    cells = {str(cell).strip() for row in _sheet_rows(out) for cell in row}
    known = column(
        "select person_id from people_identifier where problem = '' and kind = 'id-18'"
        " and person_id = any(%s) limit 40",
        [row.person_id for row in everyone(town, "hubei")],
    )
    assert known
    for person in known:
        assert {value for kind, value in revealed(EVERYTHING, person) if kind == "id-18"} <= cells


def test_a_formula_in_a_name_is_neutralised_in_the_export(town: LongshaTown, tmp_path: Path) -> None:
    name = '=HYPERLINK("http://x")'
    someone = NewPerson(
        id=uuid7(), area="500101135003", name=name, sort_key=name, initials="x", household_id=None
    )
    admit_people(households=[], people=[someone], area=TOWN, source="test", by=CLERK, at=EVENING)
    _back_from(someone.id, "4201", date(2020, 1, 20), EVENING)
    out = tmp_path / "formula.xlsx"
    assert _export(town, "hubei", out).rows == 1047
    found = [str(c) for row in _sheet_rows(out) for c in row if "HYPERLINK" in str(c)]
    assert len(found) == 1
    assert not found[0].startswith("=")
    import zipfile

    with zipfile.ZipFile(out) as book:
        sheets = [book.read(n) for n in book.namelist() if n.startswith("xl/worksheets/")]
    assert not any(b"<f>" in sheet for sheet in sheets)


@pytest.mark.parametrize(
    "rows", [65_535, 65_536, 65_537, 1_048_572, 1_048_573, 1_048_574, 1_048_575, 1_048_576, 1_048_577]
)
def test_no_row_falls_off_the_end_of_a_sheet(rows: int) -> None:
    """England, 2020: 15,841 cases fell off after row 65,536. The sheets of an export cover every row once."""
    from shouwang.ledgers.rules import HEAD_ROWS, sheets

    covered = [number for first, end in sheets(rows) for number in (first, end)]
    assert all(end - first + HEAD_ROWS <= 1_048_576 for first, end in sheets(rows))
    assert covered[0] == 0
    assert covered[-1] == rows
    assert covered[1:-1:2] == covered[2:-1:2], "each sheet begins where the one before ended"
