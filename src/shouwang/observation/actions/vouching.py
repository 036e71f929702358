"""Who is said to have come, held against who is assigned: a stated role alone is nobody's visit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from shouwang.kernel.scope import Scope
from shouwang.observation.actions.commands import CheckCommand, FileState
from shouwang.workforce.queries import Held, held_roles


@dataclass(frozen=True, slots=True)
class Vouched:
    """The roles a check is recorded with, and those of them that an assignment bears out (None: no team)."""

    roles: tuple[str, ...]
    vouched: tuple[str, ...] | None


class Teams:
    """The assignments of the households of one call, fetched once and only where a quorum is asked for."""

    def __init__(self, files: Mapping[UUID, FileState], commands: Iterable[CheckCommand]) -> None:
        asked = [files[c.file_id] for c in commands if (c.roles or c.came) and c.file_id in files]
        homes = {f.household_id for f in asked if f.household_id is not None and _asks(f)}
        self._held = held_roles(Scope.everything(), "household", homes) if homes else {}

    def vouch(self, command: CheckCommand, file: FileState) -> Vouched:
        """Named workers stand for the roles they held at the household when it was taken; a stated role counts
        where somebody held it. Where nobody was assigned there is nothing to hold it against."""
        held = [h for h in self._of(file) if h.holds(command.taken_at)]
        if not held:
            return Vouched(command.roles, None)
        there = [h for h in held if not command.came or h.worker_id in command.came]
        roles = command.roles or tuple(sorted({h.role for h in there if command.came}))
        backed = {h.role for h in there}
        return Vouched(roles, tuple(role for role in roles if role in backed))

    def _of(self, file: FileState) -> list[Held]:
        return self._held.get(str(file.household_id), [])


def _asks(file: FileState) -> bool:
    return any(part.quorum for part in file.schedule.timetable.parts)
