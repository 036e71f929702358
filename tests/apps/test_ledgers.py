from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from shouwang.journal.queries import events_about
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Grant, Scope
from shouwang.ledgers.actions import Receipt, export_ledger
from shouwang.ledgers.export import digest_of, ids_of, write_workbook
from shouwang.ledgers.queries import (
    Filters,
    LedgerPage,
    ledger_changes,
    ledger_totals,
    open_ledger,
    question,
)
from shouwang.ledgers.rules import HEAD_ROWS
from shouwang.packs.classify import ledger_condition
from shouwang.packs.conditions import Context, evaluate
from shouwang.packs.load import builtin
from shouwang.packs.schema import Pack, Sort
from tests.apps import observing
from tests.apps.returnees import (
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    a_pack,
    add_household,
    add_identifier,
    add_person,
    add_problem,
    add_telephone,
    add_trip,
    end_trip,
)

pytestmark = pytest.mark.django_db
ALL = Scope.everything()
DAY = date(2020, 2, 1)
NAME = (Sort(column="name"),)


@pytest.fixture
def pack() -> Pack:
    return builtin("cn-2020-longsha")


def _open(pack: Pack, code: str = "hubei", scope: Scope = ALL, **more: object) -> LedgerPage:
    return open_ledger(scope, pack, code, on=DAY, **({"sort": NAME} | more))  # type: ignore[arg-type]


def _names(page: LedgerPage) -> list[str]:
    return [row.name for row in page.rows]


def test_a_ledger_holds_everyone_of_its_kind_and_those_who_cannot_be_ruled_out(
    pack: Pack, at: datetime
) -> None:
    for name, origin in (("安武", "4201"), ("白恩", "4228"), ("陈未", None), ("丁沪", "31")):
        add_trip(add_person(name, at), at, origin)
    add_person("胡家", at)
    page = _open(pack)
    assert _names(page) == ["安武", "白恩", "陈未"]
    assert (page.count, page.exact, page.next) == (3, True, None)
    assert _names(_open(pack, "other")) == ["陈未", "丁沪"]


def test_a_row_tells_where_from_since_when_and_why(pack: Pack, at: datetime) -> None:
    home = add_household(VILLAGE, at, "3组54号", "宋大")
    someone = add_person("宋云", at, household=home)
    add_identifier(someone, at, "500101195206112650")
    add_trip(someone, at, "420103", None, text="武汉汉口")
    add_problem(someone, at, "date-unclear")
    (row,) = _open(pack).rows
    assert (row.address, row.head_name, row.id_masked) == ("3组54号", "宋大", "500***********2650")
    assert (row.category, row.certain) == ("wuhan", False)
    assert row.trip is not None
    assert (row.trip.origin_text, row.trip.returned_on) == ("武汉汉口", None)
    assert row.to_verify == ("date-unclear",)
    assert row.why("zh-hans", _open(pack).vocabulary) == "自420103返回，返回日期不明"


def test_an_unclear_date_leaves_nobody_out_of_the_spring_festival_ledger(pack: Pack, at: datetime) -> None:
    add_trip(add_person("安武", at), at, "4201", None)
    add_trip(add_person("白沪", at), at, "31", date(2020, 1, 12))
    add_trip(add_person("陈早", at), at, "31", date(2020, 1, 2))
    assert _names(_open(pack, "spring-festival")) == ["安武", "白沪"]


def test_the_origin_counts_the_households_with_at_least_one_from_there(pack: Pack, at: datetime) -> None:
    first, second = add_household(VILLAGE, at), add_household(VILLAGE, at, "2号")
    for name, home, origin in (("安", first, "4201"), ("白", first, "420103"), ("陈", second, "4228")):
        add_trip(add_person(name, at, household=home), at, origin)
    totals = ledger_totals(ALL, pack, "hubei", on=DAY, area=TOWN)
    assert (totals.people, totals.households) == (3, 2)
    totals = ledger_totals(ALL, pack, "hubei", on=DAY, area=TOWN, origin="4201")
    assert (totals.people, totals.households) == (2, 1)
    assert _names(_open(pack, origin="4201")) == ["安", "白"]


def test_a_ledger_opens_as_it_was(pack: Pack, at: datetime) -> None:
    stays, gone = add_person("安武", at), add_person("白恩", at)
    add_trip(stays, at)
    trip = add_trip(gone, at)
    later = at + timedelta(days=1)
    end_trip(trip, later)
    add_trip(add_person("陈新", later), later)
    assert _names(_open(pack)) == ["安武", "陈新"]
    assert _names(_open(pack, as_of=at)) == ["安武", "白恩"]
    assert _names(_open(pack, as_of=at - timedelta(hours=1))) == []
    assert ledger_totals(ALL, pack, "hubei", on=DAY, as_of=at).people == 2


def test_someone_who_moved_stands_where_they_lived_then(pack: Pack, at: datetime) -> None:
    from shouwang.kernel.actor import SYSTEM
    from shouwang.people.actions import move_person

    someone = add_person("安武", at)
    add_trip(someone, at)
    later = at + timedelta(days=1)
    move_person(
        person_id=someone,
        household_id=None,
        area=OTHER_VILLAGE,
        since=None,
        reason="搬家",
        by=SYSTEM,
        at=later,
    )
    assert _names(_open(pack, area=VILLAGE)) == []
    assert _names(_open(pack, area=VILLAGE, as_of=at)) == ["安武"]
    assert _names(_open(pack, area=OTHER_VILLAGE, as_of=later)) == ["安武"]


@pytest.mark.parametrize(
    "column", ["name", "address", "household", "returned-on", "category", "origin", "age"]
)
@pytest.mark.parametrize("descending", [False, True])
def test_pages_by_any_column_show_everyone_once(
    pack: Pack, at: datetime, column: str, descending: bool
) -> None:
    home = add_household(VILLAGE, at)
    for number in range(7):
        someone = add_person(f"王{'甲乙丙'[number % 3]}", at, household=home if number % 2 else None)
        add_trip(someone, at, ["4201", "42", None][number % 3], [date(2020, 1, 20), None][number % 2])
    sort = (Sort(column=column, descending=descending), Sort(column="name"))
    seen: list[UUID] = []
    cursor: str | None = None
    for _ in range(9):
        page = _open(pack, sort=sort, after=cursor, limit=2)
        seen += [row.person_id for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    whole = [row.person_id for row in _open(pack, sort=sort, limit=100).rows]
    assert seen == whole
    assert len(set(seen)) == 7


def test_a_cursor_that_somebody_made_up_is_refused(pack: Pack, at: datetime) -> None:
    for cursor in ("x", "e30=", "WyIxIl0="):
        with pytest.raises(Refused):
            _open(pack, after=cursor)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("宋", ["宋云"]),
        ("sy", ["宋云"]),
        ("song yun", ["宋云"]),
        ("2650", ["宋云"]),
        ("500101195206112650", ["宋云"]),
        ("15216107283", ["李雷"]),
        ("7283", ["李雷"]),
        ("54号", ["李雷"]),
        ("54", ["李雷"]),
        ("%", []),
        ("无此人", []),
    ],
)
def test_search_takes_name_pinyin_id_telephone_and_door(
    pack: Pack, at: datetime, text: str, found: list[str]
) -> None:
    first = add_person("宋云", at)
    second = add_person("李雷", at, household=add_household(VILLAGE, at, "3组54号", "李大"))
    add_identifier(first, at, "500101195206112650")
    add_telephone(second, at, "+8615216107283")
    for person in (first, second):
        add_trip(person, at)
    assert _names(_open(pack, search=text)) == found


def test_filters_narrow_by_village_category_and_what_must_be_verified(pack: Pack, at: datetime) -> None:
    wuhan, other, typo = add_person("安", at), add_person("白", at, area=OTHER_VILLAGE), add_person("陈", at)
    add_trip(wuhan, at)
    add_trip(other, at, "4228")
    add_trip(typo, at)
    add_problem(typo, at, "id-checksum", "id")
    assert _names(_open(pack, filters=Filters(village=OTHER_VILLAGE))) == ["白"]
    assert _names(_open(pack, filters=Filters(category="wuhan"))) == ["安", "陈"]
    assert _names(_open(pack, filters=Filters(to_verify=True))) == ["陈"]
    assert _names(_open(pack, filters=Filters(to_verify=False))) == ["安", "白"]


def test_a_village_cadre_sees_the_village_alone(pack: Pack, at: datetime) -> None:
    add_trip(add_person("安", at), at)
    add_trip(add_person("白", at, area=OTHER_VILLAGE), at)
    cadre = Scope("u", (Grant("village-cadre", VILLAGE, frozenset({"ledger.view"})),))
    assert _names(_open(pack, scope=cadre)) == ["安"]
    assert ledger_totals(cadre, pack, "hubei", on=DAY).people == 1
    without = Scope("u", (Grant("auditor", VILLAGE, frozenset({"journal.view"})),))
    assert _names(_open(pack, scope=without)) == []


def test_a_page_takes_few_queries_however_many_people(pack: Pack, at: datetime) -> None:
    for number in range(30):
        add_trip(add_person(f"王{number}", at), at)
    with CaptureQueriesContext(connection) as seen:
        page = _open(pack)
    assert len(page.rows) == 30
    assert len(seen) <= 12


def test_the_ledger_in_sql_is_the_ledger_in_python(pack: Pack, at: datetime) -> None:
    from shouwang.classification.queries import facts_of

    ids = []
    for number, origin in enumerate([None, "42", "4201", "44", "50", "500101135"] * 4):
        person = add_person(f"王{number}", at)
        add_trip(
            person, at, origin, [None, date(2020, 1, 5), date(2020, 1, 20), date(2020, 3, 1)][number // 6]
        )
        ids.append(person)
    ctx = Context.of(pack, DAY)
    for code in ("hubei", "other", "spring-festival"):
        condition = ledger_condition(pack, code)
        facts = facts_of(ALL, ids, at)
        expected = {i for i, fact in facts.items() if evaluate(condition, fact, ctx) is not False}
        assert {row.person_id for row in _open(pack, code, limit=100).rows} == expected


def test_what_changed_since_yesterday_is_told_with_the_fact_behind_it(pack: Pack, at: datetime) -> None:
    from shouwang.kernel.actor import SYSTEM
    from shouwang.people.actions import correct_person

    stays, gone, fixed = (add_person(name, at) for name in ("安留", "白走", "陈改"))
    add_trip(stays, at)
    trip = add_trip(gone, at)
    add_trip(fixed, at)
    later = at + timedelta(hours=20)
    end_trip(trip, later)
    add_trip(gone, later, "50")
    add_trip(add_person("丁新", later), later)
    correct_person(person_id=fixed, name="sex", value="f", reason="登记有误", by=SYSTEM, at=later)
    found = ledger_changes(ALL, pack, "hubei", since=at, until=later)
    assert (found.added, found.left, found.changed) == (1, 1, 1)
    told = {row.name: (row.kind, [reason.code for reason in row.reasons]) for row in found.rows}
    assert told == {
        "丁新": ("added", ["person-added", "trip-recorded"]),
        "白走": ("left", ["trip-recorded", "trip-withdrawn"]),
        "陈改": ("changed", ["corrected"]),
    }
    assert ledger_changes(ALL, pack, "hubei", since=later, until=later + timedelta(hours=1)).rows == ()


def test_a_change_that_the_pack_alone_made_says_so(at: datetime) -> None:
    add_trip(add_person("安", at), at, "44")
    before, after = (
        a_pack(ledgers=[{"code": "book", "when": {"trip": {"stayed-in": [code]}}}]) for code in ("42", "44")
    )
    later = at + timedelta(days=1)
    found = ledger_changes(ALL, after, "book", pack_before=before, since=at, until=later)
    assert [(row.kind, row.reasons[0].code) for row in found.rows] == [("added", "pack-changed")]


def test_someone_who_moved_away_has_left_the_ledger_of_the_village(pack: Pack, at: datetime) -> None:
    from shouwang.kernel.actor import SYSTEM
    from shouwang.people.actions import move_person

    someone, later = add_person("安", at), at + timedelta(hours=1)
    add_trip(someone, at)
    move_person(
        person_id=someone,
        household_id=None,
        area=OTHER_VILLAGE,
        since=None,
        reason="搬家",
        by=SYSTEM,
        at=later,
    )
    left = ledger_changes(ALL, pack, "hubei", since=at, until=later, area=VILLAGE)
    assert [(row.kind, row.reasons[0].code) for row in left.rows] == [("left", "moved")]
    assert ledger_changes(ALL, pack, "hubei", since=at, until=later, area=OTHER_VILLAGE).added == 1


BY = Actor("clerk", "李文书")


def _read(path: Path) -> list[list[object]]:
    book = CalamineWorkbook.from_path(str(path))
    return [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()[HEAD_ROWS:]]


def _export(pack: Pack, at: datetime, out: Path, scope: Scope = ALL, **more: object) -> Receipt:
    return export_ledger(
        scope=scope, pack=pack, code="hubei", on=DAY, out=out, by=BY, at=at, **({"sort": NAME} | more)
    )  # type: ignore[arg-type]


def test_an_export_holds_every_row_masked_with_a_receipt(pack: Pack, at: datetime, tmp_path: Path) -> None:
    ids = []
    for number in range(12):
        person = add_person(f"王{number:02}", at, household=add_household(VILLAGE, at))
        add_trip(person, at, "4201", date(2020, 1, 20) if number else None)
        add_identifier(person, at, "500101195206112650")
        ids.append(person)
    out = tmp_path / "book.xlsx"
    receipt = _export(pack, at, out)
    rows = _read(out)
    assert (receipt.rows, len(rows)) == (12, 12)
    assert receipt.digest == digest_of([row.person_id for row in _open(pack, limit=100).rows])
    assert rows[0][3] == "王00"
    assert rows[0][7] == "500***********2650"
    assert receipt.expires_at > at
    (event,) = events_about(ALL, "export", [str(receipt.id)])
    assert (event.verb, event.payload["rows"], event.actor_name) == ("ledgers.exported", 12, "李文书")
    assert [p.name for p in tmp_path.iterdir()] == ["book.xlsx"]


@pytest.mark.parametrize(
    "name", ['=HYPERLINK("http://x","点")', "+1", "-1+1", "@SUM(A1)", "\t=1", " =1", "＝1"]
)
def test_a_formula_in_a_name_is_text(pack: Pack, at: datetime, tmp_path: Path, name: str) -> None:
    add_trip(add_person(name, at, household=add_household(VILLAGE, at, "=1+1", head="-x")), at)
    out = tmp_path / "book.xlsx"
    _export(pack, at, out)
    sheet = openpyxl.load_workbook(out).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert f"'{name}" in [cell.value for cell in cells]
    assert "'=1+1" in [cell.value for cell in cells]


def test_full_identifiers_leave_only_with_permission_purpose_and_watermark(
    pack: Pack, at: datetime, tmp_path: Path
) -> None:
    person, out = add_person("安", at), tmp_path / "book.xlsx"
    add_trip(person, at)
    add_identifier(person, at, "500101195206112650")
    add_telephone(person, at, "+8615216107283")
    clerk = Scope("u", (Grant("town-clerk", TOWN, frozenset({"ledger.view", "ledger.export"})),))
    with pytest.raises(Refused, match="not-permitted"):
        _export(pack, at, out, clerk, full=True, purpose="x")
    with pytest.raises(Refused, match="purpose-missing"):
        _export(pack, at, out, full=True, purpose=" ")
    assert not out.exists()
    with pytest.raises(Refused, match="export-needs-second-person"):
        _export(pack, at, out, full=True, purpose="核对车票")
    approval = uuid7()
    _export(pack, at, out, full=True, purpose="核对车票", approval_id=approval)
    with pytest.raises(Refused, match="export-taken"):
        _export(pack, at, out, full=True, purpose="核对车票", approval_id=approval)
    whole = CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0).to_python()
    assert "李文书" in str(whole[1][0])
    assert "核对车票" in str(whole[1][0])
    assert (whole[HEAD_ROWS][7], whole[HEAD_ROWS][8]) == ("500101195206112650", "15216107283")


def test_an_export_reaches_no_further_than_the_permission(pack: Pack, at: datetime, tmp_path: Path) -> None:
    add_trip(add_person("安", at), at)
    add_trip(add_person("白", at, area=OTHER_VILLAGE), at)
    both = Scope(
        "u",
        (
            Grant("town-clerk", VILLAGE, frozenset({"ledger.view", "ledger.export"})),
            Grant("village-cadre", OTHER_VILLAGE, frozenset({"ledger.view"})),
        ),
    )
    assert _export(pack, at, tmp_path / "book.xlsx", both).rows == 1


def test_rows_beyond_a_sheet_go_on_a_further_sheet(pack: Pack, at: datetime, tmp_path: Path) -> None:
    for number in range(7):
        add_trip(add_person(f"王{number}", at), at)
    asked = question(ALL, pack, "hubei", on=DAY, sort=NAME)
    ids = ids_of(asked)
    out = tmp_path / "book.xlsx"
    written = write_workbook(out, asked, ids, full=False, title="t", watermark="w", capacity=3)
    book = CalamineWorkbook.from_path(str(out))
    heights = [len(book.get_sheet_by_name(name).to_python()) - HEAD_ROWS for name in book.sheet_names]
    assert heights == [3, 3, 1]
    assert [row[0] for row in _read(out)] == [1, 2, 3, 4, 5, 6, 7]
    assert written.digest.hexdigest() == digest_of(ids)


def test_a_ledger_that_does_not_ask_about_trips_exports_too(at: datetime, tmp_path: Path) -> None:
    add_person("老王", at, born=date(1940, 1, 1))
    add_person("小王", at, born=date(2010, 1, 1))
    elders = a_pack(ledgers=[{"code": "hubei", "when": {"age-at-least": 60}}])
    assert _export(elders, at, tmp_path / "book.xlsx").rows == 1
    assert _names(_open(elders)) == ["老王"]


def test_an_empty_ledger_exports_as_a_file_that_says_so(pack: Pack, at: datetime, tmp_path: Path) -> None:
    receipt = _export(pack, at, tmp_path / "book.xlsx")
    assert receipt.rows == 0
    assert "0" in str(
        CalamineWorkbook.from_path(str(tmp_path / "book.xlsx")).get_sheet_by_index(0).to_python()[0][0]
    )


def test_a_row_tells_the_day_the_last_reading_and_the_owner(pack: Pack) -> None:
    ground = observing.make_ground(2)
    for person in ground.people:
        add_trip(person, observing.when(1))
    files = observing.open_some(ground)
    observing.record([observing.check(files[0], observing.when(1, 11))], observing.when(1, 11, 5))
    day = date(2020, 2, 1)
    page = open_ledger(ALL, pack, "hubei", on=day, sort=NAME)
    first, second = (row.watch for row in page.rows)
    assert first is not None
    assert second is not None
    assert (first.day_no, first.last_day_no, first.state, first.owner) == (7, 21, "open", "冉医生")
    assert (first.last_deci, second.last_deci) == (365, None)
    early = open_ledger(ALL, pack, "hubei", on=day, as_of=observing.when(1, 10), sort=NAME)
    assert early.rows[0].watch is not None
    assert early.rows[0].watch.last_deci is None
    late = Filters(late_at=observing.when(1, 13))
    assert _names(open_ledger(ALL, pack, "hubei", on=day, filters=late, sort=NAME)) == ["居民1"]
    assert _names(open_ledger(ALL, pack, "hubei", on=day, filters=Filters(watched=False))) == []
    stage = Filters(stage=first.stage)
    assert len(open_ledger(ALL, pack, "hubei", on=day, filters=stage).rows) == 2


def test_who_may_not_see_observation_sees_the_ledger_without_it(pack: Pack) -> None:
    ground = observing.make_ground(1)
    add_trip(ground.people[0], observing.when(1))
    observing.open_some(ground)
    reader = Scope("u", (Grant("x", TOWN, frozenset({"ledger.view"})),))
    (row,) = open_ledger(reader, pack, "hubei", on=DAY).rows
    assert row.watch is None
    assert json.loads(json.dumps(row.as_dict()))["name"] == "居民0"
