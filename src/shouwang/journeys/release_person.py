"""Somebody is released, and holds the certificate from the same moment (issue 2 §5).

Crosses observation and outreach: no release without its paper, no paper without the release.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.accounts.queries import approval
from shouwang.journeys.paper_content import ISSUE, certificate, file_for_paper, issue, told_of
from shouwang.kernel.actor import Actor
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import decide_early_release, release_file
from shouwang.policy.queries import pack_of

RELEASE = "observation.release"


@transaction.atomic
def release_with_certificate(*, file_id: UUID, scope: Scope, by: Actor, at: datetime) -> UUID:
    """Release by the rule and issue the certificate; returns the paper's id. Both or neither.

    Refuses `file-not-found` (also out of scope), `not-permitted` (needs `observation.release` and
    `paper.issue` at the file's place), `file-closed`, `release-refused` with the rule's reasons.
    """
    file_for_paper(scope, file_id, RELEASE, ISSUE)
    release_file(file_id=file_id, scope=scope, pack_of=pack_of, by=by, at=at)
    told = told_of(file_id, at)
    return issue(certificate(told, by=by, at=at), told, by=by, at=at)


@transaction.atomic
def decide_release_early(
    *, approval_id: UUID, approve: bool, scope: Scope, by: Actor, at: datetime, note: str = ""
) -> UUID | None:
    """Decide as the second person about an early release (`observation.actions.ask_early_release` asked).

    Approved, the file ends and the certificate is issued; its id is returned. The paper follows from the
    decision, so it needs no permission of its own. Refuses what `decide_early_release` refuses.
    """
    asked = approval(scope, approval_id)
    decide_early_release(approval_id=approval_id, approve=approve, scope=scope, by=by, at=at, note=note)
    if not approve:
        return None
    told = told_of(UUID(asked.subject_id), at)
    return issue(certificate(told, by=by, at=at), told, by=by, at=at)
