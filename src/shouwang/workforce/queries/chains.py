"""责任链: the chain of a place, a household, a person; of many at once in five queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.people.queries import homes_of, households_by_ids
from shouwang.places.queries import place_by_path, places_around
from shouwang.policy.queries import adopted_in_force, pack_of
from shouwang.workforce.models import Assignment, Worker
from shouwang.workforce.queries.teams import DESK
from shouwang.workforce.rules import LEVEL_OF, Chain, ChainRule, Desk, Holder, Spot, build_chain, rule_at

TargetKind = Literal["place", "household", "person"]
HEADS = "who answers for a place in sight is told to whoever sees it"


@dataclass(frozen=True, slots=True)
class ChainTarget:
    """What a chain is asked for: reached through scope by the caller."""

    kind: TargetKind
    id: str
    area: str
    household_id: UUID | None = None


def chain_of(scope: Scope, kind: TargetKind, id_: UUID | str, at: datetime) -> Chain:
    """The chain of a place (`id_` is its path), a household or a person. Without a pack that defines one it has no
    level, and is whole.

    Refuses `place-not-found`, `household-not-found`, `person-not-found`, also out of sight.
    """
    target = _target(scope, kind, id_)
    return chains_for([target], at)[target]


def chains_for(
    targets: Sequence[ChainTarget], at: datetime, *, rules: list[ChainRule] | None = None
) -> dict[ChainTarget, Chain]:
    """The chains of many targets. Five queries, however many.

    Unscoped: the caller reached the targets through scope, and who answers for them is told to whoever sees them.
    """
    rules = chain_rules(at) if rules is None else rules
    by_area = {area: rule_at(rules, area) for area in {t.area for t in targets}}
    spots = [Spot(p.path, p.level, p.name) for p in places_around(by_area)]
    levels = {place: rung for rung, place in LEVEL_OF.items()}
    wanted = {("place", s.path) for s in spots} | {
        (levels[s.level], s.path) for s in spots if s.level in levels
    }
    wanted |= {("household", str(t.household_id)) for t in targets if t.household_id}
    filled = _filled(wanted)
    desks = _desks(by_area)
    return {
        target: build_chain(
            by_area[target.area] or ChainRule("", (), ()),
            kind=target.kind,
            id_=target.id,
            area=target.area,
            household=str(target.household_id) if target.household_id else None,
            spots=spots,
            filled=filled,
            desks=desks,
        )
        for target in targets
    }


def chain_rules(at: datetime) -> list[ChainRule]:
    """The chains in force, one for each place that adopted a pack with one. Unscoped: rules are public.

    Where a place follows packs for several diseases the one taken up first that defines a chain decides.
    """
    found: dict[str, ChainRule] = {}
    for row in adopted_in_force(at):
        pack = pack_of(row.id)
        if pack.chain and row.area not in found:
            found[row.area] = ChainRule.of(pack, row.area)
    return list(found.values())


def _target(scope: Scope, kind: TargetKind, id_: UUID | str) -> ChainTarget:
    if kind == "place":
        place = place_by_path(scope, str(id_))
        if place is None:
            raise Refused("place-not-found")
        return ChainTarget(kind, place.path, place.path)
    key = id_ if isinstance(id_, UUID) else UUID(id_)
    if kind == "household":
        homes = households_by_ids(scope, [key])
        if not homes:
            raise Refused("household-not-found")
        return ChainTarget(kind, str(key), homes[0].area, key)
    home = homes_of(scope, [key]).get(key)
    if home is None:
        raise Refused("person-not-found")
    return ChainTarget(kind, str(key), home.area, home.household_id)


def _filled(wanted: set[tuple[str, str]]) -> dict[tuple[str, str, str, str], list[Holder]]:
    """Who fills what of these targets now; nobody who has stopped serving fills anything."""
    found: dict[tuple[str, str, str, str], list[Holder]] = {}
    rows = (
        Assignment.objects.unscoped(HEADS)
        .filter(
            target_kind__in={kind for kind, _ in wanted},
            target_id__in={target for _, target in wanted},
            until__isnull=True,
            worker__until__isnull=True,
        )
        .select_related("worker")
        .order_by("since", "id")
    )
    for row in rows:
        if (row.target_kind, row.target_id) in wanted:
            key = (row.target_kind, row.target_id, row.role_set, row.role)
            found.setdefault(key, []).append(_holder(row))
    return found


def _holder(row: Assignment) -> Holder:
    w = row.worker
    return Holder(row.id, w.id, w.name, w.telephone, w.unit, row.role_set, row.role, row.since)


def _desks(areas: Iterable[str]) -> list[Desk]:
    around = {area[:end] for area in areas for end in range(len(area) + 1)}
    rows = Worker.objects.unscoped("a desk stands for its place").filter(
        area__in=around, kinds__contains=[DESK], until__isnull=True
    )
    return [Desk(row.id, row.name, row.area, row.telephone) for row in rows.order_by("area", "id")]
