"""Whether somebody may be released: on time by the rule, or early by two persons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from shouwang.kernel.days import local_day
from shouwang.kernel.decision import Decision, Reason
from shouwang.packs.conditions import CaseFacts, Context, PersonFacts, evaluate
from shouwang.packs.conditions.explain import explain
from shouwang.packs.schema import Protocol


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """Where a file stands. `quorum_met`: on the last day that asked for one; None where no day did.

    `tests_negative`: None where nobody tells. `checks_done`: checks in force at which the person was seen.
    """

    day_zero: date
    last_day: date
    zone: str
    checks_done: int
    last_abnormal: bool | None
    open_alerts: int
    quorum_met: bool | None
    tests_negative: int | None = None


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
    case = CaseFacts(
        days_completed=(local_day(at, facts.zone) - facts.day_zero).days - 1,
        days_planned=(facts.last_day - facts.day_zero).days,
        quorum_met=facts.quorum_met if facts.quorum_met is not None else True,
        open_alerts=facts.open_alerts,
        tests_negative=facts.tests_negative,
    )
    subject = replace(person, case=case)
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
    return Decision.no(*against) if against else Decision.yes(Reason("two-persons"))


def _doubts(facts: ReleaseFacts) -> tuple[Reason, ...]:
    if not facts.checks_done:
        return (Reason("never-checked"),)
    return (Reason("last-check-abnormal"),) if facts.last_abnormal else ()
