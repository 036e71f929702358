"""K1 日报: one entry, every form, up the tree; made again next month it is the same, a correction is a revision."""

from __future__ import annotations

import io
import json
from datetime import date
from uuid import UUID

import openpyxl
import pypdf
import pytest
from django.utils import translation
from docx import Document

from shouwang.kernel.errors import Refused
from shouwang.observation.actions import correct_check
from shouwang.oversight.actions import close_report, set_template
from shouwang.oversight.forms import (
    Laid,
    default_template,
    laid_document,
    report_docx,
    report_pdf,
    report_xlsx,
)
from shouwang.oversight.queries import (
    daily_report,
    forms_of,
    laid_report,
    report_of,
    report_rows,
    report_tree,
    template_in_force,
)
from shouwang.oversight.rules import Report
from tests.acceptance.conftest import CADRE, CLERK, DOCTOR, EVERYTHING, TOWN, LongshaTown
from tests.acceptance.watching import check, on, record, rows

DAY = date(2020, 1, 29)
EVENING = on(1, 29, 20, 40)
NEXT_MONTH = on(2, 29, 9)


def _work(town: LongshaTown) -> list[UUID]:
    """A day's work: of the files that owe a visit two in three are seen, others refuse, are out, are lost."""
    files = [
        UUID(str(row[0])) for row in rows("select id from observation_file where state = 'open' order by id")
    ]
    done = [check(one, on(1, 29, 10)) for n, one in enumerate(files) if n % 3 < 2]
    missed = [
        check(
            one,
            on(1, 29, 11),
            None,
            outcome=("refused", "not-home", "unreachable")[n // 3 % 3],
            seen="nobody",
        )
        for n, one in enumerate(files)
        if n % 3 == 2
    ]
    for start in range(0, len(done), 200):
        record(town, *done[start : start + 200], at=on(1, 29, 10))
    for start in range(0, len(missed), 200):
        record(town, *missed[start : start + 200], at=on(1, 29, 11))
    return files


def _laid(report: Report, form: str) -> Laid:
    with translation.override("zh-hans"):
        return laid_report(
            EVERYTHING, report, form, place="龙沙镇", lang="zh-hans", words=translation.gettext
        )


def _files(report: Report, form: str) -> dict[str, bytes]:
    laid = _laid(report, form)
    with translation.override("zh-hans"):
        words = translation.gettext
        return {
            "docx": report_docx(laid, words=words),
            "pdf": report_pdf(laid, words=words),
            "xlsx": report_xlsx(laid, words=words),
            "json": json.dumps(laid_document(laid), ensure_ascii=False).encode(),
        }


def _told_by(kind: str, made: bytes) -> dict[str, str]:
    """Title → value as a reader of the file finds them."""
    if kind == "docx":
        table = Document(io.BytesIO(made)).tables[0]
        cells = [[cell.text.strip("　 ") for cell in row.cells] for row in table.rows[1:]]
        return {row[0]: row[1] for row in cells if row[1]}
    if kind == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(made)).active
        assert sheet is not None
        found = [(row[0].value, row[1].value) for row in sheet.iter_rows(min_row=5)]
        return {str(title): str(value) for title, value in found if value is not None}
    sections = json.loads(made)["sections"]
    return {line["title"]: line["value"] for part in sections for line in part["lines"]}


def test_one_entry_fills_every_form_in_every_format(town: LongshaTown) -> None:
    _work(town)
    report = close_report(scope=EVERYTHING, area=TOWN, day=DAY, as_of=EVENING, by=CLERK, at=EVENING)
    assert len(report_rows(EVERYTHING, report, "cumulative")) == report.value("cumulative")
    codes = [form.code for form in forms_of(EVERYTHING, TOWN, EVENING)]
    assert codes == ["statistics-daily", "town-daily"]
    for form in ("all", *codes):
        made = _files(report, form)
        told = {kind: _told_by(kind, made[kind]) for kind in ("docx", "xlsx", "json")}
        assert told["docx"] == told["xlsx"] == told["json"], form
        pages = pypdf.PdfReader(io.BytesIO(made["pdf"])).pages
        said = "".join("".join(page.extract_text().split()) for page in pages)
        assert "龙沙镇" in said
        assert all(value in said for value in told["json"].values())
    office = _told_by("json", _files(report, "statistics-daily")["json"])
    assert office["累计观察人数"] == str(report.value("cumulative"))
    assert office["转为确诊病例或无症状感染者 当日新增"] == "—", (
        "cases are not kept yet, so nothing is claimed"
    )
    done, lost = report.value("done"), report.value("lost")
    assert isinstance(done, int)
    assert isinstance(lost, int)
    assert done > 500
    assert lost > 50
    own = _told_by("json", _files(report, "town-daily")["json"])
    assert {"排查在册", "已见到人", "当日拒绝", "当日不在家", "当日失联", "逾期未查次数"} <= set(own)


def test_made_again_next_month_it_is_the_same_to_the_byte_and_a_correction_shows(town: LongshaTown) -> None:
    files = _work(town)
    first = close_report(scope=EVERYTHING, area=TOWN, day=DAY, as_of=EVENING, by=CLERK, at=EVENING)
    before = {form: _files(first, form) for form in ("all", "statistics-daily", "town-daily")}
    fever = check(files[0], on(1, 29, 12), 385)
    record(town, fever, at=on(1, 30, 8))
    again = report_of(EVERYTHING, TOWN, DAY, NEXT_MONTH)
    assert {form: _files(again, form) for form in before} == before
    second = close_report(
        **{"scope": EVERYTHING, "area": TOWN, "day": DAY, "as_of": on(1, 30, 9), "reason": "补录一次发热"},
        **{"by": CLERK, "at": on(1, 30, 9)},
    )
    assert second.revision == 2
    lines = {line.code: line for line in _laid(second, "statistics-daily").lines}
    assert (lines["abnormal"].old, lines["abnormal"].value) == (
        str(first.value("abnormal")),
        str(second.value("abnormal")),
    )
    assert lines["cumulative"].old == ""
    assert "补录一次发热" in "".join(
        p.text for p in Document(io.BytesIO(_files(second, "all")["docx"])).paragraphs
    )
    assert _files(report_of(EVERYTHING, TOWN, DAY, EVENING), "all") == before["all"], (
        "as it stood that evening"
    )


def test_villages_sum_to_the_town_and_what_they_closed_otherwise_is_named(town: LongshaTown) -> None:
    files = _work(town)
    areas = rows(
        "select area, count(*) from observation_file where state = 'open' group by 1 order by 2 desc"
    )
    village = areas[0][0]
    own = close_report(scope=EVERYTHING, area=village, day=DAY, as_of=EVENING, by=CADRE, at=EVENING)
    first = UUID(
        str(rows("select id from observation_file where area = %s order by id limit 1", village)[0][0])
    )
    assert first in files
    record(town, check(first, on(1, 29, 20, 45), 386), at=on(1, 29, 20, 45))
    at = on(1, 29, 21)
    live = report_tree(EVERYTHING, daily_report(EVERYTHING, TOWN, DAY, at))
    closed = close_report(scope=EVERYTHING, area=TOWN, day=DAY, as_of=at, by=CLERK, at=at)
    for tree in (live, report_tree(EVERYTHING, closed)):
        assert len(tree.children) >= 15
        for branch in tree.branches:
            assert sum(branch.parts.values()) + branch.rest == branch.figure.value, branch.figure.code
        abnormal = next(branch for branch in tree.branches if branch.figure.code == "abnormal")
        assert abnormal.differs == {village: own.value("abnormal")}
        assert abnormal.parts[village] == 1
    child = next(child for child in live.children if child.area == village)
    assert (child.revision, child.closed_by) == (1, "谭书记")
    assert child.values is not None
    assert child.values["cumulative"] == own.value("cumulative")


def test_a_town_changes_its_word_template_and_older_reports_keep_theirs(town: LongshaTown) -> None:
    first = close_report(scope=EVERYTHING, area=TOWN, day=DAY, as_of=EVENING, by=CLERK, at=EVENING)
    laid = _laid(first, "town-daily")
    document = Document(io.BytesIO(default_template("red-head")))
    document.add_paragraph("抄送：{{ place }}党政办")
    out = io.BytesIO()
    document.save(out)
    later = on(1, 30, 9)
    asked = {
        "scope": EVERYTHING,
        "area": TOWN,
        "form": "town-daily",
        "sample": laid,
        "by": CLERK,
        "at": later,
    }
    set_template(content=out.getvalue(), **asked)  # type: ignore[arg-type]
    assert template_in_force(EVERYTHING, TOWN, "town-daily", EVENING) == b""
    own = template_in_force(EVERYTHING, TOWN, "town-daily", later)
    made = Document(io.BytesIO(report_docx(laid, template=own)))
    assert made.paragraphs[-1].text == "抄送：龙沙镇党政办"
    for bad in (
        b"not a docx",
        _with("{{ ''.__class__.__mro__ }}"),
        _with("{{ nothing }}"),
        _with("{% for %}"),
    ):
        with pytest.raises(Refused, match="template-unusable"):
            set_template(content=bad, **asked)  # type: ignore[arg-type]
    assert template_in_force(EVERYTHING, TOWN, "town-daily", on(2, 1)) == own


def test_what_people_wrote_is_text_in_every_format(town: LongshaTown) -> None:
    evil = '=cmd|"/c calc"!A1 & <b>{{ 7*7 }}</b>'
    report = close_report(scope=EVERYTHING, area=TOWN, day=DAY, as_of=EVENING, by=CLERK, at=EVENING)
    with translation.override("zh-hans"):
        words = translation.gettext
        laid = laid_report(EVERYTHING, report, "all", place=evil, lang="zh-hans", words=words)
        word = "".join(p.text for p in Document(io.BytesIO(report_docx(laid, words=words))).paragraphs)
        sheet = openpyxl.load_workbook(io.BytesIO(report_xlsx(laid, words=words))).active
    assert evil in word
    assert sheet is not None
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_a_corrected_reading_is_taken_back_from_the_next_revision_only(town: LongshaTown) -> None:
    files = _work(town)
    fever = check(files[1], on(1, 29, 12), 391)
    record(town, fever, at=on(1, 29, 12))
    first = close_report(scope=EVERYTHING, area=TOWN, day=DAY, as_of=EVENING, by=CLERK, at=EVENING)
    right = check(files[1], on(1, 29, 12), 361)
    correct_check(
        **{"check_id": fever.id, "item": right, "reason": "看错刻度", "scope": EVERYTHING},
        **{"pack_of": town.pack_of, "by": DOCTOR, "at": on(1, 30, 8)},
    )
    again = daily_report(EVERYTHING, TOWN, DAY, on(1, 30, 9))
    assert (first.value("abnormal"), again.value("abnormal")) == (1, 0)
    assert report_of(EVERYTHING, TOWN, DAY, NEXT_MONTH) == first


def _with(text: str) -> bytes:
    document = Document()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
