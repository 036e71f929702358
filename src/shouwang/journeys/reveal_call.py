"""Whoever has a call to make sees the number to ring: of that call, while it is theirs, and it is journalled (A7, A8).

Crosses screening (whose call it is) and people (the number). A village cadre sees numbers masked everywhere else.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.people.actions import reveal_telephones
from shouwang.people.queries import household, person
from shouwang.screening.queries import ReachRow, reach

RECORD = "reach.record"


def number_of_call(*, reach_id: UUID, scope: Scope, by: Actor, at: datetime) -> tuple[tuple[str, str], ...]:
    """(name, full telephone) of whom one's own claimed call is to: the person, or who lives in the household.

    Refuses `reach-not-found` (also out of sight), `not-permitted`, `call-not-yours` (nobody's, somebody else's,
    no longer held, or not a call).
    """
    row = reach(scope, reach_id)
    if not scope.allows(RECORD, row.area):
        raise Refused("not-permitted", permission=RECORD)
    if not is_my_call(row, by, at):
        raise Refused("call-not-yours")
    people = _people(scope, row)
    return reveal_telephones(
        people=people, call=str(row.id), purpose=row.purpose, area=row.area, by=by, at=at
    )


def is_my_call(row: ReachRow, by: Actor, at: datetime) -> bool:
    """Whether this is a call that is still to be made, and that this person holds just now."""
    return (
        row.state == "open"
        and row.next_channel == "phone"
        and row.subject_kind in ("person", "household")
        and row.is_taken(at)
        and row.claimed_by_id == by.id
    )


def _people(scope: Scope, row: ReachRow) -> dict[UUID, str]:
    if row.subject_kind == "person":
        return {row.subject_id: person(scope, row.subject_id).name}
    return {member.id: member.name for member in household(scope, row.subject_id).members}
