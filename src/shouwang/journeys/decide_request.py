"""A second person decides, and what was asked is done at once, in the same transaction, or never. (An export that
is approved is fetched by who asked for it, once.)

Crosses accounts and the room that asked: the one place that knows which action a kind of request stands for.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.accounts.actions import decide_approval
from shouwang.accounts.queries import approval
from shouwang.journeys.export_full import KIND as FULL_EXPORT
from shouwang.journeys.release_person import decide_release_early
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions.ending import EARLY

DECIDE = "approval.decide"


@transaction.atomic
def decide_request(
    *, approval_id: UUID, approve: bool, note: str, scope: Scope, by: Actor, at: datetime
) -> None:
    """Approve or refuse a request, whoever asked it; both rights are needed where it was asked.

    Refuses `approval-not-found`, `not-permitted`, `reason-missing` (refusing says why), what `decide_approval`
    refuses, `approval-kind-unknown` where nothing can be done with a yes, and what the action itself refuses.
    """
    asked = approval(scope, approval_id)
    for permission in (DECIDE, asked.permission):
        if not scope.allows(permission, asked.area):
            raise Refused("not-permitted", permission=permission)
    if not approve and not note.strip():
        raise Refused("reason-missing")
    if asked.kind == EARLY:
        decide_release_early(
            approval_id=approval_id, approve=approve, note=note.strip(), scope=scope, by=by, at=at
        )
        return
    if approve and asked.kind != FULL_EXPORT:
        raise Refused("approval-kind-unknown", kind=asked.kind)
    decide_approval(approval_id=approval_id, approve=approve, note=note.strip(), by=by, at=at)
