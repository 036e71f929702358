"""100 checks in one call, from two processes at once, beside the bare statement and bulk_create.

All three write into the same table with the same indexes and constraints, in calls of 100, on the same
server.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from bench.table import Row

WORKERS = 2
CALL = 100


def run(calls: int = 60, rounds: int = 3) -> list[Row]:
    """Checks a second for each way, and one check alone; the median of rounds that take turns.

    The room must be seeded with at least 20,000 files (`bench.seed_observation`).
    """
    rates: dict[str, list[float]] = {"ours": [], "bare": [], "replay": [], "bulk": []}
    for _ in range(rounds):
        for way, found in rates.items():
            found.append(WORKERS * calls * CALL / _together(way, calls)[0])
    rate = {way: statistics.median(found) for way, found in rates.items()}
    ms = sorted(_together("one", calls * 4)[1])
    p50, p95 = statistics.median(ms), ms[int(len(ms) * 0.95)]
    ratio = rate["ours"] / rate["bare"]
    note = (
        f"{ratio:.2f} of bare ({rate['bare']:,.0f}/s), {rate['ours'] / rate['bulk']:.2f} of bulk_create"
        f" ({rate['bulk']:,.0f}/s)"
    )
    return [
        Row(
            "100 checks a call, 2 processes",
            ">= 8,000/s",
            f"{rate['ours']:,.0f}/s",
            rate["ours"] >= 8000,
            note,
        ),
        Row("ratio to the bare INSERT … unnest … ON CONFLICT", ">= 0.35", f"{ratio:.2f}", ratio >= 0.35),
        Row("a replay of them", "no row", f"{rate['replay']:,.0f}/s", _REPLAYED_NOTHING),
        Row("record one check", "p95 < 40 ms", f"p50 {p50:.1f} ms, p95 {p95:.1f} ms", p95 < 40),
    ]


_REPLAYED_NOTHING = True
"""`_work` stops where a replay adds a row."""


def _together(way: str, calls: int) -> tuple[float, list[float]]:
    """Seconds from the common start to the last end, and the milliseconds of each call."""
    spawn = multiprocessing.get_context("spawn")
    barrier, queue = spawn.Barrier(WORKERS), spawn.Queue()
    workers = [spawn.Process(target=_work, args=(way, n, calls, barrier, queue)) for n in range(WORKERS)]
    for worker in workers:
        worker.start()
    told = [queue.get(timeout=600) for _ in workers]
    for worker in workers:
        worker.join()
    return max(end for _, end, _ in told) - min(start for start, _, _ in told), [
        m for *_, ms in told for m in ms
    ]


def _work(way: str, number: int, calls: int, barrier: Any, queue: Any) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.config.settings")
    import django

    django.setup()
    ways: dict[str, Callable[[int, int], list[Callable[[], object]]]] = {
        "ours": _ours,
        "replay": _ours,
        "bare": _bare,
        "bulk": _bulk,
        "one": _one,
    }
    work = ways[way](number, calls)
    for call in work if way == "replay" else work[:1]:
        call()
    barrier.wait()
    before = _stored() if way == "replay" else 0
    barrier.wait()
    start, each = time.monotonic(), []
    for call in work if way == "replay" else work[1:]:
        begun = time.perf_counter()
        call()
        each.append((time.perf_counter() - begun) * 1000)
    ended = time.monotonic()
    barrier.wait()
    if way == "replay" and _stored() != before:
        raise AssertionError("a replay added a row")
    queue.put((start, ended, each))


def _stored() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select count(*) from observation_dailycheck")
        return int(cursor.fetchone()[0])


def _batches(number: int, calls: int, size: int) -> list[list[Any]]:
    """Commands for files of this worker: each call 100 files of one village, 1 in 100 with fever."""
    from django.db import connection

    from bench.seed_observation import NOW
    from shouwang.kernel.ids import uuid7
    from shouwang.observation.actions import CheckCommand

    with connection.cursor() as cursor:
        cursor.execute(
            "select id from observation_file order by id offset %s limit %s",
            [number * 10_000, min(10_000, (calls + 1) * size)],
        )
        files = [row[0] for row in cursor.fetchall()]
    taken = NOW - timedelta(minutes=30)
    return [
        [
            CheckCommand(
                uuid7(),
                files[(call * size + n) % len(files)],
                taken + timedelta(seconds=call),
                "visit",
                deci=381 if n == 7 else 360 + n % 10,
                roles=("medic",),
            )
            for n in range(size)
        ]
        for call in range(calls + 1)
    ]


def _ours(number: int, calls: int, size: int = CALL) -> list[Callable[[], object]]:
    from bench.seed_observation import NOW, PACK
    from shouwang.kernel.actor import Actor
    from shouwang.kernel.scope import Grant, Scope
    from shouwang.observation.actions import record_checks

    scope = Scope("doctor", (Grant("village-doctor", "500101", frozenset({"observation.record"})),))
    by = Actor(f"doctor-{number}", "冉医生")

    def call(batch: list[Any]) -> None:
        receipts = record_checks(items=batch, scope=scope, pack_of=lambda _: PACK, by=by, at=NOW)
        assert all(r.status in ("recorded", "replayed") for r in receipts)

    return [lambda batch=batch: call(batch) for batch in _batches(number, calls, size)]  # type: ignore[misc]


def _one(number: int, calls: int) -> list[Callable[[], object]]:
    return _ours(number, calls, 1)


def _bare(number: int, calls: int) -> list[Callable[[], object]]:
    """The rows and nothing else: no validation, no rules, no file, no alert, no journal."""
    from django.db import connection, transaction

    def call(columns: list[list[Any]]) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_BARE, columns)

    prepared = [_columns(batch) for batch in _batches(number, calls, CALL)]
    return [lambda columns=columns: call(columns) for columns in prepared]  # type: ignore[misc]


def _bulk(number: int, calls: int) -> list[Callable[[], object]]:
    from django.db import transaction

    from shouwang.observation.models import DailyCheck

    names = [name.strip() for name in _NAMES.split(",")]

    def call(rows: list[tuple[Any, ...]]) -> None:
        with transaction.atomic():
            DailyCheck.objects.get_queryset().bulk_create(
                DailyCheck(**dict(zip(names, row, strict=True))) for row in rows
            )

    batches = _batches(number, calls, CALL)
    prepared = [list(zip(*_columns(batch, arrays=True), strict=True)) for batch in batches]
    return [lambda rows=rows: call(rows) for rows in prepared]  # type: ignore[misc]


def _columns(batch: list[Any], *, arrays: bool = False) -> list[list[Any]]:
    rows = [
        (
            c.id,
            c.file_id,
            "500101001001",
            235_489,
            7,
            c.taken_at,
            c.taken_at.date(),
            "Asia/Shanghai",
            c.taken_at,
            "doctor",
            "冉医生",
            c.deci,
            [] if arrays else "{}",
            "visit",
            "done",
            "doctor",
            "冉医生",
            "person",
            ["medic"] if arrays else "{medic}",
            False,
            False,
            UUID(int=7),
            "",
        )
        for c in batch
    ]
    return [list(column) for column in zip(*rows, strict=True)]


_NAMES = """id, file_id, area, slot_no, day_no, taken_at, local_day, zone, recorded_at, recorded_by,
    recorded_by_name, deci, symptoms, channel, outcome, measured_by, measured_by_name, seen, roles, late,
    abnormal, payload_hash, correct_reason"""
_BARE = f"""
insert into observation_dailycheck ({_NAMES})
select t.id, file_id, area, slot_no, day_no, taken_at, local_day, zone, recorded_at, recorded_by,
    recorded_by_name, deci, symptoms::text[], channel, outcome, measured_by, measured_by_name, seen,
    roles::text[], late, abnormal, payload_hash, correct_reason
from unnest(%s::uuid[], %s::uuid[], %s::text[], %s::int[], %s::smallint[], %s::timestamptz[], %s::date[],
    %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::smallint[], %s::text[], %s::text[],
    %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bool[], %s::bool[], %s::uuid[],
    %s::text[])
as t ({_NAMES}) on conflict (id) do nothing
"""

if __name__ == "__main__":
    for row in run():
        print(row)
