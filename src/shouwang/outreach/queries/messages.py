"""Reading messages and channels: the log, what is stuck, what has stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.outreach import rules
from shouwang.outreach.models import Channel, ChatGroup, DeliveryAttempt, DeliveryResult, Message
from shouwang.packs.saying import message_of
from shouwang.packs.schema import Lang
from shouwang.policy.queries import pack_of
from shouwang.workforce.queries import workers_by_ids

CAP = 10_000
"""Counts stop here."""
FILTERS: Mapping[str, Q] = {
    "waiting": Q(state__in=["queued", "sending"]),
    "held-up": Q(state="queued") & ~Q(last_code=""),
    "sent": Q(state="sent"),
    "refused": Q(state="refused"),
    "uncertain": Q(state="uncertain"),
    "dead": Q(state="dead"),
}
TROUBLE = ("refused", "uncertain", "dead")


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message on the log; `cursor` turns the page."""

    id: UUID
    area: str
    template: str
    title: str
    text: str
    to_kind: str
    to_id: UUID
    to_name: str
    urgent: bool
    state: str
    queued_at: datetime
    next_at: datetime | None
    attempts: int
    channel_kind: str
    last_code: str
    settled_at: datetime | None
    cursor: str


def message_page(
    scope: Scope,
    *,
    which: str = "",
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
    lang: Lang = "zh-hans",
) -> list[MessageRow]:
    """Messages in sight, newest first. Four queries, however many rows."""
    rows = Message.objects.within(scope)
    if which in FILTERS:
        rows = rows.filter(FILTERS[which])
    if after is not None:
        rows = rows.filter(Q(queued_at__lt=after[0]) | Q(queued_at=after[0], id__lt=after[1]))
    found = list(rows.select_related("channel").order_by("-queued_at", "-id")[:limit])
    return _rows(scope, found, lang)


def messages_to(scope: Scope, to: UUID, *, limit: int = 20, lang: Lang = "zh-hans") -> list[MessageRow]:
    """The latest messages to a group or worker, newest first. Four queries."""
    rows = Message.objects.within(scope).filter(to_id=to).select_related("channel")
    return _rows(scope, list(rows.order_by("-queued_at", "-id")[:limit]), lang)


def trouble(scope: Scope) -> tuple[int, int]:
    """(channels that have stopped, messages that wait for a person) in sight: the alarm on Today. Two queries."""
    stopped = Channel.objects.within(scope).filter(stopped_at__isnull=False, closed_at__isnull=True)
    stuck = Message.objects.within(scope).filter(state__in=TROUBLE)
    return stopped.count(), stuck.order_by()[:CAP].count()


def message_counts(scope: Scope) -> dict[str, int]:
    """How many messages are in trouble, by how; each count stops at the cap."""
    return {
        which: Message.objects.within(scope).filter(FILTERS[which]).order_by()[:CAP].count()
        for which in (*TROUBLE, "held-up")
    }


@dataclass(frozen=True, slots=True)
class TryRow:
    """One try at delivering a message, and what came of it."""

    number: int
    began_at: datetime
    channel_kind: str
    outcome: str
    code: str
    receipt: str
    at: datetime | None


def message(scope: Scope, message_id: UUID, lang: Lang = "zh-hans") -> tuple[MessageRow, list[TryRow]]:
    """One message and its tries. Refuses `message-not-found`."""
    found = list(Message.objects.within(scope).select_related("channel").filter(id=message_id))
    if not found:
        raise Refused("message-not-found")
    tries = DeliveryAttempt.objects.within(scope).filter(message_id=message_id).select_related("channel")
    known = list(tries.order_by("number"))
    results: dict[UUID, DeliveryResult] = {}
    for result in DeliveryResult.objects.filter(attempt_id__in=[t.id for t in known]).order_by("at", "id"):
        results[result.attempt_id] = result
    told = [
        TryRow(t.number, t.began_at, t.channel.kind, r.outcome, r.code, r.receipt, r.at)
        if (r := results.get(t.id))
        else TryRow(t.number, t.began_at, t.channel.kind, "", "", "", None)
        for t in known
    ]
    return _rows(scope, found, lang)[0], told


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel as the administrator sees it: never its secrets."""

    id: UUID
    area: str
    kind: str
    family: str
    title: str
    settings: Mapping[str, object]
    of_group: bool
    opened_at: datetime
    failures: int
    failing_since: datetime | None
    last_success_at: datetime | None
    last_code: str
    stopped_at: datetime | None
    blocked_until: datetime | None

    @property
    def is_broken(self) -> bool:
        """Stopped until somebody mends it; else it is tried again by itself."""
        return self.stopped_at is not None and self.blocked_until is None


def channels(scope: Scope) -> list[ChannelRow]:
    """Open channels of the places in sight that serve a whole place. One query."""
    rows = Channel.objects.within(scope).filter(closed_at__isnull=True, of_group=False)
    return [_channel(row) for row in rows.order_by("area", "opened_at", "id")[:200]]


def channel(scope: Scope, channel_id: UUID) -> ChannelRow:
    """One open channel. Refuses `channel-not-found`."""
    row = Channel.objects.within(scope).filter(id=channel_id, closed_at__isnull=True).first()
    if row is None:
        raise Refused("channel-not-found")
    return _channel(row)


def stopped_channels(scope: Scope, *, limit: int = 50) -> list[ChannelRow]:
    """Channels that have stopped, robots of groups among them, longest first: an alarm. One query."""
    rows = Channel.objects.within(scope).filter(stopped_at__isnull=False, closed_at__isnull=True)
    return [_channel(row) for row in rows.order_by("stopped_at", "id")[:limit]]


def robots_in_use(scope: Scope) -> dict[str, int]:
    """How many robots of groups are connected, by kind. One query."""
    rows = Channel.objects.within(scope).filter(of_group=True, closed_at__isnull=True)
    return {r["kind"]: r["n"] for r in rows.values("kind").annotate(n=Count("id")).order_by("kind")}


def _channel(row: Channel) -> ChannelRow:
    return ChannelRow(
        *(row.id, row.area, row.kind, rules.VENDORS[row.kind].family, row.title, row.settings, row.of_group),
        *(row.opened_at, row.failures, row.failing_since, row.last_success_at, row.last_code),
        *(row.stopped_at, row.blocked_until),
    )


def _rows(scope: Scope, found: list[Message], lang: Lang) -> list[MessageRow]:
    workers = workers_by_ids(scope, [m.to_id for m in found if m.to_kind == "worker"])
    groups = dict(
        ChatGroup.objects.within(scope)
        .filter(id__in=[m.to_id for m in found if m.to_kind == "group"])
        .values_list("id", "name")
    )
    names = {key: worker.name for key, worker in workers.items()} | groups
    return [_message(m, names.get(m.to_id, ""), lang) for m in found]


def _message(m: Message, to_name: str, lang: Lang) -> MessageRow:
    template = message_of(pack_of(m.revision_id) if m.revision_id else None, m.template)
    title = template.title.text(lang) if template else m.template
    text = rules.render(template, m.params, lang, site=settings.PUBLIC_URL) if template else ""
    return MessageRow(
        *(m.id, m.area, m.template, title, text, m.to_kind, m.to_id, to_name, m.urgent, m.state),
        *(m.queued_at, m.next_at, m.attempts, m.channel.kind if m.channel else "", m.last_code, m.settled_at),
        f"{m.queued_at.isoformat()}~{m.id}",
    )
