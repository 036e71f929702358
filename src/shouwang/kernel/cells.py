"""Cells: what a spreadsheet or a form hands over, before anybody has read it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | date | datetime | time | timedelta | None
"""Any value a spreadsheet reader may return for one cell."""

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_MARKS = str.maketrans({"。": ".", "〜": "~", "—": "-", "–": "-", "‐": "-", "−": "-", "‑": "-", "﹣": "-"})


def plain(cell: Cell) -> str:
    """The cell as text in half width, without invisible characters and outer blanks.

    A whole float loses its ".0" (telephone numbers typed into a numeric cell); the leading apostrophe with
    which spreadsheets mark text is dropped. Nothing else is changed.
    """
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    text = unicodedata.normalize("NFKC", str(cell))
    return _INVISIBLE.sub("", text).translate(_MARKS).strip().lstrip("'’‘`").strip()
