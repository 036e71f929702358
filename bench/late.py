"""Who is late, at a million open files and thirteen million checks, for a village and the district."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from django.db import connection

from bench.seed_observation import DISTRICT, NOW, VILLAGE
from bench.table import Row
from shouwang.kernel.scope import Grant, Scope
from shouwang.observation.queries import (
    duties,
    figures,
    figures_by_village,
    late_by_anti_join,
    late_count,
    late_disagreements,
    late_files,
)
from shouwang.observation.queries.proof import verify_checks


def run(*, prove: bool = True) -> list[Row]:
    """The rows of the table. The room must be seeded (`bench.seed_observation`)."""
    village, district = _scope(VILLAGE), _scope(DISTRICT)
    anti = late_by_anti_join(district, NOW)

    def bare() -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"select count(*) from ({anti.statement}) x", anti.params)
            return int(cursor.fetchone()[0])

    joined, joined_95 = _timed(bare, 3)
    whole, whole_95 = _timed(lambda: late_count(district, NOW, cap=None), 10)
    number = late_count(district, NOW, cap=None).number
    assert number == bare()
    ratio = whole / joined
    rows = [
        _row("late, a village: count", "< 10 ms", _timed(lambda: late_count(village, NOW), 40), 10),
        _row("late, a village: rows", "< 10 ms", _timed(lambda: late_files(village, NOW), 40), 10),
        Row(
            "late, the whole district",
            "<= 1.0 × anti-join",
            f"p50 {whole:.0f} ms, p95 {whole_95:.0f} ms",
            ratio <= 1,
            f"{ratio:.3f} of the anti-join (p50 {joined:,.0f}, p95 {joined_95:,.0f} ms), {number:,} late",
        ),
        _row("late, the district, capped at 10,000", "", _timed(lambda: late_count(district, NOW), 10)),
        _row("late, the district: first page", "", _timed(lambda: late_files(district, NOW), 5)),
        _row("duties, a village", "", _timed(lambda: duties(village, NOW), 20)),
        _row("duties, the district: first page", "", _timed(lambda: duties(district, NOW), 3)),
        _row("figures, a village", "", _timed(lambda: figures(village, NOW, zone="Asia/Shanghai"), 20)),
        _row("figures, the district", "", _timed(lambda: figures(district, NOW, zone="Asia/Shanghai"), 3)),
        _row("figures by village, the district", "", _timed(_by_village(district), 2)),
    ]
    return [*rows, *(_proof() if prove else [])]


def _proof() -> list[Row]:
    start = time.perf_counter()
    differ = late_disagreements(Scope.everything(), NOW)
    took = time.perf_counter() - start
    rows = [
        Row(
            "kept and anti-join agree on every file",
            "0 differ",
            f"{differ} differ",
            differ == 0,
            f"{took:.1f} s",
        )
    ]
    start = time.perf_counter()
    proved = verify_checks(NOW)
    wrong = [p.name for p in proved if not p.ok]
    took = time.perf_counter() - start
    return [*rows, Row("verify", "all hold", ", ".join(wrong) or "all hold", not wrong, f"{took:.1f} s")]


def _by_village(scope: Scope) -> Callable[[], object]:
    return lambda: figures_by_village(scope, NOW, zone="Asia/Shanghai")


def _scope(area: str) -> Scope:
    return Scope("bench", (Grant("bench", area, frozenset({"observation.view"})),))


def _row(job: str, reach: str, ms: tuple[float, float], most: float | None = None) -> Row:
    p50, p95 = ms
    return Row(job, reach, f"p50 {p50:.1f} ms, p95 {p95:.1f} ms", most is None or p95 < most)


def _timed(what: Callable[[], object], times: int) -> tuple[float, float]:
    """(p50, p95) in milliseconds, after one run to warm up."""
    what()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        what()
        taken.append((time.perf_counter() - start) * 1000)
    taken.sort()
    return statistics.median(taken), taken[min(len(taken) - 1, int(len(taken) * 0.95))]
