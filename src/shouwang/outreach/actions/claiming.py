"""Claiming messages that are due: which go now, by which channel, where to; and tries that lost their worker.

Everything here is inside one short transaction. Messages are locked first (skipping what another worker holds),
then the channels they might go by, so that the limits of a robot hold across processes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from shouwang.kernel.canon import content_hash
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.kernel.telephone import read_telephones
from shouwang.outreach import rules
from shouwang.outreach.calling import Task
from shouwang.outreach.models import Channel, ChatGroup, DeliveryAttempt, DeliveryResult, Message
from shouwang.packs.saying import message_of, placeholders
from shouwang.packs.schema import Lang
from shouwang.packs.schema import Message as Template
from shouwang.people.sealed import seal, unseal
from shouwang.policy.queries import pack_of
from shouwang.workforce.queries import WorkerRow, workers_by_ids

WHY = "the sender sends for everybody"
LOOK_AT = 200
"""How many due messages are looked at for one batch: those of a throttled robot do not hold up the others."""
QUEUED, SENDING = rules.State.QUEUED, rules.State.SENDING


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is this worker's for the length of a lease, its try marked."""

    message_id: UUID
    channel_id: UUID
    attempt_id: UUID
    number: int
    area: str
    queued_at: datetime
    kind: str
    when_unsure: str
    task: Task


@transaction.atomic
def claim(at: datetime, most: int, only: UUID | None = None) -> list[Claimed]:
    """Take up to `most` messages that may go now and mark a try of each; the others learn when to come again."""
    rows = Message.objects.unscoped(WHY).filter(state=QUEUED)
    rows = rows.filter(id=only) if only else rows.filter(next_at__lte=at)
    due = list(
        rows.select_for_update(skip_locked=True).order_by("-urgent", "next_at", "id")[
            : LOOK_AT if most else 0
        ]
    )
    if not due:
        return []
    ways = _Ways(due, at)
    claimed: list[Claimed] = []
    for message in due:
        way = ways.of(message, patient=only is None)
        if isinstance(way, Channel):
            if len(claimed) < most:
                claimed.append(ways.take(message, way))
        else:
            _put_off(message, way[0], way[1], at)
    return claimed


def _put_off(message: Message, until: datetime, code: str, at: datetime) -> None:
    if rules.given_up(message.queued_at, at):
        message.state, message.settled_at, message.next_at = rules.State.DEAD, at, None
    else:
        message.next_at = until
    message.last_code = code
    message.save(update_fields=["state", "settled_at", "next_at", "last_code"])


@transaction.atomic
def lapse(at: datetime, by_id: str, most: int = 200) -> int:
    """Tries whose worker did not come back within the lease: nobody knows whether they arrived.

    They go again only where that is harmless or the pack wants it (`rules.after_lost_answer`).
    """
    rows = Message.objects.unscoped(WHY).filter(state=SENDING, lease_until__lte=at)
    stale = list(rows.select_for_update(skip_locked=True, of=("self",)).select_related("channel")[:most])
    if not stale:
        return 0
    answered = DeliveryResult.objects.filter(attempt=OuterRef("pk"))
    tries = DeliveryAttempt.objects.unscoped(WHY).filter(message_id__in=[m.id for m in stale])
    open_tries = {t.message_id: t.id for t in tries.exclude(Exists(answered))}
    DeliveryResult.objects.bulk_create(
        DeliveryResult(attempt_id=attempt, outcome="lost", code="worker-killed", by_id=by_id, at=at)
        for attempt in open_tries.values()
    )
    for message in stale:
        assert message.channel is not None
        after_loss(message, message.channel.kind, template_of(message).when_unsure, at)
        message.last_code = "worker-killed"
        message.save(update_fields=_SETTLED)
    return len(stale)


_SETTLED = ["state", "next_at", "lease_until", "last_code", "maybe_twice", "settled_at"]


def after_loss(message: Message, kind: str, when_unsure: str, at: datetime) -> None:
    """Set what follows a try without an answer; the caller saves."""
    repeat = rules.VENDORS[kind].repeat
    message.state = rules.after_lost_answer(repeat, "again" if when_unsure == "again" else "ask")
    message.lease_until = None
    again = message.state == QUEUED
    message.next_at = rules.next_try(at, message.attempts, message.id) if again else None
    message.maybe_twice = message.maybe_twice or (again and repeat != "safe")


def template_of(message: Message) -> Template:
    """The text of a message: of the pack it was queued under, else ours."""
    pack = pack_of(message.revision_id) if message.revision_id else None
    found = message_of(pack, message.template)
    if found is None:
        raise LookupError(message.template)
    return found


def text_of(message: Message, channel: Channel | None) -> str:
    """The text as it goes out by a channel, in the language of that channel."""
    lang = language_of(channel)
    text = rules.render(template_of(message), message.params, lang, site=settings.PUBLIC_URL)
    return rules.again_note(lang) + text if message.maybe_twice else text


def language_of(channel: Channel | None) -> Lang:
    """The language a channel is written in; Simplified Chinese unless it says otherwise."""
    held = channel.settings.get("language") if channel is not None else None
    return held if held in ("zh-hans", "zh-hant", "en") else "zh-hans"


def account_of(channel: Channel) -> rules.Account:
    """A channel with its secrets opened."""
    told = unseal(channel.secret_sealed, table="outreach_channel", row=channel.id, field="secret_sealed")
    return rules.Account(channel.kind, channel.settings, json.loads(told))


Later = tuple[datetime, str]


class _Ways:
    """The channels that these messages might go by, locked, with their calls of the last minute."""

    def __init__(self, due: Sequence[Message], at: datetime) -> None:
        self.at = at
        self.robots = _robots({m.to_id for m in due if m.to_kind == "group"})
        self.workers = workers_by_ids(
            Scope.everything("messages"), {m.to_id for m in due if m.to_kind == "worker"}
        )
        tests = {m.to_id for m in due if m.to_kind == "channel"}
        wanted = tests | set(self.robots.values()) | _of_areas({m.area for m in due})
        locked = Channel.objects.unscoped(WHY).filter(id__in=wanted, closed_at__isnull=True)
        self.channels = {row.id: row for row in locked.select_for_update().order_by("id")}
        self.calls = _recent_calls(self.channels, at)

    def of(self, message: Message, *, patient: bool) -> Channel | Later:
        """The channel a message goes by now, or when and why to come again."""
        found = self._candidates(message)
        if not found:
            return self.at + rules.WAITS_FOR_A_CHANNEL, "no-channel"
        waits: list[Later] = []
        for channel in found:
            later = self._wait(channel) if patient or message.to_kind != "channel" else None
            if later is None:
                return channel
            waits.append(later)
            if later[1] == "rate-limit":
                break  # it works, and is only busy: better a minute later there than elsewhere
        return min(waits)

    def take(self, message: Message, channel: Channel) -> Claimed:
        """Mark a try and lend the message to this worker."""
        template, text = template_of(message), text_of(message, channel)
        to, attempt_id = self._destination(message, channel), uuid7()
        message.state, message.channel, message.lease_until = SENDING, channel, self.at + rules.LEASE
        message.next_at, message.attempts = None, message.attempts + 1
        message.destination_sealed = seal(
            to or str(channel.id), table="outreach_message", row=message.id, field="destination_sealed"
        )
        message.save(
            update_fields=["state", "channel", "lease_until", "next_at", "attempts", "destination_sealed"]
        )
        DeliveryAttempt.objects.create(
            **{"id": attempt_id, "area": message.area, "message": message, "channel": channel},
            **{"number": message.attempts, "text_hash": content_hash(text), "began_at": self.at},
        )
        self.calls.setdefault(channel.id, []).append(self.at)
        lang = language_of(channel)
        named = dict.fromkeys(placeholders(template.body.text(lang)))
        out = rules.Outgoing(
            message.id,
            text,
            message.template,
            {name: message.params.get(name, rules.HIDDEN) for name in named},
            to,
            template.title.text(lang),
        )
        return Claimed(
            message.id,
            channel.id,
            attempt_id,
            message.attempts,
            message.area,
            message.queued_at,
            channel.kind,
            template.when_unsure,
            Task(account_of(channel), out),
        )

    def _candidates(self, message: Message) -> list[Channel]:
        if message.to_kind == "channel":
            return [c for c in [self.channels.get(message.to_id)] if c]
        if message.to_kind == "group":
            return [c for c in [self.channels.get(self.robots.get(message.to_id, message.to_id))] if c]
        around = [c for c in self.channels.values() if not c.of_group and message.area.startswith(c.area)]
        around.sort(key=lambda c: (-len(c.area), c.opened_at, c.id))
        return [
            channel
            for family in template_of(message).channels
            for channel in around
            if rules.VENDORS[channel.kind].family == family and self._reaches(message, channel)
        ]

    def _reaches(self, message: Message, channel: Channel) -> bool:
        if rules.needs_template(channel.kind) and not rules.has_template(channel.settings, message.template):
            return False
        robot = rules.VENDORS[channel.kind].family == "robot"
        return robot or bool(self._destination(message, channel))

    def _destination(self, message: Message, channel: Channel) -> str:
        family = rules.VENDORS[channel.kind].family
        if family == "email":
            return str(channel.settings.get("to", ""))
        if family == "sms":
            if message.to_kind == "channel":
                return _mobile(str(channel.settings.get("test-to", "")))
            worker: WorkerRow | None = self.workers.get(message.to_id)
            return _mobile(worker.telephone) if worker else ""
        return ""

    def _wait(self, channel: Channel) -> Later | None:
        if channel.stopped_at is not None and channel.blocked_until is None:
            return self.at + rules.WAITS_FOR_A_CHANNEL, "channel-stopped"
        if channel.blocked_until is not None and channel.blocked_until > self.at:
            return channel.blocked_until, "channel-stopped" if channel.stopped_at else "rate-limit"
        if channel.stopped_at is not None and any(call >= self.at for call in self.calls.get(channel.id, ())):
            return self.at + rules.TRIES_AGAIN_AFTER, "channel-stopped"  # one message tries a stopped channel
        free = rules.next_slot(
            rules.limits_of(channel.kind, channel.settings), self.calls.get(channel.id, ()), self.at
        )
        return None if free <= self.at else (free, "rate-limit")


def _mobile(text: str) -> str:
    """The first mobile number in what was written down, E.164; empty where there is none."""
    return next((n for n in read_telephones(text).numbers if n.startswith("+861")), "")


def _robots(groups: Iterable[UUID]) -> dict[UUID, UUID]:
    rows = ChatGroup.objects.unscoped(WHY).filter(id__in=set(groups), channel__isnull=False)
    return dict(rows.values_list("id", "channel_id"))


def _of_areas(areas: Iterable[str]) -> set[UUID]:
    """Channels of these places and of the places around them."""
    around = {area[:end] for area in areas for end in range(len(area) + 1)}
    rows = Channel.objects.unscoped(WHY).filter(area__in=around, of_group=False, closed_at__isnull=True)
    return set(rows.values_list("id", flat=True))


def _recent_calls(channels: Iterable[UUID], at: datetime) -> dict[UUID, list[datetime]]:
    rows = DeliveryAttempt.objects.unscoped(WHY).filter(
        channel_id__in=list(channels), began_at__gt=at - rules.LONGEST_WINDOW
    )
    calls: dict[UUID, list[datetime]] = {}
    for channel, began in rows.values_list("channel_id", "began_at"):
        calls.setdefault(channel, []).append(began)
    return calls
