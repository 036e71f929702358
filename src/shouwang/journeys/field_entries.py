"""外勤来件 What phones sent that a person must look at: who did it, and what it says, opened where they may see it.

Crosses devices, accounts and the rooms whose content it is; deciding is `field_commands.accept_command` and the
devices room's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from shouwang.accounts.queries import log_in_of
from shouwang.devices.actions import note_opened
from shouwang.devices.queries import KeptRow, kept_entry, sealed_command, sealed_conflict
from shouwang.devices.rules.sealing import Seal
from shouwang.journeys.field_commands.opening import reopen
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.queries import CheckPlace, checks_by_ids
from shouwang.screening.queries import visit

VIEW = {"check": "observation.view", "visit": "sweep.view", "arrival": "reach.record"}
"""The permission with which what an entry says may be read."""


@dataclass(frozen=True, slots=True)
class Fact:
    """The fact an entry became, or collides with: a check of a person, or a visit to a door."""

    check: CheckPlace | None = None
    door_id: UUID | None = None


def may_open(scope: Scope, row: KeptRow) -> bool:
    """Whether what an entry says may be read here."""
    return scope.allows(VIEW.get(row.kind, "observation.view"), row.area)


@transaction.atomic
def open_entry(
    *, entry_id: UUID, sight: Scope, scope: Scope, by: Actor, at: datetime
) -> dict[str, Any] | None:
    """What a kept entry says, None where it cannot be read; that it was read is recorded.

    `sight`: where entries are decided; `scope`: everything this person may see. Refuses `command-not-found`,
    `not-permitted`.
    """
    row = kept_entry(sight, entry_id)
    if not may_open(scope, row):
        raise Refused("not-permitted", permission=VIEW.get(row.kind, "observation.view"))
    held = sealed_conflict(sight, entry_id) if row.kept == "conflict" else sealed_command(sight, entry_id)
    if not held.sealed or "ct" not in held.sealed:
        return None
    seal = msgspec.convert(held.sealed, Seal)
    payload = reopen(seal, device=held.device_id, id=held.id, seq=held.seq, kind=held.kind)
    if payload is None:
        return None
    note_opened(entry_id=entry_id, area=row.area, by=by, at=at)
    found: dict[str, Any] = msgspec.to_builtins(payload)
    return found


def fact_of(scope: Scope, row: KeptRow) -> Fact:
    """The fact under an entry's number, as far as it is in sight."""
    if row.kind == "check":
        return Fact(check=checks_by_ids(scope, [row.command_id]).get(row.command_id))
    if row.kind == "visit":
        try:
            return Fact(door_id=visit(scope, row.command_id).door_id)
        except Refused:
            return Fact()
    return Fact()


def who_did(row: KeptRow) -> str:
    """The name of the log-in an entry says it was done by; "" where nobody has that log-in."""
    try:
        found = log_in_of(UUID(row.actor))
    except ValueError:
        return ""
    return found.name if found else ""
