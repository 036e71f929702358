# ruff: noqa: S608 - statements are made of this room's own text; every value is a parameter
"""The duties of a day: who, which check, by when, through which channel; who is late."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from shouwang.kernel.scope import Scope
from shouwang.observation.queries.within import area_condition
from shouwang.observation.rules import RELEASE, slot_day

COUNT_CAP = 10_000
"""Counts on pages stop here and say "10,000 or more"."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty: the file's next check, a laboratory test (`channel` "test"), or its release (`channel` "").

    `day_no` of `last_day_no`; `late_seconds` 0 while the deadline is not over.
    """

    file_id: UUID
    person_id: UUID
    household_id: UUID | None
    owner_id: UUID
    area: str
    protocol: str
    category: str
    kind: str
    stage: str
    channel: str
    slot: int
    day_no: int
    last_day_no: int
    due_at: datetime
    late_seconds: int
    last_check_at: datetime | None
    last_deci: int | None
    last_abnormal: bool | None
    last_outcome: str
    found_late: bool
    anchor_known: str
    cursor: str
    """Where the next page begins."""
    test_id: UUID | None = None
    test_kind: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many; `capped`: that many or more."""

    number: int
    capped: bool


def duties(
    scope: Scope,
    at: datetime,
    *,
    area: str | None = None,
    owner: UUID | None = None,
    households: Collection[UUID] | None = None,
    late_only: bool = False,
    tests: bool = False,
    limit: int = 100,
    after: str = "",
) -> list[Duty]:
    """What is due until the end of the local day of each file, and what is late; with `tests` the samples too.

    Late first; then calls before doors; then by deadline. `after` is the `cursor` of the last row seen.
    `households`: only those who live there.
    """
    where, params = area_condition(scope, "f.area", area)
    params |= {"at": at, "limit": limit}
    params |= _after(after)
    statement = _DUTIES.format(
        where=where,
        mine=_mine(params, owner, households),
        until=_LATE if late_only else _TODAY,
        tests=_TESTS.format(
            where=where.replace("f.area", "t.area"),
            mine=_mine(params, owner, households),
            until=(_LATE if late_only else _TODAY).replace("f.next_due_at", "t.due_at"),
        )
        if tests
        else "",
        after="where (late_rank, rank, next_due_at, id) > (%(a1)s, %(a2)s, %(a3)s, %(a4)s)" if after else "",
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return [_duty(row, at) for row in cursor.fetchall()]


def late_files(
    scope: Scope, at: datetime, *, area: str | None = None, limit: int = 100, after: str = ""
) -> list[Duty]:
    """Files whose next duty is over, the same order."""
    return duties(scope, at, area=area, late_only=True, limit=limit, after=after)


def late_count(
    scope: Scope,
    at: datetime,
    *,
    area: str | None = None,
    owner: UUID | None = None,
    households: Collection[UUID] | None = None,
    cap: int | None = COUNT_CAP,
) -> Count:
    """How many open files are late at `at`, samples included: index ranges, no job. `cap` None counts them all."""
    where, params = area_condition(scope, "f.area", area)
    where += " " + _mine(params, owner, households)
    return _count(at, "f.next_due_at < %(at)s", where, params, cap)


def due_count(
    scope: Scope,
    at: datetime,
    *,
    area: str | None = None,
    owner: UUID | None = None,
    households: Collection[UUID] | None = None,
    cap: int | None = COUNT_CAP,
) -> Count:
    """How many open files have something due until the end of their local day, the late ones among them."""
    where, params = area_condition(scope, "f.area", area)
    where += " " + _mine(params, owner, households)
    return _count(at, _TODAY, where, params, cap)


def release_due(scope: Scope, at: datetime, *, area: str | None = None, limit: int = 200) -> list[UUID]:
    """Open files whose last day is over, the longest first."""
    where, params = area_condition(scope, "f.area", area)
    with connection.cursor() as cursor:
        cursor.execute(
            "select f.id from observation_file f where f.state = 'open'"
            " and coalesce(f.ordered_last_day, f.planned_last_day) < (%(at)s at time zone f.zone)::date"
            f" and {where} order by coalesce(f.ordered_last_day, f.planned_last_day), f.id limit %(limit)s",
            params | {"at": at, "limit": limit},
        )
        return [row[0] for row in cursor.fetchall()]


def _mine(params: dict[str, Any], owner: UUID | None, households: Collection[UUID] | None) -> str:
    """The condition for one owner's files or those of some households; its parameters go into `params`."""
    told = ""
    if owner:
        params["owner"] = owner
        told += " and f.owner_id = %(owner)s"
    if households is not None:
        params["households"] = list(households)
        told += " and f.household_id = any(%(households)s::uuid[])"
    return told


def _count(at: datetime, until: str, where: str, params: dict[str, Any], cap: int | None) -> Count:
    """Files with a check, a release or a sample due; each once."""
    limit = " limit %(cap)s" if cap is not None else ""
    files = f"select f.id from observation_file f where f.state = 'open' and {until} and {where}{limit}"
    samples = (
        "select f.id from observation_testduty t join observation_file f on f.id = t.file_id"
        f" where t.state = 'due' and f.state = 'open' and {until.replace('f.next_due_at', 't.due_at')}"
        f" and {where}{limit}"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"select count(*) from (select 1 from (({files}) union ({samples})) due{limit}) capped",
            params | {"at": at, "cap": (cap or 0) + 1},
        )
        number: int = cursor.fetchone()[0]
    over = cap is not None and number > cap
    return Count(cap if over and cap is not None else number, over)


def _after(cursor: str) -> dict[str, Any]:
    if not cursor:
        return {}
    late, rank, due_at, file_id = cursor.split("|")
    return {"a1": int(late), "a2": int(rank), "a3": datetime.fromisoformat(due_at), "a4": UUID(file_id)}


def _duty(row: tuple[Any, ...], at: datetime) -> Duty:
    known = dict(zip(_COLUMNS, row, strict=True))
    zero, last_day = known.pop("day_zero"), known.pop("last_day")
    late_rank, rank = known.pop("late_rank"), known.pop("rank")
    slot, due_at, key = known["slot"], known["due_at"], known.pop("key")
    return Duty(
        **known,
        kind="test" if known["channel"] == TEST else "release" if slot & 31 == RELEASE else "check",
        day_no=(slot_day(slot) - zero).days,
        last_day_no=(last_day - zero).days,
        late_seconds=max(0, int((at - due_at).total_seconds())),
        cursor=f"{late_rank}|{rank}|{due_at.isoformat()}|{key}",
    )


_COLUMNS = (
    *("file_id", "person_id", "household_id", "owner_id", "area", "protocol", "category", "stage", "channel"),
    *("slot", "due_at", "last_check_at", "last_deci", "last_abnormal", "last_outcome", "found_late"),
    *("anchor_known", "test_id", "test_kind", "key", "day_zero", "last_day", "late_rank", "rank"),
)
TEST = "test"
_LATE = "f.next_due_at < %(at)s"
_TODAY = """f.next_due_at <= %(at)s + interval '26 hours'
    and f.next_due_at <= ((%(at)s at time zone f.zone)::date + 1)::timestamp at time zone f.zone"""

_DUTIES = """
select * from (
    select f.id as file_id, f.person_id, f.household_id, f.owner_id, f.area, f.protocol, f.category, f.stage,
        f.next_channel, f.next_slot, f.next_due_at, f.last_check_at, f.last_deci, f.last_abnormal,
        f.last_outcome, f.found_late, f.anchor_known, null::uuid as test_id, '' as test_kind, f.id, f.day_zero,
        coalesce(f.ordered_last_day, f.planned_last_day) as last_day,
        case when f.next_due_at < %(at)s then 0 else 1 end as late_rank,
        case when f.next_channel in ('phone', 'video', 'chat', 'self') then 0
            when f.next_channel = '' then 2 else 1 end as rank
    from observation_file f
    where f.state = 'open' and {where} {mine} and {until}{tests}
) due {after}
order by late_rank, rank, next_due_at, id limit %(limit)s
"""

_TESTS = """
    union all
    select f.id, f.person_id, f.household_id, f.owner_id, f.area, f.protocol, f.category, t.stage, 'test',
        ((t.day - date '2000-01-01') << 5) | 29, t.due_at, f.last_check_at, f.last_deci, f.last_abnormal,
        f.last_outcome, f.found_late, f.anchor_known, t.id, t.kind, t.id, f.day_zero,
        coalesce(f.ordered_last_day, f.planned_last_day),
        case when t.due_at < %(at)s then 0 else 1 end, 1
    from observation_testduty t join observation_file f on f.id = t.file_id
    where t.state = 'due' and f.state = 'open' and {where} {mine} and {until}"""
