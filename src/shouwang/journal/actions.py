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
        _write_all([event])
    else:
        held.append(event)
    return event_id


@contextmanager
def events_last() -> Iterator[None]:
    """Inside, events wait and are written at the end, in their order: for long work of many actions in one
    transaction (an import), so that the chain of the town is locked for a moment and not for all of it.

    What fails inside leaves no event, as it leaves nothing else. Inside another one (a part with a savepoint of
    its own) its events join those that wait there.
    """
    waiting: list[_Event] = []
    token = _HELD.set(waiting)
    try:
        yield
    finally:
        _HELD.reset(token)
    outer = _HELD.get()
    if outer is None:
        _write_all(waiting)
    else:
        outer.extend(waiting)


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

    def link(self, seq: int) -> Link:
        """Its content as the link of that number."""
        kind, subject = self.subject
        return Link(
            *(seq, self.verb, self.area, kind, str(subject), self.by.id, self.by.name, self.at, self.plain)
        )


_HELD: ContextVar[list[_Event] | None] = ContextVar("journal_events_held", default=None)


def _write_all(events: list[_Event]) -> None:
    """Append these events; chains are locked in one order for all, so that nobody waits in a circle."""
    by_chain: dict[str, list[_Event]] = {}
    for event in events:
        by_chain.setdefault(event.chain, []).append(event)
    for chain in sorted(by_chain):
        _append(chain, by_chain[chain])


def _append(chain: str, events: list[_Event]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_HEAD, [chain])
        head = cursor.fetchone()
        if head is None:
            cursor.execute(
                "insert into journal_chain_head (chain, seq, hash) values (%s, 0, %s) on conflict do nothing",
                [chain, GENESIS],
            )
            cursor.execute(_HEAD, [chain])
            head = cursor.fetchone()
        last_seq, prev_hash = head
        rows: list[tuple[object, ...]] = []
        for event in events:
            link = event.link(last_seq + 1)
            own = link_hash(prev_hash, link)
            rows.append(
                (
                    *(event.id, link.seq, link.verb, link.area, link.subject_kind, link.subject_id),
                    *(link.actor_id, link.actor_name, link.at, canonical(event.plain), prev_hash, own),
                )
            )
            last_seq, prev_hash = link.seq, own
        columns = [list(column) for column in zip(*rows, strict=True)]
        cursor.execute(_APPEND, [last_seq, prev_hash, chain, chain, *columns])


_HEAD = "select seq, hash from journal_chain_head where chain = %s for update"

_APPEND = """
with head as (update journal_chain_head set seq = %s, hash = %s where chain = %s)
insert into journal_event (id, chain, seq, verb, area, subject_kind, subject_id, actor_id, actor_name, at, payload,
    prev_hash, hash)
select e.id, %s, e.seq, e.verb, e.area, e.subject_kind, e.subject_id, e.actor_id, e.actor_name, e.at,
    e.payload::jsonb, e.prev_hash, e.hash
from unnest(%s::uuid[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::timestamptz[], %s::text[], %s::text[], %s::text[])
    as e (id, seq, verb, area, subject_kind, subject_id, actor_id, actor_name, at, payload, prev_hash, hash)
"""
