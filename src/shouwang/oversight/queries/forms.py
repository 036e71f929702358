"""A report as one of its forms: the form as the pack had it then, yesterday and the revision before beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.oversight.forms.laying import Laid, lay_out
from shouwang.oversight.queries.reports import closed_report, report_of
from shouwang.oversight.rules import Report
from shouwang.packs.schema import Lang, ReportForm
from shouwang.policy.queries import pack_of, revisions_in_force

ALL = "all"
"""The form that has every figure; every place has it."""


def forms_of(scope: Scope, area: str, at: datetime) -> list[ReportForm]:
    """The forms that the packs in force at a place declare, besides the one with every figure."""
    return [form for row in revisions_in_force(scope, area, at) for form in pack_of(row.id).report_forms]


def laid_report(
    scope: Scope, report: Report, form: str = ALL, *, place: str, lang: Lang, words: Callable[[str], str]
) -> Laid:
    """A report as a form. Everything beside it is as it was known then, so that it prints alike for ever.

    Refuses `report-form-not-found`.
    """
    known = report.closed_at or report.as_of
    wanted = None
    if form != ALL:
        wanted = next((one for one in forms_of(scope, report.area, known) if one.code == form), None)
        if wanted is None:
            raise Refused("report-form-not-found")
    before = report_of(scope, report.area, report.day - timedelta(days=1), known)
    older = (
        closed_report(scope, report.area, report.day, report.revision - 1) if report.revision > 1 else None
    )
    return lay_out(report, wanted, place=place, lang=lang, words=words, before=before, older=older)
