"""暂缓返乡 Workers away: what they said last, and whether their family is to be visited. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

STATES = ("not-asked", "deferred", "returning", "undecided", "returned")
"""`not-asked`: nobody has spoken with them yet."""
STILL_AWAY = frozenset({"deferred", "undecided", "returning"})


@dataclass(frozen=True, slots=True)
class Said:
    """One answer of a worker away. `dependants` None: it was not spoken of."""

    told_at: datetime
    id: UUID
    outcome: str
    returning_on: date | None = None
    dependants: bool | None = None


@dataclass(frozen=True, slots=True)
class AwayStanding:
    """What holds of a worker away."""

    state: str
    returning_on: date | None = None
    dependants: bool | None = None


def away_standing(said: Iterable[Said]) -> AwayStanding:
    """The last word counts, by when it was said and not when it was typed in; of dependants the last that was
    said of them."""
    in_order = sorted(said, key=lambda one: (one.told_at, one.id))
    if not in_order:
        return AwayStanding("not-asked")
    last = in_order[-1]
    dependants = next((one.dependants for one in reversed(in_order) if one.dependants is not None), None)
    return AwayStanding(last.outcome, last.returning_on, dependants)


def is_visited(members: Iterable[AwayStanding]) -> bool:
    """Whether the household of these workers gets visits: one of them stays away and left somebody at home."""
    return any(one.state in STILL_AWAY and one.dependants is True for one in members)
