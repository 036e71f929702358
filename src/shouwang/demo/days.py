"""Nine days of checks: nearly everyone measured, some missed, two fevers, a refusal."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from shouwang.demo.cast import SEED
from shouwang.demo.clock import FOUND, PRESENT, ZONE
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import CheckCommand, record_checks, release_file
from shouwang.observation.queries import Duty, duties, release_due
from shouwang.policy.queries import pack_of
from shouwang.workforce.queries import WorkerRow

SCOPE = Scope.everything("demo")
MISSED = 0.008
"""Share of checks nobody made on an ordinary day."""
LATE_TODAY = 0.22
DONE_THIS_EVENING = 0.4
ORDINARY = (361, 362, 363, 363, 364, 364, 365, 365, 366, 367, 368)


@dataclass(frozen=True, slots=True)
class Round:
    """One round through the village: when it begins and ends, until when its duties count."""

    begins: datetime
    ends: datetime
    share: float


def rounds() -> Iterable[Round]:
    """Morning and evening of every day from the first to the present one."""
    day = FOUND.date() + timedelta(days=1)
    while day <= PRESENT.date():
        today = day == PRESENT.date()
        morning = datetime.combine(day, time(7, 30), ZONE)
        evening = datetime.combine(day, time(15, 0), ZONE)
        yield Round(morning, morning + timedelta(hours=4), 1 - (LATE_TODAY if today else MISSED))
        length = timedelta(hours=3, minutes=30 if today else 59)
        yield Round(evening, evening + length, DONE_THIS_EVENING if today else 1 - MISSED)
        day += timedelta(days=1)


def walk(one: Round, area: str, doctors: dict[str, WorkerRow], chance: random.Random) -> int:
    """Record one round of the whole town; returns how many checks. Each village's doctor sends their own."""
    by_village: dict[str, list[CheckCommand]] = defaultdict(list)
    for duty in _due(one, area):
        if chance.random() < one.share:
            by_village[duty.area].append(_check(duty, one, chance))
    for village, checks in sorted(by_village.items()):
        doctor = doctors[village]
        for start in range(0, len(checks), 500):
            record_checks(
                items=checks[start : start + 500],
                scope=SCOPE,
                pack_of=pack_of,
                by=Actor(str(doctor.id), doctor.name),
                at=one.ends,
            )
    return sum(map(len, by_village.values()))


def _due(one: Round, area: str) -> Sequence[Duty]:
    """Checks due in this round: the morning takes visits, the evening whatever is left of the day."""
    morning = one.begins.hour < 12
    found: list[Duty] = []
    after = ""
    while page := duties(SCOPE, one.begins, area=area, limit=2000, after=after):
        found += [d for d in page if d.kind == "check" and (not morning or d.channel == "visit")]
        after = page[-1].cursor
    return found


def _check(duty: Duty, one: Round, chance: random.Random) -> CheckCommand:
    taken = one.begins + (one.ends - one.begins) * chance.random()
    visited = duty.channel == "visit"
    return CheckCommand(
        id=uuid7(),
        file_id=duty.file_id,
        taken_at=taken.replace(second=0, microsecond=0),
        channel=duty.channel,
        deci=chance.choice(ORDINARY),
        roles=("village-cadre", "medic") if visited else ("medic",),
    )


def special(
    file_id: UUID,
    taken_at: datetime,
    doctor: WorkerRow,
    *,
    deci: int | None,
    symptoms: tuple[str, ...] = (),
    outcome: str = "done",
    note: str = "",
) -> None:
    """One check that tells a story: a fever, a refusal."""
    check = CheckCommand(
        id=uuid7(),
        file_id=file_id,
        taken_at=taken_at,
        channel="visit",
        outcome=outcome,
        deci=deci,
        symptoms=symptoms,
        seen="person" if outcome == "done" else "nobody",
        roles=("medic",) if outcome == "done" else (),
        note=note,
    )
    record_checks(
        items=[check],
        scope=SCOPE,
        pack_of=pack_of,
        by=Actor(str(doctor.id), doctor.name),
        at=taken_at + timedelta(minutes=2),
    )


def release_whoever_may(area: str, clerk: Actor, at: datetime) -> int:
    """Release everyone whose time is over and whom the rule lets go, as the clerk does in the morning."""
    released = 0
    for file_id in release_due(SCOPE, at, area=area, limit=2000):
        try:
            release_file(file_id=file_id, scope=SCOPE, pack_of=pack_of, by=clerk, at=at)
        except Refused:
            continue  # the rule says why on the person's page; a clerk goes on to the next
        released += 1
    return released


def new_chance() -> random.Random:
    """The same nine days every time."""
    return random.Random(SEED)  # noqa: S311 - invented readings, not secrets
