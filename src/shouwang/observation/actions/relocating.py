"""A person moves: their open files follow, with the owner who answers there and the alarms still open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.models import Alert, FileEvent, HandOver, ObservationFile, TestDuty

MANAGE = "observation.manage"


@transaction.atomic
def move_files(
    *,
    person_ids: Sequence[UUID],
    area: str,
    household_id: UUID | None,
    owner: UUID,
    reason: str,
    scope: Scope,
    by: Actor,
    at: datetime,
) -> int:
    """Take the open files of these persons to `area`, with household and owner; returns how many.

    Checks and signatures stay where they were made. Each file keeps an event `relocated` and, where the owner
    changed, the hand-over. Refuses `reason-missing`, and `place-not-found` where this person may not manage
    files at both ends.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    rows = list(
        ObservationFile.objects.unscoped("asked below whether each is in this person's power")
        .select_for_update(no_key=True)
        .filter(person_id__in=person_ids, state=ObservationFile.State.OPEN)
        .order_by("id")
    )
    for place in (area, *(row.area for row in rows)):
        if not scope.allows(MANAGE, place):
            raise Refused("place-not-found", area=place)
    _keep(rows, area, household_id, owner, reason.strip(), by, at)
    ids = [row.id for row in rows]
    reached = "locked above, in this person's power"
    ObservationFile.objects.unscoped(reached).filter(id__in=ids).update(
        area=area, household_id=household_id, owner_id=owner
    )
    alerts = Alert.objects.unscoped(reached).filter(file_id__in=ids).exclude(state=Alert.State.CLOSED)
    alerts.update(area=area)
    TestDuty.objects.unscoped(reached).filter(file_id__in=ids).update(area=area)
    append_event(
        verb="observation.files.relocated",
        subject=("household", household_id) if household_id else ("area", area),
        area=area,
        by=by,
        at=at,
        payload={
            **{"count": len(rows), "files": ids[:500], "to": area, "reason": reason.strip()},
            **{"from": sorted({row.area for row in rows})},
        },
    )
    return len(rows)


def _keep(
    rows: Sequence[ObservationFile],
    area: str,
    household_id: UUID | None,
    owner: UUID,
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    """What stood on the files before, as events and hand-overs inside the caller's action."""
    FileEvent.objects.get_queryset().bulk_create(
        FileEvent(
            file_id=row.id,
            area=area,
            kind="relocated",
            before={"area": row.area, "household": _text(row.household_id), "owner": _text(row.owner_id)},
            after={"area": area, "household": _text(household_id), "owner": str(owner)},
            reason=reason,
            by_id=by.id,
            by_name=by.name,
            at=at,
        )
        for row in rows
    )
    HandOver.objects.get_queryset().bulk_create(
        HandOver(
            file_id=row.id,
            area=area,
            from_owner_id=row.owner_id,
            to_owner_id=owner,
            reason=reason,
            by_id=by.id,
            by_name=by.name,
            at=at,
        )
        for row in rows
        if row.owner_id not in (None, owner)
    )


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None
