"""Many papers at once: a village's notices for its doors, numbered in one go and written in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.days import local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.outreach import queries, rules, typeset
from shouwang.outreach.actions.papers import draft_paper, next_number, seal_paper
from shouwang.outreach.models import Paper

MOST_PAPERS = 1000
"""Papers in one call, and pages in one PDF: a few seconds."""


@dataclass(frozen=True, slots=True)
class NewPaper:
    """A paper to issue: what it says, what it is about (kind, id), where."""

    content: rules.Content
    subject: tuple[str, UUID]
    area: str


@transaction.atomic
def issue_papers(
    *,
    items: Sequence[NewPaper],
    area: str,
    zone: str,
    wording: rules.Wording | None = None,
    style: rules.Style | None = None,
    outdated: Sequence[UUID] = (),
    reason: str = "",
    by: Actor,
    at: datetime,
) -> list[UUID]:
    """Issue many papers of one kind and revoke those they take the place of (`outdated`, for `reason`).

    All lie below `area`. One event however many; the ids come in the order of the items. Refuses
    `too-many-papers`, `paper-field-missing`, `paper-days-reversed`, `reason-missing`, `paper-field-unknown`.
    """
    if len(items) > MOST_PAPERS:
        raise Refused("too-many-papers", most=MOST_PAPERS)
    if outdated and not reason.strip():
        raise Refused("reason-missing")
    for item in items:
        if missing := rules.missing_field(item.content):
            raise Refused("paper-field-missing", field=missing)
        if item.content.last < item.content.start:
            raise Refused("paper-days-reversed", start=item.content.start, last=item.content.last)
    papers = Paper.objects.unscoped("reached through scope by the caller")
    papers.filter(id__in=list(outdated), revoked_at__isnull=True).update(
        revoked_at=at, revoked_by_name=by.name, revoked_reason=reason
    )
    day = local_day(at, zone)
    drafts = [
        draft_paper(i.content, i.subject, i.area, day=day, wording=wording, style=style, by=by, at=at)
        for i in items
    ]
    rows: dict[UUID, Paper] = {}
    for town in sorted({draft.row.town for draft in drafts}):
        of_town = [draft for draft in drafts if draft.row.town == town]
        first = next_number(town, of_town[0].row.kind, day.year, count=len(of_town)) - len(of_town) + 1
        rows |= {draft.row.id: seal_paper(draft, first + n) for n, draft in enumerate(of_town)}
    papers.bulk_create(list(rows.values()), batch_size=500)
    if drafts or outdated:
        append_event(
            verb="outreach.papers.issued",
            subject=("papers", drafts[0].row.id if drafts else outdated[0]),
            area=area,
            by=by,
            at=at,
            payload={
                "kind": drafts[0].row.kind if drafts else "",
                "issued": len(drafts),
                "revoked": len(outdated),
                "papers": {str(row.id): row.content_hash for row in rows.values()},
            },
        )
    return [draft.row.id for draft in drafts]


@transaction.atomic
def print_doors(
    *, scope: Scope, ids: Sequence[UUID], area: str, public_url: str, by: Actor, at: datetime
) -> bytes:
    """Notices for doors as one PDF, a page each, in the order given; that they were printed is recorded.

    Refuses `too-many-papers`, `paper-not-found`, `paper-altered`, `font-missing`.
    """
    if len(ids) > MOST_PAPERS:
        raise Refused("too-many-papers", most=MOST_PAPERS)
    sheets = queries.sheets_of(scope, ids, public_url)
    if len(sheets) != len(set(ids)) or not sheets:
        raise Refused("paper-not-found")
    made = typeset.render_doors(sheets, at=at)
    append_event(
        verb="outreach.papers.printed",
        subject=("papers", ids[0]),
        area=area,
        by=by,
        at=at,
        payload={"kind": str(rules.PaperKind.DOOR), "printed": len(sheets)},
    )
    return made
