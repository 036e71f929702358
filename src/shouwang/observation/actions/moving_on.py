"""The person moves on: to a hospital, or into a file of another kind, because of something on record."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.kernel.actor import Actor
from shouwang.kernel.days import local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions.commands import PackOf
from shouwang.observation.actions.held import close_file, hold_file, note_event, schedule_of
from shouwang.observation.models import ObservationFile
from shouwang.observation.queries.standing import causes_of
from shouwang.observation.rules import must_be_event
from shouwang.packs.conditions import Context

MANAGE = "observation.manage"
_RELEASED = frozenset({ObservationFile.State.RELEASED, ObservationFile.State.RELEASED_EARLY})


@transaction.atomic
def move_on(
    *, file_id: UUID, event: str, to: str, reason: str, scope: Scope, pack_of: PackOf, by: Actor, at: datetime
) -> None:
    """End a watch by an event of the pack (`transfer`, `reopen`): the person went to `to`, a hospital.

    What the pack asks for must be on record: a test found positive, a check with symptoms. The file's event keeps
    in which stage and on which day it was found, and what was found, for whoever follows the case and its contacts.
    A file that was released may still reopen: then only the event is written.
    Refuses `destination-missing`, `reason-missing`, `event-without-cause`, `event-does-not-end`.
    """
    if not to.strip():
        raise Refused("destination-missing")
    row = hold_file(scope, MANAGE, file_id, must_be_open=False)
    pack = pack_of(row.revision_id)
    found = must_be_event(pack.protocol(row.protocol), event, {"transfer", "reopen"})
    is_open = row.state == ObservationFile.State.OPEN
    if not is_open and (found.effect != "reopen" or row.state not in _RELEASED):
        raise Refused("file-closed", state=row.state)
    ctx = Context.of(pack, local_day(at, row.zone))
    causes = causes_of(row.id, row.zone, found.when, ctx) if found.when is not None else []
    if not causes:
        raise Refused("event-without-cause", event=event)
    schedule = schedule_of(row)
    number = schedule.day_no(local_day(at, row.zone))
    if is_open:
        close_file(row, ObservationFile.State.TRANSFERRED, reason.strip(), at)
    note_event(
        row,
        "transferred",
        reason=reason,
        by=by,
        at=at,
        after={
            "event": event,
            "to": to.strip(),
            "stage": schedule.timetable.part(number).code,
            "day_no": number,
            "because": causes,
        },
    )


@transaction.atomic
def note_reopened(
    *, file_id: UUID, from_file: UUID, event: str, scope: Scope, by: Actor, at: datetime
) -> None:
    """Say of a file just opened that it goes on from another, by which event: counted as that, not as a new case."""
    row = hold_file(scope, MANAGE, file_id)
    note_event(
        row, "reopened", reason=event, by=by, at=at, before={"file": str(from_file)}, after={"event": event}
    )
