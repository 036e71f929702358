"""责任链: five levels of area, who answers at each, and whether the chain holds. Pure.

A level is filled by somebody of its own or it is vacant. A vacant level is answered for by the nearest filled level
above, at last by the duty desk of a place around; that is shown as what it is and never counts as filled. A chain is
broken at a level that nobody answers for, or that must have somebody of its own and has not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from shouwang.packs.schema import ChainLevel, ChainPerson, Pack, Rung, Texts

LEVEL_OF: Mapping[Rung, str] = {
    "district": "county",
    "street": "street",
    "village": "village",
    "grid": "grid",
}
"""The level of places at which a rung of the chain stands; a household is no place."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who answers, in which role, since when."""

    assignment_id: UUID
    worker_id: UUID
    name: str
    telephone: str
    unit: str
    role_set: str
    role: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """A duty desk and the place it stands for."""

    worker_id: UUID
    name: str
    area: str
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a chain: the place or household that it is about, and who answers there."""

    level: Rung
    title: Texts
    area: str
    """Path of the place; of a household, where it stands."""
    name: str
    must_have_own: bool
    kept: bool
    """False above the place that adopted the chain: shown if somebody is named there, never missed."""
    holders: tuple[Holder, ...]

    @property
    def is_vacant(self) -> bool:
        return not self.holders


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """One of the three persons named to everybody; `holder` None: nobody is."""

    code: str
    title: Texts
    holder: Holder | None


@dataclass(frozen=True, slots=True)
class Chain:
    """Who answers for a place, a household or a person, from above."""

    kind: str
    id: str
    area: str
    levels: tuple[Level, ...]
    persons: tuple[NamedPerson, ...]
    desks: tuple[Desk, ...]
    """Duty desks around, the nearest first."""

    @property
    def broken_at(self) -> tuple[Rung, ...]:
        """The levels nobody answers for, or whose own person is missing."""
        return tuple(
            level.level
            for level in self.levels
            if level.kept
            and level.is_vacant
            and (level.must_have_own or (self.answering(level) is None and self.desk_for(level) is None))
        )

    @property
    def is_broken(self) -> bool:
        return bool(self.broken_at)

    def answering(self, level: Level) -> Level | None:
        """The filled level above that answers for a vacant one."""
        above = self.levels[: self.levels.index(level)]
        return next((one for one in reversed(above) if one.holders), None)

    def desk_for(self, level: Level) -> Desk | None:
        """The duty desk that answers where every level above is vacant too."""
        return next((desk for desk in self.desks if level.area.startswith(desk.area)), None)

    def upwards(self) -> tuple[Level, ...]:
        """The levels in the order an unanswered alert climbs them."""
        return tuple(reversed(self.levels))


@dataclass(frozen=True, slots=True)
class ChainRule:
    """The chain a pack defines, and the place that adopted it."""

    root: str
    levels: tuple[ChainLevel, ...]
    persons: tuple[ChainPerson, ...]

    @classmethod
    def of(cls, pack: Pack, root: str) -> ChainRule:
        return cls(root, pack.chain, pack.chain_persons)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place around the target: its path, its level, its name."""

    path: str
    level: str
    name: str


def rule_at(rules: Iterable[ChainRule], area: str) -> ChainRule | None:
    """The chain that binds at a path: of the nearest enclosing place that adopted one."""
    around = [rule for rule in rules if area.startswith(rule.root)]
    return max(around, key=lambda rule: len(rule.root), default=None)


def own_roles(rule: ChainRule, level: str) -> list[tuple[str, str]]:
    """(role set, role) of those who may be named at a level, in the order of the pack."""
    entries: list[ChainLevel | ChainPerson] = [*rule.levels, *rule.persons]
    pairs = [(a.role_set, a.role) for entry in entries if entry.level == level for a in entry.answers]
    return list(dict.fromkeys(pairs))


Filled = Mapping[tuple[str, str, str, str], Sequence[Holder]]
"""(target kind, target id, role set, role) → who fills it. Target ids of places are paths."""


def build_chain(
    rule: ChainRule,
    *,
    kind: Literal["place", "household", "person"],
    id_: str,
    area: str,
    household: str | None,
    spots: Sequence[Spot],
    filled: Filled,
    desks: Iterable[Desk],
) -> Chain:
    """The chain of one target. `spots` are the places on its path, `area` included where it is a place."""
    levels = []
    at_level = {spot.level: spot for spot in spots if area.startswith(spot.path)}
    for entry in rule.levels:
        if entry.level == "household":
            if kind == "place" or household is None:
                continue
            holders = _holders(entry, [("household", household)], filled)
            levels.append(Level(entry.level, entry.title, area, "", entry.must_have_own, True, holders))
        elif spot := at_level.get(LEVEL_OF[entry.level]):
            kept = spot.path.startswith(rule.root)
            held = _holders(entry, _targets(entry.level, spot.path), filled)
            levels.append(
                Level(entry.level, entry.title, spot.path, spot.name, entry.must_have_own, kept, held)
            )
    around = sorted((d for d in desks if area.startswith(d.area)), key=lambda d: -len(d.area))
    persons = _persons(rule, at_level, household, filled) if kind != "place" else ()
    return Chain(kind, id_, area, tuple(levels), persons, tuple(around))


def _targets(level: Rung, path: str) -> list[tuple[str, str]]:
    return [("place", path), (level, path)]


def _holders(
    entry: ChainLevel | ChainPerson, targets: Sequence[tuple[str, str]], filled: Filled
) -> tuple[Holder, ...]:
    """Who fills the first of the entry's answers that anybody fills."""
    for answer in entry.answers:
        for kind, target in targets:
            if held := filled.get((kind, target, answer.role_set, answer.role)):
                return tuple(held)
    return ()


def _persons(
    rule: ChainRule, at_level: Mapping[str, Spot], household: str | None, filled: Filled
) -> tuple[NamedPerson, ...]:
    named = []
    for entry in rule.persons:
        if entry.level == "household":
            targets = [("household", household)] if household else []
        else:
            spot = at_level.get(LEVEL_OF[entry.level])
            targets = _targets(entry.level, spot.path) if spot else []
        held = _holders(entry, targets, filled)
        named.append(NamedPerson(entry.code, entry.title, held[0] if held else None))
    return tuple(named)
