"""Papers as a list to be worked off: which were issued, which still have to reach somebody."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from shouwang.journal.scoped import ScopedQuerySet
from shouwang.kernel.scope import Scope
from shouwang.outreach import rules
from shouwang.outreach.models import Paper, ServedRecord
from shouwang.outreach.queries.papers import PaperRow, plain_values, row_of

COUNT_CAP = 10_000
SERVED_KINDS = (
    rules.PaperKind.NOTICE,
    rules.PaperKind.CERTIFICATE,
    rules.PaperKind.DOOR,
    rules.PaperKind.PLEDGE,
)
"""Papers that must reach somebody; a person's file stays in the office."""


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper on the list, with how it last reached the person ("" : not yet). `cursor` turns the page."""

    paper: PaperRow
    how: str
    served_at: datetime | None
    cursor: str


def paper_page(
    scope: Scope,
    *,
    state: str = "unserved",
    kind: str = "",
    area: str = "",
    after: str = "",
    limit: int = 50,
) -> list[PaperLine]:
    """Papers in sight. `unserved`: valid and not yet with anybody, the longest waiting first; `served`,
    `revoked`, `all`: the newest first. Two queries, however many."""
    rows = _papers(scope, state, kind, area)
    oldest_first = state == "unserved"
    if mark := _mark(after):
        at, one = mark
        later = Q(issued_at__gt=at) | Q(issued_at=at, id__gt=one)
        earlier = Q(issued_at__lt=at) | Q(issued_at=at, id__lt=one)
        rows = rows.filter(later if oldest_first else earlier)
    order = ("issued_at", "id") if oldest_first else ("-issued_at", "-id")
    found = [row_of(held) for held in rows.order_by(*order)[:limit]]
    told = last_served(scope, [row.id for row in found])
    lines = []
    for row in found:
        how, served_at = told.get(row.id, ("", None))
        lines.append(PaperLine(row, how, served_at, f"{row.issued_at.isoformat()}~{row.id}"))
    return lines


def paper_tally(scope: Scope, *, state: str = "unserved", kind: str = "", area: str = "") -> tuple[int, bool]:
    """How many papers the list holds, and whether that is only "so many or more"."""
    number = _papers(scope, state, kind, area).values("id")[: COUNT_CAP + 1].count()
    return min(number, COUNT_CAP), number > COUNT_CAP


def last_served(scope: Scope, ids: Iterable[UUID]) -> dict[UUID, tuple[str, datetime]]:
    """How each of these papers last reached somebody, corrected records left out. One query."""
    rows = list(ServedRecord.objects.within(scope).filter(paper_id__in=list(ids)).order_by("served_at", "id"))
    corrected = {row.corrects_id for row in rows if row.corrects_id}
    return {row.paper_id: (row.how, row.served_at) for row in rows if row.id not in corrected}


@dataclass(frozen=True, slots=True)
class DoorPaper:
    """A valid notice on a door: for which household, until when."""

    id: UUID
    household_id: UUID
    start: date
    last: date
    contact: str
    title: str
    office: str
    style: rules.Style


def door_papers(scope: Scope, households: Collection[UUID]) -> dict[UUID, DoorPaper]:
    """The valid notices for the doors of these households. One query."""
    rows = Paper.objects.within(scope).filter(
        subject_kind="household",
        subject_id__in=list(households),
        kind=str(rules.PaperKind.DOOR),
        revoked_at__isnull=True,
    )
    found = {}
    for row in rows:
        values = plain_values(row)
        if values is not None:
            found[row.subject_id] = DoorPaper(
                row.id,
                row.subject_id,
                date.fromisoformat(str(values["start"])),
                date.fromisoformat(str(values["last"])),
                str(values["contact"]),
                str(row.content["title"]),
                row.office,
                rules.Style(**row.content.get("style", {})),
            )
    return found


def _papers(scope: Scope, state: str, kind: str, area: str) -> ScopedQuerySet[Paper]:
    kinds = [str(one) for one in SERVED_KINDS if not kind or str(one) == kind]
    rows = Paper.objects.within(scope).filter(kind__in=kinds)
    if area:
        rows = rows.filter(area__startswith=area)
    records = ServedRecord.objects.unscoped("of papers in sight").filter(paper_id=OuterRef("id"))
    if state == "revoked":
        return rows.filter(revoked_at__isnull=False)
    if state == "unserved":
        return rows.filter(~Exists(records), revoked_at__isnull=True)
    return rows.filter(Exists(records)) if state == "served" else rows


def _mark(text: str) -> tuple[datetime, UUID] | None:
    at, _, one = text.partition("~")
    try:
        return datetime.fromisoformat(at), UUID(one)
    except ValueError:
        return None
