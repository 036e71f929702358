"""Handing opened commands to their rooms by kind: set-based, and one that is bad holds up no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from shouwang.devices.rules import ArrivalPayload, CheckPayload, VisitPayload
from shouwang.journal.actions import events_last
from shouwang.journeys.arrive import arrive
from shouwang.journeys.field_commands.opening import Opened
from shouwang.journeys.sweep_round import correct_door, record_doors
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import CheckCommand, CheckReceipt, correct_check, record_checks
from shouwang.policy.queries import pack_of
from shouwang.screening.actions import NewArrival, NewFound, NewVisit, VisitReceipt
from shouwang.screening.queries import visit

log = logging.getLogger(__name__)

NOT_THEIRS = frozenset(
    {
        *("file-not-found", "check-not-found", "sweep-not-found", "door-not-found", "visit-not-found"),
        *("post-not-found", "arrival-not-found", "not-permitted"),
    }
)
"""What a room says of what is not this person's, whether it exists or not: kept as `not-permitted`."""
TAKEN = frozenset({"id-conflict", "visit-differs", "fact-differs"})
"""What a room says of an id under which it has something else."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one command: `done`, `refused`, `quarantined` or `conflict`."""

    status: str
    code: str = ""
    effect: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hand:
    """Who writes, by what right, when; and who measured, where that is somebody else."""

    scope: Scope
    by: Actor
    at: datetime
    worker: Actor | None = None


Outcomes = dict[UUID, Outcome]


def record_opened(items: Sequence[Opened], hand: Hand) -> Outcomes:
    """Write each in its room, inside the caller's action. New things first, then what corrects, in their order."""
    found: Outcomes = {}
    for one_kind, record in ((CheckPayload, _checks), (VisitPayload, _visits), (ArrivalPayload, _arrivals)):
        mine = [item for item in items if isinstance(item.payload, one_kind)]
        plain = [item for item in mine if not item.payload.corrects]
        if plain:
            found |= record(plain, hand)
        for item in mine:
            if item.payload.corrects:
                found |= _apart([item], lambda some: _corrected(some[0], hand))
    return found


def _apart(items: Sequence[Opened], record: Callable[[Sequence[Opened]], Outcomes]) -> Outcomes:
    """All at once; where that fails each by itself, so that one bad item never blocks the rest."""
    try:
        with transaction.atomic(), events_last():
            return record(items)
    except (OperationalError, InterfaceError):
        raise
    except Exception as failed:
        if len(items) == 1:
            return {items[0].id: _failed(failed)}
    found: Outcomes = {}
    for item in items:
        found |= _apart([item], record)
    return found


def _failed(failed: Exception) -> Outcome:
    if isinstance(failed, Refused):
        return _refused(failed.code)
    log.error("a command of the field could not be written: it is kept", exc_info=failed)
    return Outcome("quarantined", "unreadable")


def _refused(code: str) -> Outcome:
    if code in NOT_THEIRS:
        return Outcome("quarantined", "not-permitted")
    return Outcome("conflict" if code in TAKEN else "refused", code)


def _checks(items: Sequence[Opened], hand: Hand) -> Outcomes:
    return _apart(items, lambda some: _record_checks(some, hand))


def _record_checks(items: Sequence[Opened], hand: Hand) -> Outcomes:
    commands = [_check(item, hand) for item in items]
    receipts = record_checks(items=commands, scope=hand.scope, pack_of=pack_of, by=hand.by, at=hand.at)
    return {receipt.id: _of_check(receipt) for receipt in receipts}


def _of_check(receipt: CheckReceipt) -> Outcome:
    if receipt.code:
        return _refused(receipt.code)
    effect: dict[str, Any] = {"day_no": receipt.day_no}
    if receipt.alerts:
        effect["alerts"] = list(receipt.alerts)
    if receipt.next_due_at is not None:
        effect["next_due_at"] = receipt.next_due_at
    if receipt.late:
        effect["late"] = True
    return Outcome("done", "", effect)


def _check(item: Opened, hand: Hand) -> CheckCommand:
    told = item.payload
    assert isinstance(told, CheckPayload)
    outcome = told.outcome or "done"
    return CheckCommand(
        id=item.id,
        file_id=told.file,
        taken_at=item.told_at,
        channel=told.channel,
        outcome=outcome,
        deci=told.deci,
        symptoms=tuple(told.symptoms or ()),
        measured_by=hand.worker.id if hand.worker else "",
        measured_by_name=hand.worker.name if hand.worker else "",
        seen=told.seen or ("person" if outcome == "done" else "nobody"),
        roles=tuple(told.roles or ()),
        note=(told.note or "").strip(),
        thermometer=told.thermometer or "",
        witness=told.witness or "",
        photo_seen=told.photo_seen,
    )


def _visits(items: Sequence[Opened], hand: Hand) -> Outcomes:
    """The visits, round by round in one order for all: the doors of a round are locked by its room."""
    by_sweep: dict[UUID, list[Opened]] = {}
    for item in items:
        assert isinstance(item.payload, VisitPayload)
        by_sweep.setdefault(item.payload.sweep, []).append(item)
    found: Outcomes = {}
    for sweep_id in sorted(by_sweep):
        found |= _apart(by_sweep[sweep_id], partial(_record_doors, sweep_id, hand))
    return found


def _record_doors(sweep_id: UUID, hand: Hand, items: Sequence[Opened]) -> Outcomes:
    visits = [_visit(item, hand) for item in items]
    receipts = record_doors(sweep_id=sweep_id, visits=visits, scope=hand.scope, by=hand.by, at=hand.at)
    return {receipt.id: _of_visit(receipt) for receipt in receipts}


def _of_visit(receipt: VisitReceipt) -> Outcome:
    return _refused(receipt.code) if receipt.code else Outcome("done")


def _visit(item: Opened, hand: Hand) -> NewVisit:
    told = item.payload
    assert isinstance(told, VisitPayload)
    found = tuple(
        NewFound(
            *(f.name or "", f.id_no or "", f.telephone or "", f.sex or "", f.relation or "", f.note or "")
        )
        for f in told.found or ()
    )
    return NewVisit(
        id=item.id,
        door_id=told.door,
        visited_at=item.told_at,
        outcome=told.outcome,
        people=told.people or 0,
        named=tuple(told.named or ()),
        found=found,
        visitor=hand.worker.name if hand.worker else "",
        note=told.note or "",
    )


def _arrivals(items: Sequence[Opened], hand: Hand) -> Outcomes:
    by_post: dict[UUID, list[Opened]] = {}
    for item in items:
        assert isinstance(item.payload, ArrivalPayload)
        by_post.setdefault(item.payload.post, []).append(item)
    found: Outcomes = {}
    for post_id in sorted(by_post):
        found |= _apart(by_post[post_id], lambda some: _arrive(some, hand))
    return found


def _arrive(items: Sequence[Opened], hand: Hand) -> Outcomes:
    arrive(arrivals=[_arrival(item) for item in items], scope=hand.scope, by=hand.by, at=hand.at)
    return {item.id: Outcome("done") for item in items}


def _arrival(item: Opened) -> NewArrival:
    told = item.payload
    assert isinstance(told, ArrivalPayload)
    return NewArrival(
        id=item.id,
        post_id=told.post,
        area=told.area,
        arrived_at=item.told_at,
        name=told.name or "",
        from_text=told.from_text or "",
        telephone=told.telephone or "",
        plate=told.plate or "",
        address=told.address or "",
        deci=told.deci,
        symptoms=told.symptoms or "",
        corrects=UUID(told.corrects) if told.corrects else None,
        reason=told.reason or "",
    )


def _corrected(item: Opened, hand: Hand) -> Outcomes:
    """One correction: a new telling in the place of an earlier one, with its reason."""
    told = item.payload
    if isinstance(told, ArrivalPayload):
        return _arrive([item], hand)
    earlier, reason = UUID(told.corrects or ""), told.reason or ""
    if isinstance(told, CheckPayload):
        receipt = correct_check(
            check_id=earlier,
            item=_check(item, hand),
            reason=reason,
            scope=hand.scope,
            pack_of=pack_of,
            by=hand.by,
            at=hand.at,
        )
        return {item.id: _of_check(receipt)}
    done = correct_door(
        visit=visit(hand.scope, earlier),
        sweep_id=told.sweep,
        item=_visit(item, hand),
        reason=reason,
        scope=hand.scope,
        by=hand.by,
        at=hand.at,
    )
    return {item.id: _of_visit(done)}
