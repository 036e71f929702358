"""Teams on pages: the slots a role set asks for, filled or vacant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shouwang.desk.packwords import language
from shouwang.desk.policy import pack_here
from shouwang.journeys.staff_households import household_role_set
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.queries.households import open_households
from shouwang.packs.schema import Pack
from shouwang.workforce.queries import Member, teams_of, vacancies


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


def vacant_households(scope: Scope, at: datetime) -> dict[UUID, list[str]]:
    """Household → titles of its unfilled roles, of everybody under observation in sight. Three queries."""
    try:
        _, pack = pack_here(scope, at)
        role_set = household_role_set(pack)
    except Refused:
        return {}
    homes = open_households(scope)
    titles = {role.code: role.title.text(language()) for role in role_set.roles}
    found: dict[UUID, list[str]] = {}
    for vacancy in vacancies(scope, role_set, "household", list(homes)):
        found.setdefault(UUID(vacancy.target_id), []).append(titles[vacancy.role])
    return found
