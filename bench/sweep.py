"""Seven days of a district's round, and a month: how fast visits are taken in, and the district's page meanwhile."""

from __future__ import annotations

import multiprocessing
import os
import statistics
import time
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection

from bench.seed_sweep import DISTRICT, OPENED, Size, doors_by_number, named_people, seed, smaller, visits
from bench.table import Row

CALL = 5000
MONTH = 2_130_000
PAGES = 60


def run() -> list[Row]:
    """Load the first round, measure pages while papers come in; a second and third round to a month's size."""
    size = smaller(int(os.environ.get("SHOUWANG_BENCH_SCALE", "1")))
    start = time.perf_counter()
    seed(size)
    seeded = time.perf_counter() - start
    sweep, took = _timed(lambda: _open(1))
    loaded = _load(sweep, size)
    rows = [
        Row(
            "open a round",
            "< 60 s",
            f"{took:.1f} s",
            took < 60,
            f"{size.doors:,} doors; seeded in {seeded:.0f} s",
        ),
        Row(
            "7 days of visits, 5,000 a call",
            "< 1 h",
            f"{loaded:.0f} s",
            loaded < 3600,
            f"{size.doors:,} visits, {size.person_visits:,} people met: {size.doors / loaded:,.0f} visits/s",
        ),
        _page("district page while papers of 25 doors arrive", sweep, size),
    ]
    told = size.person_visits
    scale = size.doors / 357_316
    number = 2
    while told < MONTH * scale:
        _close(sweep, number)
        sweep = _open(number)
        _load(sweep, size, number)
        told += size.person_visits
        number += 1
    rows.append(_page(f"the same after {told:,} people met in {number - 1} rounds", sweep, size, number))
    return [*rows, *_proof(sweep)]


def _open(number: int) -> UUID:
    from shouwang.kernel.actor import SYSTEM
    from shouwang.kernel.scope import Scope
    from shouwang.screening.actions import begin_sweep

    at = OPENED + timedelta(days=10 * (number - 1))
    return begin_sweep(area=DISTRICT, due_on=date(2020, 3, 31), scope=Scope.everything(), by=SYSTEM, at=at)


def _close(sweep: UUID, number: int) -> None:
    from shouwang.kernel.actor import SYSTEM
    from shouwang.kernel.scope import Scope
    from shouwang.screening.actions import close_sweep

    at = OPENED + timedelta(days=10 * (number - 1) - 1)
    close_sweep(sweep_id=sweep, scope=Scope.everything(), by=SYSTEM, at=at)


def _load(sweep: UUID, size: Size, number: int = 1) -> float:
    """Seconds for all visits of seven days through the action."""
    from shouwang.kernel.actor import SYSTEM
    from shouwang.kernel.scope import Scope
    from shouwang.screening.actions import record_visits

    shift = timedelta(days=10 * (number - 1))
    doors = doors_by_number(sweep)
    flow = (_later(visit, shift) for visit in visits(size, doors))
    start = time.perf_counter()
    while batch := list(islice(flow, CALL)):
        receipts = record_visits(
            sweep_id=sweep,
            visits=batch,
            scope=Scope.everything(),
            by=SYSTEM,
            at=OPENED + shift + timedelta(days=8),
        )
        if any(receipt.code for receipt in receipts):
            raise AssertionError(next(receipt for receipt in receipts if receipt.code))
    with connection.cursor() as cursor:
        cursor.execute(
            "analyze screening_doorvisit; analyze screening_sweepdoor; analyze screening_sweepperson"
        )
    return time.perf_counter() - start


def _later(visit: Any, shift: timedelta) -> Any:
    from dataclasses import replace

    return replace(visit, visited_at=visit.visited_at + shift) if shift else visit


def _page(job: str, sweep: UUID, size: Size, number: int = 1) -> Row:
    """The district commander's page, asked for again and again, while another process records papers."""
    spawn = multiprocessing.get_context("spawn")
    stop, told = spawn.Event(), spawn.Queue()
    at = OPENED + timedelta(days=10 * (number - 1) + 8, hours=1)
    writer = spawn.Process(target=_write, args=(sweep, size, at, stop, told))
    writer.start()
    told.get(timeout=60)
    ms, asked = _ask(sweep, at)
    stop.set()
    papers = told.get(timeout=300)
    writer.join()
    p50, p95 = statistics.median(ms), sorted(ms)[int(len(ms) * 0.95)]
    note = f"{asked} queries; {papers} papers of 25 doors came in meanwhile"
    return Row(job, "p95 < 300 ms", f"p50 {p50:.0f} ms, p95 {p95:.0f} ms", p95 < 300, note)


def _ask(sweep: UUID, at: Any) -> tuple[list[float], int]:
    from django.conf import settings
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from shouwang.accounts.actions import create_user, grant_role
    from shouwang.accounts.models import User
    from shouwang.kernel.actor import SYSTEM

    settings.ALLOWED_HOSTS, settings.REQUIRE_MFA, settings.CLOCK = ["*"], False, _Clock(at)
    user = User.objects.filter(username="commander").first()
    if user is None:
        user = create_user(
            username="commander", name="指挥长", password=os.urandom(9).hex(), by=SYSTEM, at=OPENED
        )
        grant_role(user_id=user.id, role="district-commander", area=DISTRICT, by=SYSTEM, at=OPENED)
    client = Client()
    client.force_login(user)
    address = f"/sweeps/{sweep}/"
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    asked, ms = len(queries), []
    for _ in range(PAGES):
        start = time.perf_counter()
        assert client.get(address).status_code == 200
        ms.append((time.perf_counter() - start) * 1000)
    return ms, asked


class _Clock:
    def __init__(self, at: Any) -> None:
        self._at = at

    def now(self) -> Any:
        return self._at


def _write(sweep: UUID, size: Size, at: Any, stop: Any, told: Any) -> None:
    """Record papers of 25 doors, one after another, until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.config.settings")
    import django

    django.setup()
    from shouwang.kernel.actor import Actor
    from shouwang.kernel.ids import uuid7
    from shouwang.kernel.scope import Scope
    from shouwang.screening.actions import NewVisit, record_visits

    doors = doors_by_number(sweep)
    numbers: Sequence[int] = sorted(doors)
    papers = 0
    told.put("ready")
    while not stop.is_set():
        first = papers * 7919 % max(1, len(numbers) - 25)
        paper = [
            NewVisit(uuid7(), doors[n], at - timedelta(hours=1), "met", 3, named_people(size, n))
            for n in numbers[first : first + 25]
        ]
        record_visits(
            sweep_id=sweep, visits=paper, scope=Scope.everything(), by=Actor("clerk", "冉晓梅"), at=at
        )
        papers += 1
    told.put(papers)


def _proof(sweep: UUID) -> list[Row]:
    from shouwang.kernel.actor import SYSTEM
    from shouwang.screening.actions import rebuild_sweep
    from shouwang.screening.queries import verify_sweeps

    proofs, took = _timed(verify_sweeps)
    wrong = [proof.name for proof in proofs if not proof.ok]
    _, again = _timed(lambda: rebuild_sweep(sweep_id=sweep, by=SYSTEM, at=OPENED + timedelta(days=60)))
    return [
        Row(
            "verify the counters of all rounds",
            "all hold",
            ", ".join(wrong) or "all hold",
            not wrong,
            f"{took:.1f} s",
        ),
        Row("count a round again", "", f"{again:.1f} s", True),
    ]


def _timed(what: Any) -> tuple[Any, float]:
    start = time.perf_counter()
    found = what()
    return found, time.perf_counter() - start
