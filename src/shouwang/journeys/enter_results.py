"""A laboratory's list of results comes in as a spreadsheet: rows in = accepted + rejected + duplicate.

Crosses screening (reading files), observation, people. A row is matched by what the tube says; where the list
names the person, the name must agree. A row that is rejected is given back with its reason and nothing of it is
stored; the rest is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from shouwang.kernel.actor import Actor
from shouwang.kernel.dates_zh import DateContext, read_date
from shouwang.kernel.days import local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import ResultCommand, record_results
from shouwang.observation.queries import TestRow, laboratory_by_labels
from shouwang.people.queries import people_by_ids
from shouwang.policy.queries import pack_of
from shouwang.screening.reading.grid import GridRow, read_grid

RECORD = "observation.record"
_COLUMNS = {
    "label": ("标本编号", "样本编号", "管号", "条码", "编号", "标本号", "样本号", "label", "sample", "tube"),
    "name": ("姓名", "受检者", "受检人", "name"),
    "outcome": ("结果", "检测结果", "核酸结果", "result"),
    "resulted": ("检测时间", "检测日期", "出结果时间", "结果时间", "tested at", "resulted at", "date"),
    "published": ("报告时间", "报告日期", "发布时间", "published at", "reported at"),
    "lab": ("检测机构", "检测单位", "实验室", "lab", "laboratory"),
}
_OUTCOMES = {
    "negative": ("阴性", "阴", "-", "(-)", "未检出", "negative", "neg", "n"),
    "positive": ("阳性", "阳", "+", "(+)", "检出", "positive", "pos", "p"),
    "inconclusive": (
        "可疑",
        "灰区",
        "无法判定",
        "不确定",
        "复检",
        "样本不合格",
        "inconclusive",
        "invalid",
        "?",
    ),
}
_TIME = re.compile(r"\s((?!0?0[:：]00)\d{1,2})[:：](\d{2})(?:[:：]\d{2})?\s*$")
_CLOCK = re.compile(r"[\sT]\d{1,2}[:：]\d{2}(?:[:：]\d{2})?\s*$")


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What became of one row: `accepted`, `rejected` (with a code), `duplicate` (the result was there already)."""

    sheet: str
    number: int
    label: str
    name: str
    outcome: str
    state: str
    code: str = ""
    test: TestRow | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """The receipt of a list. `rows` holds every row that named a sample, in the order of the file."""

    rows: tuple[ResultRow, ...] = ()
    alerts: int = 0
    positives: int = 0
    repeats: int = 0

    def count(self, state: str) -> int:
        """How many rows ended so."""
        return sum(row.state == state for row in self.rows)

    @property
    def accounts(self) -> bool:
        """Whether every row that came in is accounted for."""
        return len(self.rows) == sum(self.count(s) for s in ("accepted", "rejected", "duplicate"))


@dataclass(slots=True)
class _Read:
    """A row as it was read, before it is held against what is known."""

    row: GridRow
    label: str
    name: str
    outcome: str
    resulted: str
    published: str
    lab: str


def enter_results(
    *, path: Path, file_name: str, scope: Scope, by: Actor, at: datetime, lab: str = "", dry_run: bool = False
) -> Entered:
    """Read a list and record what it says; with `dry_run` only tell what would become of each row.

    Reasons of a rejected row: `label-missing`, `label-unknown` (also out of sight), `label-ambiguous`,
    `label-twice` (the list says two things of one tube), `name-differs`, `outcome-unreadable`,
    `resulted-unreadable`, `result-there-already` (another result is known), `test-not-sampled`,
    `resulted-in-future`, `resulted-before-taken`, `published-before-result`. Refuses `results-columns-missing`,
    and what the reading refuses; then nothing is stored.
    """
    read = _read(read_grid(path, name=file_name))
    judged = _judge(read, scope, at, lab, file_name)
    told = tuple(row for row, _ in judged)
    commands = [command for _, command in judged if command is not None]
    if dry_run or not commands:
        return Entered(told)
    return _record(told, commands, scope, by, at)


@transaction.atomic
def _record(
    told: tuple[ResultRow, ...], commands: Sequence[ResultCommand], scope: Scope, by: Actor, at: datetime
) -> Entered:
    receipts = record_results(items=commands, scope=scope, pack_of=pack_of, by=by, at=at)
    return Entered(
        told,
        alerts=sum(len(receipt.alerts) for receipt in receipts),
        positives=sum(command.outcome == "positive" for command in commands),
        repeats=sum(receipt.repeat_due_at is not None for receipt in receipts),
    )


def read_outcome(text: str) -> str:
    """An outcome as laboratories write it; "" where it cannot be told."""
    said = re.sub(r"\s", "", text).casefold().replace("（", "(").replace("）", ")")
    said = re.sub(r"^(新型冠状病毒)?核酸(检测)?[::]?", "", said)
    return next((code for code, words in _OUTCOMES.items() if said in words), "")


def _read(rows: Sequence[GridRow]) -> list[_Read]:
    """Rows below the line of headings of each sheet. Refuses `results-columns-missing`."""
    found: list[_Read] = []
    columns: dict[str, int] = {}
    sheet: str | None = None
    for row in rows:
        if row.sheet != sheet:
            sheet, columns = row.sheet, {}
        if not columns:
            columns = _headings(row.cells)
        else:
            found.append(_Read(row, *(_cell(row, columns, name) for name in _COLUMNS_READ)))
    if not found:
        raise Refused("results-columns-missing")
    return [one for one in found if one.label or one.outcome]


_COLUMNS_READ = ("label", "name", "outcome", "resulted", "published", "lab")


def _headings(cells: Sequence[str]) -> dict[str, int]:
    """Field → column, where a row names at least the tube and the result; else nothing."""
    said = [re.sub(r"[\s*＊:：]", "", cell).casefold() for cell in cells]
    found: dict[str, int] = {}
    for field_name, words in _COLUMNS.items():
        for word in words:
            plain = word.replace(" ", "")
            if plain in said and said.index(plain) not in found.values():
                found[field_name] = said.index(plain)
                break
    return found if {"label", "outcome"} <= found.keys() else {}


def _cell(row: GridRow, columns: dict[str, int], name: str) -> str:
    at = columns.get(name)
    return row.cells[at].strip() if at is not None and at < len(row.cells) else ""


def _judge(
    read: Sequence[_Read], scope: Scope, at: datetime, lab: str, source: str
) -> list[tuple[ResultRow, ResultCommand | None]]:
    known = laboratory_by_labels(scope, {one.label for one in read if one.label})
    people = {p.id: p.name for p in people_by_ids(scope, _people(known.values()))}
    said: dict[str, str] = {}
    judged = []
    for one in read:
        outcome = read_outcome(one.outcome)
        test, code = _match(one, outcome, known.get(one.label, []), people, scope)
        state = "rejected"
        if not code and said.get(one.label, outcome) != outcome:
            code = "label-twice"
        elif not code and test is not None and (one.label in said or test.outcome == outcome):
            state = "duplicate"
        command = None
        if not code and state != "duplicate" and test is not None:
            command, code = _command(one, outcome, test, at, lab, source)
        if command is not None:
            state, said[one.label] = "accepted", outcome
        row = ResultRow(
            one.row.sheet, one.row.number, one.label, one.name, outcome or one.outcome, state, code, test
        )
        judged.append((row, command))
    return judged


def _people(known: Iterable[list[TestRow]]) -> list[UUID]:
    return [test.person_id for tests in known for test in tests]


def _match(
    one: _Read, outcome: str, tests: list[TestRow], people: dict[UUID, str], scope: Scope
) -> tuple[TestRow | None, str]:
    """The test a row speaks of, or why there is none."""
    if not one.label:
        return None, "label-missing"
    may = [test for test in tests if scope.allows(RECORD, test.area)]
    if not may:
        return None, "label-unknown"
    waiting = [test for test in may if test.state in ("sampled", "sent")]
    test = waiting[0] if waiting else may[0]
    known = people.get(test.person_id, "")
    wrong = (
        ("label-ambiguous", len(waiting) > 1),
        ("name-differs", bool(one.name) and known != one.name.replace(" ", "")),
        ("outcome-unreadable", not outcome),
        ("result-there-already", test.state == "done" and test.outcome != outcome),
        ("test-not-sampled", test.sampled_at is None),
    )
    return test, next((code for code, found in wrong if found), "")


def _command(
    one: _Read, outcome: str, test: TestRow, at: datetime, lab: str, source: str
) -> tuple[ResultCommand | None, str]:
    try:
        resulted = _instant(one.resulted, test.zone, at) or at
        published = _instant(one.published, test.zone, at)
    except ValueError:
        return None, "resulted-unreadable"
    sampled = test.sampled_at or at
    if resulted < sampled and not _TIME.search(one.resulted) and _same_day(resulted, sampled, test.zone):
        resulted = sampled  # a day without an hour: not before the sample of that day
    if published is not None and published < resulted and not _TIME.search(one.published):
        published = resulted if _same_day(published, resulted, test.zone) else published
    if resulted > at:
        return None, "resulted-in-future"
    if resulted < sampled:
        return None, "resulted-before-taken"
    if published is not None and published < resulted:
        return None, "published-before-result"
    return ResultCommand(
        id=uuid7(),
        duty_id=test.id,
        outcome=outcome,
        resulted_at=resulted,
        lab=one.lab or lab,
        published_at=published,
        source=f"{source} {one.row.sheet}{one.row.number}".strip(),
    ), ""


def _same_day(one: datetime, other: datetime, zone: str) -> bool:
    return local_day(one, zone) == local_day(other, zone)


def _instant(text: str, zone: str, at: datetime) -> datetime | None:
    """A day, with or without an hour, as the laboratory wrote it, at the place; None for nothing written."""
    if not text:
        return None
    clock = _TIME.search(text)
    day = read_date(_CLOCK.sub("", text).strip(), context=DateContext(reference=local_day(at, zone))).value
    if day is None:
        raise ValueError(text)
    hours, minutes = (int(clock[1]), int(clock[2])) if clock else (0, 0)
    return datetime(day.year, day.month, day.day, hours, minutes, tzinfo=ZoneInfo(zone))
