"""二人批准 Requests that wait for a second person."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.accounts.actions import decide_approval
from shouwang.accounts.queries import ApprovalRow, approval, approvals
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.places import names
from shouwang.desk.words import APPROVAL_KINDS, APPROVAL_STATES
from shouwang.kernel.errors import Refused
from shouwang.observation.actions import decide_early_release
from shouwang.observation.queries import files_by_ids
from shouwang.people.queries import people_by_ids
from shouwang.policy.queries import revisions

EARLY = "observation.release-early"


@page("approval.decide")
def waiting(request: DeskRequest) -> HttpResponse:
    """What waits, and what was decided lately."""
    rows = approvals(request.sight, limit=200)
    files = files_by_ids(request.scope, [UUID(row.subject_id) for row in rows if row.subject_kind == "file"])
    people = {p.id: p for p in people_by_ids(request.scope, [f.person_id for f in files.values()])}
    about = {str(f.id): people.get(f.person_id) for f in files.values()}
    proposed = revisions(request.sight, state="proposed")
    context = {
        "waiting": [_line(request, row, about) for row in rows if row.state == "waiting"],
        "decided": [_line(request, row, about) for row in rows if row.state != "waiting"][:50],
        "proposed": [row for row in proposed if request.scope.allows("pack.approve", row.area)],
        "places": names(row.area for row in [*rows, *proposed]),
    }
    return render(request, "desk/approvals.html", context)


@act("approval.decide")
def decide(request: DeskRequest, approval_id: UUID) -> HttpResponse:
    """Decide as the second person; what was asked is then done at once, or never."""
    row = approval(request.sight, approval_id)
    approve = request.POST.get("decision") == "approve"
    note = request.POST.get("note", "")
    if row.kind == EARLY:
        decide_early_release(
            approval_id=row.id,
            approve=approve,
            scope=request.scope,
            by=request.actor,
            at=request.at,
            note=note,
        )
    else:
        if not request.scope.allows(row.permission, row.area):
            raise Refused("not-permitted")
        if approve:
            raise Refused("approval-kind-unknown")
        decide_approval(approval_id=row.id, approve=False, note=note, by=request.actor, at=request.at)
    messages.success(request, gettext("Approved and done.") if approve else gettext("Refused, and noted."))
    return redirect("approvals")


def _line(request: DeskRequest, row: ApprovalRow, about: dict[str, object]) -> tuple[object, ...]:
    mine = row.asked_by == request.actor.id
    lapsed = request.at >= row.expires_at
    return (
        row,
        APPROVAL_KINDS.get(row.kind, row.kind),
        about.get(row.subject_id),
        APPROVAL_STATES.get(row.state, row.state),
        mine,
        lapsed,
    )
