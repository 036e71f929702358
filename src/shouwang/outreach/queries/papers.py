"""Reading papers: those of a subject, one, and what its QR tells a stranger."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.conf import settings

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.outreach import rules
from shouwang.outreach.models import Paper, ServedRecord
from shouwang.outreach.queries.templates import logo_bytes
from shouwang.outreach.typeset import Sheet
from shouwang.people.sealed import unseal

Status = Literal["valid", "revoked", "unknown", "altered"]


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper as a list shows it."""

    id: UUID
    area: str
    kind: rules.PaperKind
    serial: str
    subject_kind: str
    subject_id: UUID
    holder_masked: str
    office: str
    issued_on: date
    issued_at: datetime
    issued_by: str
    revoked_at: datetime | None
    revoked_reason: str


@dataclass(frozen=True, slots=True)
class ServedRow:
    """One record of service; `corrected_by` is the row that corrected it."""

    id: UUID
    paper_id: UUID
    how: str
    received_by: str
    note: str
    served_at: datetime
    by_name: str
    recorded_at: datetime
    corrects: UUID | None
    reason: str
    corrected_by: UUID | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a stranger learns from the QR of a paper. Unknown and malformed say the same: nothing."""

    status: Status
    kind: rules.PaperKind | None = None
    serial: str = ""
    issued_on: date | None = None
    office: str = ""
    holder_masked: str = ""
    start: date | None = None
    last: date | None = None
    revoked_at: datetime | None = None


UNKNOWN = Verdict("unknown")


def papers_of(scope: Scope, subject_kind: str, subject_id: UUID) -> list[PaperRow]:
    """Papers about one subject, newest first."""
    found = Paper.objects.within(scope).filter(subject_kind=subject_kind, subject_id=subject_id)
    return [row_of(paper) for paper in found.order_by("-issued_at", "-id")]


def subjects_with_papers(scope: Scope, subject_kind: str, ids: Iterable[UUID]) -> set[UUID]:
    """Which of these subjects a paper in sight is about."""
    found = Paper.objects.within(scope).filter(subject_kind=subject_kind, subject_id__in=list(ids))
    return set(found.values_list("subject_id", flat=True))


def paper(scope: Scope, paper_id: UUID) -> PaperRow:
    """One paper. Out of scope does not exist: `paper-not-found`."""
    return row_of(_held(scope, paper_id))


def served_records(scope: Scope, paper_id: UUID) -> list[ServedRow]:
    """How a paper reached the person, oldest first, corrected rows included."""
    found = ServedRecord.objects.within(scope).filter(paper_id=paper_id).order_by("served_at", "id")
    rows = list(found)
    corrected = {row.corrects_id: row.id for row in rows if row.corrects_id}
    return [_served(row, corrected.get(row.id)) for row in rows]


def token_of(scope: Scope, paper_id: UUID) -> str:
    """The token that the QR of this paper carries. Refuses `paper-not-found`."""
    held = _held(scope, paper_id)
    return rules.make_token(held.id, bytes(held.seal))


def sheet_of(scope: Scope, paper_id: UUID, public_url: str) -> Sheet:
    """Everything needed to print a paper as it was issued. Refuses `paper-not-found`, `paper-altered`."""
    return _sheet(_held(scope, paper_id), public_url)


def sheets_of(scope: Scope, ids: Iterable[UUID], public_url: str) -> list[Sheet]:
    """The same for many, in the order given. Two queries. Refuses `paper-altered`."""
    wanted = list(ids)
    held = {row.id: row for row in Paper.objects.within(scope).filter(id__in=wanted)}
    logos: dict[str, bytes | None] = {}
    return [_sheet(held[one], public_url, logos) for one in wanted if one in held]


def _sheet(held: Paper, public_url: str, logos: dict[str, bytes | None] | None = None) -> Sheet:
    inner = _intact(held)
    if inner is None:
        raise Refused("paper-altered", paper=str(held.id))
    style = rules.Style(**held.content.get("style", {}))
    logos = {} if logos is None else logos
    if style.logo not in logos:
        logos[style.logo] = logo_bytes(style.logo)
    plain = {**held.content["values"], **_mapping(inner["values"])}
    return Sheet(
        area=held.area,
        content=rules.join_content(rules.PaperKind(held.kind), plain),
        wording=rules.Wording(held.content["title"], tuple(_texts(inner["paragraphs"]))),
        serial=serial_of(held),
        issued_on=held.issued_on,
        issued_at=held.issued_at,
        link=f"{public_url}/p/v/{rules.make_token(held.id, bytes(held.seal))}",
        revoked=held.revoked_at is not None,
        style=style,
        logo=logos[style.logo],
    )


def verify_paper(token: str) -> Verdict:
    """What the QR of a paper proves. Without scope: whoever holds the paper may ask.

    A token that cannot be one, one that nobody issued and one with a wrong piece of seal all say `unknown`.
    `altered`: the token is ours, but what is stored is no longer what was sealed.
    """
    parts = rules.read_token(token)
    if parts is None:
        return UNKNOWN
    held = Paper.objects.unscoped("the token is the right to ask").filter(id=parts[0]).first()
    if held is None or not rules.token_matches(parts[1], bytes(held.seal)):
        return UNKNOWN
    inner = _intact(held)
    if inner is None:
        return Verdict("altered")
    values = _mapping(inner["values"])
    return Verdict(
        status="revoked" if held.revoked_at else "valid",
        kind=rules.PaperKind(held.kind),
        serial=serial_of(held),
        issued_on=held.issued_on,
        office=held.office,
        holder_masked=held.holder_masked,
        start=_day(values.get("start")),
        last=_day(values.get("last")),
        revoked_at=held.revoked_at,
    )


def altered_papers() -> list[UUID]:
    """Papers whose stored content is no longer what was sealed; for `shouwang verify`."""
    every = Paper.objects.unscoped("verify").order_by("id")
    return [held.id for held in every.iterator(chunk_size=500) if _intact(held) is None]


def paper_count() -> int:
    """How many papers were issued; for `shouwang verify`."""
    return Paper.objects.unscoped("verify").count()


def serial_of(held: Paper) -> str:
    """The serial as printed."""
    return rules.serial_text(rules.PaperKind(held.kind), held.town, held.year, held.number)


def digest_of(held: Paper, inner: Mapping[str, object]) -> str:
    """The content's digest, from its open and its personal part."""
    return rules.content_digest(
        {"open": held.content, "values": inner["values"], "paragraphs": inner["paragraphs"]},
        salt=str(inner["salt"]),
    )


def seal_of(held: Paper) -> bytes:
    """The seal that belongs to a paper as it stands."""
    return rules.paper_seal(
        bytes.fromhex(settings.KEYS["paper"]),
        paper_id=held.id,
        digest=held.content_hash,
        frame=(
            *(held.kind, held.town, held.year, held.number, held.area, held.subject_kind, held.subject_id),
            *(held.issued_on, held.issued_at, held.issued_by_id, held.office, held.holder_masked),
        ),
    )


def _intact(held: Paper) -> dict[str, object] | None:
    """The unsealed part of a paper, or None where digest or seal no longer fit."""
    try:
        inner = _mapping(json.loads(unseal(held.sealed, table="outreach_paper", row=held.id, field="sealed")))
    except Refused:
        return None
    fits = digest_of(held, inner) == held.content_hash and seal_of(held) == bytes(held.seal)
    return inner if fits else None


def _held(scope: Scope, paper_id: UUID) -> Paper:
    held = Paper.objects.within(scope).filter(id=paper_id).first()
    if held is None:
        raise Refused("paper-not-found")
    return held


def _mapping(raw: object) -> dict[str, object]:
    return raw if isinstance(raw, dict) else {}


def _texts(raw: object) -> list[str]:
    return [str(text) for text in raw] if isinstance(raw, list) else []


def _day(raw: object) -> date | None:
    return date.fromisoformat(raw) if isinstance(raw, str) else None


def plain_values(held: Paper) -> dict[str, object] | None:
    """All printed values of a paper, or None where it is no longer what was sealed."""
    inner = _intact(held)
    return None if inner is None else {**held.content["values"], **_mapping(inner["values"])}


def row_of(held: Paper) -> PaperRow:
    """A paper as a list shows it."""
    return PaperRow(
        id=held.id,
        area=held.area,
        kind=rules.PaperKind(held.kind),
        serial=serial_of(held),
        subject_kind=held.subject_kind,
        subject_id=held.subject_id,
        holder_masked=held.holder_masked,
        office=held.office,
        issued_on=held.issued_on,
        issued_at=held.issued_at,
        issued_by=held.issued_by_name,
        revoked_at=held.revoked_at,
        revoked_reason=held.revoked_reason,
    )


def _served(row: ServedRecord, corrected_by: UUID | None) -> ServedRow:
    sealed = row.received_by_sealed
    return ServedRow(
        id=row.id,
        paper_id=row.paper_id,
        how=row.how,
        received_by=unseal(sealed, table="outreach_servedrecord", row=row.id, field="received_by_sealed"),
        note=row.note,
        served_at=row.served_at,
        by_name=row.by_name,
        recorded_at=row.recorded_at,
        corrects=row.corrects_id,
        reason=row.reason,
        corrected_by=corrected_by,
    )
