"""Chat groups as plain values: their names by rule, who is wanted in them, what there is to do by hand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

CONTACT = "contact"
"""The role of the household's own person in its group."""
AT_LEAST = 6
"""Members of a group: "at least 6" (report of 2020-02-19)."""
MANY_GROUPS = 20
"""One cadre was in more than 20 groups (same report): shown, not forbidden."""
LEADERS = ("village-cadre", "medic", "town-cadre")
"""Who creates the group: the nearest, as with whoever answers for a file. Our choice."""
_HOLES = re.compile(r"\{([^{}]*)\}")


class GroupState(StrEnum):
    """Where a group stands."""

    TO_CREATE = "to-create"
    CREATED = "created"
    CONNECTED = "connected"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody who should be in a group; `worker_id` None for the household's contact."""

    worker_id: UUID | None
    name: str
    role: str

    @property
    def key(self) -> tuple[UUID | None, str]:
        """Who it is: the worker, or the contact by name."""
        return self.worker_id, "" if self.worker_id else self.name


@dataclass(frozen=True, slots=True)
class Plan:
    """A group as it should be."""

    area: str
    target_kind: str
    target_id: str
    role_set: str
    name: str
    leader_id: UUID | None
    members: tuple[Wanted, ...]


def group_name(pattern: str, *, community: str, head: str, town: str = "") -> str:
    """The name by the pack's pattern: "{community}防控组({head})" → "龙沙社区防控组(杨应忠)"."""
    values = {"community": community, "head": head or "—", "town": town}
    return _HOLES.sub(lambda found: values.get(found.group(1).strip(), ""), pattern)


def told_apart(names: Sequence[str], taken: Iterable[str] = ()) -> list[str]:
    """The same names, where two are equal with a number: two families of one name have two groups."""
    used, counts, out = set(taken), Counter[str](), []
    for name in names:
        made = name
        while made in used:
            counts[name] += 1
            number = counts[name] + 1
            made = f"{name[:-1]}{number})" if name.endswith(")") else f"{name}{number}"
        used.add(made)
        out.append(made)
    return out


def members_of(team: Iterable[tuple[UUID, str, str]], contact: str) -> tuple[Wanted, ...]:
    """Who belongs in a group: everybody of the team (worker, name, role) once, and the household's contact."""
    roles: dict[UUID, list[str]] = {}
    names: dict[UUID, str] = {}
    for worker, name, role in team:
        roles.setdefault(worker, []).append(role)
        names[worker] = name
    wanted = [Wanted(worker, names[worker], " ".join(dict.fromkeys(held))) for worker, held in roles.items()]
    return (*wanted, *((Wanted(None, contact, CONTACT),) if contact else ()))


def leader_of(team: Iterable[tuple[UUID, str, str]]) -> UUID | None:
    """Who is asked to create the group: the first of the nearest role that is filled."""
    by_role: dict[str, UUID] = {}
    for worker, _, role in team:
        by_role.setdefault(role, worker)
    for role in (*LEADERS, *sorted(by_role)):
        if role in by_role:
            return by_role[role]
    return None


def state_of(*, created: bool, connected: bool, closed: bool) -> GroupState:
    """Where a group stands, by what has been said about it."""
    if closed:
        return GroupState.CLOSED
    if connected:
        return GroupState.CONNECTED
    return GroupState.CREATED if created else GroupState.TO_CREATE


@dataclass(frozen=True, slots=True)
class Held:
    """A row of the roster: wanted until now or not, in the group or not, as far as anybody said."""

    key: tuple[UUID | None, str]
    wanted: bool
    added: bool
    removed: bool

    @property
    def to_add(self) -> bool:
        """Still to be invited."""
        return self.wanted and not self.added

    @property
    def to_remove(self) -> bool:
        """Still to be taken out."""
        return not self.wanted and self.added and not self.removed


def changes(
    wanted: Mapping[tuple[UUID | None, str], Wanted], held: Mapping[tuple[UUID | None, str], Held]
) -> tuple[list[Wanted], list[tuple[UUID | None, str]], list[tuple[UUID | None, str]]]:
    """(new members, those to bring back, those no longer wanted). `held` is the latest row of each.

    Who is wanted again before having been taken out is simply kept; else it is a new row.
    """
    new = [w for key, w in wanted.items() if key not in held or held[key].removed]
    back = [key for key in wanted if key in held and not held[key].wanted and not held[key].removed]
    gone = [key for key, row in held.items() if row.wanted and key not in wanted]
    return new, back, gone
