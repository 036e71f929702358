"""A ledger page at a million people, as the village user and as the district user."""

from __future__ import annotations

from datetime import date

from bench.clock import milliseconds, queries
from bench.district import DISTRICT, VILLAGE
from bench.table import Row
from shouwang.accounts.rules import ROLES
from shouwang.kernel.scope import Grant, Scope
from shouwang.ledgers.queries import open_ledger
from shouwang.packs.load import builtin

DAY = date(2020, 2, 1)
REACH_MS, REACH_QUERIES, NOT_DEAD_MS = 100, 12, 3000


def run() -> list[Row]:
    """First and deep page of a village for both users, and the whole district unfiltered."""
    pack = builtin("cn-2020-longsha")
    users = {
        "village user": Scope("v", (_grant("village-cadre", VILLAGE),)),
        "district user": Scope("d", (_grant("district-commander", DISTRICT),)),
    }
    found = []
    for who, scope in users.items():
        first = open_ledger(scope, pack, "hubei", on=DAY, area=VILLAGE)
        for what, after in (("first", None), ("deep", first.next)):
            found.append(
                _measured(f"ledger page, {what}, village of a million, {who}", scope, after, VILLAGE)
            )
    found.append(
        _measured("ledger page, first, whole district, district user", users["district user"], None, None)
    )
    return found


def _measured(job: str, scope: Scope, after: str | None, area: str | None) -> Row:
    pack = builtin("cn-2020-longsha")

    def call() -> object:
        return open_ledger(scope, pack, "hubei", on=DAY, area=area, after=after)

    p50, p95 = milliseconds(call, 40 if area else 8)
    asked = queries(call)
    limit = REACH_MS if area else NOT_DEAD_MS
    return Row(
        job=job,
        reach=f"p95 < {limit} ms, <= {REACH_QUERIES} queries",
        measured=f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, {asked} queries",
        ok=p95 < limit and asked <= REACH_QUERIES,
    )


def _grant(role: str, area: str) -> Grant:
    return Grant(role, area, ROLES[role].permissions)
