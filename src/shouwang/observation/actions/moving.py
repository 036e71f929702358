"""Moving a file's end, its beginning, or its owner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from os.path import commonprefix
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.days import day_end
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions.commands import PackOf
from shouwang.observation.actions.held import hold_file, note_event, schedule_of
from shouwang.observation.actions.opening import keep_timetables
from shouwang.observation.actions.planning import plan_tests_anew
from shouwang.observation.models import HandOver, ObservationFile
from shouwang.observation.rules import Changed, extension, restart
from shouwang.packs.schema import Event, Protocol

MANAGE = "observation.manage"


@transaction.atomic
def extend_file(
    *,
    file_id: UUID,
    reason: str,
    scope: Scope,
    by: Actor,
    at: datetime,
    until: date | None = None,
    event: str = "",
    pack_of: PackOf | None = None,
) -> None:
    """Order a later end: `until` a local day, or by an `event` of the pack (`extend`, to its day).

    The planned end stays beside the ordered one. Refuses `not-an-extension`, `event-does-not-extend`,
    `reason-missing`.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    row = hold_file(scope, MANAGE, file_id)
    if event and pack_of is not None:
        found = _event(pack_of(row.revision_id).protocol(row.protocol), event)
        if found.effect != "extend" or found.until_day is None:
            raise Refused("event-does-not-extend", event=event)
        until = row.day_zero + timedelta(days=found.until_day)
    if until is None:
        raise Refused("end-missing")
    schedule = schedule_of(row)
    changed = extension(schedule, row.last_slot, until, at)
    row.ordered_last_day, row.ordered_reason = until, reason.strip()
    move_file(row, changed)
    note_event(
        row,
        "extended",
        reason=reason,
        by=by,
        at=at,
        before={"last_day": schedule.last_day.isoformat()},
        after={"last_day": until.isoformat(), "event": event},
    )


@transaction.atomic
def restart_file(
    *,
    file_id: UUID,
    event: str,
    on: date,
    reason: str,
    scope: Scope,
    pack_of: PackOf,
    by: Actor,
    at: datetime,
) -> None:
    """Count anew from the local day `on`, by an event of the pack (a new exposure). Checks stay."""
    row = hold_file(scope, MANAGE, file_id)
    pack = pack_of(row.revision_id)
    protocol = pack.protocol(row.protocol)
    schedule = schedule_of(row)
    again = _event(protocol, event)
    changed = restart(protocol, pack, schedule, row.last_slot, event=again, on=on, at=at)
    keep_timetables([changed.schedule.timetable])
    before = {"day_zero": row.day_zero.isoformat(), "last_day": schedule.last_day.isoformat()}
    row.day_zero, row.planned_last_day = on, changed.schedule.last_day
    row.ordered_last_day, row.ordered_reason, row.found_late = None, "", False
    row.timetable_id = changed.schedule.timetable.key
    move_file(row, changed)
    plan_tests_anew(row.id, row.area, changed.schedule, at)
    after = {"day_zero": on.isoformat(), "last_day": changed.schedule.last_day.isoformat(), "event": event}
    note_event(row, "restarted", reason=reason, by=by, at=at, before=before, after=after)


@transaction.atomic
def hand_over(
    *, file_ids: Sequence[UUID], to_owner: UUID, reason: str, scope: Scope, by: Actor, at: datetime
) -> int:
    """Pass open files to another worker, with one event; those who have them already stay. Returns how many.

    Refuses `reason-missing`, and `file-not-found` when any is out of sight, closed, or not in this
    person's power.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    rows = list(
        ObservationFile.objects.within(scope, MANAGE)
        .select_for_update(no_key=True)
        .filter(id__in=file_ids, state=ObservationFile.State.OPEN)
        .order_by("id")
    )
    if len(rows) != len(set(file_ids)):
        raise Refused("file-not-found")
    passed = [row for row in rows if row.owner_id != to_owner]
    if not passed:
        return 0
    HandOver.objects.get_queryset().bulk_create(
        HandOver(
            file_id=row.id,
            area=row.area,
            from_owner_id=row.owner_id or to_owner,
            to_owner_id=to_owner,
            reason=reason.strip(),
            by_id=by.id,
            by_name=by.name,
            at=at,
        )
        for row in passed
    )
    moved = ObservationFile.objects.unscoped("locked above, within the scope")
    moved.filter(id__in=[row.id for row in passed]).update(owner_id=to_owner)
    append_event(
        verb="observation.files.handed-over",
        subject=("worker", to_owner),
        area=commonprefix([row.area for row in passed]),  # noqa: RUF071 - of codes
        by=by,
        at=at,
        payload={"count": len(passed), "files": [row.id for row in passed[:500]]},
    )
    return len(passed)


def _event(protocol: Protocol, code: str) -> Event:
    for event in protocol.events:
        if event.code == code:
            return event
    raise Refused("pack-entry-missing", kind="event", entry=code)


def move_file(row: ObservationFile, changed: Changed) -> None:
    """Write the moved plan of a file that the caller holds; inside the caller's action."""
    due = changed.due
    row.first_slot = changed.schedule.first_slot
    row.next_slot, row.next_due_at = due.slot, due.at
    row.stage, row.next_channel = due.stage, due.channel
    if row.restricts:
        row.expires_at = day_end(changed.schedule.last_day, row.zone).astimezone(UTC)
    row.save(
        update_fields=[
            *("first_slot", "next_slot", "next_due_at", "stage", "next_channel", "expires_at", "day_zero"),
            *("planned_last_day", "ordered_last_day", "ordered_reason", "found_late", "timetable_id"),
        ]
    )
