"""Classified → watched over: everyone of a category with a protocol gets an observation file and an owner.

Crosses classification, policy, workforce and observation (ARCHITECTURE, The flow).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import transaction

from shouwang.classification.queries import DecisionRow, facts_of, standings
from shouwang.kernel.actor import Actor
from shouwang.kernel.days import local_day
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import NewFile, open_files, reanchor_file
from shouwang.observation.queries import AnchoredFile, EndedFile, anchored_files, discharges_of, ended_files
from shouwang.observation.rules import FilePlan, plan_file
from shouwang.observation.rules.plans import CLEAR
from shouwang.packs.classify import exempt, relevant
from shouwang.packs.conditions import Context, PersonFacts
from shouwang.packs.schema import Pack
from shouwang.people.queries import Home, homes_of
from shouwang.places.queries import zone_of
from shouwang.policy.queries import RevisionRow, pack_in_force, pack_of
from shouwang.workforce.queries import owners_for

LEARNT = "anchor-learnt"
"""The reason of a file that is counted from another day: the day was learnt better."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What came of it: files opened, people who have or had a file for the same cause, people the protocol
    exempts, open files that are now counted from another day because it was learnt better."""

    opened: tuple[UUID, ...] = ()
    already: int = 0
    exempt: int = 0
    reanchored: int = 0


@transaction.atomic
def watch_over(*, people: Sequence[UUID], area: str, by: Actor, at: datetime) -> Watched:
    """Open a file for each of these people whose category has a protocol; others are left alone.

    The owner is the household's cadre where one is assigned, else the duty desk of the place: nobody
    under observation is ever without an owner (C4). Who has an open file keeps it; where the day it is
    counted from is known better now, it is counted from that day (LESSONS 14). Refuses `no-pack-in-force`.
    """
    everything = Scope.everything()
    revision, pack = pack_in_force(everything, area, at)
    found = {person: row for person, row in standings(everything, people).items() if row.category}
    facts = _with_discharges(facts_of(everything, list(found), at))
    homes = homes_of(everything, list(found))
    owners = owners_for(everything, [home.household_id for home in homes.values()], area=area)
    planner = _Planner(pack, revision, zone_of(area), at)
    over: dict[UUID, list[EndedFile]] = {}
    for ended in ended_files(everything, list(found)):
        over.setdefault(ended.person_id, []).append(ended)
    files: list[NewFile] = []
    done = 0
    freed = 0
    for person, decision in found.items():
        home = homes[person]
        planned = planner.file(decision, facts[person], home, owners[home.household_id])
        if isinstance(planned, NewFile):
            if any(_answers(file, planned) for file in over.get(person, ())):
                done += 1
            else:
                files.append(planned)
        freed += planned == "exempt"
    if not files:
        return Watched(already=done, exempt=freed)
    moved = _reanchor(files, planner, facts, by, at)
    opened = open_files(files=files, by=by, at=at)
    return Watched(opened.files, len(opened.already) + done, freed, moved)


def _with_discharges(facts: Mapping[UUID, PersonFacts]) -> Mapping[UUID, PersonFacts]:
    """The same facts with the days of discharge, from which a convalescence is counted."""
    left = discharges_of(Scope.everything(), list(facts))
    return {
        person: replace(known, discharges=tuple(row.discharged_on for row in left.get(person, ())))
        for person, known in facts.items()
    }


def _reanchor(
    files: Sequence[NewFile], planner: _Planner, facts: Mapping[UUID, PersonFacts], by: Actor, at: datetime
) -> int:
    """Open files whose day of counting is known better now; under the rules they were opened by."""
    everything = Scope.everything()
    wanted = {(new.person_id, new.plan.protocol): new for new in files if new.plan.anchor_known == CLEAR}
    moved = 0
    for held in anchored_files(everything, [person for person, _ in wanted]):
        new = wanted.get((held.person_id, held.protocol))
        if new is None or (held.anchor_on, held.anchor_known) == (new.plan.anchor_on, CLEAR):
            continue
        plan = planner.again(held, new, facts[held.person_id])
        if plan is not None:
            reanchor_file(file_id=held.id, plan=plan, reason=LEARNT, scope=everything, by=by, at=at)
            moved += 1
    return moved


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

    def again(self, held: AnchoredFile, new: NewFile, facts: PersonFacts) -> FilePlan | None:
        """The plan an open file would have had, had its day been known; None where nothing would differ, or
        where it was counted anew from a later day since (a restart stands)."""
        pack = pack_of(held.revision_id)
        protocol = pack.protocol(held.protocol)
        restriction = new.plan.restriction
        plan = plan_file(
            protocol,
            relevant(self.pack.category(new.category).when, facts, self.context),
            held.opened_at,
            pack,
            zone=self.zone,
            evidence=restriction.evidence if restriction else "",
            reason=restriction.reason if restriction else "",
        )
        restarted = held.day_zero != held.anchor_on + timedelta(days=protocol.day_zero.offset)
        if (held.anchor_on, held.anchor_known) == (plan.anchor_on, plan.anchor_known):
            return None
        return None if restarted and plan.schedule.day_zero <= held.day_zero else plan
