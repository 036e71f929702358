"""Taking a batch: one transaction, a receipt for each command in their order, sent again the same receipts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import OperationalError, transaction

from shouwang.accounts.queries import scope_of
from shouwang.devices.actions import Held, Stored, Taken, begin_epoch, hold_device, store_commands
from shouwang.devices.queries import DeviceRow, Known, known_commands
from shouwang.devices.rules import DATE_QUARANTINED, Batch, Sent
from shouwang.devices.rules.wire import Broken
from shouwang.journal.actions import events_last
from shouwang.journeys.field_commands.opening import (
    Clock,
    Opened,
    clock_limits,
    field_limits,
    open_command,
)
from shouwang.journeys.field_commands.recording import Hand, Outcome, record_opened
from shouwang.journeys.later import tick_now
from shouwang.kernel.actor import Actor

PULL_AFTER = 300
"""Seconds after which a phone asks for changes; 5,000 phones are then 17 pulls a second."""
TRIES = 3
DEADLOCK = "40P01"


class Receipt(msgspec.Struct, frozen=True):
    """What became of one command. `server_seq` is None for a conflict."""

    id: UUID
    status: str
    code: str
    server_seq: int | None
    effect: dict[str, Any]


class Receipts(msgspec.Struct, frozen=True):
    """The answer to a batch."""

    epoch: str
    server_time: datetime
    skew_seconds: float
    receipts: list[Receipt]
    contiguous: int
    gaps: list[tuple[int, int]]
    backed_up_to: int
    restored: bool
    pull_after: int = PULL_AFTER


def take_commands(*, device: DeviceRow, batch: Batch, app: int, at: datetime) -> Receipts:
    """Take what a phone sent, received at `at`: every receipt in the answer is durable, or nothing is.

    What this person may not write, what cannot be read or is not theirs is kept for the desk; what a room refuses
    too. Whom the pack tells of an alarm is told within seconds.
    """
    for attempt in range(TRIES):
        try:
            receipts, alarmed = _take(device, batch, app, at)
            break
        except OperationalError as failed:
            if getattr(failed.__cause__, "sqlstate", "") != DEADLOCK or attempt == TRIES - 1:
                raise
        except _TakenMeanwhileError:
            if attempt == TRIES - 1:
                raise
    if alarmed:
        tick_now()
    return receipts


class _TakenMeanwhileError(Exception):
    """Another device stored an id of this batch while it was judged: all over again, then it is known."""


@transaction.atomic
def _take(device: DeviceRow, batch: Batch, app: int, at: datetime) -> tuple[Receipts, bool]:
    with events_last():
        held = hold_device(device_id=device.id)
        by = device.actor()
        restored, epoch = _restored(held, batch, by, at)
        call = _Call(device, batch, at, held)
        call.judge(by)
        taken = call.store(by, app)
        if len(taken.numbers) != len(call.stored):
            raise _TakenMeanwhileError
        answer = Receipts(
            epoch=epoch,
            server_time=at,
            skew_seconds=round(call.clock.skew.total_seconds(), 3),
            receipts=call.receipts(taken),
            contiguous=taken.contiguous,
            gaps=taken.gaps,
            backed_up_to=held.state.backed_up_to,
            restored=restored,
        )
        return answer, call.alarmed


def _restored(held: Held, batch: Batch, by: Actor, at: datetime) -> tuple[bool, str]:
    """Whether this phone has seen another life of the database; one that knows more than we begins the next."""
    epoch = held.state.epoch
    if not held.revoked and batch.epoch == epoch and batch.last_server_seq > held.state.last_server_seq:
        epoch = begin_epoch(reason="seen", instead_of=epoch, beyond=batch.last_server_seq, by=by, at=at)
    return bool(batch.epoch) and batch.epoch != epoch, epoch


class _Call:
    """The book-keeping of one batch."""

    def __init__(self, device: DeviceRow, batch: Batch, at: datetime, held: Held) -> None:
        self.device, self.batch, self.at, self.held = device, batch, at, held
        self.first: dict[UUID, Sent | Broken] = {}
        for sent in batch.commands:
            self.first.setdefault(sent.id, sent)
        self.known = known_commands(self.first) if self.first else {}
        limits = clock_limits(field_limits(device.area, at))
        self.clock = Clock(at, at - batch.device_time, held.floor_at, limits)
        self.stored: dict[UUID, Stored] = {}
        self.conflicts: list[Stored] = []
        self.alarmed = False

    def judge(self, by: Actor) -> None:
        """Open what is new, let the rooms write it, and make of each what the inbox keeps."""
        outcomes: dict[UUID, Outcome] = {}
        opened: list[Opened] = []
        for sent in self.first.values():
            if sent.id in self.known:
                continue
            found = self._open(sent)
            if isinstance(found, str):
                outcomes[sent.id] = Outcome("quarantined", found)
            else:
                opened.append(found)
        if opened:
            hand = Hand(scope_of(self.device.user_id, self.at), by, self.at)
            outcomes |= record_opened(opened, hand)
        for sent_id, outcome in outcomes.items():
            self._keep(self.first[sent_id], outcome)

    def _open(self, sent: Sent | Broken) -> Opened | str:
        if self.held.revoked:
            return "device-revoked"
        if isinstance(sent, Broken):
            return "unreadable"
        payload = open_command(sent, device=self.device.id, user=self.device.user_id)
        if isinstance(payload, str):
            return payload
        return Opened(sent.id, sent.kind, payload, self.clock.tell(sent.occurred_at)[1].at)

    def _keep(self, sent: Sent | Broken, outcome: Outcome) -> None:
        stored = self._stored(sent, outcome)
        if outcome.status == "conflict":
            self.conflicts.append(stored)
        else:
            self.stored[sent.id] = stored
            self.alarmed = self.alarmed or bool(outcome.effect.get("alerts"))

    def _stored(self, sent: Sent | Broken, outcome: Outcome) -> Stored:
        if isinstance(sent, Broken):
            return Stored(
                *(sent.id, sent.seq, "", 0, "", "", None, "", None, self.at, sent.hash),
                *(outcome.status, outcome.code, {}, outcome.status, {"raw": sent.raw}),
            )
        occurred_at, told = self.clock.tell(sent.occurred_at)
        effect = outcome.effect | ({"flags": list(told.flags)} if told.flags else {})
        kept = outcome.status if outcome.status in ("refused", "quarantined") else ""
        if not kept and DATE_QUARANTINED in told.flags:
            kept = "date"
        return Stored(
            id=sent.id,
            seq=sent.seq,
            kind=sent.kind,
            v=sent.v,
            actor=sent.actor,
            revision=sent.revision or "",
            occurred_at=occurred_at,
            zone=sent.zone,
            recorded_at=self.clock.tell(sent.recorded_at)[0],
            told_at=told.at,
            hash=sent.hash,
            status=outcome.status,
            code=outcome.code,
            effect=effect,
            kept=kept,
            sealed=msgspec.to_builtins(sent.sealed),
        )

    def store(self, by: Actor, app: int) -> Taken:
        """Store what is new, and what came under the id of something else."""
        for sent in self.batch.commands:
            if self._is_other(sent):
                self.conflicts.append(self._stored(sent, Outcome("conflict", "id-conflict")))
        return store_commands(
            device=self.device,
            held=self.held,
            stored=list(self.stored.values()),
            conflicts=self.conflicts,
            skew_seconds=self.clock.skew.total_seconds(),
            app=app,
            by=by,
            at=self.at,
        )

    def _is_other(self, sent: Sent | Broken) -> bool:
        """Whether its id is taken by another hash: of the inbox, or of an earlier one in this batch."""
        known = self.known.get(sent.id)
        return sent.hash != (known.hash if known else self.first[sent.id].hash)

    def receipts(self, taken: Taken) -> list[Receipt]:
        """A receipt for each command, in their order; the second of two equal ones is told `again`."""
        clashes = {(one.id, one.hash): one.code for one in self.conflicts}
        told: list[Receipt] = []
        seen: set[UUID] = set()
        for sent in self.batch.commands:
            if (code := clashes.get((sent.id, sent.hash))) is not None:
                told.append(Receipt(sent.id, "conflict", code, None, {}))
            elif known := self.known.get(sent.id):
                told.append(_again(sent.id, known))
            else:
                one = self.stored[sent.id]
                receipt = Receipt(one.id, one.status, one.code, taken.numbers[one.id], one.effect)
                if sent.id in seen:
                    effect = receipt.effect | {"first": receipt.status}
                    receipt = Receipt(one.id, "again", one.code, receipt.server_seq, effect)
                told.append(receipt)
            seen.add(sent.id)
        return told


def _again(command_id: UUID, known: Known) -> Receipt:
    """The first receipt of a command that was here, its first status beside it."""
    return Receipt(command_id, "again", known.code, known.server_seq, known.effect | {"first": known.status})
