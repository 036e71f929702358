"""A doctor's round of 34 doors, and longer ones: pyvrp and without it, with how much longer than the shortest."""

from __future__ import annotations

import random

from bench.clock import milliseconds
from bench.table import Row
from shouwang.workforce.rules import Stop, plan_walk

LEAVE = 7 * 3600
CLINIC = (29.615, 105.615)
SIZES = (34, 60, 150)


def run() -> list[Row]:
    """Measured in one process; no database."""
    rows = []
    for doors in SIZES:
        stops = village(doors)
        for method in ("pyvrp", "search"):
            walk = plan_walk(stops, leave=LEAVE, start=CLINIC, method=method)  # type: ignore[arg-type]

            def again(method: str = method, stops: list[Stop] = stops) -> object:
                return plan_walk(stops, leave=LEAVE, start=CLINIC, method=method)  # type: ignore[arg-type]

            p50, p95 = milliseconds(again, times=10)
            rows.append(
                Row(
                    f"walking order, {doors} doors, {method}",
                    "34 doors under 500 ms" if doors == SIZES[0] else "",
                    f"p50 {p50:.0f} ms, p95 {p95:.0f} ms",
                    doors != SIZES[0] or p95 < 500,
                    f"at most {walk.gap_percent} % longer than the shortest there can be",
                )
            )
    return rows


def village(doors: int) -> list[Stop]:
    """Doors scattered over three kilometres of hills, always the same."""
    rng = random.Random(34)
    return [
        Stop(str(n), f"{n % 9 + 1}组{n}号", point=(29.6 + rng.random() * 0.03, 105.6 + rng.random() * 0.03))
        for n in range(doors)
    ]
