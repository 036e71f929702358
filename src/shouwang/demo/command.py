"""The chain, the groups, the climb of an alert, yesterday's report: what holds the town together."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from shouwang.demo.cast import SEED, invented_name, invented_telephone
from shouwang.demo.clock import FOUND, PRESENT
from shouwang.journeys.appoint_heads import HeadLine, name_heads
from shouwang.journeys.escalate import escalate
from shouwang.journeys.form_groups import form_household_groups
from shouwang.kernel.actor import SYSTEM, Actor
from shouwang.kernel.scope import Scope
from shouwang.observation.queries.households import open_households
from shouwang.oversight.actions import close_report
from shouwang.places.queries import children
from shouwang.workforce.queries import teams_of

SCOPE = Scope.everything("demo")
GROUPS = 219
"""As many groups as the report of 19 February names; the other villages have yet to form theirs."""


def name_the_heads(area: str, by: Actor) -> int:
    """Who answers for the town and every village, from a list; returns how many."""
    chance = random.Random(SEED + 3)  # noqa: S311 - invented names, not secrets
    places = [area, *(place.path for place in children(SCOPE, area))]
    lines = [
        HeadLine(number, path, invented_name(chance), invented_telephone(chance))
        for number, path in enumerate(places, 1)
    ]
    taken = name_heads(lines=lines, area=area, reason="", scope=SCOPE, by=by, at=FOUND + timedelta(hours=1))
    return taken.fresh


def form_the_groups(area: str, by: Actor) -> int:
    """The villages that have formed their groups by now, `GROUPS` in all; returns how many there are."""
    at = PRESENT - timedelta(hours=8)
    homes = open_households(SCOPE, area=area)
    staffed = teams_of(SCOPE, "household", homes)
    by_village = Counter(homes[home] for home in homes if str(home) in staffed)
    formed = 0
    for village in villages_of(by_village, GROUPS):
        formed += len(form_household_groups(area=village, scope=SCOPE, by=by, at=at).new)
    return formed


def villages_of(households: Mapping[str, int], wanted: int) -> list[str]:
    """Villages whose households come nearest to `wanted` together without going over; the first such set."""
    best: dict[int, list[str]] = {0: []}
    for village, number in sorted(households.items()):
        for total, chosen in list(best.items()):
            if total + number <= wanted:
                best.setdefault(total + number, [*chosen, village])
    return best[max(best)]


def let_alerts_climb(since: datetime) -> None:
    """What the minute's tick would have done from `since` to the present: tell, and climb where nobody answers."""
    at = since
    while at <= PRESENT:
        escalate(by=SYSTEM, at=at)
        at += timedelta(minutes=1)


def close_yesterday(area: str, by: Actor) -> None:
    """Yesterday's report, closed yesterday evening."""
    evening = (PRESENT - timedelta(days=1)).replace(hour=21, minute=10)
    close_report(scope=SCOPE, area=area, day=evening.date(), as_of=evening, by=by, at=evening)
