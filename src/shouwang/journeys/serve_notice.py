"""The notice of observation: what somebody is asked to do, on what ground, until when, and whom to turn to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journeys.paper_content import ISSUE, SUBJECT, file_for_paper, issue, notice, pledge, told_of
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.outreach.actions import revoke_paper
from shouwang.outreach.queries import paper
from shouwang.outreach.rules import PaperKind


@transaction.atomic
def issue_notice(*, file_id: UUID, scope: Scope, by: Actor, at: datetime) -> UUID:
    """Issue the notice of an open file; returns the paper's id. That it was served is recorded apart
    (`outreach.actions.record_served`).

    Refuses `file-not-found` (also out of scope), `not-permitted`, `file-closed`, `nothing-restricted` (advice
    needs no order), `paper-already-issued` (revoke the valid one first).
    """
    file = file_for_paper(scope, file_id, ISSUE)
    if file.state != "open":
        raise Refused("file-closed", state=file.state)
    if not file.restricts:
        raise Refused("nothing-restricted")
    told = told_of(file_id, at)
    return issue(notice(told), told, by=by, at=at)


@transaction.atomic
def issue_pledge(*, file_id: UUID, scope: Scope, by: Actor, at: datetime) -> UUID:
    """Issue the pledge form of an open file's household; returns the paper's id. Refuses as `issue_notice` does,
    but for `nothing-restricted`: whoever is only advised may promise too."""
    file = file_for_paper(scope, file_id, ISSUE)
    if file.state != "open":
        raise Refused("file-closed", state=file.state)
    told = told_of(file_id, at)
    return issue(pledge(told), told, by=by, at=at)


@transaction.atomic
def revoke(*, paper_id: UUID, scope: Scope, reason: str, by: Actor, at: datetime) -> None:
    """Revoke a paper in sight. Refuses `paper-not-found` (also out of scope), `not-permitted`, and the codes of
    `outreach.actions.revoke_paper`."""
    held = paper(scope, paper_id)
    if not scope.allows(ISSUE, held.area):
        raise Refused("not-permitted", permission=ISSUE)
    revoke_paper(paper_id=paper_id, reason=reason, by=by, at=at)


@transaction.atomic
def reissue(*, paper_id: UUID, scope: Scope, reason: str, by: Actor, at: datetime) -> UUID:
    """Revoke a notice or pledge and issue it anew as things stand now; returns the new paper's id.

    Refuses as `revoke` and `issue_notice` do, and `paper-not-reissued` for what is issued elsewhere: a certificate
    with the release, a door's notice with its village's.
    """
    held = paper(scope, paper_id)
    again = {PaperKind.NOTICE: issue_notice, PaperKind.PLEDGE: issue_pledge}.get(held.kind)
    if again is None or held.subject_kind != SUBJECT:
        raise Refused("paper-not-reissued")
    if held.revoked_at is None:
        revoke(paper_id=paper_id, scope=scope, reason=reason, by=by, at=at)
    return again(file_id=held.subject_id, scope=scope, by=by, at=at)
