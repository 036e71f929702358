"""What the first page tells of the journal: in a line each, with the why; the same thing done to many in one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from shouwang.desk.words import noted, role_words, verb_words
from shouwang.journal.queries import EventRow

WHY = ("purpose", "reason")
"""What an event noted of its why."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One line: who did what, to whom or why, how often in that minute."""

    row: EventRow
    verb: str
    note: str = ""
    count: int = 1
    is_spread: bool = False
    """Whether it happened in more than one place."""


def happenings(events: Iterable[EventRow], names: Mapping[str, str] | None = None) -> list[Happening]:
    """A line for each event; `names` are what subjects are called, for whoever may know it."""
    return [Happening(row, verb_words(row.verb), _note(row, names or {})) for row in events]


def gathered(events: Iterable[EventRow], limit: int) -> list[Happening]:
    """What one person did to many within a minute is one line: a district releases hundreds each morning."""
    lines = []
    for _, same in groupby(events, lambda row: (row.verb, row.actor_name, f"{row.at:%Y%m%d%H%M}")):
        rows = list(same)
        spread = len({row.area for row in rows}) > 1
        note = _note(rows[0], {}) if len(rows) == 1 else ""
        lines.append(Happening(rows[0], verb_words(rows[0].verb), note, len(rows), spread))
    return lines[:limit]


def _note(row: EventRow, names: Mapping[str, str]) -> str:
    said = [names.get(row.subject_id, "")]
    if "role" in row.payload:
        said.append(role_words(str(row.payload["role"])))
    said += [text for _, text in noted({key: row.payload[key] for key in WHY if key in row.payload})]
    return " · ".join(filter(None, said))
