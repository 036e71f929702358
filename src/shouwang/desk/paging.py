"""Keyset paging: the cursor of the last row travels in `after`; a list of a million rows turns as fast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

Row = TypeVar("Row")
PAGE = 50


@dataclass(frozen=True, slots=True)
class Pages(Generic[Row]):
    """One page of rows and the cursor of the next ("" when this is the last)."""

    rows: Sequence[Row]
    next: str = ""


def cut(rows: Sequence[Row], cursor: Callable[[Row], str], size: int = PAGE) -> Pages[Row]:
    """A page from rows fetched with one too many."""
    if len(rows) <= size:
        return Pages(rows)
    shown = rows[:size]
    return Pages(shown, cursor(shown[-1]))


def at_and_id(text: str) -> tuple[datetime, UUID] | None:
    """A cursor of an instant and an id; anything else is the first page."""
    at, _, row = text.partition("~")
    try:
        return datetime.fromisoformat(at), UUID(row)
    except ValueError:
        return None


def uuid_or_none(text: str) -> UUID | None:
    """An id from an address; anything else is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
