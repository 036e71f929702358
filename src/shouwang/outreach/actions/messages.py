"""Queueing messages. A message is an obligation: a row that is claimed, tried and settled (`sending.py`)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from os.path import commonprefix
from typing import Literal
from uuid import UUID

from django.db import connection, transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.outreach import rules
from shouwang.packs.saying import message_of
from shouwang.packs.schema import Pack
from shouwang.policy.queries import pack_in_force


@dataclass(frozen=True, slots=True)
class NewMessage:
    """Something to tell somebody. `id` follows from what it is about, so that queueing twice tells once."""

    id: UUID
    area: str
    template: str
    params: Mapping[str, str]
    to_kind: Literal["worker", "group", "channel"]
    to_id: UUID
    about_kind: str
    about_id: object
    urgent: bool = False
    not_before: datetime | None = field(default=None)


@transaction.atomic
def queue_messages(*, messages: Sequence[NewMessage], by: Actor, at: datetime) -> int:
    """Queue messages; one whose id is there already is that one, and is left as it is. Returns how many are new.

    They are queued if and only if the caller's transaction commits, and are sent by `send_due` afterwards.
    Refuses `message-template-unknown`, `message-placeholder-unknown`. A value that looks like an id, a
    telephone, a door or a diagnosis goes out as ＊ (`rules.safe_params`).
    """
    if not messages:
        return 0
    packs = _Packs(at)
    rows = [_row(message, packs, by, at) for message in {m.id: m for m in messages}.values()]
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, [list(column) for column in zip(*rows, strict=True)])
        new = {found[0] for found in cursor.fetchall()}
    if new:
        queued = [m for m in messages if m.id in new]
        append_event(
            verb="outreach.messages.queued",
            subject=("messages", queued[0].id),
            area=commonprefix([m.area for m in queued]),  # noqa: RUF071 - of codes
            by=by,
            at=at,
            payload={"count": len(new), "templates": dict(Counter(m.template for m in queued))},
        )
    return len(new)


class _Packs:
    """Packs in force by area, each looked up once."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.known: dict[str, tuple[UUID | None, Pack | None]] = {}

    def of(self, area: str) -> tuple[UUID | None, Pack | None]:
        """The revision and pack of a place; none where none is in force (then our own texts are used)."""
        if area not in self.known:
            try:
                revision, pack = pack_in_force(Scope.everything("messages"), area, self.at)
                self.known[area] = revision.id, pack
            except Refused:
                self.known[area] = None, None
        return self.known[area]


def _row(message: NewMessage, packs: _Packs, by: Actor, at: datetime) -> tuple[object, ...]:
    revision, pack = packs.of(message.area)
    template = message_of(pack, message.template)
    if template is None:
        raise Refused("message-template-unknown", template=message.template)
    return (
        message.id,
        message.area,
        message.template,
        json.dumps(rules.safe_params(message.params), ensure_ascii=False),
        revision,
        message.to_kind,
        message.to_id,
        message.about_kind,
        str(message.about_id),
        message.urgent or template.urgent,
        max(message.not_before or at, at),
        at,
        by.id,
    )


_QUEUE = """
insert into outreach_message (id, area, template, params, revision_id, to_kind, to_id, about_kind, about_id,
    urgent, next_at, queued_at, queued_by, state, attempts, maybe_twice, destination_sealed, last_code)
select id, area, template, params::jsonb, revision, to_kind, to_id, about_kind, about_id, urgent, next_at,
    queued_at, queued_by, 'queued', 0, false, '', ''
from unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::uuid[], %s::text[], %s::uuid[], %s::text[],
    %s::text[], %s::bool[], %s::timestamptz[], %s::timestamptz[], %s::text[])
    as m (id, area, template, params, revision, to_kind, to_id, about_kind, about_id, urgent, next_at, queued_at,
        queued_by)
on conflict (id) do nothing returning id
"""
