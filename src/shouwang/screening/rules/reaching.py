"""不在家 The ladder from no answer to an answer: which channel next, and by when. Pure; the pack names the steps.

What stands follows from the attempts alone, in the order in which they were made, never in the order in which
they came in: a paper filled in on Monday may be typed in on Wednesday.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shouwang.packs.schema import Pack

REACHED = frozenset({"met", "answered", "filled", "kept"})
"""Somebody spoke to somebody: the ladder ends, or begins anew where a visit is due again."""
CLOSED = frozenset({"refused", "moved", "vacant"})
"""Knocking again is no use: a person decides what to do."""
FAILED = frozenset({"not-home", "cannot-locate", "no-answer", "wrong-number", "left", "missed"})
"""Nobody yet. A form that was left (`left`) is not an answer until it is filled in."""
OUTCOMES = REACHED | CLOSED | FAILED


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: the channel to try after so many failures, within so many hours of the last one."""

    channel: str
    after_failures: int
    within_hours: int
    not_after: frozenset[str] = frozenset()
    """Outcomes after which this rung makes no sense: no telephone after a wrong number."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt as the ladder sees it."""

    tried_at: datetime
    id: UUID
    outcome: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands: `open`, `reached` or `closed`; what is suggested next, and by when."""

    state: str
    failures: int
    channel: str = ""
    due_at: datetime | None = None


def steps_of(pack: Pack) -> tuple[Step, ...]:
    """The rungs of a pack, lowest first; none where the pack has no ladder."""
    steps = sorted(pack.ladder_steps, key=lambda step: step.after_failures)
    return tuple(Step(s.channel, s.after_failures, s.within_hours, frozenset(s.not_after)) for s in steps)


def next_step(steps: Sequence[Step], failures: int, last: str) -> Step | None:
    """The rung for so many failures. One that makes no sense after the last outcome is skipped upwards; where
    nothing is left above, the nearest below. The highest rung repeats: nobody is given up by a rule."""
    sensible = [(i, step) for i, step in enumerate(steps) if last not in step.not_after]
    if not sensible:
        return None
    here = max((i for i, step in enumerate(steps) if step.after_failures <= failures), default=0)
    above = [step for i, step in sensible if i >= here]
    return above[0] if above else sensible[-1][1]


def standing(
    steps: Sequence[Step],
    tried: Iterable[Tried],
    *,
    repeat_hours: int | None = None,
    appointment: datetime | None = None,
) -> Standing:
    """What follows from these attempts. `repeat_hours`: whoever was met is due again after so many hours.
    `appointment`: the end of one that was made and is still to come; until then nothing else is suggested."""
    in_order = sorted(tried, key=lambda one: (one.tried_at, one.id))
    if not in_order:
        return Standing("open", 0)
    last = in_order[-1]
    if last.outcome in CLOSED:
        return Standing("closed", 0)
    if last.outcome in REACHED:
        if repeat_hours is None or not steps:
            return Standing("reached", 0)
        return Standing("open", 0, steps[0].channel, last.tried_at + timedelta(hours=repeat_hours))
    failures = _failures(in_order)
    if appointment is not None:
        return Standing("open", failures, "appointment", appointment)
    step = next_step(steps, failures, last.outcome)
    due = last.tried_at + timedelta(hours=step.within_hours) if step else None
    return Standing("open", failures, step.channel if step else "", due)


def _failures(in_order: Sequence[Tried]) -> int:
    """Failures since somebody last said something."""
    count = 0
    for one in reversed(in_order):
        if one.outcome not in FAILED:
            break
        count += 1
    return count
