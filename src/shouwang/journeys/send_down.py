"""下沉 People sent down, pasted from the office's sheet: enlisted and put where they serve, all or nothing."""

from __future__ import annotations

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
from shouwang.workforce.queries import kept_targets

COLUMNS = 5
SHOWN = 12


@dataclass(frozen=True, slots=True)
class SentDown:
    """How many were enlisted, at how many places."""

    people: int
    places: int


@transaction.atomic
def send_down(*, lines: str, role_set: RoleSet, area: str, scope: Scope, by: Actor, at: datetime) -> SentDown:
    """Read lines of village, name, role, unit, telephone (tabs or commas, as a spreadsheet pastes them).

    The role is its title in any language or its code; the village is a name below `area` on which the team was put.
    Refuses `lines-missing`, `not-permitted`, and `lines-unreadable` with the numbers of the lines at fault:
    then nothing is written.
    """
    if not scope.allows("team.assign", area):
        raise Refused("not-permitted", permission="team.assign")
    villages = village_index(scope, area)
    teams = {k.target_id: k for k in kept_targets(scope, area=area) if k.role_set == role_set.code}
    by_name = {kept.name: kept for kept in teams.values() if kept.name}
    roles = {text: r.code for r in role_set.roles for text in _words(r)}
    read: list[tuple[NewWorker, str]] = []
    wrong: list[int] = []
    numbered = [(n, line) for n, line in enumerate(lines.splitlines(), 1) if line.strip()]
    for number, line in numbered:
        cells = [cell.strip() for cell in line.replace("，", ",").replace("\t", ",").split(",")]
        where, name, role, unit, telephone = (cells + [""] * COLUMNS)[:COLUMNS]
        kept = by_name.get(where) or teams.get(villages.get(village_name(where), where))
        if len(cells) > COLUMNS or kept is None or not name or role not in roles:
            wrong.append(number)
            continue
        read.append((NewWorker(kept.area, name, (roles[role],), telephone, unit), kept.target_id))
    if not numbered:
        raise Refused("lines-missing")
    if wrong:
        told = "、".join(str(number) for number in wrong[:SHOWN]) + ("…" if len(wrong) > SHOWN else "")
        raise Refused("lines-unreadable", lines=told, count=len(wrong))
    enlist_workers(workers=[worker for worker, _ in read], area=area, by=by, at=at)
    slots = [
        NewAssignment(w.area, w.id, role_set.code, w.kinds[0], role_set.target, target) for w, target in read
    ]
    assign_many(assignments=slots, area=area, by=by, at=at)
    return SentDown(len(read), len({target for _, target in read}))


def _words(role: Role) -> set[str]:
    """What a role may be called in a list."""
    return {role.code, *(role.title.text(lang) for lang in LANGS)}
