"""Appending to the journal. The only writer of events; nothing here changes or deletes one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from shouwang.journal.rules import GENESIS, Link, chain_of, link_hash
from shouwang.kernel.actor import Actor
from shouwang.kernel.canon import canonical
from shouwang.kernel.ids import uuid7


def append_event(
    *,
    verb: str,
    subject: tuple[str, object],
    area: str,
    by: Actor,
    at: datetime,
    payload: Mapping[str, object] | None = None,
) -> UUID:
    """Append one event inside the caller's transaction and return its id.

    `verb` is past tense and dotted (`observation.check.recorded`); `subject` is (kind, id); `payload`
    holds no national id, telephone or address. Call it last in an action: the chain of the town is
    locked from here to the commit, and that should be short.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event belongs to the transaction of its action")
    chain = chain_of(area)
    plain: dict[str, object] = json.loads(canonical(dict(payload or {})))
    event_id = uuid7()
    event = _Event(event_id, chain, verb, area, subject, by, at, plain)
    held = _HELD.get()
    if held is None:
        _write(event)
    else:
        held.append(event)
    return event_id


@contextmanager
def events_last() -> Iterator[None]:
    """Inside, events wait and are written at the end, in their order: for long work of many actions in one
    transaction (an import), so that the chain of the town is locked for a moment and not for all of it.

    What fails inside leaves no event, as it leaves nothing else.
    """
    waiting: list[_Event] = []
    token = _HELD.set(waiting)
    try:
        yield
    finally:
        _HELD.reset(token)
    for event in waiting:
        _write(event)


@dataclass(frozen=True, slots=True)
class _Event:
    id: UUID
    chain: str
    verb: str
    area: str
    subject: tuple[str, object]
    by: Actor
    at: datetime
    plain: dict[str, object]


_HELD: ContextVar[list[_Event] | None] = ContextVar("journal_events_held", default=None)


def _write(event: _Event) -> None:
    chain, by, at = event.chain, event.by, event.at
    verb, area, subject, plain, event_id = event.verb, event.area, event.subject, event.plain, event.id
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into journal_chain_head (chain, seq, hash) values (%s, 0, %s) on conflict do nothing",
            [chain, GENESIS],
        )
        cursor.execute("select seq, hash from journal_chain_head where chain = %s for update", [chain])
        last_seq, prev_hash = cursor.fetchone()
        link = Link(last_seq + 1, verb, area, subject[0], str(subject[1]), by.id, by.name, at, plain)
        own = link_hash(prev_hash, link)
        cursor.execute(
            """with head as (update journal_chain_head set seq = %s, hash = %s where chain = %s)
            insert into journal_event (id, chain, seq, verb, area, subject_kind, subject_id, actor_id,
                actor_name, at, payload, prev_hash, hash)
            values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            [
                *(link.seq, own, chain),
                *(event_id, chain, link.seq, verb, area, link.subject_kind, link.subject_id, by.id),
                *(by.name, at, canonical(plain), prev_hash, own),
            ],
        )
