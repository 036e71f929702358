"""Classified → watched over: everyone of a category with a protocol gets an observation file and an owner.

Crosses classification, policy, workforce and observation (ARCHITECTURE, The flow).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from shouwang.classification.queries import DecisionRow, facts_of, standings
from shouwang.kernel.actor import Actor
from shouwang.kernel.days import local_day
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import NewFile, open_files
from shouwang.observation.queries import EndedFile, discharges_of, ended_files
from shouwang.observation.rules import plan_file
from shouwang.observation.rules.plans import CLEAR
from shouwang.packs.classify import exempt, relevant
from shouwang.packs.conditions import Context, PersonFacts
from shouwang.packs.schema import Pack
from shouwang.people.queries import Home, homes_of
from shouwang.places.queries import zone_of
from shouwang.policy.queries import RevisionRow, pack_in_force
from shouwang.workforce.queries import owners_for


@dataclass(frozen=True, slots=True)
class Watched:
    """What came of it: files opened, people who have or had a file for the same cause, people the protocol
    exempts."""

    opened: tuple[UUID, ...] = ()
    already: int = 0
    exempt: int = 0


@transaction.atomic
def watch_over(*, people: Sequence[UUID], area: str, by: Actor, at: datetime) -> Watched:
    """Open a file for each of these people whose category has a protocol; others are left alone.

    The owner is the household's cadre where one is assigned, else the duty desk of the place: nobody
    under observation is ever without an owner (C4). Refuses `no-pack-in-force`.
    """
    everything = Scope.everything()
    revision, pack = pack_in_force(everything, area, at)
    found = {person: row for person, row in standings(everything, people).items() if row.category}
    facts = facts_of(everything, list(found), at)
    homes = homes_of(everything, list(found))
    owners = owners_for(everything, [home.household_id for home in homes.values()], area=area)
    left = discharges_of(everything, list(found))
    planner = _Planner(pack, revision, zone_of(area), at)
    over: dict[UUID, list[EndedFile]] = {}
    for ended in ended_files(everything, list(found)):
        over.setdefault(ended.person_id, []).append(ended)
    files: list[NewFile] = []
    done = 0
    freed = 0
    for person, decision in found.items():
        home = homes[person]
        days = tuple(row.discharged_on for row in left.get(person, ()))
        known = replace(facts[person], discharges=days)
        planned = planner.file(decision, known, home, owners[home.household_id])
        if isinstance(planned, NewFile):
            if any(_answers(file, planned) for file in over.get(person, ())):
                done += 1
            else:
                files.append(planned)
        freed += planned == "exempt"
    if not files:
        return Watched(already=done, exempt=freed)
    opened = open_files(files=files, by=by, at=at)
    return Watched(opened.files, len(opened.already) + done, freed)


def _answers(ended: EndedFile, planned: NewFile) -> bool:
    """Whether a file that is over was opened for what this one would be opened for: the same journey or exposure,
    or one before it. Only something later begins anew; a date as unknown as before is nothing later."""
    plan = planned.plan
    if ended.protocol != plan.protocol:
        return False
    if CLEAR not in (plan.anchor_known, ended.anchor_known):
        return True
    return plan.schedule.day_zero <= ended.day_zero


class _Planner:
    """Plans files under one revision at one instant."""

    def __init__(self, pack: Pack, revision: RevisionRow, zone: str, at: datetime) -> None:
        self.pack, self.revision, self.zone, self.at = pack, revision, zone, at
        self.context = Context.of(pack, on=local_day(at, zone))

    def file(
        self, decision: DecisionRow, facts: PersonFacts, home: Home, owner: UUID
    ) -> NewFile | Literal["exempt", "none"]:
        """The file this person needs, or why none: exempt by the pack, or a category without a protocol."""
        category = self.pack.category(str(decision.category))
        if category.protocol is None:
            return "none"
        if exempt(self.pack, category.protocol, facts, self.context) is not None:
            return "exempt"
        plan = plan_file(
            self.pack.protocol(category.protocol),
            relevant(category.when, facts, self.context),
            self.at,
            self.pack,
            zone=self.zone,
            evidence="；".join(decision.words),
            reason=category.title.text("zh-hans"),
        )
        return NewFile(
            person_id=home.person_id,
            area=home.area,
            owner_id=owner,
            plan=plan,
            pack_id=self.pack.id,
            revision_id=self.revision.id,
            category=category.code,
            household_id=home.household_id,
        )
