"""The doctor's round: when it begins, how long a door takes, how fast somebody walks."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from shouwang.packs.schema.base import Entry, LocalTime, Title

Minutes = Annotated[int, Field(ge=0, le=240)]


class Round(Entry):
    """巡诊: telephone first, then doors; medicine in the evening. Every value may be left to its default."""

    call_from: LocalTime = "06:30"
    medicine_by: LocalTime = "22:00"
    minutes_a_call: Minutes = 1
    minutes_a_person: Annotated[int, Field(ge=1, le=240)] = 4
    metres_an_hour: Annotated[int, Field(ge=500, le=60_000)] = 4000
    detour_percent: Annotated[int, Field(ge=100, le=400)] = 130
    source: str = ""
    convention: Title | None = None
