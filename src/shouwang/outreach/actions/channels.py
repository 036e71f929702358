"""Opening, changing, testing and closing channels; connecting the robot of a group."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings as site
from django.db import IntegrityError, transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.outreach import rules
from shouwang.outreach.actions.groups import reach_group
from shouwang.outreach.actions.messages import NewMessage, queue_messages
from shouwang.outreach.actions.sending import go_on, keep_health, send_due
from shouwang.outreach.models import Channel, Message
from shouwang.people.sealed import blind, seal, unseal

MANAGE = "channel.manage"
ANY_KIND = ("language", "per-minute", "test-to")


@transaction.atomic
def open_channel(
    *,
    area: str,
    kind: str,
    title: str,
    settings: Mapping[str, object],
    secret: Mapping[str, str],
    scope: Scope,
    by: Actor,
    at: datetime,
) -> UUID:
    """Open a channel for a place. Refuses `not-permitted`, `channel-kind-unknown`, `channel-setting-unknown`,
    `channel-address-wrong`, `name-missing`."""
    if not scope.allows(MANAGE, area):
        raise Refused("not-permitted", permission=MANAGE)
    if not title.strip():
        raise Refused("name-missing")
    row = _channel(area, kind, title.strip(), settings, secret, at)
    row.save(force_insert=True)
    _tell(row, "outreach.channel.opened", by, at)
    return row.id


@transaction.atomic
def change_channel(
    *,
    channel_id: UUID,
    settings: Mapping[str, object],
    secret: Mapping[str, str],
    scope: Scope,
    by: Actor,
    at: datetime,
) -> None:
    """Change settings and secrets; a secret left empty stays as it is. What was refused because the channel was
    broken goes again. Refuses `channel-not-found`, `not-permitted`, and as `open_channel`."""
    row = _reach(scope, channel_id)
    _check(row.kind, settings)
    held: dict[str, str] = json.loads(
        unseal(row.secret_sealed, table="outreach_channel", row=row.id, field="secret_sealed")
    )
    row.settings = dict(settings)
    _put_secret(row, held | {name: value for name, value in secret.items() if value})
    _mend(row, at)
    _tell(row, "outreach.channel.changed", by, at)


@transaction.atomic
def close_channel(*, channel_id: UUID, scope: Scope, by: Actor, at: datetime) -> None:
    """Nothing leaves by this channel any more; what waits for it takes another. Refuses `channel-not-found`,
    `not-permitted`."""
    row = _reach(scope, channel_id)
    row.closed_at = at
    row.save(update_fields=["closed_at"])
    _tell(row, "outreach.channel.closed", by, at)


def try_channel(*, channel_id: UUID, scope: Scope, place: str, by: Actor, at: datetime) -> tuple[str, str]:
    """Send a test by a channel now. Returns (state, code): what became of it. Refuses `channel-not-found`,
    `not-permitted`."""
    with transaction.atomic():
        row = _reach(scope, channel_id)
    test = NewMessage(
        uuid7(), row.area, "channel-test", {"place": place}, "channel", row.id, "channel", row.id
    )
    queue_messages(messages=[test], by=by, at=at)
    send_due(by=by, at=at, limit=1, only=test.id)
    told = Message.objects.unscoped("the test just made").get(id=test.id)
    return told.state, told.last_code


@transaction.atomic
def connect_robot(*, group_id: UUID, webhook: str, sign: str, scope: Scope, by: Actor, at: datetime) -> UUID:
    """Connect the robot of a group by its webhook, as pasted or scanned. Returns its channel.

    Refuses `group-not-found`, `group-closed`, `not-permitted`, `webhook-unreadable`, `webhook-foreign`,
    and `webhook-taken` where another group has this robot: one family must not be told of in another's group.
    """
    group = reach_group(scope, group_id)
    kind, base, key = rules.read_webhook(webhook, frozenset(site.ROBOT_HOSTS))
    settings: dict[str, object] = {"base-url": base}
    secret = {"key": key} | ({"sign": sign.strip()} if "sign" in rules.VENDORS[kind].secrets else {})
    row = group.channel
    if row is None or row.closed_at is not None or row.kind != kind:
        old, row = row, _channel(group.area, kind, group.name, settings, secret, at, of_group=True)
        if old is not None:
            Channel.objects.unscoped("of a group in scope").filter(id=old.id).update(closed_at=at)
    row.settings, row.of_group = settings, True
    _put_secret(row, secret)
    try:
        with transaction.atomic():
            _mend(row, at)
    except IntegrityError as clash:
        if "outreach_channel_robot_once" not in str(clash):
            raise
        raise Refused("webhook-taken") from clash
    group.channel, group.connected_at = row, at
    group.created_at = group.created_at or at
    group.save(update_fields=["channel", "connected_at", "created_at"])
    waiting = Message.objects.unscoped("of a group in scope").filter(to_id=group.id, state="queued")
    waiting.filter(last_code="no-channel").update(next_at=at)
    append_event(
        verb="outreach.group.connected",
        subject=("group", group.id),
        area=group.area,
        by=by,
        at=at,
        payload={"kind": kind, "channel": row.id},
    )
    return row.id


def _channel(
    area: str,
    kind: str,
    title: str,
    settings: Mapping[str, object],
    secret: Mapping[str, str],
    at: datetime,
    *,
    of_group: bool = False,
) -> Channel:
    _check(kind, settings)
    row = Channel(
        **{"id": uuid7(), "area": area, "kind": kind, "title": title, "settings": dict(settings)},
        **{"opened_at": at, "of_group": of_group},
    )
    _put_secret(row, secret)
    return row


def _put_secret(row: Channel, secret: Mapping[str, str]) -> None:
    if unknown := set(secret) - set(rules.VENDORS[row.kind].secrets):
        raise Refused("channel-setting-unknown", name=", ".join(sorted(unknown)))
    kept = json.dumps({name: value for name, value in secret.items() if value})
    row.secret_sealed = seal(kept, table="outreach_channel", row=row.id, field="secret_sealed")
    key = secret.get("key", "")
    row.key_digest = blind(f"{row.kind}\x00{key}", "webhook") if key else None


def _check(kind: str, settings: Mapping[str, object]) -> None:
    if kind not in rules.VENDORS:
        raise Refused("channel-kind-unknown", kind=kind)
    for name in settings:
        if name not in (*rules.VENDORS[kind].opens, *ANY_KIND):
            raise Refused("channel-setting-unknown", name=name)
    base = str(settings.get("base-url") or "")
    if base:
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise Refused("channel-address-wrong")
    elif kind == "sms-http":
        raise Refused("channel-address-wrong")


def _mend(row: Channel, at: datetime) -> None:
    row.save()
    keep_health(row, rules.Health(last_success_at=row.last_success_at))
    go_on(row.id, at)


def _reach(scope: Scope, channel_id: UUID) -> Channel:
    row = (
        Channel.objects.within(scope)
        .select_for_update()
        .filter(id=channel_id, closed_at__isnull=True)
        .first()
    )
    if row is None:
        raise Refused("channel-not-found")
    if not scope.allows(MANAGE, row.area):
        raise Refused("not-permitted", permission=MANAGE)
    return row


def _tell(row: Channel, verb: str, by: Actor, at: datetime) -> None:
    append_event(
        verb=verb,
        subject=("channel", row.id),
        area=row.area,
        by=by,
        at=at,
        payload={"kind": row.kind, "title": row.title},
    )
