"""Closing a day's report."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.oversight.models import ClosedReport
from shouwang.oversight.queries import reports as queries
from shouwang.oversight.rules import AWAY, SWEPT, Report, frozen, frozen_hash, has_begun


@transaction.atomic
def close_report(
    *, scope: Scope, area: str, day: date, as_of: datetime, reason: str = "", by: Actor, at: datetime
) -> Report:
    """Freeze the report of a day with the rows behind every figure; closed once more it is a new revision.

    Refuses `place-not-found`, `report-day-not-begun`, `reason-missing` (a revision after the first says why),
    `report-unchanged` (nothing differs from the last revision), `report-closed-meanwhile`.
    """
    if not scope.allows("report.close", area):
        raise Refused("place-not-found", area=area)
    report = queries.daily_report(scope, area, day, as_of)
    if not has_begun(day, report.zone, at):
        raise Refused("report-day-not-begun", day=day)
    last = queries.closed_report(scope, area, day)
    content = frozen(report)
    told = frozen_hash(content)
    _check_revision(last, told, reason)
    content["rows"] = {
        figure.code: [
            [str(row.person_id), row.area, str(row.file_id) if row.file_id else "", row.slot]
            for row in queries.figure_rows(scope, area, day, as_of, figure.code, size=None)
        ]
        for figure in report.figures
        if not figure.code.startswith((SWEPT, AWAY))
    }
    revision = last.revision + 1 if last else 1
    try:
        with transaction.atomic():
            row = ClosedReport.objects.create(
                **{"area": area, "day": day, "revision": revision, "content": content, "hash": told},
                **{"reason": reason, "closed_at": at, "closed_by_id": by.id, "closed_by_name": by.name},
            )
    except IntegrityError as clash:
        raise Refused("report-closed-meanwhile", day=day) from clash
    append_event(
        verb="oversight.report.closed",
        subject=("report", row.id),
        area=area,
        by=by,
        at=at,
        payload={"day": day.isoformat(), "revision": revision, "hash": told, "reason": reason},
    )
    closed = queries.closed_report(scope, area, day, revision)
    if closed is None:
        raise Refused("place-not-found", area=area)
    return closed


def _check_revision(last: Report | None, told: str, reason: str) -> None:
    if last is None:
        return
    if last.hash == told:
        raise Refused("report-unchanged", revision=last.revision)
    if not reason.strip():
        raise Refused("reason-missing")
