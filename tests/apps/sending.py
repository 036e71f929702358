"""What tests of sending share: a worker with a telephone, channels, messages, an instant that passes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.outreach.actions import NewMessage, Sent, open_channel, queue_messages, send_due
from shouwang.outreach.models import Channel, DeliveryResult, Message
from shouwang.workforce.actions import NewWorker, enlist_workers
from tests.vendors import Fake, vendor

VILLAGE = "500101135200"
TOWN = "500101135"
ALL = Scope.everything("test")
SPACE = uuid7()
KEYS = {
    "wecom": {"key": "k1"},
    "dingtalk": {"key": "k1", "sign": "SECdingding"},
    "feishu": {"key": "k1", "sign": "feishu-secret"},
    "sms-http": {"token": "t1"},
    "sms-aliyun": {"access-key-id": "ak", "access-key-secret": "sk"},
    "sms-tencent": {"secret-id": "AKID", "secret-key": "SK"},
}
SETTINGS: dict[str, dict[str, object]] = {
    "sms-aliyun": {"sign-name": "龙沙镇", "templates": {"alert-raised": "SMS_1", "channel-test": "SMS_9"}},
    "sms-tencent": {
        "sign-name": "龙沙镇",
        "app-id": "1400006666",
        "templates": {"alert-raised": "1110", "channel-test": "1119"},
    },
}


@contextmanager
def fake_of(kind: str) -> Iterator[Fake]:
    """The fake of a kind that knows the credentials of `channel_of`."""
    secrets = {
        "wecom": {"k1": ""},
        "dingtalk": {"k1": "SECdingding"},
        "feishu": {"k1": "feishu-secret"},
        "sms-http": {"t1": ""},
        "sms-aliyun": {"ak": "sk"},
        "sms-tencent": {"AKID": "SK"},
    }[kind]
    with vendor(kind, **secrets) as fake:
        yield fake


def channel_of(kind: str, url: str, at: datetime, *, area: str = TOWN, **settings: object) -> UUID:
    """A channel of a place, at a fake's address."""
    held = SETTINGS.get(kind, {}) | {"base-url": url} | settings
    return open_channel(
        area=area, kind=kind, title=kind, settings=held, secret=KEYS[kind], scope=ALL, by=SYSTEM, at=at
    )


def worker(at: datetime, telephone: str = "13800000001", name: str = "熊德兰") -> UUID:
    """Somebody who serves in the village."""
    new = NewWorker(area=VILLAGE, name=name, kinds=("medic",), telephone=telephone)
    enlist_workers(workers=[new], area=TOWN, by=SYSTEM, at=at)
    return new.id


def queue(
    to: UUID, at: datetime, *names: str, to_kind: str = "worker", template: str = "alert-raised"
) -> None:
    """One message for each name, to one worker, group or channel."""
    params = {"place": "海螺村", "severity": "紧急", "code": "3F2A", "link": "/alerts/"}
    new = [
        NewMessage(uuid5(SPACE, name), VILLAGE, template, params, to_kind, to, "alert", name)  # type: ignore[arg-type]
        for name in names
    ]
    queue_messages(messages=new, by=SYSTEM, at=at)


def message(name: str) -> Message:
    """A message as it is now."""
    return Message.objects.unscoped("the test looks").get(id=uuid5(SPACE, name))


def outcomes(name: str) -> list[tuple[str, str]]:
    """(outcome, code) of every try of a message, in order."""
    rows = DeliveryResult.objects.filter(attempt__message_id=uuid5(SPACE, name)).order_by(
        "attempt__number", "at"
    )
    return list(rows.values_list("outcome", "code"))


def channel(key: UUID) -> Channel:
    """A channel as it is now."""
    return Channel.objects.unscoped("the test looks").get(id=key)


def send(at: datetime, minutes: float = 0) -> Sent:
    """One round of sending, so many minutes later."""
    return send_due(by=SYSTEM, at=at + timedelta(minutes=minutes))


def send_all(at: datetime) -> int:
    """Rounds at one instant until nothing more may go; how many calls were made."""
    total = 0
    while calls := send(at).calls:
        total += calls
    return total
