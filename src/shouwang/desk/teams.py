"""Teams on pages: the slots a role set asks for, filled or vacant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shouwang.desk.packwords import language
from shouwang.kernel.scope import Scope
from shouwang.packs.schema import Pack
from shouwang.workforce.queries import Member, teams_of


@dataclass(frozen=True, slots=True)
class Slot:
    """One role of a team; `member` None is a vacancy."""

    role: str
    title: str
    member: Member | None


def team(scope: Scope, household_id: UUID | None, pack: Pack, role_set: str | None) -> list[Slot]:
    """The slots of a household's team in the order of the role set; members of other sets follow."""
    if household_id is None:
        return []
    members: Sequence[Member] = teams_of(scope, "household", [household_id]).get(str(household_id), [])
    by_role = {member.role: member for member in members}
    wanted = pack.role_set(role_set) if role_set else (pack.role_sets[0] if pack.role_sets else None)
    if wanted is None:
        return [Slot(m.role, m.role, m) for m in members]
    slots = [Slot(r.code, r.title.text(language()), by_role.pop(r.code, None)) for r in wanted.roles]
    return slots + [Slot(m.role, m.role, m) for m in by_role.values()]
