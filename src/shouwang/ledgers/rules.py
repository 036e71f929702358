"""What leaves the house in a spreadsheet: text that stays text, sheets that hold every row."""

from __future__ import annotations

from collections.abc import Iterator

MAX_SHEET_ROWS = 1_048_576
"""Rows of one sheet of an .xlsx file, the limit of the format."""

HEAD_ROWS = 3
"""Title, watermark and column headings."""

SHEET_CAPACITY = MAX_SHEET_ROWS - HEAD_ROWS
"""People on one sheet; the next one goes on a further sheet and is never cut (LESSONS 1)."""

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def neutralised(text: str) -> str:
    """`text` so that no spreadsheet program runs it, also after being saved as CSV (LESSONS 8).

    A value that begins like a formula, blanks before it not counted, gets an apostrophe in front.
    """
    bare = text.lstrip(" \u3000\ufeff\u200b\u00a0")
    return f"'{text}" if bare.startswith(_STARTS_A_FORMULA) else text


def sheets(total: int, capacity: int = SHEET_CAPACITY) -> Iterator[tuple[int, int]]:
    """(first, end) of the rows on each sheet; one empty sheet where there are none."""
    yield 0, min(total, capacity)
    for first in range(capacity, total, capacity):
        yield first, min(total, first + capacity)
