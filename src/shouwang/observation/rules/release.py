"""Whether somebody may be released: on time by the rule, or early by two persons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from shouwang.kernel.days import local_day
from shouwang.kernel.decision import Decision, Reason
from shouwang.observation.rules.slots import Due, Schedule, slot_day
from shouwang.observation.rules.timetable import Part
from shouwang.packs.conditions import CaseFacts, Condition, Context, PersonFacts, evaluate
from shouwang.packs.conditions.explain import explain
from shouwang.packs.schema import Protocol


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """Where a file stands. `quorum_met`: on the last day that asked for one; None where no day did.

    `tests_negative`: samples found negative in a row, on different days. `tests_awaited`: samples without a result.
    `tested_positive`: what was found last is a positive. `checks_done`: checks in force at which the person was
    seen.
    """

    day_zero: date
    last_day: date
    zone: str
    checks_done: int
    last_abnormal: bool | None
    open_alerts: int
    quorum_met: bool | None
    tests_negative: int | None = None
    tests_awaited: int = 0
    tested_positive: bool = False


NOBODY = PersonFacts()


def may_release(
    protocol: Protocol,
    facts: ReleaseFacts,
    ctx: Context,
    at: datetime,
    person: PersonFacts = NOBODY,
) -> Decision:
    """Release by the rule: the pack's condition holds, somebody was seen, and the last check was normal.

    For a release unknown is not enough: the condition must be true. A day counts as completed when it is over
    at the place: at 23:59 of the last day it is not, at 00:00 it is.
    """
    against = _doubts(facts)
    subject = replace(person, case=_case(facts, at))
    verdict = evaluate(protocol.release, subject, ctx)
    told = explain(protocol.release, subject, ctx)
    if verdict is not True:
        against = (Reason("release-condition-not-met"), *told, *against)
    return Decision.no(*against) if against else Decision.yes(*told)


def may_release_early(facts: ReleaseFacts, *, asked_by: str, decided_by: str, reason: str) -> Decision:
    """Early release, against the calendar: two persons, a reason, and nobody who is unwell."""
    against = [Reason("second-person-needed")] if asked_by == decided_by else []
    if not reason.strip():
        against.append(Reason("reason-missing"))
    if facts.open_alerts:
        against.append(Reason("alert-open", {"count": facts.open_alerts}))
    if facts.last_abnormal:
        against.append(Reason("last-check-abnormal"))
    against += _of_tests(facts)
    return Decision.no(*against) if against else Decision.yes(Reason("two-persons"))


def step_of(schedule: Schedule, due: Due) -> tuple[Part | None, Part | None]:
    """From which stage to which a file goes that owes `due` next: none before the second stage has begun."""
    parts = schedule.timetable.parts
    if due.is_release:
        return parts[-1], None
    into = schedule.timetable.part(schedule.day_no(slot_day(due.slot)))
    before = [part for part in parts if part.last < into.first]
    return (before[-1] if before else None), into


def may_leave_stage(
    schedule: Schedule,
    due: Due,
    condition: Condition | None,
    facts: ReleaseFacts,
    ctx: Context,
    at: datetime,
) -> Decision:
    """Whether a person may go from the place of one stage to that of the next.

    The checks of the stage are over or made (the next duty belongs to another stage, elsewhere), its condition in
    the pack holds for certain, and what was found last is no positive. A result still awaited holds nobody: the
    condition says how many negatives are asked.
    """
    against = []
    before, into = step_of(schedule, due)
    if before is None or (into is not None and into.place == before.place):
        against.append(Reason("stage-not-over"))
    if condition is not None:
        subject = replace(NOBODY, case=_case(facts, at))
        if evaluate(condition, subject, ctx) is not True:
            against += [Reason("leave-condition-not-met"), *explain(condition, subject, ctx)]
    if facts.tested_positive:
        against.append(Reason("tested-positive"))
    return Decision.no(*against) if against else Decision.yes(Reason("stage-over"))


def _case(facts: ReleaseFacts, at: datetime) -> CaseFacts:
    return CaseFacts(
        days_completed=(local_day(at, facts.zone) - facts.day_zero).days - 1,
        days_planned=(facts.last_day - facts.day_zero).days,
        quorum_met=facts.quorum_met if facts.quorum_met is not None else True,
        open_alerts=facts.open_alerts,
        tests_negative=facts.tests_negative,
    )


def _doubts(facts: ReleaseFacts) -> tuple[Reason, ...]:
    if not facts.checks_done:
        return (Reason("never-checked"), *_of_tests(facts))
    abnormal = (Reason("last-check-abnormal"),) if facts.last_abnormal else ()
    return (*abnormal, *_of_tests(facts))


def _of_tests(facts: ReleaseFacts) -> tuple[Reason, ...]:
    """Nobody is released on a positive, or while a sample waits for its result."""
    positive = (Reason("tested-positive"),) if facts.tested_positive else ()
    awaited = (Reason("test-awaited", {"count": facts.tests_awaited}),) if facts.tests_awaited else ()
    return positive + awaited
