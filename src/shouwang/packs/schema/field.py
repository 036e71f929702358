"""The field app's limits: how much a telephone holds, for how long, and how far its clock may be off."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from shouwang.packs.schema.base import Entry, Title


class FieldWork(Entry):
    """外勤: what a device may hold and how it is trusted (docs/reference/sync.md). All may be left to default."""

    households_most: Annotated[int, Field(ge=10, le=1000)] = 200
    """Households on one device at most, and as many doors."""
    days: Annotated[int, Field(ge=1, le=7)] = 2
    """Local days whose duties a device holds, today the first."""
    shift_hours: Annotated[int, Field(ge=1, le=48)] = 12
    """How long the list can be opened before the server must be asked again."""
    pin_tries: Annotated[int, Field(ge=3, le=20)] = 5
    """Wrong PINs in a row until the list is deleted; the outbox stays."""
    undo_seconds: Annotated[int, Field(ge=0, le=60)] = 8
    clock_flag_minutes: Annotated[int, Field(ge=1, le=120)] = 5
    clock_quarantine_minutes: Annotated[int, Field(ge=60, le=10_080)] = 1440
    likely: Annotated[tuple[Annotated[int, Field(ge=340, le=420)], ...], Field(max_length=8)] = (
        *(363, 365, 366, 368, 370),
    )
    """Readings offered as buttons, in tenths of a degree."""
    source: str = ""
    convention: Title | None = None
