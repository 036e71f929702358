"""Somebody leaves hospital as cured, and is watched over again from that day, under a protocol of their own.

Crosses people, classification, observation, policy: the discharge is a fact, the mark makes the category, the
category has the protocol, and the day of discharge is day 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journeys.bring_home import settle_in_site
from shouwang.journeys.take_in import classify_and_watch
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import DischargeCommand, end_file, record_discharge
from shouwang.observation.queries import FileRow, files_of_person
from shouwang.packs.conditions import leaves
from shouwang.packs.schema import Category, Pack
from shouwang.people.actions import mark_person
from shouwang.people.queries import person
from shouwang.places.queries import zone_of
from shouwang.policy.queries import pack_in_force, pack_of

MANAGE = "observation.manage"


@dataclass(frozen=True, slots=True)
class Admitted:
    """The file of the convalescence, and the files that ended with the discharge."""

    file_id: UUID
    ended: tuple[UUID, ...]


@transaction.atomic
def admit_convalescent(
    *, item: DischargeCommand, scope: Scope, by: Actor, at: datetime, site: str = ""
) -> Admitted:
    """Record a discharge and open the file of convalescence; with `site` the person goes there at once.

    A file that is about the stay in hospital (a re-positive's) ends with it. Sent again with the same id it
    changes nothing. Refuses `person-not-found`, `not-permitted`, `no-pack-in-force`, `no-convalescents` (the pack
    knows no such protocol), `convalescent-already`, and what `record_discharge` refuses.
    """
    who = person(scope, item.person_id)
    if not scope.allows(MANAGE, who.area):
        raise Refused("not-permitted", permission=MANAGE)
    _, pack = pack_in_force(scope, who.area, at)
    category = category_of_convalescents(pack)
    recorded = record_discharge(item=item, area=who.area, zone=zone_of(who.area), scope=scope, by=by, at=at)
    open_already = _file(item.person_id, str(category.protocol))
    if recorded == "replayed" and open_already:
        return Admitted(open_already.id, ())
    if open_already:
        raise Refused("convalescent-already")
    ended = _ended(item, scope, by, at)
    for code in _marks(category):
        mark_person(person_id=who.id, code=code, by=by, at=at)
    classify_and_watch(people=[who.id], area=who.area, by=by, at=at)
    file = _file(item.person_id, str(category.protocol))
    if file is None:
        raise Refused("convalescent-already")
    if site:
        settle_in_site(file_ids=[file.id], site=site, reason=item.hospital.strip(), scope=scope, by=by, at=at)
    return Admitted(file.id, ended)


def category_of_convalescents(pack: Pack) -> Category:
    """The category whose protocol counts from a discharge. Refuses `no-convalescents`."""
    for category in pack.by_rank():
        if category.protocol and pack.protocol(category.protocol).day_zero.event == "day-of-discharge":
            return category
    raise Refused("no-convalescents")


def _marks(category: Category) -> list[str]:
    """The first mark that the category's condition names: whoever bears it is of the category."""
    named = [leaf.arg for _, leaf in leaves(category.when) if leaf.name == "tag-any"]
    return [str(arg[0]) for arg in named if isinstance(arg, tuple)][:1]


def _file(person_id: UUID, protocol: str) -> FileRow | None:
    files = files_of_person(Scope.everything(), person_id)
    return next((f for f in files if f.state == "open" and f.protocol == protocol), None)


def _ended(item: DischargeCommand, scope: Scope, by: Actor, at: datetime) -> tuple[UUID, ...]:
    """End the open files that are about the stay in hospital."""
    ended = []
    for file in files_of_person(Scope.everything(), item.person_id):
        stages = pack_of(file.revision_id).protocol(file.protocol).stages
        if file.state == "open" and all(stage.place == "hospital" for stage in stages):
            end_file(
                file_id=file.id, state="transferred", reason=item.hospital.strip(), scope=scope, by=by, at=at
            )
            ended.append(file.id)
    return tuple(ended)
