"""The notice of observation: what somebody is asked to do, on what ground, until when, and whom to turn to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journeys.paper_content import ISSUE, file_for_paper, issue, notice, told_of
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope


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
