# ruff: noqa: S608 - statements are made of this room's own text; every value is a parameter
"""Tests as pages ask for them: what is due, what waits for its result, what was found; and what a file's story is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from shouwang.kernel.scope import Scope
from shouwang.observation.models import ObservationFile, TestFact
from shouwang.observation.queries.duties import COUNT_CAP, Count
from shouwang.observation.queries.within import VIEW, area_condition

LISTS = ("due", "late", "awaited", "found")


@dataclass(frozen=True, slots=True)
class TestRow:
    """One test of one person, as a list shows it."""

    __test__ = False
    id: UUID
    file_id: UUID
    person_id: UUID
    area: str
    zone: str
    protocol: str
    revision_id: UUID
    kind: str
    cause: str
    stage: str
    day: date
    day_no: int
    due_at: datetime
    state: str
    label: str
    sampled_at: datetime | None
    result_due_at: datetime | None
    lab: str
    outcome: str
    resulted_at: datetime | None
    owner_id: UUID | None
    cursor: str = ""


def laboratory_tests(
    scope: Scope, what: str, at: datetime, *, area: str | None = None, limit: int = 50, after: str = ""
) -> list[TestRow]:
    """The list `what` in sight: `due` until the end of today (late ones first), `late`, `awaited`, `found`.

    `after` is the cursor of the last row seen. Results found come newest first.
    """
    where, params = area_condition(scope, "t.area", area)
    condition, key, order = _LISTS[what]
    params |= {"at": at, "limit": limit}
    if after:
        instant, _, last = after.partition("|")
        params |= {"a1": datetime.fromisoformat(instant), "a2": UUID(last)}
        where += f" and ({key}, t.id) {'<' if order == 'desc' else '>'} (%(a1)s, %(a2)s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {_COLUMNS}, {key} from observation_testduty t join observation_file f on f.id = t.file_id"
            f" where {condition} and {where} order by {key} {order}, t.id {order} limit %(limit)s",
            params,
        )
        return [_row(row) for row in cursor.fetchall()]


def laboratory_count(
    scope: Scope, what: str, at: datetime, *, area: str | None = None, cap: int = COUNT_CAP
) -> Count:
    """How many stand in the list `what`."""
    where, params = area_condition(scope, "t.area", area)
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from (select 1 from observation_testduty t join observation_file f"
            f" on f.id = t.file_id where {_LISTS[what][0]} and {where} limit %(cap)s) c",
            params | {"at": at, "cap": cap + 1},
        )
        number: int = cursor.fetchone()[0]
    return Count(min(number, cap), number > cap)


def laboratory_by_ids(scope: Scope, ids: Iterable[UUID]) -> dict[UUID, TestRow]:
    """These tests as far as they are in sight."""
    return {row.id: row for row in _where(scope, "t.id = any(%(ids)s)", {"ids": list(ids)})}


def laboratory_by_labels(scope: Scope, labels: Collection[str]) -> dict[str, list[TestRow]]:
    """Tests in sight whose tube bears one of these labels: label → tests, the latest sample first."""
    found: dict[str, list[TestRow]] = {}
    rows = _where(scope, "t.label = any(%(labels)s) and t.label <> ''", {"labels": list(labels)})
    for row in sorted(rows, key=lambda r: (str(r.sampled_at), str(r.id)), reverse=True):
        found.setdefault(row.label, []).append(row)
    return found


def laboratory_of_files(scope: Scope, files: Collection[UUID]) -> dict[UUID, list[TestRow]]:
    """The tests of these files in sight, by day; those that fell away with a plan are left out."""
    found: dict[UUID, list[TestRow]] = {}
    for row in _where(scope, "t.file_id = any(%(ids)s) and t.state <> 'void'", {"ids": list(files)}):
        found.setdefault(row.file_id, []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class TestFactRow:
    """What was done with a sample, as it was recorded. `corrected_by`: what stands in its place."""

    __test__ = False
    id: UUID
    duty_id: UUID
    file_id: UUID
    kind: str
    step: str
    happened_at: datetime
    recorded_at: datetime
    recorded_by_name: str
    label: str
    specimen: str
    taken_by_name: str
    lab: str
    outcome: str
    published_at: datetime | None
    source: str
    corrects: UUID | None
    correct_reason: str
    corrected_by: UUID | None


def laboratory_facts(scope: Scope, files: Collection[UUID]) -> dict[UUID, list[TestFactRow]]:
    """Everything recorded about tests of these files in sight, in order: file → facts. One query."""
    rows = list(
        TestFact.objects.unscoped("of files in scope, wherever they were when it was recorded")
        .filter(file__in=ObservationFile.objects.within(scope, VIEW).filter(id__in=list(files)))
        .select_related("duty")
        .order_by("happened_at", "recorded_at", "id")
    )
    instead = {row.corrects_id: row.id for row in rows if row.corrects_id}
    found: dict[UUID, list[TestFactRow]] = {}
    for f in rows:
        told = TestFactRow(
            *(f.id, f.duty_id, f.file_id, f.duty.kind, f.step, f.happened_at, f.recorded_at),
            *(f.recorded_by_name, f.label, f.specimen, f.taken_by_name, f.lab, f.outcome, f.published_at),
            *(f.source, f.corrects_id, f.correct_reason, instead.get(f.id)),
        )
        found.setdefault(f.file_id, []).append(told)
    return found


def _where(scope: Scope, condition: str, asked: dict[str, Any]) -> list[TestRow]:
    where, params = area_condition(scope, "t.area")
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {_COLUMNS}, t.due_at from observation_testduty t join observation_file f on f.id = t.file_id"
            f" where {condition} and {where} order by t.day, t.due_at, t.id",
            params | asked,
        )
        return [_row(row) for row in cursor.fetchall()]


def _row(values: tuple[Any, ...]) -> TestRow:
    names = TestRow.__slots__
    return TestRow(**dict(zip(names, (*values[:-1], f"{values[-1].isoformat()}|{values[0]}"), strict=True)))


_COLUMNS = (
    "t.id, t.file_id, f.person_id, t.area, f.zone, f.protocol, f.revision_id, t.kind, t.cause, t.stage, t.day,"
    " t.day_no, t.due_at, t.state, t.label, t.sampled_at, t.result_due_at, t.lab, t.outcome, t.resulted_at,"
    " f.owner_id"
)
_LISTS = {
    "due": (
        "t.state = 'due' and f.state = 'open' and t.due_at <= %(at)s + interval '26 hours' and t.due_at <="
        " ((%(at)s at time zone f.zone)::date + 1)::timestamp at time zone f.zone",
        "t.due_at",
        "asc",
    ),
    "late": ("t.state = 'due' and f.state = 'open' and t.due_at < %(at)s", "t.due_at", "asc"),
    "awaited": ("t.state in ('sampled', 'sent')", "t.result_due_at", "asc"),
    "found": ("t.state = 'done'", "t.resulted_at", "desc"),
}
"""Condition, key and order of each list. A missed sample is late the instant its deadline is over."""


def open_duties(scope: Scope, files: Collection[UUID]) -> dict[UUID, list[TestRow]]:
    """Samples these files still owe, by deadline."""
    owed = _where(scope, "t.file_id = any(%(ids)s) and t.state = 'due'", {"ids": list(files)})
    found: dict[UUID, list[TestRow]] = {}
    for row in owed:
        found.setdefault(row.file_id, []).append(row)
    return found
