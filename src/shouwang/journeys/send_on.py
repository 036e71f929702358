"""A person found goes to hospital; a convalescent found again goes on as re-positive, not as a new case.

Crosses observation, people, workforce and policy. Whoever had contact with them is asked in the room of cases,
from what `observation.queries.moved_on` tells.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journeys.bring_home import home_of, lives_at
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import NewFile, move_on, note_reopened, open_files
from shouwang.observation.queries import FileRow, files_by_ids
from shouwang.observation.rules import plan_file
from shouwang.packs.conditions import PersonFacts
from shouwang.places.queries import zone_of
from shouwang.policy.queries import pack_of
from shouwang.workforce.queries import owners_for


@transaction.atomic
def send_on(
    *, file_id: UUID, event: str, to: str, reason: str, scope: Scope, by: Actor, at: datetime
) -> UUID | None:
    """End a watch by an event of the pack; where the event reopens, the new file is returned.

    The home team answers for the new file while the person is in hospital. Refuses `file-not-found` and what
    `move_on` refuses.
    """
    file = files_by_ids(scope, [file_id]).get(file_id)
    if file is None:
        raise Refused("file-not-found")
    move_on(file_id=file_id, event=event, to=to, reason=reason, scope=scope, pack_of=pack_of, by=by, at=at)
    protocol = next(
        e.protocol for e in pack_of(file.revision_id).protocol(file.protocol).events if e.code == event
    )
    return _reopen(file, event, protocol, reason, by, at) if protocol else None


def _reopen(file: FileRow, event: str, protocol: str, reason: str, by: Actor, at: datetime) -> UUID:
    everything = Scope.everything()
    pack, area = pack_of(file.revision_id), home_of(file)
    plan = plan_file(
        pack.protocol(protocol),
        PersonFacts(area=area),
        at,
        pack,
        zone=zone_of(area),
        evidence=file.evidence,
        reason=reason,
    )
    new = NewFile(
        person_id=file.person_id,
        area=area,
        owner_id=owners_for(everything, [file.household_id], area=area)[file.household_id],
        plan=plan,
        pack_id=pack.id,
        revision_id=file.revision_id,
        category=file.category,
        household_id=file.household_id,
    )
    opened = open_files(files=[new], by=by, at=at)
    if not opened.files:
        raise Refused("file-open-already")
    if file.area != area:
        lives_at(file, file.household_id, area, reason, by, at)
    note_reopened(file_id=new.id, from_file=file.id, event=event, scope=everything, by=by, at=at)
    return new.id
