"""What one check means: is it plausible, which alerts it raises, and whether enough people came that day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shouwang.kernel.temperature import HIGHEST, LOWEST
from shouwang.observation.rules.timetable import Part
from shouwang.packs.classify import alerts_of
from shouwang.packs.conditions import LEAVES, Context, PersonFacts, leaves
from shouwang.packs.schema import Pack

PLAUSIBLE = range(LOWEST, HIGHEST + 1)
"""Tenths of a degree; outside, a thermometer or a pen was wrong."""


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert to be raised: the pack's entry, whom to tell, when it climbs (minutes after it was raised)."""

    code: str
    severity: str
    tell: tuple[str, ...]
    climb: tuple[int, ...]


def raise_alerts(pack: Pack, facts: PersonFacts, ctx: Context) -> tuple[Raised, ...]:
    """The alerts of the check in `facts.check`. What was not measured raises nothing."""
    return tuple(
        Raised(alert.code, alert.severity, alert.tell, tuple(sorted(alert.climb_after_minutes)))
        for alert in alerts_of(pack, facts, ctx)
    )


def must_know_person(pack: Pack) -> bool:
    """Whether an alert of this pack asks for more than the check itself (age, a tag)."""
    return any(LEAVES[leaf.name].level != "check" for alert in pack.alerts for _, leaf in leaves(alert.when))


def climb_time(raised_at: datetime, climb: tuple[int, ...], level: int) -> datetime | None:
    """When an alert that stands at `level` climbs next; None at the top."""
    return raised_at + timedelta(minutes=climb[level]) if level < len(climb) else None


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody's visit on a day: in which roles the person was seen, and whether by eye."""

    roles: frozenset[str]
    channel: str


IN_PERSON = frozenset({"visit", "facility"})
"""A telephone call is no visit."""


def quorum_of_day(part: Part, visits: Iterable[Visit]) -> tuple[int, int]:
    """(how many different roles of the set came in person, how many must); 0 must where none is asked for."""
    came = {role for visit in visits if visit.channel in IN_PERSON for role in visit.roles}
    return len(came & set(part.roles)), part.quorum


REMOTE = frozenset({"phone", "video", "chat", "self"})
"""Nobody stands beside the thermometer."""
THERMOMETERS = frozenset({"mercury", "electronic", "ear", "forehead", "none"})
"""How a temperature was measured."""
WITNESSES = frozenset({"worker", "family", "nobody"})
"""Who saw the reading: a worker (in person or on video), somebody of the family, nobody else."""


def implausible_witness(channel: str, witness: str) -> bool:
    """Whether nobody could have seen the reading so: by telephone no worker sees a thermometer."""
    return witness == "worker" and channel in ("phone", "chat", "self")
