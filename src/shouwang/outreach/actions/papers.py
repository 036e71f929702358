"""Issuing papers, recording that they were served, revoking them, printing them."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.areas import town_of
from shouwang.kernel.canon import canonical, content_hash
from shouwang.kernel.days import local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.outreach import queries, rules, typeset
from shouwang.outreach.models import Paper, ServedRecord
from shouwang.people.sealed import seal

WAYS = ("in-person", "family", "posted", "sent", "refused")
"""How a paper reaches somebody."""


@transaction.atomic
def issue_paper(
    *,
    content: rules.Content,
    subject: tuple[str, UUID],
    area: str,
    zone: str,
    wording: rules.Wording | None = None,
    style: rules.Style | None = None,
    by: Actor,
    at: datetime,
) -> UUID:
    """Issue a paper: freeze what it says, give it the next serial of the town and year, seal it.

    `subject` is (kind, id) of what it is about (`observation-file`, `person`); `zone` the IANA zone of the
    place, for the day printed on it; `wording` the town's or the pack's, else ours is used, and `style` the
    town's looks: both stay with the paper. Refuses `paper-field-missing`,
    `paper-days-reversed`, `paper-field-unknown`, `paper-already-issued` (a valid paper of this kind must be
    revoked first; a person file may be printed again and again).
    """
    if missing := rules.missing_field(content):
        raise Refused("paper-field-missing", field=missing)
    if content.last < content.start:
        raise Refused("paper-days-reversed", start=content.start, last=content.last)
    day = local_day(at, zone)
    draft = draft_paper(content, subject, area, day=day, wording=wording, style=style, by=by, at=at)
    paper = seal_paper(draft, next_number(draft.row.town, draft.row.kind, draft.row.year))
    try:
        with transaction.atomic():
            paper.save(force_insert=True)
    except IntegrityError as clash:
        if "outreach_paper_one_valid" not in str(clash):
            raise
        raise Refused("paper-already-issued", kind=paper.kind) from clash
    append_event(
        verb="outreach.paper.issued",
        subject=("paper", paper.id),
        area=area,
        by=by,
        at=at,
        payload={
            "kind": paper.kind,
            "about": [subject[0], str(subject[1])],
            "serial": queries.serial_of(paper),
            "hash": paper.content_hash,
        },
    )
    return paper.id


@transaction.atomic
def record_served(
    *,
    record_id: UUID,
    paper_id: UUID,
    how: str,
    served_at: datetime,
    received_by: str = "",
    note: str = "",
    corrects: UUID | None = None,
    reason: str = "",
    by: Actor,
    at: datetime,
) -> UUID:
    """Record how a paper reached the person; `record_id` is the client's, and sent twice it is one record.

    Refuses `served-way-unknown`, `served-refusal-unexplained` (not accepted, and not said what was done),
    `paper-not-found`, `reason-missing` (a correction), `served-not-found`, and `served-conflict` where the same id
    comes with other content.
    """
    if how not in WAYS:
        raise Refused("served-way-unknown", how=how)
    if how == "refused" and not note.strip():
        raise Refused("served-refusal-unexplained")
    paper = Paper.objects.unscoped("reached through scope by the caller").filter(id=paper_id).first()
    if paper is None:
        raise Refused("paper-not-found")
    _check_correction(paper_id, corrects, reason)
    told = content_hash([str(paper_id), how, served_at, received_by, note, str(corrects or ""), reason])
    records = ServedRecord.objects.unscoped("idempotence of one record")
    if held := records.filter(id=record_id).first():
        if held.fingerprint != told:
            raise Refused("served-conflict", record=record_id)
        return record_id
    table = "outreach_servedrecord"
    ServedRecord.objects.create(
        **{"id": record_id, "area": paper.area, "paper_id": paper_id, "how": how, "note": note},
        **{"corrects_id": corrects, "reason": reason, "fingerprint": told, "served_at": served_at},
        **{"by_id": by.id, "by_name": by.name, "recorded_at": at},
        received_by_sealed=seal(received_by, table=table, row=record_id, field="received_by_sealed"),
    )
    append_event(
        verb="outreach.paper.served",
        subject=("paper", paper_id),
        area=paper.area,
        by=by,
        at=at,
        payload={"record": str(record_id), "how": how, "corrects": str(corrects or "")},
    )
    return record_id


@transaction.atomic
def revoke_paper(*, paper_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Revoke a paper; from now on its QR says so. Refuses `reason-missing`, `paper-not-found`,
    `paper-already-revoked`."""
    if not reason.strip():
        raise Refused("reason-missing")
    papers = Paper.objects.unscoped("reached through scope by the caller")
    paper = papers.select_for_update().filter(id=paper_id).first()
    if paper is None:
        raise Refused("paper-not-found")
    if paper.revoked_at is not None:
        raise Refused("paper-already-revoked")
    papers.filter(id=paper_id).update(revoked_at=at, revoked_by_name=by.name, revoked_reason=reason)
    append_event(
        verb="outreach.paper.revoked",
        subject=("paper", paper_id),
        area=paper.area,
        by=by,
        at=at,
        payload={"kind": paper.kind, "reason": reason},
    )


@transaction.atomic
def print_paper(*, scope: Scope, paper_id: UUID, public_url: str, by: Actor, at: datetime) -> bytes:
    """The PDF of a paper exactly as issued, with full values; that somebody printed it is recorded.

    `public_url` is the address of this installation, printed into the QR. A revoked paper is printed with a
    stamp across it. Refuses `paper-not-found`, `paper-altered`, `font-missing`.
    """
    sheet = queries.sheet_of(scope, paper_id, public_url)
    made = typeset.render(sheet)
    append_event(
        verb="outreach.paper.printed",
        subject=("paper", paper_id),
        area=sheet.area,
        by=by,
        at=at,
        payload={"kind": str(sheet.content.KIND), "serial": sheet.serial},
    )
    return made


@dataclass(slots=True)
class Draft:
    """A paper about to be sealed, with its personal part in the open."""

    row: Paper
    inner: dict[str, object]


def draft_paper(
    content: rules.Content,
    subject: tuple[str, UUID],
    area: str,
    *,
    day: date,
    wording: rules.Wording | None,
    style: rules.Style | None,
    by: Actor,
    at: datetime,
) -> Draft:
    """A paper with everything but its number and seal."""
    filled = rules.fill(wording or rules.default_wording(content.KIND), content)
    shown, personal = rules.split_content(content)
    inner: dict[str, object] = {
        "salt": secrets.token_hex(16),
        "values": personal,
        "paragraphs": list(filled.paragraphs),
    }
    open_part: dict[str, object] = {"title": filled.title, "values": shown}
    if style is not None and style != rules.PLAIN:
        open_part["style"] = asdict(style)
    paper = Paper(
        **{"id": uuid7(), "area": area, "kind": str(content.KIND)},
        **{"subject_kind": subject[0], "subject_id": subject[1], "content": open_part},
        **{"town": town_of(area), "year": day.year, "issued_on": day, "issued_at": at},
        **{"issued_by_id": by.id, "issued_by_name": by.name},
        holder_masked=rules.masked_holder(getattr(content, "name", "")),
        office=content.office,
    )
    return Draft(paper, inner)


def seal_paper(draft: Draft, number: int) -> Paper:
    """Give a draft its number and seal it."""
    paper = draft.row
    paper.number = number
    paper.sealed = seal(
        json.dumps(json.loads(canonical(draft.inner))), table="outreach_paper", row=paper.id, field="sealed"
    )
    paper.content_hash = queries.digest_of(paper, draft.inner)
    paper.seal = queries.seal_of(paper)
    return paper


def next_number(town: str, kind: str, year: int, *, count: int = 1) -> int:
    """The last of the next `count` numbers of the series; the row stays locked to the commit, so no number is
    lost or doubled. Inside the caller's action."""
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into outreach_paperseries (town, kind, year, last) values (%s, %s, %s, %s)
            on conflict (town, kind, year) do update set last = outreach_paperseries.last + excluded.last
            returning last""",
            [town, kind, year, count],
        )
        found: tuple[int] = cursor.fetchone()
        return found[0]


def _check_correction(paper_id: UUID, corrects: UUID | None, reason: str) -> None:
    if corrects is None:
        return
    if not reason.strip():
        raise Refused("reason-missing")
    records = ServedRecord.objects.unscoped("the record being corrected")
    if not records.filter(id=corrects, paper_id=paper_id).exists():
        raise Refused("served-not-found")
