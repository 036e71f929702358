"""May this file be released now, and if not why not: asked before the button is pressed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shouwang.kernel.days import local_day
from shouwang.kernel.decision import Decision, Reason
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.models import ObservationFile
from shouwang.observation.queries.standing import standing_of
from shouwang.observation.queries.story import schedule_of_row
from shouwang.observation.queries.within import VIEW
from shouwang.observation.rules import ReleaseFacts, may_release
from shouwang.packs.conditions import Context
from shouwang.packs.schema import Pack


def release_verdict(scope: Scope, file_id: UUID, pack: Pack, at: datetime) -> Decision:
    """The answer of the release rule for a file in sight. `pack` is of the file's revision.

    Refuses `file-not-found`. A closed file answers no, `file-closed`.
    """
    row = ObservationFile.objects.within(scope, VIEW).filter(id=file_id).first()
    if row is None:
        raise Refused("file-not-found")
    if row.state != ObservationFile.State.OPEN:
        return Decision.no(Reason("file-closed"))
    standing = standing_of(row.id, schedule_of_row(row))
    facts = ReleaseFacts(
        day_zero=row.day_zero,
        last_day=row.ordered_last_day or row.planned_last_day,
        zone=row.zone,
        checks_done=standing.checks_done,
        last_abnormal=row.last_abnormal,
        open_alerts=standing.open_alerts,
        quorum_met=standing.quorum_met,
        tests_negative=standing.tests_negative,
        tests_awaited=standing.tests_awaited,
        tested_positive=standing.tested_positive,
    )
    context = Context.of(pack, local_day(at, row.zone))
    return may_release(pack.protocol(row.protocol), facts, context, at)
