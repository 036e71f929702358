"""Proving the house: every kept column, chain and invariant against what it is kept from (`shouwang verify`)."""

from __future__ import annotations

from dataclasses import dataclass

from shouwang.journal.queries import broken_chains, event_count
from shouwang.observation.queries import verify_checks
from shouwang.outreach.queries import altered_papers, paper_count
from shouwang.oversight.queries import altered_reports, closed_count


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold. `count` is how many were looked at, or how many are wrong when `ok` is False."""

    name: str
    ok: bool
    count: int


def verify_house() -> list[Check]:
    """Every check of every room, in the order of the floors."""
    broken = broken_chains()
    checks = [Check("journal-chain-unbroken", not broken, len(broken) if broken else event_count())]
    checks += [Check(name, ok, count) for name, ok, count in verify_checks()]
    papers, reports = altered_papers(), altered_reports()
    checks.append(Check("papers-as-sealed", not papers, len(papers) if papers else paper_count()))
    checks.append(Check("closed-reports-as-closed", not reports, len(reports) if reports else closed_count()))
    return checks
