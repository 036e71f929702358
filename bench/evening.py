"""The evening of a district: the look before closing, the town's figures, the clears, tomorrow's count."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

from bench.seed_observation import DISTRICT, NOW
from bench.table import Row
from shouwang.kernel.scope import Scope
from shouwang.observation.queries import figures_by_village, planned_count
from shouwang.oversight.queries import gaps_by_area
from shouwang.oversight.rules import DAILY, GAPS, GapMoment
from shouwang.packs.load import builtin

SCOPE = Scope.everything("bench")
ZONE = "Asia/Shanghai"
DAY = date(2020, 2, 8)


def run() -> list[Row]:
    """Each reading three times, the best told."""
    moment = GapMoment(DISTRICT, DAY, ZONE, NOW, builtin("cn-2020-longsha"))
    daily = [gap.code for gap in DAILY]
    clears = [gap.code for gap in GAPS if gap.code != "chain-broken"]
    jobs: tuple[tuple[str, float, Callable[[], object]], ...] = (
        ("what is left, every daily kind, by village", 15.0, lambda: gaps_by_area(SCOPE, daily, moment)),
        ("every criterion of the clears, by village", 25.0, lambda: gaps_by_area(SCOPE, clears, moment)),
        ("tomorrow's count", 15.0, lambda: planned_count(SCOPE, DAY + timedelta(days=1), area=DISTRICT)),
        ("figures by village", 2.0, lambda: figures_by_village(SCOPE, NOW, zone=ZONE, area=DISTRICT)),
    )
    return [_timed(name, most, job) for name, most, job in jobs]


def _timed(name: str, most: float, job: Callable[[], object]) -> Row:
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        job()
        taken.append(time.perf_counter() - began)
    best = min(taken)
    return Row(name, f"{most:.0f} s", f"{best:.2f} s", best <= most)
