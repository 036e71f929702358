"""A revision is adopted → everyone of the place is classified again, in the same transaction (issue 2 §4)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journeys.reclassify import Reclassified, reclassify
from shouwang.kernel.actor import Actor
from shouwang.policy.actions import adopt_revision, approve_revision


@transaction.atomic
def adopt_pack(*, revision_id: UUID, by: Actor, at: datetime) -> Reclassified:
    """Approve a proposed revision as the second person, put it in force now, reclassify everyone.

    Whoever is newly found is watched over. Refuses what `approve_revision` and `adopt_revision` refuse;
    then nothing of it was done.
    """
    approve_revision(revision_id=revision_id, by=by, at=at)
    adopted = adopt_revision(revision_id=revision_id, by=by, at=at)
    return reclassify(area=adopted.area, by=by, at=at)
