"""Recording visits to doors: one door, a paper of 25, or thousands a call, by the same few statements.

The leaves are locked in one order for all; every visit is judged in memory; visits are appended, whom they
name is noted, and doors, leaves and days that were touched are counted again. One bad visit never holds up
the others: each gets its own receipt.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from os.path import commonprefix
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.canon import content_hash
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.packs.schema import Pack
from shouwang.screening.actions.sweeps import OWN, RECORD, held_sweep
from shouwang.screening.actions.sweeps_commands import NewVisit, Receipts, VisitReceipt, one_recorded
from shouwang.screening.actions.sweeps_counting import (
    count_again,
    count_all_again,
    drop_people,
    keep_people,
    lock_leaves,
)
from shouwang.screening.actions.sweeps_found import Door, TakenIn, note_found, take_in_found
from shouwang.screening.actions.sweeps_reaching import tell_ladder
from shouwang.screening.actions.sweeps_storing import (
    Ready,
    doors_of,
    keep_conflict,
    people_in,
    store_visits,
    stored_digests,
)
from shouwang.screening.models import DoorVisit, Sweep
from shouwang.screening.rules import WITHDRAWN, Told, wrong_with

MOST = 10_000
"""Visits in one call at most."""


@transaction.atomic
def record_visits(
    *,
    sweep_id: UUID,
    visits: Sequence[NewVisit],
    scope: Scope,
    by: Actor,
    at: datetime,
    pack: Pack | None = None,
) -> list[VisitReceipt]:
    """Record many visits and return a receipt for each, in their order. Idempotent on the client's ids.

    With the `pack` in force, doors that told us nothing go up its ladder (`tell_ladder`).

    Receipt codes of a refusal: `door-not-found` (also out of scope, or of another round),
    `visit-outcome-unknown`, `visit-in-future`, `visit-before-round`, `sweep-closed`,
    `visit-people-impossible`, `visit-people-not-met`, `person-not-found`; of a conflict: `visit-differs`.
    Refuses the call with `sweep-not-found`, `too-many-visits`.
    """
    if len(visits) > MOST:
        raise Refused("too-many-visits", most=MOST)
    sweep = held_sweep(sweep_id)
    call = _Call(sweep, [(item, item.digest()) for item in visits], scope.areas_for(RECORD), at)
    ready, conflicts = call.judge(by)
    if ready:
        _write(sweep, ready, by, at)
        if pack is not None:
            tell_ladder(ready, pack=pack, by=by, at=at)
    if ready or conflicts:
        _journal(sweep, ready, conflicts, by, at)
    return call.receipts.of(call.items)


@transaction.atomic
def correct_visit(
    *,
    visit_id: UUID,
    item: NewVisit,
    reason: str,
    scope: Scope,
    by: Actor,
    at: datetime,
    pack: Pack | None = None,
) -> VisitReceipt:
    """Put another telling in the place of a visit; the earlier one stays. `item.outcome` may be `withdrawn`:
    the visit was written at the wrong door and counts nowhere.

    Sent again, it returns the first receipt. Refuses `reason-missing`, `visit-not-found` (also out of scope),
    `visit-corrected-already`, and whatever a new visit is refused for.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    old = DoorVisit.objects.within(scope, RECORD).filter(id=visit_id).first()
    if old is None or old.door_id != item.door_id:
        raise Refused("visit-not-found")
    sweep = held_sweep(old.sweep_id)
    call = _Call(sweep, [(item, item.digest())], scope.areas_for(RECORD), at, corrects=old)
    ready, conflicts = call.judge(by)
    if ready:
        rows = DoorVisit.objects.unscoped(OWN)
        if rows.filter(corrects_id=visit_id).exists():
            raise Refused("visit-corrected-already")
        _write(sweep, ready, by, at, corrects=old, reason=reason.strip())
        if pack is not None:
            tell_ladder(ready, pack=pack, by=by, at=at, corrects=visit_id, reason=reason.strip())
    if ready or conflicts:
        _journal(sweep, ready, conflicts, by, at, corrects=visit_id, reason=reason.strip())
    (receipt,) = call.receipts.of(call.items)
    return receipt if conflicts else one_recorded(receipt)


@transaction.atomic
def rebuild_sweep(*, sweep_id: UUID, by: Actor, at: datetime) -> None:
    """Make every counter of a round anew from its visits. Refuses `sweep-not-found`."""
    sweep = held_sweep(sweep_id, for_update=True)
    count_all_again(sweep_id)
    append_event(
        verb="screening.sweep.counted-again", subject=("sweep", sweep_id), area=sweep.area, by=by, at=at
    )


@dataclass(slots=True)
class _Call:
    """One call: what came, who may, what became of it."""

    sweep: Sweep
    items: list[tuple[NewVisit, str]]
    areas: tuple[str, ...]
    at: datetime
    corrects: DoorVisit | None = None
    receipts: Receipts = field(default_factory=Receipts)

    def judge(self, by: Actor) -> tuple[list[Ready], int]:
        """Lock what will be touched; the visits that may be written, and how many new conflicts were kept."""
        first = {item.id: (item, digest) for item, digest in reversed(self.items)}
        doors = doors_of(self.sweep.id, {item.door_id for item, _ in first.values()})
        seen = {door.id: door for door in doors.values() if door.area.startswith(self.areas)}
        named = {person for item, _ in first.values() for person in item.named}
        before = set(self.corrects.named) if self.corrects else set()
        lock_leaves(self.sweep.id, {door.area for door in seen.values()}, named | before)
        there = stored_digests(first)
        known = people_in(self.areas, named)
        ready, conflicts = [], 0
        for item, digest in first.values():
            door = seen.get(item.door_id)
            number = door.number if door else None
            if there.get(item.id) == digest:
                self.receipts.put(item, digest, "replayed", number=number)
            elif code := self._wrong(item, door, known):
                self.receipts.put(item, digest, "refused", code, number)
            elif item.id in there:
                assert door is not None
                conflicts += keep_conflict(item, digest, area=door.area, by=by, at=self.at)
                self.receipts.put(item, digest, "conflict", "visit-differs", number)
            else:
                assert door is not None
                ready.append(Ready(item, door, tuple(dict.fromkeys(item.named)), item.people, digest))
                self.receipts.put(item, digest, "recorded", number=number)
        return ready, conflicts

    def _wrong(self, item: NewVisit, door: Door | None, known: Collection[UUID]) -> str | None:
        if door is None:
            return "door-not-found"
        if any(person not in known for person in item.named):
            return "person-not-found"
        if self.corrects is not None and item.outcome == WITHDRAWN:
            return "visit-people-not-met" if item.people or item.named or item.found else None
        told = Told(item.outcome, item.visited_at, item.people, len(set(item.named)))
        if code := wrong_with(
            told, opened_at=self.sweep.opened_at, closed_at=self.sweep.closed_at, at=self.at
        ):
            return code
        return "visit-people-not-met" if item.found and item.outcome != "met" else None


def _write(
    sweep: Sweep,
    ready: list[Ready],
    by: Actor,
    at: datetime,
    corrects: DoorVisit | None = None,
    reason: str = "",
) -> None:
    """Append the visits and count again what they touch, inside the caller's action."""
    taken = TakenIn({}, frozenset())
    if any(one.item.found for one in ready):
        taken = take_in_found([(one.item, one.door) for one in ready], area=sweep.area, by=by, at=at)
        ready[:] = [_with_found(one, taken) for one in ready]
    days = set(
        store_visits(
            sweep.id,
            ready,
            zone=sweep.zone,
            by=by,
            at=at,
            corrects=corrects.id if corrects else None,
            reason=reason,
        )
    )
    if taken.who:
        note_found(sweep.id, taken, {one.item.id: one.door.area for one in ready}, at=at)
    if any(one.named for one in ready):
        keep_people(sweep.id, [one.item.id for one in ready])
    doors = {one.door.id for one in ready}
    if corrects is not None:
        days.add((corrects.area, corrects.local_day))
        doors |= drop_people(sweep.id, corrects.door_id)
    count_again(sweep.id, doors, days)


def _with_found(one: Ready, taken: TakenIn) -> Ready:
    """A visit with whom it found among those it names; nobody told is fewer than were found."""
    found = taken.who.get(one.item.id, ())
    named = tuple(dict.fromkeys((*one.named, *found)))
    return Ready(one.item, one.door, named, max(one.people, len(named)), one.digest)


def _journal(
    sweep: Sweep,
    ready: list[Ready],
    conflicts: int,
    by: Actor,
    at: datetime,
    corrects: UUID | None = None,
    reason: str = "",
) -> None:
    area = commonprefix([one.door.area for one in ready]) if ready else sweep.area  # noqa: RUF071 - of codes
    payload: dict[str, object] = {
        "recorded": len(ready),
        "conflicts": conflicts,
        "people": sum(one.people for one in ready),
        "digest": content_hash([[one.item.id.hex, one.digest] for one in ready]),
    }
    if corrects is not None:
        payload |= {"corrects": str(corrects), "reason": reason}
    verb = "screening.visit.corrected" if corrects else "screening.visits.recorded"
    append_event(verb=verb, subject=("sweep", sweep.id), area=area, by=by, at=at, payload=payload)
