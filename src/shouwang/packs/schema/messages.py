"""消息模板 Messages: what is told to a worker or a group, by which channel first, how urgent."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from shouwang.packs.schema.base import Code, Entry, Title

ChannelKind = Literal["robot", "sms", "email"]


class Message(Entry):
    """消息: a text with `{placeholders}` from a closed list (`packs.saying.PLACEHOLDERS`).

    `channels` is the order of preference. `when_unsure`: what follows when nobody can know whether it arrived
    (the worker was killed between the call and the answer): `ask` leaves it to a person, `again` sends it once
    more and says so in the text.
    """

    code: Code
    title: Title
    body: Title
    channels: tuple[ChannelKind, ...] = Field(default=("robot", "sms", "email"), min_length=1)
    urgent: bool = False
    when_unsure: Literal["ask", "again"] = "ask"
    source: str = ""
    convention: Title | None = None
