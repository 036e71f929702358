"""Deciding what was kept: taken on by somebody's own right, dismissed, or a date confirmed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.devices.models import Command, Conflict, Settlement
from shouwang.devices.queries.listing import MANAGE
from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope

OWN = "reached through scope by the caller"


@transaction.atomic
def dismiss_command(*, command_id: UUID, reason: str, scope: Scope, by: Actor, at: datetime) -> None:
    """Dismiss a kept command or a conflict (its own id): it stays to be read, and off the list.

    Refuses `reason-missing`, `command-not-found` (also out of scope), `command-settled`.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    area = _settled(command_id, Settlement.Verdict.DISMISSED, reason.strip(), scope, by, at)
    append_event(
        verb="devices.command.dismissed",
        subject=("command", command_id),
        area=area,
        by=by,
        at=at,
        payload={"reason": reason.strip()},
    )


@transaction.atomic
def confirm_date(*, command_id: UUID, scope: Scope, by: Actor, at: datetime) -> None:
    """Say that the instant a doubted command was written at is right; else correct the fact at its own page.

    Refuses `command-not-found` (also out of scope, or where no date is in doubt), `command-settled`.
    """
    rows = Command.objects.within(scope, MANAGE)
    if not rows.filter(id=command_id, kept="date").exists():
        raise Refused("command-not-found")
    area = _settled(command_id, Settlement.Verdict.CONFIRMED, "", scope, by, at)
    append_event(verb="devices.date.confirmed", subject=("command", command_id), area=area, by=by, at=at)


@transaction.atomic
def settle_accepted(*, command_id: UUID, scope: Scope, by: Actor, at: datetime) -> None:
    """Note that somebody took on a kept command: the fact was written by their right in the same transaction.

    Refuses `command-not-found` (also out of scope), `command-settled`.
    """
    area = _settled(command_id, Settlement.Verdict.ACCEPTED, "", scope, by, at)
    append_event(verb="devices.command.accepted", subject=("command", command_id), area=area, by=by, at=at)


@transaction.atomic
def note_opened(*, entry_id: UUID, area: str, by: Actor, at: datetime) -> None:
    """Record that somebody read what a kept entry says. The caller reached it through scope."""
    append_event(verb="devices.command.opened", subject=("command", entry_id), area=area, by=by, at=at)


def _settled(kept_id: UUID, verdict: str, reason: str, scope: Scope, by: Actor, at: datetime) -> str:
    commands = Command.objects.within(scope, MANAGE).exclude(kept="").filter(id=kept_id)
    conflicts = Conflict.objects.within(scope, MANAGE).filter(id=kept_id)
    row = commands.first() or conflicts.first()
    if row is None:
        raise Refused("command-not-found")
    settled, is_new = Settlement.objects.unscoped(OWN).get_or_create(
        id=kept_id,
        defaults={
            "area": row.area,
            "verdict": verdict,
            "reason": reason,
            "by_id": by.id,
            "by_name": by.name,
            "at": at,
        },
    )
    if not is_new:
        raise Refused("command-settled", by=settled.by_name)
    return row.area
