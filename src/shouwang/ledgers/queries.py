"""Opening ledgers: rows by keyset, capped counts, exact totals, and what changed since."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from shouwang.kernel.scope import Scope
from shouwang.ledgers.changes import LedgerChange, LedgerChanges, ledger_changes
from shouwang.ledgers.definition import Asked, Book, Filters, cursor
from shouwang.ledgers.fetching import fetch
from shouwang.ledgers.models import ExportReceipt
from shouwang.ledgers.rows import LedgerRow, TripShown, rows_of, vocabulary
from shouwang.ledgers.watch import Watch
from shouwang.packs.conditions import Vocabulary
from shouwang.packs.schema import Pack, Sort

__all__ = [
    "Filters",
    "LedgerChange",
    "LedgerChanges",
    "LedgerPage",
    "LedgerRow",
    "LedgerTotals",
    "TripShown",
    "Watch",
    "all_rows",
    "ledger_changes",
    "ledger_totals",
    "open_ledger",
    "people_of",
]

COUNT_CAP = 10_000
CHUNK = 2_000
VIEW = "ledger.view"
WATCH = "observation.view"


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """A page of a ledger. `exact` False: at least `count` people."""

    rows: tuple[LedgerRow, ...]
    next: str | None
    count: int
    exact: bool
    vocabulary: Vocabulary = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class LedgerTotals:
    """Exact figures: people, and households with at least one of them."""

    people: int
    households: int


def open_ledger(
    scope: Scope,
    pack: Pack,
    code: str,
    *,
    on: date,
    as_of: datetime | None = None,
    area: str | None = None,
    origin: str | None = None,
    filters: Filters | None = None,
    search: str = "",
    sort: tuple[Sort, ...] | None = None,
    after: str | None = None,
    limit: int = 50,
) -> LedgerPage:
    """A page of a ledger. `on` is the local day its conditions are read on; `as_of` None: as things stand.

    `pack` is the revision in force at `as_of`. `origin` keeps people with a trip into that division. `sort`
    None is the pack's order; `after` the cursor of the page before. Refuses unknown codes and cursors.
    """
    asked = question(
        scope,
        pack,
        code,
        on=on,
        as_of=as_of,
        area=area,
        origin=origin,
        filters=filters,
        search=search,
        sort=sort,
    )
    found = fetch(*Book(asked).page(after, limit))
    counted = int(fetch(*Book(asked).capped_count(COUNT_CAP))[0][0])
    shown = found[:limit]
    rows = rows_of(asked, [row[0] for row in shown])
    return LedgerPage(
        rows=rows,
        next=cursor((*shown[-1][1:],)) if len(found) > limit else None,
        count=min(counted, COUNT_CAP),
        exact=counted <= COUNT_CAP,
        vocabulary=vocabulary(asked, rows),
    )


def all_rows(
    scope: Scope,
    pack: Pack,
    code: str,
    *,
    on: date,
    as_of: datetime | None = None,
    area: str | None = None,
    origin: str | None = None,
    filters: Filters | None = None,
    search: str = "",
    sort: tuple[Sort, ...] | None = None,
) -> Iterator[LedgerRow]:
    """Everyone in a ledger, in order, from one snapshot of who they are. For scripts and prints."""
    asked = question(
        *(scope, pack, code),
        on=on,
        as_of=as_of,
        area=area,
        origin=origin,
        filters=filters,
        search=search,
        sort=sort,
    )
    ids = [row[0] for row in fetch(*Book(asked).ids())]
    for start in range(0, len(ids), CHUNK):
        yield from rows_of(asked, ids[start : start + CHUNK])


def ledger_totals(
    scope: Scope,
    pack: Pack,
    code: str,
    *,
    on: date,
    as_of: datetime | None = None,
    area: str | None = None,
    origin: str | None = None,
    filters: Filters | None = None,
    search: str = "",
) -> LedgerTotals:
    """How many people and households stand in a ledger, exactly."""
    asked = question(
        scope, pack, code, on=on, as_of=as_of, area=area, origin=origin, filters=filters, search=search
    )
    people, households = fetch(*Book(asked).totals())[0]
    return LedgerTotals(people, households)


def people_of(
    scope: Scope,
    pack: Pack,
    code: str,
    *,
    on: date,
    as_of: datetime | None = None,
    area: str | None = None,
) -> list[tuple[UUID, str]]:
    """(id, area) of everyone in a ledger, by area: what a report counts, in one query and without names."""
    found = fetch(*Book(question(scope, pack, code, on=on, as_of=as_of, area=area)).people())
    return [(row[0], row[1]) for row in found]


def question(
    scope: Scope,
    pack: Pack,
    code: str,
    *,
    on: date,
    as_of: datetime | None = None,
    area: str | None = None,
    origin: str | None = None,
    filters: Filters | None = None,
    search: str = "",
    sort: tuple[Sort, ...] | None = None,
    permission: str = VIEW,
) -> Asked:
    """What is asked, within what `permission` allows this scope to see."""
    return Asked(
        pack=pack,
        code=code,
        areas=scope.areas_for(permission),
        on=on,
        as_of=as_of,
        area=area,
        origin=origin,
        filters=filters or Filters(),
        search=search,
        sort=sort,
        watch_areas=scope.areas_for(WATCH),
    )


def approvals_taken(ids: Collection[UUID]) -> set[UUID]:
    """Which of these approvals a file was taken on already. Unscoped: the caller holds the approvals."""
    rows = ExportReceipt.objects.unscoped("the caller holds the approvals").filter(approval_id__in=ids)
    return {taken for taken in rows.values_list("approval_id", flat=True) if taken is not None}
