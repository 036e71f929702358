from __future__ import annotations

import io
import json
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import openpyxl
import pypdf
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation
from tools import messages

from shouwang.journal.queries import events_about
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Grant, Scope
from shouwang.observation.actions import correct_check, end_file
from shouwang.oversight import actions, queries
from shouwang.oversight.forms import lay_out, report_pdf, report_xlsx
from shouwang.oversight.rules import FIGURES, Report
from shouwang.policy.actions import adopt_builtin
from shouwang.screening.models import Trip
from tests.apps.observing import (
    DOCTOR,
    EVERYWHERE,
    VILLAGE,
    check,
    make_ground,
    open_some,
    pack_of,
    record,
    when,
)
from tests.apps.returnees import add_person

pytestmark = pytest.mark.django_db

TOWN = "500101135"
CLERK = Actor("clerk", "周敏")
EVENING = when(2, 22)
DAY = date(2020, 2, 2)


@pytest.fixture
def files() -> list[UUID]:
    """Five files of people back on 25 January, opened on 1 February; checks due at 12:00 and 20:00."""
    adopt_builtin(pack_id="cn-2020-longsha", area=TOWN, by=CLERK, at=when(1, 7))
    return open_some(make_ground(5, at=when(1, 8)), at=when(1, 9))


def _report(
    as_of: datetime = EVENING, day: date = DAY, area: str = TOWN, scope: Scope = EVERYWHERE
) -> Report:
    return queries.daily_report(scope, area, day, as_of)


def _rows(code: str, as_of: datetime = EVENING, day: date = DAY) -> int:
    return sum(row.count for row in queries.figure_rows(EVERYWHERE, TOWN, day, as_of, code, size=None))


def _one_day(files: list[UUID]) -> None:
    """The first is done twice, the second once late; the third refuses, the fourth is out, the fifth lost."""
    for number, hour in ((0, 9), (1, 9), (0, 19), (1, 21)):
        record([check(files[number], when(2, hour))], at=when(2, hour))
    record([check(files[2], when(2, 10), None, outcome="refused", seen="person")], at=when(2, 10))
    record([check(files[3], when(2, 10), None, outcome="not-home", seen="nobody")], at=when(2, 10))
    record(
        [check(files[4], when(2, 10), None, outcome="unreachable", channel="phone", seen="nobody")],
        at=when(2, 10),
    )


def test_due_is_done_and_late_and_still_to_come(files: list[UUID]) -> None:
    _one_day(files)
    evening = _report()
    assert [evening.value(code) for code in ("due", "done", "done-late", "late", "to-come")] == [
        10,
        4,
        1,
        6,
        0,
    ]
    afternoon = _report(when(2, 15))
    assert [afternoon.value(code) for code in ("due", "done", "late", "to-come")] == [10, 2, 3, 5]


def test_what_was_done_never_stands_alone(files: list[UUID]) -> None:
    _one_day(files)
    report = _report()
    assert [report.value(code) for code in ("refused", "not-home", "lost")] == [1, 1, 1]
    done = next(figure for figure in report.figures if figure.code == "done")
    assert (done.of, done.denominator) == ("due", 10)
    codes = [figure.code for figure in report.figures]
    assert {"found", "reached", "late", "refused", "not-home", "lost"} <= set(codes)


def test_every_figure_opens_as_many_rows_as_it_says(files: list[UUID]) -> None:
    _one_day(files)
    for figure in _report().figures:
        if figure.unit != "day":
            assert _rows(figure.code) == figure.value, figure.code
    pages = [queries.figure_rows(EVERYWHERE, TOWN, DAY, EVENING, "due", page=n, size=4) for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [4, 4, 2]
    assert len({(row.file_id, row.slot) for page in pages for row in page}) == 10


def test_everyone_ever_observed_is_under_observation_or_left(files: list[UUID]) -> None:
    end_file(
        file_id=files[0],
        state="transferred",
        reason="转定点医院",
        scope=EVERYWHERE,
        by=DOCTOR,
        at=when(2, 15),
    )
    report = _report()
    values = [
        report.value(c) for c in ("cumulative", "under-observation", "released-total", "left-otherwise-total")
    ]
    assert values == [5, 4, 0, 1]
    assert report.value("left-otherwise") == 1
    assert _report(when(3, 9), date(2020, 2, 3)).value("left-otherwise") == 0
    assert report.value("due") == 9, "the evening of a file that ended in the afternoon is no duty"


def test_the_first_day_new_and_the_last_expected_release(files: list[UUID]) -> None:
    first = _report(when(1, 22), date(2020, 2, 1))
    assert first.value("first-observed-on") == date(2020, 2, 1)
    assert (first.value("new"), _report().value("new")) == (5, 0)
    assert first.value("last-release-on") == date(2020, 2, 15)


def test_an_abnormal_reading_counts_on_its_day_until_it_is_corrected(files: list[UUID]) -> None:
    fever = check(files[0], when(2, 9), 385)
    record([fever], at=when(2, 9))
    assert (_report().value("abnormal"), _report().value("abnormal-total")) == (1, 1)
    right = check(files[0], when(2, 9), 365)
    correct_check(
        **{"check_id": fever.id, "item": right, "reason": "抄错", "scope": EVERYWHERE},
        **{"pack_of": pack_of, "by": DOCTOR, "at": when(3, 8)},
    )
    known_later = _report(when(3, 9), DAY)
    assert known_later.value("abnormal") == 0
    assert _report().value("abnormal") == 1, "as it was known that evening"


def test_found_counts_people_of_the_ledgers_watched_or_not(files: list[UUID]) -> None:
    seen = queries.figure_rows(EVERYWHERE, TOWN, DAY, EVENING, "under-observation")[0]
    for person in (add_person("赵云", when(1)), seen.person_id):
        Trip.objects.create(
            **{"person_id": person, "area": VILLAGE, "origin_code": "4201", "returned_on": date(2020, 1, 25)},
            **{"returned_state": "clear", "by_id": "clerk", "by_name": "周敏", "recorded_at": when(1)},
        )
    record([check(seen.file_id, when(2, 9))], at=when(2, 9))
    report = _report()
    assert report.value("found-hubei") == 2
    assert report.value("found") == _rows("found") == 2
    assert report.value("under-observation") == 5
    assert report.value("reached") == _rows("reached") == 1, "the other was found, and nobody has seen him"


def test_a_closed_day_is_produced_again_exactly_and_a_correction_is_a_revision(files: list[UUID]) -> None:
    _one_day(files)
    closed = actions.close_report(scope=EVERYWHERE, area=TOWN, day=DAY, as_of=EVENING, by=CLERK, at=EVENING)
    assert (closed.revision, closed.closed_by) == (1, "周敏")
    assert closed.figures == _report().figures
    record([check(files[2], when(2, 11))], at=when(3, 8))
    assert queries.closed_report(EVERYWHERE, TOWN, DAY) == closed
    asked = {"scope": EVERYWHERE, "area": TOWN, "day": DAY, "by": CLERK, "at": when(3, 9)}
    with pytest.raises(Refused, match="report-unchanged"):
        actions.close_report(as_of=EVENING, **asked)
    with pytest.raises(Refused, match="reason-missing"):
        actions.close_report(as_of=when(3, 9), **asked)
    second = actions.close_report(as_of=when(3, 9), reason="补录一次测温", **asked)
    assert (second.revision, second.value("done")) == (2, 5)
    assert queries.closed_report(EVERYWHERE, TOWN, DAY, 1) == closed
    assert len(queries.closed_rows(EVERYWHERE, TOWN, DAY, "done", 1)) == 4
    assert queries.altered_reports() == []


def test_a_closed_report_is_never_changed(files: list[UUID]) -> None:
    actions.close_report(scope=EVERYWHERE, area=TOWN, day=DAY, as_of=EVENING, by=CLERK, at=EVENING)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update oversight_closedreport set revision = 5")
    with connection.cursor() as cursor:
        cursor.execute("alter table oversight_closedreport disable trigger all")
        cursor.execute(
            "update oversight_closedreport set content = jsonb_set(content, '{figures,0,value}', '9')"
        )
    assert queries.altered_reports() == [(TOWN, DAY, 1)]


def test_closing_is_in_the_journal_and_tomorrow_cannot_be_closed(files: list[UUID]) -> None:
    with pytest.raises(Refused, match="report-day-not-begun"):
        actions.close_report(
            scope=EVERYWHERE, area=TOWN, day=date(2020, 2, 3), as_of=EVENING, by=CLERK, at=EVENING
        )
    assert events_about(EVERYWHERE, "report", []) == []


def test_a_place_out_of_sight_and_one_seen_in_part_have_no_report(files: list[UUID]) -> None:
    village = Scope("u", (Grant("clerk", VILLAGE, frozenset({"report.view"})),))
    assert _report(area=VILLAGE, scope=village).value("cumulative") == 5
    for area in (TOWN, "500101135200", ""):
        with pytest.raises(Refused, match="place-not-found"):
            _report(area=area, scope=village)
    with pytest.raises(Refused, match="place-not-found"):
        actions.close_report(scope=village, area=VILLAGE, day=DAY, as_of=EVENING, by=CLERK, at=EVENING)


def test_a_figure_that_nobody_declared_is_refused(files: list[UUID]) -> None:
    for code in ("nothing", "found-nothing"):
        with pytest.raises(Refused, match="figure-unknown"):
            queries.figure_rows(EVERYWHERE, TOWN, DAY, EVENING, code)


def test_every_denominator_is_a_figure_of_the_report() -> None:
    codes = {definition.code for definition in FIGURES}
    assert {definition.of for definition in FIGURES} <= codes | {""}


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_figure_has_words_in_three_languages(language: str) -> None:
    held = messages.read(messages.SOURCES / "oversight" / "locale" / language / "LC_MESSAGES" / "django.po")
    for definition in FIGURES:
        for text in (definition.title, definition.definition):
            assert held.get(text), text
            assert held.get(text).string


def test_the_document_of_a_report_holds_every_row_and_no_name(files: list[UUID]) -> None:
    _one_day(files)
    told = queries.report_document(EVERYWHERE, queries.report_of(EVERYWHERE, TOWN, DAY, EVENING))
    figures = {figure["code"]: figure for figure in told["figures"]}
    assert (told["date"], figures["due"]["value"], len(figures["due"]["rows"])) == ("2020-02-02", 10, 10)
    assert figures["last-release-on"]["value"] == "2020-02-15"
    assert "居民" not in json.dumps(told, ensure_ascii=False)
    closed = actions.close_report(scope=EVERYWHERE, area=TOWN, day=DAY, as_of=EVENING, by=CLERK, at=EVENING)
    record([check(files[2], when(2, 11))], at=when(3, 8))
    again = queries.report_document(EVERYWHERE, queries.report_of(EVERYWHERE, TOWN, DAY, when(9)))
    assert again["figures"] == told["figures"]
    assert again["hash"] == closed.hash


def test_the_report_prints_as_the_form_of_the_office(files: list[UUID], tmp_path: Path) -> None:
    _one_day(files)
    report = actions.close_report(scope=EVERYWHERE, area=TOWN, day=DAY, as_of=EVENING, by=CLERK, at=EVENING)
    with translation.override("zh-hans"):
        words = translation.gettext
        printed = report_pdf(lay_out(report, place="龙沙镇", words=words), words=words)
        sheet = report_xlsx(lay_out(report, place="=cmd()", words=words), words=words)
    (tmp_path / "report.pdf").write_bytes(printed)
    pages = pypdf.PdfReader(io.BytesIO(printed)).pages
    said = "".join("".join(page.extract_text().split()) for page in pages)
    assert len(pages) == 1
    for told in ("统计日报表", "龙沙镇", "2020年2月2日", "逾期未查次数", "填表人：周敏", "2020-02-15"):
        assert told in said
    rows = openpyxl.load_workbook(io.BytesIO(sheet)).active
    cells = [cell for row in rows.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert next(row[1].value for row in rows.iter_rows() if row[0].value == "当日应查次数") == 10
