"""A household goes to live elsewhere: its people, their open files, a team there, and an owner who answers.

Crosses people, observation and workforce, in one transaction: at no moment does a duty stand in a village
without its person, or a person under observation without an owner.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shouwang.journeys.staff_households import household_role_set
from shouwang.kernel.actor import Actor
from shouwang.kernel.areas import town_of
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import move_files
from shouwang.people.actions import NewHousehold, add_household, move_person
from shouwang.people.queries import HouseholdRow, household
from shouwang.places.queries import place_by_path
from shouwang.places.rules import address_key
from shouwang.policy.queries import pack_in_force
from shouwang.workforce.actions import NewAssignment, assign_many, end_assignment
from shouwang.workforce.queries import owners_for, staffing_candidates, team_of
from shouwang.workforce.rules import Target, propose_teams


@dataclass(frozen=True, slots=True)
class Moved:
    """The household where it lives now, how many people and open files went there, who answers for them."""

    household_id: UUID
    people: int
    files: int
    owner: UUID


@transaction.atomic
def move_household(
    *,
    household_id: UUID,
    area: str,
    address: str,
    since: date | None,
    reason: str,
    scope: Scope,
    by: Actor,
    at: datetime,
) -> Moved:
    """Move everybody of a household to a door in the village `area`; where they lived stays as history.

    Refuses `household-not-found`, `place-unknown` (also where this person may not move people to),
    `already-there`, `reason-missing`, `no-pack-in-force`.
    """
    home = household(scope, household_id)
    if not home.members or not scope.allows("person.edit", home.area):
        raise Refused("household-not-found")
    if not reason.strip():
        raise Refused("reason-missing")
    if not scope.allows("person.edit", area) or place_by_path(Scope.everything(), area) is None:
        raise Refused("place-unknown", place=area)
    if area == home.area:
        raise Refused("already-there")
    fresh = NewHousehold(
        area=area,
        address=address.strip(),
        address_key=address_key("", address.strip()),
        head_name=home.head_name,
    )
    add_household(household=fresh, by=by, at=at)
    for member in home.members:
        move_person(
            person_id=member.id,
            household_id=fresh.id,
            area=area,
            since=since,
            reason=reason.strip(),
            by=by,
            at=at,
        )
    owner = _team_there(home, fresh.id, area, reason, scope, by, at)
    files = move_files(
        person_ids=[member.id for member in home.members],
        area=area,
        household_id=fresh.id,
        owner=owner,
        reason=reason,
        scope=scope,
        by=by,
        at=at,
    )
    return Moved(fresh.id, len(home.members), files, owner)


def _team_there(
    home: HouseholdRow, fresh: UUID, area: str, reason: str, scope: Scope, by: Actor, at: datetime
) -> UUID:
    """End the team at the old door; where there was one, put one to the new door. Who answers now."""
    old = team_of(Scope.everything(), "household", home.id)
    for member in old:
        end_assignment(assignment_id=member.assignment_id, reason=reason, by=by, at=at)
    if old:
        _, pack = pack_in_force(scope, area, at)
        role_set = household_role_set(pack)
        codes = [role.code for role in role_set.roles]
        near = staffing_candidates(Scope.everything(), roles=codes, area=town_of(area))
        proposal = propose_teams(role_set, [Target(str(fresh), area)], near)
        slots = [
            NewAssignment(area, slot.worker, role_set.code, slot.role, "household", slot.target)
            for slot in proposal.slots
        ]
        assign_many(assignments=slots, area=area, by=by, at=at)
    return owners_for(Scope.everything(), [fresh], area=area)[fresh]
