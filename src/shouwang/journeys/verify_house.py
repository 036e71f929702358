"""Proving the house: kept columns, chains and invariants against what they are kept from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shouwang.journal.queries import broken_chains, event_count
from shouwang.journeys.field_commands import acknowledged_and_missing
from shouwang.journeys.prove_chains import orphan_counts
from shouwang.kernel.scope import Scope
from shouwang.observation.queries import verify_checks
from shouwang.outreach.queries import altered_papers, paper_count
from shouwang.oversight.queries import (
    altered_close_outs,
    altered_reports,
    close_out_count,
    closed_count,
)
from shouwang.people.queries import keys_fit
from shouwang.screening.queries import verify_sweeps, wrong_reaches


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold. `count`: how many were looked at, or how many are wrong if not `ok`."""

    name: str
    ok: bool
    count: int


def verify_house(at: datetime) -> list[Check]:
    """Every check of every room, in the order of the floors. Which orphans fail it: `prove_chains`."""
    broken = broken_chains()
    checks = [Check("journal-chain-unbroken", not broken, len(broken) if broken else event_count())]
    checks.append(Check("sealed-fields-open-with-these-keys", keys_fit(), 1))
    checks += [Check(proved.name, proved.ok, proved.count) for proved in verify_checks(at)]
    checks += [Check(proved.name, proved.ok, proved.count) for proved in verify_sweeps()]
    wrong = wrong_reaches()
    checks.append(Check("reaching.rows-are-what-their-attempts-say", wrong == 0, wrong))
    for kind, number in orphan_counts(Scope.everything("verify"), at).items():
        checks.append(Check(f"chain.no-{kind}-alone", number == 0, number))
    papers, reports = altered_papers(), altered_reports()
    checks.append(Check("papers-as-sealed", not papers, len(papers) if papers else paper_count()))
    checks.append(Check("closed-reports-as-closed", not reports, len(reports) if reports else closed_count()))
    days = altered_close_outs()
    checks.append(Check("closed-days-as-closed", not days, len(days) if days else close_out_count()))
    done, missing = acknowledged_and_missing()
    checks.append(Check("field-acknowledged-is-stored", missing == 0, missing or done))
    return checks
