"""Nobody answered: alerts and missed checks climb the chain of responsibility by the pack's clock (B4).

Crosses observation (what is owed), workforce (who answers at the next level) and outreach (how they are told). Every
batch is one transaction: who was told, the messages to them and the move to the next step are written together or
not at all, so that a process killed at any point has told nobody twice and forgets nobody.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from shouwang.kernel.actor import Actor
from shouwang.kernel.days import local_time
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import (
    Climbed,
    Line,
    Owed,
    claim_alerts,
    claim_missed,
    note_missed,
    put_off,
    settle_tellings,
)
from shouwang.observation.queries import TellingRow, revisions_with_open_files, told_before
from shouwang.observation.rules import short_number
from shouwang.outreach.actions import NewMessage, queue_messages
from shouwang.packs.words.chains import RUNG_WORDS
from shouwang.places.queries import spoken_names, zone_of
from shouwang.policy.queries import pack_of
from shouwang.workforce.queries import ChainTarget, chains_for, teams_beside, workers_by_ids
from shouwang.workforce.rules import Chain, Holder, Telling, tell_first, tell_next

log = logging.getLogger(__name__)
BATCH = 50
EVERYTHING = Scope.everything("escalation")
SEVERITY = {"urgent": "紧急", "warning": "一般", "info": "提示"}
LEVELS = {rung: words[0] for rung, words in RUNG_WORDS.items()} | {"desk": "值班台", "owner": "责任人"}
"""Messages are written in the language of the place's offices, which is that of the packs."""


def escalate(*, by: Actor, at: datetime, most: int = BATCH) -> list[Climbed]:
    """Tell of everything that is owed, batch by batch; returns what climbed (an opening alone is no climb).

    A batch that fails is done again one by one, and the one at fault is put off, so that it never holds up the
    others. Two ticks at once share the work.
    """
    _note_missed(by, at)
    climbed: list[Climbed] = []
    while batch := _batch_or_one_by_one(by, at, most):
        climbed += batch
    return [one for one in climbed if one.climbs]


@transaction.atomic
def escalate_batch(*, by: Actor, at: datetime, most: int, only: Owed | None = None) -> list[Climbed]:
    """One batch of what is owed: claimed, told, settled. With `only` no other than that."""
    chosen = only.id if only else None
    owed = claim_alerts(at=at, most=most, only=chosen)
    owed += claim_missed(at=at, most=max(most - len(owed), 0), only=chosen)
    if not owed:
        return []
    lines = _lines(owed, at)
    queue_messages(messages=_messages(lines, at), by=by, at=at)
    return settle_tellings(owed=owed, lines=lines, by=by, at=at)


def _batch_or_one_by_one(by: Actor, at: datetime, most: int) -> list[Climbed]:
    try:
        return escalate_batch(by=by, at=at, most=most)
    except Exception:
        log.exception("telling failed; once more, one by one")
    with transaction.atomic():
        owed = claim_alerts(at=at, most=most) + claim_missed(at=at, most=most)
    climbed: list[Climbed] = []
    for one in owed:
        try:
            climbed += escalate_batch(by=by, at=at, most=1, only=one)
        except Exception:
            log.exception("telling of %s %s failed; put off", one.kind, one.id)
            put_off(owed=one, by=by, at=at)
    return climbed


def _note_missed(by: Actor, at: datetime) -> None:
    """Where a pack says that missed checks are told, late ones become obligations."""
    for revision in revisions_with_open_files():
        try:
            missed = pack_of(revision).missed
        except Refused:  # a pack that is not to be had says nothing about missed checks
            continue
        if missed is not None:
            steps = [missed.tell_after_minutes, *missed.climb_after_minutes]
            note_missed(revision_id=revision, tell=missed.tell, steps=steps, by=by, at=at)


def _lines(owed: Sequence[Owed], at: datetime) -> list[Line]:
    """Who is told of each, step by step; what was told before decides where a climb goes on."""
    targets = {one.id: ChainTarget("person", str(one.person_id), one.area, one.household_id) for one in owed}
    chains = chains_for(list(set(targets.values())), at)
    before = told_before([one.id for one in owed])
    teams = teams_beside(EVERYTHING, {(one.area, one.household_id) for one in owed})
    owners = workers_by_ids(EVERYTHING, {one.owner_id for one in owed})
    lines: list[Line] = []
    for one in owed:
        team = [
            Holder(m.assignment_id, m.worker.id, m.worker.name, m.worker.telephone, m.worker.unit,
                   m.role_set, m.role, m.since)
            for m in teams[one.area, one.household_id]
        ]  # fmt: skip
        own = owners.get(one.owner_id)
        owner = Holder(own.id, own.id, own.name, own.telephone, own.unit, "", "owner", at) if own else None
        lines += _ladder(one, chains[targets[one.id]], team, owner, before.get(one.id, []))
    return lines


def _ladder(
    one: Owed, chain: Chain, team: Sequence[Holder], owner: Holder | None, before: Sequence[TellingRow]
) -> list[Line]:
    """The lines of one alert for the steps that are due."""
    passed = {row.level for row in before}
    told: set[UUID] = {row.worker_id for row in before if row.worker_id and row.outcome == "told"}
    lines: list[Line] = []
    for step, due_at in one.steps:
        found: tuple[Telling, ...] = (
            tell_first(one.tell, team, owner, chain) if step == 0 else tell_next(chain, passed, told)
        )
        passed |= {line.level for line in found}
        told |= {line.worker_id for line in found if line.worker_id and line.outcome == "told"}
        lines += [
            Line(one, step, n, due_at, t.outcome, t.level, t.role, t.worker_id, t.name)
            for n, t in enumerate(found)
        ]
    return lines


def _messages(lines: Sequence[Line], at: datetime) -> list[NewMessage]:
    """One message to everybody told: where, how urgent, a short number and the page; nothing about the person.

    Whether a channel carries it is the message's story; the telling stands either way.
    """
    told = [line for line in lines if line.outcome == "told" and line.worker_id]
    places = spoken_names(line.about.area for line in told)
    return [
        _message(line, line.worker_id, places.get(line.about.area, ""), at) for line in told if line.worker_id
    ]


def _message(line: Line, worker: UUID, place: str, at: datetime) -> NewMessage:
    one = line.about
    minutes = int((at - one.dues[0]).total_seconds() // 60)
    params = {
        "place": place,
        "severity": SEVERITY.get(one.severity, one.severity),
        "code": short_number(one.id),
        "link": f"/alerts/?area={one.area}",
    }
    if one.kind == "missed":
        deadline = local_time(one.dues[0], zone_of(one.area))
        params = {
            "place": params["place"],
            "count": "1",
            "deadline": f"{deadline:%H:%M}",
            "link": f"/due/?area={one.area}",
        }
    elif line.step:
        params |= {"minutes": str(minutes), "level": LEVELS.get(line.level, "")}
    template = "check-late" if one.kind == "missed" else "alert-climbed" if line.step else "alert-raised"
    return NewMessage(
        id=message_id(line.id),
        area=one.area,
        template=template,
        params=params,
        to_kind="worker",
        to_id=worker,
        about_kind=one.kind,
        about_id=one.id,
        urgent=one.severity == "urgent",
    )


def message_id(telling_id: UUID) -> UUID:
    """The message that goes with a telling; the same for the same, so that queueing twice tells once."""
    return uuid5(telling_id, "message")
