"""Measuring: percentiles of a call in the server, queries, memory."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def milliseconds(call: Callable[[], object], times: int = 40) -> tuple[float, float]:
    """(p50, p95) of a call, warmed once."""
    call()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        call()
        taken.append((time.perf_counter() - started) * 1000)
    taken.sort()
    return taken[len(taken) // 2], taken[int(len(taken) * 0.95)]


def seconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def queries(call: Callable[[], object]) -> int:
    """How many queries a call makes."""
    with CaptureQueriesContext(connection) as seen:
        call()
    return len(seen)


def megabytes() -> int:
    """The most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
