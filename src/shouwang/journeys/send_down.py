"""下沉 People sent down, pasted from the office's sheet: enlisted and put where they serve, all or nothing.

A list with a line at fault writes nothing, and every such line is told with the field that is wrong (LESSONS 11).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.packs.schema import LANGS, Role, RoleSet
from shouwang.places.queries import village_index
from shouwang.places.rules import village_name
from shouwang.workforce.actions import NewAssignment, NewWorker, assign_many, enlist_workers
from shouwang.workforce.queries import Kept, kept_targets

FIELDS = ("village", "name", "role", "unit", "telephone")


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line at fault: its number, the field, what stands there, and why it cannot be taken."""

    number: int
    field: str
    value: str
    code: str


@dataclass(frozen=True, slots=True)
class SentDown:
    """How many were enlisted, at how many places; nobody where a line is refused."""

    people: int = 0
    places: int = 0
    refused: tuple[RefusedLine, ...] = ()


@transaction.atomic
def send_down(*, lines: str, role_set: RoleSet, area: str, scope: Scope, by: Actor, at: datetime) -> SentDown:
    """Read lines of village, name, role, unit, telephone (tabs or commas, as a spreadsheet pastes them).

    The role is its title in any language or its code; the village is a name below `area` on which the team was put.
    Refuses `lines-missing`, `not-permitted`. Codes of lines: `place-unknown`, `team-not-there`, `name-missing`,
    `role-not-in-team`, `line-too-wide`.
    """
    if not scope.allows("team.assign", area):
        raise Refused("not-permitted", permission="team.assign")
    read: list[tuple[NewWorker, str]] = []
    refused: list[RefusedLine] = []
    known = _Known(role_set, area, scope)
    numbered = [(n, line) for n, line in enumerate(lines.splitlines(), 1) if line.strip()]
    for number, line in numbered:
        cells = [cell.strip() for cell in line.replace("，", ",").replace("\t", ",").split(",")]
        where, name, role, unit, telephone = (cells + [""] * len(FIELDS))[: len(FIELDS)]
        kept = known.team_at(where)
        if kept is None or not name or role not in known.roles or len(cells) > len(FIELDS):
            refused.append(RefusedLine(number, *known.fault(cells, kept)))
            continue
        read.append((NewWorker(kept.area, name, (known.roles[role],), telephone, unit), kept.target_id))
    if not numbered:
        raise Refused("lines-missing")
    if refused:
        return SentDown(refused=tuple(refused))
    enlist_workers(workers=[worker for worker, _ in read], area=area, by=by, at=at)
    slots = [
        NewAssignment(w.area, w.id, role_set.code, w.kinds[0], role_set.target, target) for w, target in read
    ]
    assign_many(assignments=slots, area=area, by=by, at=at)
    return SentDown(len(read), len({target for _, target in read}))


class _Known:
    """What a line may name: places that have the team, villages below the area, roles of the team."""

    def __init__(self, role_set: RoleSet, area: str, scope: Scope) -> None:
        self.villages = village_index(scope, area)
        self.teams = {k.target_id: k for k in kept_targets(scope, area=area) if k.role_set == role_set.code}
        self.by_name = {kept.name: kept for kept in self.teams.values() if kept.name}
        self.roles = {text: r.code for r in role_set.roles for text in _words(r)}

    def team_at(self, where: str) -> Kept | None:
        """The team at the place a line names."""
        return self.by_name.get(where) or self.teams.get(self._path(where))

    def fault(self, cells: Sequence[str], kept: Kept | None) -> tuple[str, str, str]:
        """(field, what stands there, why not) of a line that cannot be taken: the first fault from the left."""
        where, name, role = (*cells, "", "")[:3]
        if kept is None:
            here = self._path(where) in self.villages.values()
            return "village", where, "team-not-there" if here else "place-unknown"
        if not name:
            return "name", "", "name-missing"
        if role not in self.roles:
            return "role", role, "role-not-in-team"
        return "", ",".join(cells[len(FIELDS) :]), "line-too-wide"

    def _path(self, where: str) -> str:
        return self.villages.get(village_name(where), where)


def _words(role: Role) -> set[str]:
    """What a role may be called in a list."""
    return {role.code, *(role.title.text(lang) for lang in LANGS)}
