"""Vendors: how a message becomes a call, and what the answer to it means. Pure, held to the vendors' documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shouwang.outreach.rules.messages import Repeat
from shouwang.outreach.rules.vendors import robots, sms
from shouwang.outreach.rules.vendors.call import SILENCE, Account, Answer, Call, Outcome, Outgoing
from shouwang.packs.schema import ChannelKind

EMAIL = "email"
Limit = tuple[int, timedelta]
_MINUTE, _SECOND = timedelta(minutes=1), timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Vendor:
    """One kind of channel."""

    kind: str
    family: ChannelKind
    call: Callable[[Account, Outgoing, datetime], Call] | None
    """None: not by HTTP."""
    answer: Callable[[int, bytes], Answer] | None
    limits: tuple[Limit, ...] = ()
    repeat: Repeat = "unknown"
    secrets: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()


VENDORS: Mapping[str, Vendor] = {
    vendor.kind: vendor
    for vendor in (
        Vendor(
            robots.WECOM,
            "robot",
            robots.wecom_call,
            robots.wecom_answer,
            ((20, _MINUTE),),
            secrets=("key",),
            opens=("base-url",),
        ),
        Vendor(
            robots.DINGTALK,
            "robot",
            robots.dingtalk_call,
            robots.dingtalk_answer,
            ((20, _MINUTE),),
            secrets=("key", "sign"),
            opens=("base-url",),
        ),
        Vendor(
            robots.FEISHU,
            "robot",
            robots.feishu_call,
            robots.feishu_answer,
            ((100, _MINUTE), (5, _SECOND)),
            secrets=("key", "sign"),
            opens=("base-url",),
        ),
        Vendor(sms.HTTP, "sms", sms.http_call, sms.http_answer, (), "safe", ("token",), ("base-url",)),
        Vendor(
            sms.ALIYUN,
            "sms",
            sms.aliyun_call,
            sms.aliyun_answer,
            secrets=("access-key-id", "access-key-secret"),
            opens=("base-url", "sign-name", "region", "templates"),
        ),
        Vendor(
            sms.TENCENT,
            "sms",
            sms.tencent_call,
            sms.tencent_answer,
            secrets=("secret-id", "secret-key"),
            opens=("base-url", "app-id", "sign-name", "region", "templates"),
        ),
        Vendor(
            EMAIL,
            "email",
            None,
            None,
            ((60, _MINUTE),),
            secrets=("user", "password"),
            opens=("host", "port", "security", "from", "to"),
        ),
    )
}
KINDS = tuple(VENDORS)
ROBOTS = (robots.WECOM, robots.DINGTALK, robots.FEISHU)
read_webhook = robots.read_webhook
needs_template = sms.needs_template


def has_template(settings: Mapping[str, object], code: str) -> bool:
    """Whether the vendor's number of the approved template for our code was entered."""
    return bool(sms.vendor_template(Account("", settings), code))


def limits_of(kind: str, settings: Mapping[str, object]) -> tuple[Limit, ...]:
    """The vendor's limits; `per-minute` of a channel may tighten them, never widen."""
    own = settings.get("per-minute")
    tighter = ((own, _MINUTE),) if isinstance(own, int) and own > 0 else ()
    return VENDORS[kind].limits + tighter


__all__ = [
    "EMAIL",
    "KINDS",
    "ROBOTS",
    "SILENCE",
    "VENDORS",
    "Account",
    "Answer",
    "Call",
    "Limit",
    "Outcome",
    "Outgoing",
    "Vendor",
    "has_template",
    "limits_of",
    "needs_template",
    "read_webhook",
]
