"""Responsibility in a district of a million: orphans of 250,000 households, the table, one chain."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from django.db import connection, transaction

from bench.district import AT, DISTRICT, VILLAGE
from bench.table import Row
from shouwang.journeys.prove_chains import orphans
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.scope import Grant, Scope
from shouwang.places.queries import subtree
from shouwang.policy.actions import adopt_builtin
from shouwang.workforce.actions import NewHead, NewWorker, appoint_heads, enlist_workers
from shouwang.workforce.queries import chain_of, posts, vacant_posts


def run() -> list[Row]:
    """The rows of the table; what they need is written and taken back."""
    with transaction.atomic():
        rows = _measured()
        transaction.set_rollback(True)
    return rows


def _measured() -> list[Row]:
    everything = Scope.everything("bench")
    adopt_builtin(pack_id="cn-2020-longsha", area=DISTRICT, by=SYSTEM, at=AT)
    villages = [place.path for place in subtree(everything, DISTRICT, level="village")]
    alone = _timed(lambda: orphans(everything, "household", AT, area=DISTRICT, limit=51), 5)
    found = len(orphans(everything, "household", AT, area=DISTRICT, limit=51))
    heads = [NewWorker(path, f"书记{n}", ("village-secretary",)) for n, path in enumerate(villages)]
    heads.append(NewWorker(DISTRICT, "指挥长", ("district-head",)))
    enlist_workers(workers=heads, area=DISTRICT, by=SYSTEM, at=AT)
    named = [NewHead(w.area, "chain", w.kinds[0], w.id) for w in heads[:-1]]
    _name_district(heads[-1])
    appoint_heads(heads=named, reason="", by=SYSTEM, at=AT)
    with connection.cursor() as cursor:
        cursor.execute("analyze workforce_assignment; analyze workforce_worker")
    village = Scope("village", (Grant("village-doctor", VILLAGE, frozenset({"*"})),))
    assert not orphans(everything, "household", AT, area=DISTRICT)
    return [
        _row("orphans, the district all alone: first page", alone, f"{found} shown"),
        _row("orphans, the district: none", _timed(lambda: orphans(everything, "household", AT), 5)),
        _row("orphans, a village: none", _timed(lambda: orphans(village, "household", AT), 20)),
        _row("table of responsibility: first page", _timed(lambda: posts(everything, AT), 10)),
        _row("posts vacant, the district", _timed(lambda: vacant_posts(everything, AT), 5)),
        _row("chain of one place", _timed(lambda: chain_of(village, "place", VILLAGE, AT), 20)),
    ]


def _name_district(head: NewWorker) -> None:
    """The district's place is made where seeding left it out, and gets its head."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into places_place (id, code, path, name, level, kind, zone) values (gen_random_uuid(), %s,"
            " %s, '区', 'county', 'official', 'Asia/Shanghai') on conflict do nothing",
            [DISTRICT, DISTRICT],
        )
    appoint_heads(heads=[NewHead(DISTRICT, "chain", "district-head", head.id)], reason="", by=SYSTEM, at=AT)


def _timed(work: Callable[[], object], times: int) -> tuple[float, float]:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took), max(took)


def _row(job: str, measured: tuple[float, float], note: str = "") -> Row:
    return Row(job, "", f"p50 {measured[0]:,.0f} ms, most {measured[1]:,.0f} ms", True, note)
