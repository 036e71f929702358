"""Taking on what was kept: run once more by the right of whoever decides, the worker as who measured."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction

from shouwang.accounts.queries import log_in_of
from shouwang.devices.actions import settle_accepted
from shouwang.devices.queries import SealedCommand, sealed_command
from shouwang.devices.rules import Payload
from shouwang.devices.rules.sealing import Seal
from shouwang.journal.actions import events_last
from shouwang.journeys.field_commands.opening import Opened, reopen
from shouwang.journeys.field_commands.recording import Hand, record_opened
from shouwang.journeys.later import tick_now
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope


def accept_command(*, command_id: UUID, scope: Scope, by: Actor, at: datetime) -> None:
    """Take on a kept command: the fact is written with its own id and told time, by the right of `by`.

    Refuses `command-not-found` (also out of scope), `command-settled`, `command-unreadable`, and whatever its room
    refuses this person.
    """
    if _accept(command_id, scope, by, at):
        tick_now()


@transaction.atomic
def _accept(command_id: UUID, scope: Scope, by: Actor, at: datetime) -> bool:
    kept = sealed_command(scope, command_id)
    payload = _payload(kept)
    if kept.kept == "date" or payload is None:
        raise Refused("command-unreadable")
    worker = _worker(kept)
    with events_last():
        item = Opened(kept.id, kept.kind, payload, min(kept.told_at, at))
        outcome = record_opened([item], Hand(scope, by, at, worker))[kept.id]
        if outcome.status != "done":
            raise Refused(outcome.code)
        settle_accepted(command_id=command_id, scope=scope, by=by, at=at)
    return bool(outcome.effect.get("alerts"))


def _payload(kept: SealedCommand) -> Payload | None:
    if not kept.sealed or "ct" not in kept.sealed:
        return None
    seal = msgspec.convert(kept.sealed, Seal)
    return reopen(seal, device=kept.device_id, id=kept.id, seq=kept.seq, kind=kept.kind)


def _worker(kept: SealedCommand) -> Actor:
    """Whoever did it: the log-in the command names, else that of the phone."""
    try:
        named = log_in_of(UUID(kept.actor))
    except ValueError:
        named = None
    found = named or log_in_of(kept.user_id)
    return Actor(str(found.id), found.name) if found else Actor(str(kept.user_id), "")
