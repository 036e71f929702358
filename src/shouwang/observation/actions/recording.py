"""Recording checks: the road that must be fast. A call of many checks is four statements and one event.

The files are locked in the order of their ids and read at once; every check is judged in memory; one
statement writes checks (a known id writes nothing), moves the files on and raises alerts; then comes the
event. An older check never moves a file back. One bad check never holds up the others: each gets its own
receipt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from os.path import commonprefix
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.canon import content_hash
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions.commands import CheckCommand, CheckReceipt, FileState, PackOf
from shouwang.observation.actions.judging import Book, Judge, Judged, books_for
from shouwang.observation.actions.storing import (
    Stored,
    files_for_update,
    keep_conflicts,
    signed_days,
    store_checks,
    stored_checks,
)
from shouwang.observation.actions.vouching import Teams
from shouwang.packs.conditions import PersonFacts
from shouwang.people.queries import people_by_ids

PERMISSION = "observation.record"
MOST = 1000
"""Checks in one call at most."""


def record_check(
    *, item: CheckCommand, scope: Scope, pack_of: PackOf, by: Actor, at: datetime
) -> CheckReceipt:
    """Record one check. Refuses with the code of its receipt; sent again, it returns the first receipt."""
    receipt = record_checks(items=[item], scope=scope, pack_of=pack_of, by=by, at=at)[0]
    if receipt.status in ("refused", "conflict"):
        raise Refused(receipt.code, check=str(item.id), file=str(item.file_id))
    return receipt


@transaction.atomic
def record_checks(
    *, items: Sequence[CheckCommand], scope: Scope, pack_of: PackOf, by: Actor, at: datetime
) -> list[CheckReceipt]:
    """Record many checks and return a receipt for each, in their order. Idempotent on the client's ids.

    Receipt codes of a refusal: `file-not-found` (also out of scope), `file-closed`, `taken-in-future`,
    `before-day-zero`, `temperature-impossible`, `symptom-unknown`, `role-unknown`, `channel-unknown`,
    `outcome-unknown`, `seen-unknown`, `nobody-seen`, `nobody-measured`, `slot-unknown`, `slot-not-yet`,
    `slot-too-old`, `day-signed`, `thermometer-unknown`, `witness-unknown`, `witness-impossible` (by telephone no
    worker sees a thermometer); of a conflict: `id-conflict`. Refuses the call with `too-many-checks`.
    """
    if len(items) > MOST:
        raise Refused("too-many-checks", most=MOST)
    call = _Call(items)
    files = files_for_update({c.file_id for c in call.commands.values()})
    books = books_for(files.values(), pack_of)
    signed = signed_days([f for f in files.values() if f.signed_to is not None])
    judge = Judge(
        files,
        people_facts(files, books),
        books,
        signed=signed,
        areas=scope.areas_for(PERMISSION),
        at=at,
        teams=Teams(files, call.commands.values()),
    )
    for command in call.commands.values():
        call.take(command, judge.judge(command, call.digests[command.id]))
    fresh = store_checks(list(call.judged.values()), by=by, at=at) if call.judged else set()
    conflicts = call.settle(fresh, by, at)
    if fresh or conflicts:
        _journal([call.judged[i] for i in call.judged if i in fresh], conflicts, by, at)
    return call.receipts()


@dataclass(slots=True)
class _Call:
    """The book-keeping of one call: what came, what was judged, what became of it."""

    items: Sequence[CheckCommand]
    commands: dict[UUID, CheckCommand]
    digests: dict[UUID, str]
    judged: dict[UUID, Judged]
    refused: dict[UUID, str]
    done: dict[UUID, CheckReceipt]

    def __init__(self, items: Sequence[CheckCommand]) -> None:
        self.items, self.judged, self.refused, self.done = items, {}, {}, {}
        self.commands, self.digests = {}, {}
        for item in items:
            if item.id not in self.commands:
                self.commands[item.id] = item
                self.digests[item.id] = item.digest()

    def take(self, command: CheckCommand, verdict: Judged | str) -> None:
        if isinstance(verdict, str):
            self.refused[command.id] = verdict
        else:
            self.judged[command.id] = verdict

    def settle(self, fresh: set[UUID], by: Actor, at: datetime) -> list[Judged]:
        """Make the receipts; what was there already is compared with what came. Returns new conflicts."""
        waiting = [i for i in self.commands if i not in fresh]
        there = stored_checks(waiting) if waiting else {}
        conflicts = []
        due_of = _dues(self.judged.values(), fresh)
        for check_id in self.commands:
            judged, old = self.judged.get(check_id), there.get(check_id)
            if judged is not None and check_id in fresh:
                self.done[check_id] = recorded(judged, due_of.get(judged.file.id, judged.file.next_due_at))
            elif old is not None and old.digest == self.digests[check_id]:
                self.done[check_id] = replayed(check_id, old)
            elif judged is not None:
                conflicts.append(judged)
                self.done[check_id] = CheckReceipt(check_id, "conflict", "id-conflict")
            else:
                self.done[check_id] = CheckReceipt(check_id, "refused", self.refused[check_id])
        kept = keep_conflicts(conflicts, by=by, at=at) if conflicts else set()
        return [judged for judged in conflicts if judged.command.id in kept]

    def receipts(self) -> list[CheckReceipt]:
        if len(self.items) == len(self.commands):
            return [self.done[item.id] for item in self.items]
        return [self._receipt(index, item) for index, item in enumerate(self.items)]

    def _receipt(self, index: int, item: CheckCommand) -> CheckReceipt:
        """An id that stands twice in one call: the first counts, an equal second is a replay."""
        receipt = self.done[item.id]
        first = self.commands[item.id]
        if first is item and all(other is not item for other in self.items[:index]):
            return receipt
        if item.digest() != self.digests[item.id]:
            return CheckReceipt(item.id, "conflict", "id-conflict")
        return replace(receipt, status="replayed") if receipt.status == "recorded" else receipt


def people_facts(files: dict[UUID, FileState], books: dict[UUID, Book]) -> dict[UUID, PersonFacts]:
    """Facts of the persons whose pack asks for them; usually none."""
    wanted = [f.person_id for f in files.values() if books[f.revision_id].must_know_person]
    if not wanted:
        return {}
    found = people_by_ids(Scope.everything(), wanted)
    return {p.id: PersonFacts(p.area, p.birth_date, p.sex or None, frozenset(p.tags)) for p in found}


def _dues(judged: Iterable[Judged], fresh: set[UUID]) -> dict[UUID, datetime | None]:
    """The next due time of each file that this call moved on."""
    latest: dict[UUID, Judged] = {}
    for one in judged:
        if one.moves and one.file.state == "open" and one.command.id in fresh:
            best = latest.get(one.file.id)
            if best is None or one.slot > best.slot:
                latest[one.file.id] = one
    return {
        file_id: one.due.at
        if one.file.last_slot is None or one.slot > one.file.last_slot
        else one.file.next_due_at
        for file_id, one in latest.items()
    }


def recorded(judged: Judged, due_at: datetime | None) -> CheckReceipt:
    """The receipt of a check just written."""
    return CheckReceipt(
        judged.command.id,
        "recorded",
        "",
        judged.slot,
        day_number(judged),
        judged.late,
        bool(judged.raised),
        tuple([alert.code for alert in judged.raised]),
        due_at,
    )


def replayed(check_id: UUID, old: Stored) -> CheckReceipt:
    """The receipt of a check that was there already."""
    return CheckReceipt(
        *(check_id, "replayed", "", old.slot, old.day_no, old.late, old.abnormal, old.alerts, old.next_due_at)
    )


def day_number(judged: Judged) -> int:
    """The day of the file on which the check stands."""
    return (judged.slot >> 5) + _EPOCH - judged.file.schedule.day_zero.toordinal()


_EPOCH = date(2000, 1, 1).toordinal()


def _journal(fresh: list[Judged], conflicts: list[Judged], by: Actor, at: datetime) -> None:
    touched = fresh or conflicts
    one = len(touched) == 1
    append_event(
        verb="observation.check.recorded" if fresh else "observation.check.conflicted",
        subject=("file", touched[0].file.id) if one else ("checks", touched[0].command.id),
        area=commonprefix([judged.file.area for judged in touched]),  # noqa: RUF071 - of codes
        by=by,
        at=at,
        payload={
            "recorded": len(fresh),
            "conflicts": len(conflicts),
            "abnormal": sum(bool(judged.raised) for judged in fresh),
            "digest": content_hash([[j.command.id.hex, j.digest] for j in touched]),
        },
    )
