"""Messages as plain values: what is put into a text, when to try again, what to do when nobody knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal
from uuid import UUID

from shouwang.kernel.errors import Refused
from shouwang.kernel.masking import mask_name
from shouwang.packs.saying import PLACEHOLDERS
from shouwang.packs.schema import Lang, Message

LEASE = timedelta(minutes=2)
"""How long a worker may take over one call; well above both timeouts of a call together."""
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=30)
WAITS_FOR_A_CHANNEL = timedelta(minutes=5)
GIVES_UP_AFTER = timedelta(days=3)
"""Our choice: what could not be told in three days is no news any more; it is shown, and may be sent again."""
HIDDEN = "＊"


class State(StrEnum):
    """What becomes of a message."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    DEAD = "dead"


SETTLED = (State.SENT, State.REFUSED, State.DEAD)
Repeat = Literal["safe", "look-up", "unknown"]
"""Whether a channel can be called again when the answer was lost: it knows our key, it can be asked, neither."""

_LONG_NUMBER = re.compile(r"\d(?:[\s\-*]?[\dXx]){6,}")
_DOOR = re.compile(r"[\d一二三四五六七八九十]+\s*(?:号|號|室|栋|棟|幢|单元|單元|弄|门牌|門牌)")
_HEALTH = re.compile(
    r"确诊|確診|阳性|陽性|疑似|密接|密切接触|密切接觸|肺炎|病例|发热|發熱|咳嗽|乏力|腹泻|腹瀉|复阳|復陽|感染|"
    r"\bpositive\b|\bconfirmed\b|\bfever\b|\binfect|\bcovid|\bcase\b|\d\d\.\d\s*℃",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://[^/\s]+)?/(?:[a-z0-9\-]+/)*(?:\?[a-z]+=[a-z0-9\-]*)?", re.IGNORECASE)
_MOMENT = re.compile(r"[\d年月日时時分周星期一二三四五六天前后後上下午早晚凌晨今明昨：:/\-. ]{1,30}")
_LONGEST = 200


def safe_params(params: Mapping[str, str]) -> dict[str, str]:
    """The values that may go out. Refuses `message-placeholder-unknown` for a name outside the closed list.

    A value that looks like a number of somebody's, a door or a diagnosis is replaced by ＊ rather than
    refused: an alarm must not stay silent because a place is called by a number.
    """
    for name in params:
        if name not in PLACEHOLDERS:
            raise Refused("message-placeholder-unknown", name=name)
    return {name: _safe(name, str(value)) for name, value in sorted(params.items())}


def _safe(name: str, value: str) -> str:
    value = " ".join(value.split())[:_LONGEST]
    if name == "link":
        return value if _LINK.fullmatch(value) else HIDDEN
    if name == "household":
        value = mask_name(value)
    if name in ("date", "time", "deadline") and _MOMENT.fullmatch(value):
        return value if not re.search(r"\d{7,}", value) else HIDDEN
    if name in ("count", "minutes"):
        return value if value.isdigit() and len(value) < 7 else HIDDEN
    if name == "group":  # its head's name stands in it by rule; numbers and doors never do
        return HIDDEN if _LONG_NUMBER.search(value) else value
    return HIDDEN if any(p.search(value) for p in (_LONG_NUMBER, _DOOR, _HEALTH)) else value


def render(message: Message, params: Mapping[str, str], lang: Lang, *, site: str = "") -> str:
    """The text as it goes out: `{name}` replaced, what was not given shown as ＊; `site` before a bare path."""

    def put(found: re.Match[str]) -> str:
        name = found.group(1).strip()
        value = params.get(name, HIDDEN)
        return f"{site.rstrip('/')}{value}" if name == "link" and value.startswith("/") else value

    return re.sub(r"\{([^{}]*)\}", put, message.body.text(lang))


def again_note(lang: Lang) -> str:
    """What stands before a text that may have arrived already."""
    return {
        "zh-hans": "（可能重复，以编号为准）",
        "zh-hant": "（可能重複，以編號為準）",
        "en": "(perhaps a repetition) ",
    }[lang]


def next_try(at: datetime, attempts: int, message_id: UUID, *, least: timedelta | None = None) -> datetime:
    """When to try again after so many tries: doubled each time up to half an hour, spread by the message's id."""
    doubled: int = 2 ** min(max(attempts - 1, 0), 10)
    pause = min(FIRST_PAUSE * doubled, LONGEST_PAUSE)
    spread = timedelta(seconds=(message_id.int % 1000) / 1000 * pause.total_seconds() * 0.2)
    return at + max(pause + spread, least or timedelta())


def after_lost_answer(repeat: Repeat, when_unsure: Literal["ask", "again"]) -> State:
    """A call was begun and its answer is not known: does it go again by itself, or does a person look?

    Again where the channel knows our key and tells one call from the same call twice, or where the pack says
    that for this message twice is better than perhaps not. Else nobody can know, and a person decides.
    """
    if repeat == "safe" or when_unsure == "again":
        return State.QUEUED
    return State.UNCERTAIN


def given_up(queued_at: datetime, at: datetime) -> bool:
    """Whether a message has waited so long that it is dead."""
    return at - queued_at >= GIVES_UP_AFTER
