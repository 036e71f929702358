"""Word templates that places put in the stead of the built-in one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shouwang.kernel.scope import Scope
from shouwang.oversight.models import ReportTemplate

VIEW = "report.view"


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """Who put which template where, when. `is_own` False: the built-in one was put back."""

    area: str
    form: str
    hash: str
    is_own: bool
    by_name: str
    at: datetime


def template_in_force(scope: Scope, area: str, form: str, at: datetime) -> bytes:
    """The template of the nearest place around `area` as it stood at `at`; empty for the built-in one."""
    row = _nearest(scope, area, form, at)
    return bytes(row.content) if row else b""


def template_row(scope: Scope, area: str, form: str, at: datetime) -> TemplateRow | None:
    """Who put the template that stands, None where nobody ever did."""
    row = _nearest(scope, area, form, at)
    return TemplateRow(row.area, row.form, row.hash, bool(row.content), row.by_name, row.at) if row else None


def _nearest(scope: Scope, area: str, form: str, at: datetime) -> ReportTemplate | None:
    if not scope.allows(VIEW, area):
        return None
    around = [area[:end] for end in range(1, len(area) + 1)]
    rows = ReportTemplate.objects.unscoped("a template of an enclosing place binds its parts").filter(
        area__in=around, form=form, at__lte=at
    )
    return max(rows, key=lambda row: (len(row.area), row.at, row.id), default=None)
