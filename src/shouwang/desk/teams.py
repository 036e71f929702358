"""Teams on pages: the slots a role set asks for, filled or vacant; what is vacant, since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shouwang.desk.packwords import language
from shouwang.desk.policy import pack_here
from shouwang.journeys.staff_households import household_role_set
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.queries.households import households_watched_since
from shouwang.packs.schema import Pack, RoleSet
from shouwang.workforce.queries import Kept, Member, kept_targets, shortfalls, teams_beside

HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class Slot:
    """One role of a team; `member` None is a vacancy."""

    role: str
    title: str
    member: Member | None


def slots(members: Sequence[Member], role_set: RoleSet) -> list[Slot]:
    """The slots of one role set in its order, as many for a role as it asks for; members beyond it follow."""
    left = [member for member in members if member.role_set == role_set.code]
    found: list[Slot] = []
    for role in role_set.roles:
        mine = [member for member in left if member.role == role.code]
        found += [Slot(role.code, role.title.text(language()), m) for m in mine]
        found += [Slot(role.code, role.title.text(language()), None)] * (role.count - len(mine))
        left = [member for member in left if member.role != role.code]
    return found + [Slot(m.role, m.role, m) for m in left]


def team(
    scope: Scope, household_id: UUID | None, pack: Pack, role_set: str | None, *, area: str = ""
) -> list[Slot]:
    """The slots of a household's team; who serves it by another role set follows. Somebody who is at a site
    (`area`) is looked after by the team of the site first. What is put on no household has no vacancy at home."""
    members = teams_beside(scope, [(area, household_id)])[area, household_id]
    wanted = pack.role_set(role_set) if role_set else (pack.role_sets[0] if pack.role_sets else None)
    at_site = {member.role_set for member in members if area and member.target_id == area}
    wanted = next((one for one in pack.role_sets if one.code in at_site), wanted)
    if wanted is None or not (household_id or at_site):
        return [Slot(m.role, m.role, m) for m in members]
    titles = {
        (one.code, role.code): role.title.text(language()) for one in pack.role_sets for role in one.roles
    }
    own = slots(members, wanted)
    if wanted.target != HOUSEHOLD and not at_site:
        own = [slot for slot in own if slot.member]
    others = [m for m in members if m.role_set != wanted.code]
    return own + [Slot(m.role, titles.get((m.role_set, m.role), m.role), m) for m in others]


@dataclass(slots=True)
class VacantTarget:
    """A target with roles nobody fills: which, and since when the longest of them."""

    kind: str
    id: str
    area: str
    since: datetime
    name: str = ""
    roles: list[str] = field(default_factory=list)
    """Titles, with how many are missing where it is more than one."""

    @property
    def cursor(self) -> str:
        return f"{self.since.isoformat()}~{self.id}"


def vacant_targets(scope: Scope, at: datetime) -> list[VacantTarget]:
    """Everything in sight that lacks somebody, the longest vacant first: households under observation and
    whatever a team was put on. Four queries."""
    try:
        _, pack = pack_here(scope, at)
    except Refused:
        return []
    kept = kept_targets(scope)
    try:
        asked = household_role_set(pack).code
        for home, (area, since) in households_watched_since(scope).items():
            kept.append(Kept(HOUSEHOLD, str(home), asked, area, since))
    except Refused:
        pass
    titles = {
        (one.code, role.code): role.title.text(language()) for one in pack.role_sets for role in one.roles
    }
    found: dict[tuple[str, str], VacantTarget] = {}
    for short in shortfalls(scope, pack.role_sets, kept):
        target = found.setdefault(
            (short.target_kind, short.target_id),
            VacantTarget(short.target_kind, short.target_id, short.area, short.since, short.name),
        )
        title = titles[short.role_set, short.role]
        target.roles.append(f"{title} ×{short.missing}" if short.missing > 1 else title)
    return sorted(found.values(), key=lambda target: (target.since, target.id))
