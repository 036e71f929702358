"""Taking a ledger out of the house: with a receipt, a purpose where it is unmasked, and an expiry."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.ledgers.definition import Asked, Filters
from shouwang.ledgers.export import digest_of, ids_of, language, told_at, write_workbook
from shouwang.ledgers.models import ExportReceipt
from shouwang.ledgers.queries import approvals_taken, question
from shouwang.packs.schema import Pack, Sort

MASKED = "ledger.export"
FULL = "ledger.export-full"
KEPT = timedelta(days=7)
"""How long an exported file may be fetched; our choice."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receipt of an export: `rows` people whose ids hash to `digest`, equal to the query's."""

    id: UUID
    rows: int
    digest: str
    file_hash: str
    full: bool
    expires_at: datetime


@transaction.atomic
def export_ledger(
    *,
    scope: Scope,
    pack: Pack,
    code: str,
    on: date,
    out: Path,
    by: Actor,
    at: datetime,
    as_of: datetime | None = None,
    area: str | None = None,
    origin: str | None = None,
    filters: Filters | None = None,
    search: str = "",
    sort: tuple[Sort, ...] | None = None,
    full: bool = False,
    purpose: str = "",
    approval_id: UUID | None = None,
) -> Receipt:
    """Write a ledger to an .xlsx file, everybody asked for and nobody else, and keep the receipt.

    Masked with permission `ledger.export`; in full only with `ledger.export-full`, a purpose, and the approval
    of a second person, each of which gives one file (ARCHITECTURE, Restrictions). Refuses `not-permitted`,
    `purpose-missing`, `export-needs-second-person`, `export-taken`, `export-incomplete`.
    """
    permission = FULL if full else MASKED
    if not scope.holds(permission):
        raise Refused("not-permitted", permission=permission)
    if full and not purpose.strip():
        raise Refused("purpose-missing")
    if full and approval_id is None:
        raise Refused("export-needs-second-person")
    if approval_id is not None and approvals_taken([approval_id]):
        raise Refused("export-taken")
    asked = question(
        *(scope, pack, code),
        on=on,
        as_of=as_of,
        area=area,
        origin=origin,
        filters=filters,
        search=search,
        sort=sort,
        permission=permission,
    )
    return _exported(asked, out, full, purpose.strip(), approval_id, by=by, at=at)


def _exported(
    asked: Asked, out: Path, full: bool, purpose: str, approval_id: UUID | None, *, by: Actor, at: datetime
) -> Receipt:
    ids = ids_of(asked)
    digest = digest_of(ids)
    draft = out.with_name(f".{out.name}.{os.getpid()}.part.xlsx")
    try:
        title, watermark = _lines(asked, full, purpose, people=len(ids), by=by, at=at)
        written = write_workbook(draft, asked, ids, full=full, title=title, watermark=watermark)
        if (written.count, written.digest.hexdigest()) != (len(ids), digest):
            raise Refused("export-incomplete", wanted=len(ids), written=written.count)
        file_hash = _hash(draft)
        row = _kept(
            *(asked, full, purpose, approval_id),
            ids=len(ids),
            digest=digest,
            file_hash=file_hash,
            by=by,
            at=at,
        )
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    return Receipt(row.id, row.rows, row.digest, row.file_hash, row.full, row.expires_at)


def _kept(
    asked: Asked,
    full: bool,
    purpose: str,
    approval_id: UUID | None,
    *,
    ids: int,
    digest: str,
    file_hash: str,
    by: Actor,
    at: datetime,
) -> ExportReceipt:
    where = asked.area if asked.area is not None else _around(asked.areas)
    told = {
        "origin": asked.origin,
        "village": asked.filters.village,
        "category": asked.filters.category,
        "to_verify": asked.filters.to_verify,
        "searched": bool(asked.search.strip()),
    }
    row = ExportReceipt.objects.create(
        area=where,
        pack=asked.pack.id,
        ledger=asked.code,
        asked=told,
        as_of=asked.as_of or at,
        rows=ids,
        digest=digest,
        full=full,
        purpose=purpose,
        approval_id=approval_id,
        file_hash=file_hash,
        by_id=by.id,
        by_name=by.name,
        at=at,
        expires_at=at + KEPT,
    )
    append_event(
        verb="ledgers.exported",
        subject=("export", row.id),
        area=where,
        by=by,
        at=at,
        payload={"ledger": asked.code, "rows": ids, "digest": digest, "full": full, "purpose": purpose}
        | told,
    )
    return row


def _around(areas: tuple[str, ...]) -> str:
    """The narrowest division that holds all these places."""
    for end in (12, 9, 6, 4, 2):
        if len({area[:end] for area in areas}) == 1 and all(len(area) >= end for area in areas):
            return areas[0] if len(areas) == 1 else areas[0][:end]
    return ""


def _lines(
    asked: Asked, full: bool, purpose: str, *, people: int, by: Actor, at: datetime
) -> tuple[str, str]:
    """Title and watermark of the file."""
    zone = ZoneInfo(asked.pack.zone)
    title = _("%(ledger)s, as of %(moment)s: %(people)s people") % {
        "ledger": asked.pack.ledger(asked.code).title.text(language()),
        "moment": told_at((asked.as_of or at).astimezone(zone)),
        "people": people,
    }
    watermark = _("Exported by %(name)s at %(moment)s.") % {
        "name": by.name,
        "moment": told_at(at.astimezone(zone)),
    }
    if full:
        watermark += " " + _("Full identifiers, for: %(purpose)s. Do not pass on.") % {"purpose": purpose}
    else:
        watermark += " " + _("Identifiers masked.")
    return title, watermark


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
