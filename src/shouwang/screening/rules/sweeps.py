"""排查轮次: pure decisions of a round: how a door ends, what is missed, how many people that makes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

DOOR_OUTCOMES = ("met", "not-home", "refused", "vacant", "cannot-locate", "moved")
"""How a visit ends, in the order of the keys 1 to 6 of back-entry and of the boxes on paper."""

SETTLED = frozenset({"met", "vacant", "moved"})
"""A door that ended so is done: somebody answered, or nobody lives there (any more)."""

MISSED = ("unvisited", "not-home", "refused", "cannot-locate")
"""A door that stands so has told us nothing: it stays on the list, and goes over to the next round."""

WITHDRAWN = "withdrawn"
"""Only by a correction: the visit was written at the wrong door; it counts nowhere, and stays to be read."""

MOST_PEOPLE = 200
"""More people met behind one door is a slip of the pen, not a door."""


@dataclass(frozen=True, slots=True)
class Told:
    """A visit as it is told, before it is a fact. `people`: how many were met, those `named` among them."""

    outcome: str
    visited_at: datetime
    people: int
    named: int


def wrong_with(told: Told, *, opened_at: datetime, closed_at: datetime | None, at: datetime) -> str | None:
    """Why a visit cannot be taken, or None: a code of a refusal.

    Paper comes in late, so a closed round still takes what was done before it closed.
    """
    wrong = {
        "visit-outcome-unknown": told.outcome not in DOOR_OUTCOMES,
        "visit-in-future": told.visited_at > at,
        "visit-before-round": told.visited_at < opened_at,
        "sweep-closed": closed_at is not None and told.visited_at > closed_at,
        "visit-people-impossible": not told.named <= told.people <= MOST_PEOPLE,
        "visit-people-not-met": bool(told.people) and told.outcome != "met",
    }
    return next((code for code, is_so in wrong.items() if is_so), None)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A visit in force as counting people sees it: whom it names that count here, and how many more."""

    named: frozenset[object]
    unnamed: int


def people_behind(meetings: Iterable[Meeting]) -> int:
    """How many different people were met behind a door at least, over all its visits of a round.

    Names are counted once. People without a name may be the same at the next visit, so of these only the
    greatest number met at one time counts: never more than there can have been.
    """
    names: set[object] = set()
    most = 0
    for meeting in meetings:
        names |= meeting.named
        most = max(most, len(meeting.named) + meeting.unnamed)
    return max(len(names), most)


def is_missed(outcome: str) -> bool:
    """Whether a door is on the list of missed ones."""
    return outcome not in SETTLED


def share(done: int, of: int) -> int:
    """Doors done of doors, in whole percent, rounded down: 100 means all."""
    return 100 if of == 0 else done * 100 // of


def band(done: int, of: int) -> str:
    """The colour of a share: `full`, `most` (from 80 %), `some`, `none`. Only `none` is a trouble by itself."""
    percent = share(done, of)
    if percent >= 100:
        return "full"
    if percent >= 80:
        return "most"
    return "some" if percent else "none"


def days_left(due_on: date, today: date) -> int:
    """Days to the due date; 0 on the day itself, negative when it is over."""
    return (due_on - today).days
