"""What every vendor is made of here: a call to be made, and what its answer means. Pure: no network, no clock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

Outcome = Literal["sent", "throttled", "failed", "refused", "broken", "lost"]
"""`failed`: surely not delivered, try again; `refused`: this message never will be; `broken`: nothing will leave
by this channel until somebody mends it (bad token, bad signature); `lost`: called, and the answer is not known."""
HTTP_THROTTLED = 429
HTTP_ERROR = 500
SERVER_SAID_NO = 400


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message as a vendor needs it."""

    id: UUID
    text: str
    template: str
    params: Mapping[str, str]
    """In the order in which the text names them."""
    to: str = ""
    """A telephone in E.164 or a mailbox; empty for robots, whose address is their group."""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """A channel as it is configured: what is open, and what is secret."""

    kind: str
    settings: Mapping[str, object] = field(default_factory=dict)
    secret: Mapping[str, str] = field(default_factory=dict)

    def open(self, name: str, default: str = "") -> str:
        """An open setting as text."""
        return str(self.settings.get(name) or default)

    def base(self, default: str) -> str:
        """The base address; configurable, for private installations."""
        return self.open("base-url", default).rstrip("/")


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request."""

    url: str
    body: bytes
    headers: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    method: Literal["GET", "POST"] = "POST"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call."""

    outcome: Outcome
    code: str = ""
    receipt: str = ""
    wait: timedelta | None = None
    """The least time before the next call, where the vendor says so."""


SILENCE = Answer("lost", "no-answer")


def json_call(
    url: str,
    body: object,
    *,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Call:
    """A POST of JSON in UTF-8."""
    told = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    return Call(url, json.dumps(body, ensure_ascii=False).encode(), told, query or {})


def refused_by_status(status: int) -> Answer | None:
    """What an HTTP status alone says; None where the body has to be read."""
    if status == HTTP_THROTTLED:
        return Answer("throttled", f"http-{status}", wait=timedelta(minutes=1))
    if status >= HTTP_ERROR:
        return Answer("failed", f"http-{status}")
    return None


def read_json(body: bytes) -> dict[str, object]:
    """The object in a body; empty where there is none."""
    try:
        found = json.loads(body.decode("utf-8", "replace"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def cut(text: str, most: int) -> str:
    """At most so many bytes of UTF-8, whole characters; what was cut shows."""
    if len(text.encode()) <= most:
        return text
    return text.encode()[: most - 3].decode("utf-8", "ignore") + "…"


def unix(at: datetime) -> int:
    """Seconds since 1970."""
    return int(at.timestamp())
