"""A list with full numbers leaves the house on two persons' word (ARCHITECTURE, Restrictions; LESSONS 3).

One asks, what was asked is frozen, another approves; then who asked may fetch one file, for a day.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.db import transaction

from shouwang.accounts.actions import ask_approval
from shouwang.accounts.queries import ApprovalRow, approval
from shouwang.kernel.actor import Actor
from shouwang.kernel.days import local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.ledgers.actions import FULL, Receipt, export_ledger
from shouwang.ledgers.definition import Filters
from shouwang.packs.schema import Pack, Sort
from shouwang.policy.queries import pack_in_force

KIND = "ledgers.export-full"
DECIDE = "approval.decide"
FETCHED_WITHIN = timedelta(days=1)
"""How long after the approval the file may be fetched; our choice."""


@transaction.atomic
def ask_full_export(
    *,
    scope: Scope,
    area: str,
    pack: Pack,
    code: str,
    as_of: datetime | None,
    filters: Filters,
    search: str,
    sort: tuple[Sort, ...] | None,
    purpose: str,
    by: Actor,
    at: datetime,
) -> UUID:
    """Ask a second person for a ledger with full numbers. Returns the request's id.

    Refuses `not-permitted`, `purpose-missing`, `export-in-full-searched` (a request must not carry a name that
    was searched for), `ledger-not-found`.
    """
    if not scope.allows(FULL, area):
        raise Refused("not-permitted", permission=FULL)
    if not purpose.strip():
        raise Refused("purpose-missing")
    if search.strip():
        raise Refused("export-in-full-searched")
    if code not in {book.code for book in pack.ledgers}:
        raise Refused("ledger-not-found")
    frozen = {
        "ledger": code,
        "as_of": as_of.isoformat() if as_of else None,
        "village": filters.village,
        "category": filters.category,
        "to_verify": filters.to_verify,
        "stage": filters.stage,
        "watched": filters.watched,
        "late": filters.late_at is not None,
        "sort": [[one.column, one.descending] for one in sort or ()],
    }
    return ask_approval(
        kind=KIND,
        permission=DECIDE,
        area=area,
        subject=("ledger", code),
        payload=frozen,
        reason=purpose,
        by=by,
        at=at,
    )


def may_fetch(row: ApprovalRow, by: Actor, at: datetime) -> bool:
    """Whether `by` asked for this export, another approved it, and its day is not over."""
    asked = row.kind == KIND and row.asked_by == by.id and row.state == "approved"
    return asked and row.decided_at is not None and at < row.decided_at + FETCHED_WITHIN


def take_full_export(*, approval_id: UUID, scope: Scope, out: Path, by: Actor, at: datetime) -> Receipt:
    """Write the file that was approved, once. Refuses `approval-not-found`, `export-not-approved`,
    `export-taken`, `not-permitted` and what `export_ledger` refuses."""
    row = approval(scope, approval_id)
    if not may_fetch(row, by, at):
        raise Refused("export-not-approved")
    asked = cast(dict[str, Any], row.payload)
    as_of = datetime.fromisoformat(asked["as_of"]) if asked["as_of"] else None
    _, pack = pack_in_force(scope, row.area, as_of or at)
    return export_ledger(
        scope=scope,
        pack=pack,
        code=asked["ledger"],
        on=local_day(as_of or at, pack.zone),
        out=out,
        by=by,
        at=at,
        as_of=as_of,
        area=row.area,
        filters=Filters(
            village=asked["village"],
            category=asked["category"],
            to_verify=asked["to_verify"],
            stage=asked["stage"],
            watched=asked["watched"],
            late_at=at if asked["late"] else None,
        ),
        sort=tuple(Sort(column=column, descending=descending) for column, descending in asked["sort"])
        or None,
        full=True,
        purpose=row.reason,
        approval_id=approval_id,
    )
