"""Ending a file: by the rule, early by two persons, or because the person is no longer here to watch."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.accounts.actions import ask_approval, decide_approval
from shouwang.accounts.queries import approval, is_asked
from shouwang.kernel.actor import Actor
from shouwang.kernel.days import local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions.commands import PackOf
from shouwang.observation.actions.held import (
    close_file,
    codes,
    hold_file,
    note_event,
    release_facts,
    told,
)
from shouwang.observation.models import ObservationFile
from shouwang.observation.rules import may_release, may_release_early
from shouwang.packs.conditions import Context

EARLY = "observation.release-early"
ENDINGS = frozenset({"transferred", "moved", "cancelled", "died"})


@transaction.atomic
def release_file(*, file_id: UUID, scope: Scope, pack_of: PackOf, by: Actor, at: datetime) -> None:
    """Release somebody whose time is over, when the rule allows.

    Refuses `release-refused` with the codes of the rule's reasons, and what `hold_file` refuses.
    """
    row = hold_file(scope, "observation.release", file_id)
    pack = pack_of(row.revision_id)
    ctx = Context.of(pack, local_day(at, row.zone))
    decision = may_release(pack.protocol(row.protocol), release_facts(row), ctx, at)
    if not decision:
        raise Refused("release-refused", reasons=codes(decision.reasons), file=str(file_id))
    close_file(row, ObservationFile.State.RELEASED, "by-rule", at)
    note_event(row, "released", reason="by-rule", by=by, at=at, decision=told(decision, row.revision_id))


@transaction.atomic
def ask_early_release(*, file_id: UUID, reason: str, scope: Scope, by: Actor, at: datetime) -> UUID:
    """Ask for a release before the last day; frozen, for somebody else to decide. Returns the request.

    Refuses `already-asked` while another such request waits, and what `hold_file` refuses.
    """
    row = hold_file(scope, EARLY, file_id)
    if is_asked(scope, EARLY, ("file", row.id), at):
        raise Refused("already-asked")
    return ask_approval(
        kind=EARLY,
        permission=EARLY,
        area=row.area,
        subject=("file", row.id),
        payload=_frozen(row),
        reason=reason,
        by=by,
        at=at,
    )


@transaction.atomic
def decide_early_release(
    *, approval_id: UUID, approve: bool, scope: Scope, by: Actor, at: datetime, note: str = ""
) -> None:
    """Decide, as the second person, about an early release; approved, the file ends at once.

    Refuses `approval-not-found`, `not-permitted`, `second-person-needed`, `payload-outdated` (the file
    changed since), `release-refused` (an open alert, an abnormal last check).
    """
    asked = approval(scope, approval_id)
    if asked.kind != EARLY:
        raise Refused("approval-not-found")
    if not scope.allows(EARLY, asked.area):
        raise Refused("not-permitted", permission=EARLY)
    frozen = decide_approval(approval_id=approval_id, approve=approve, note=note, by=by, at=at)
    if not approve:
        return
    row = hold_file(scope, EARLY, UUID(str(frozen["file"])))
    if _frozen(row) != dict(frozen):
        raise Refused("payload-outdated")
    decision = may_release_early(
        release_facts(row), asked_by=asked.asked_by, decided_by=by.id, reason=asked.reason
    )
    if not decision:
        raise Refused("release-refused", reasons=codes(decision.reasons), file=str(row.id))
    close_file(row, ObservationFile.State.RELEASED_EARLY, asked.reason, at)
    note_event(
        row,
        "released-early",
        reason=asked.reason,
        by=by,
        at=at,
        before={"last_day": frozen["last_day"]},
        after={"approval": str(approval_id), "asked_by": asked.asked_by_name},
        decision=told(decision, row.revision_id),
    )


@transaction.atomic
def end_file(*, file_id: UUID, state: str, reason: str, scope: Scope, by: Actor, at: datetime) -> None:
    """End a file for a cause outside the rule: `transferred`, `moved`, `cancelled`, `died`, with a reason.

    Refuses `ending-unknown`, `reason-missing`.
    """
    if state not in ENDINGS:
        raise Refused("ending-unknown", state=state)
    if not reason.strip():
        raise Refused("reason-missing")
    row = hold_file(scope, "observation.manage", file_id)
    close_file(row, state, reason.strip(), at)
    note_event(row, state, reason=reason, by=by, at=at)


def _frozen(row: ObservationFile) -> dict[str, object]:
    return {
        "file": str(row.id),
        "person": str(row.person_id),
        "protocol": row.protocol,
        "day_zero": row.day_zero.isoformat(),
        "last_day": (row.ordered_last_day or row.planned_last_day).isoformat(),
    }
