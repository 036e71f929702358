"""电话 Call lists: putting people on one, and taking a call so that nobody else rings that number meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from shouwang.journal.actions import append_event
from shouwang.journal.scoped import within_areas
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.people.queries import homes_of, people_sharing_telephone
from shouwang.screening.actions.reaching import RECORD
from shouwang.screening.actions.reaching_appointments import held_reach
from shouwang.screening.actions.reaching_open import NewReach, open_reaches
from shouwang.screening.models import Reach

OWN = "the row was reached through scope"
CLAIM = timedelta(minutes=20)
"""How long a call that was taken is kept for the one who took it: our choice, longer than any script."""


@transaction.atomic
def list_calls(
    *,
    people: Sequence[UUID],
    purpose: str,
    script: str,
    due_at: datetime,
    area: str,
    scope: Scope,
    by: Actor,
    at: datetime,
) -> int:
    """Put these people on the call list; who is on it for this purpose stays as they are. How many are new.

    People out of sight are left out. Refuses `not-permitted`.
    """
    if not scope.allows(RECORD, area):
        raise Refused("not-permitted")
    homes = homes_of(scope.narrowed(area), people)
    wanted = [
        NewReach(home.area, "person", home.person_id, purpose, "phone", due_at, home.household_id, script)
        for home in homes.values()
    ]
    new = open_reaches(wanted=wanted, at=at)
    append_event(
        verb="screening.calls.listed",
        subject=("area", area),
        area=area,
        by=by,
        at=at,
        payload={"script": script, "people": len(homes), "new": new, "due": due_at},
    )
    return new


@transaction.atomic
def take_call(*, reach_id: UUID, scope: Scope, by: Actor, at: datetime) -> None:
    """Keep a call for oneself for a while: nobody else is given it, nor anybody with the same number or door.

    Refuses `reach-not-found`, `not-permitted`, `call-taken` (with `name`, who has it).
    """
    held_reach(scope, reach_id)
    _take(reach_id, by, at)


@transaction.atomic
def take_next_call(
    *, scope: Scope, by: Actor, at: datetime, area: str = "", purpose: str = ""
) -> UUID | None:
    """Take the most pressing call in sight that nobody has; the one already taken first. None: none is left."""
    areas = scope.narrowed(area).areas_for(RECORD)
    open_calls = Reach.objects.unscoped(OWN).filter(
        within_areas(areas), state="open", next_channel="phone", subject_kind__in=("person", "household")
    )
    if purpose:
        open_calls = open_calls.filter(purpose=purpose)
    mine = open_calls.filter(claimed_by_id=by.id, claim_until__gt=at).order_by("next_due_at", "id").first()
    if mine is not None:
        _take(mine.id, by, at)
        return mine.id
    free = open_calls.filter(Q(claim_until__isnull=True) | Q(claim_until__lte=at))
    for reach_id in free.order_by("next_due_at", "id").values_list("id", flat=True)[:20]:
        try:
            with transaction.atomic():
                _take(reach_id, by, at)
        except Refused:
            continue  # somebody else took it, or speaks with that number just now
        return reach_id
    return None


@transaction.atomic
def leave_call(*, reach_id: UUID, scope: Scope, by: Actor, at: datetime) -> None:
    """Give back a call that was taken and not made. Refuses `reach-not-found`, `not-permitted`."""
    row = held_reach(scope, reach_id)
    if row.claimed_by_id == by.id:
        Reach.objects.unscoped(OWN).filter(id=reach_id).update(
            claimed_by_id="", claimed_by_name="", claim_until=None
        )
    append_event(verb="screening.call.left", subject=("reach", reach_id), area=row.area, by=by, at=at)


def _take(reach_id: UUID, by: Actor, at: datetime) -> None:
    """The rows of everybody with the same number or door are locked in the order of their ids, so that of two
    callers who reach for one number at one instant the second waits, and is refused."""
    row = Reach.objects.unscoped(OWN).get(id=reach_id)
    alike = Q(id=row.id)
    if row.household_id is not None:
        alike |= Q(household_id=row.household_id)
    if row.subject_kind == "person":
        sharing = people_sharing_telephone(Scope.everything(), row.subject_id)
        alike |= Q(subject_kind="person", subject_id__in=sharing)
    held = list(Reach.objects.unscoped(OWN).filter(alike).order_by("id").select_for_update())
    for other in held:
        if other.claim_until is not None and other.claim_until > at and other.claimed_by_id != by.id:
            raise Refused("call-taken", name=other.claimed_by_name)
    Reach.objects.unscoped(OWN).filter(id=reach_id).update(
        claimed_by_id=by.id, claimed_by_name=by.name, claim_until=at + CLAIM
    )
    append_event(
        verb="screening.call.taken",
        subject=(row.subject_kind, row.subject_id),
        area=row.area,
        by=by,
        at=at,
        payload={"purpose": row.purpose},
    )
