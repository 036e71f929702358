"""Batches, their rows, and what was understood of a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.people.sealed import unseal
from shouwang.screening.models import ImportBatch, ImportRow
from shouwang.screening.reading import Summary


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch as a list shows it. `done` of `total` rows while it runs."""

    id: UUID
    area: str
    kind: str
    file_name: str
    sha256: str
    state: str
    counts: dict[str, Any]
    done: int
    total: int
    failure: str
    by_id: str
    by_name: str
    recorded_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    followed_up_at: datetime | None
    """When everyone it found was classified and watched over."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row of a file, opened: its cells by header, what became of it and why."""

    id: UUID
    batch_id: UUID
    sheet: str
    row_no: int
    state: str
    raw: dict[str, str]
    codes: tuple[str, ...]
    reason: str
    is_new: bool
    person_id: UUID | None


COLUMNS = (
    "id", "area", "kind", "file_name", "sha256", "state", "counts", "done", "total", "failure", "by_id",
    "by_name", "recorded_at", "started_at", "finished_at", "followed_up_at",
)  # fmt: skip


def batches(scope: Scope, *, limit: int = 50, before: UUID | None = None) -> list[BatchRow]:
    """Batches in sight, newest first; `before` pages on."""
    found = ImportBatch.objects.within(scope)
    if before is not None:
        found = found.filter(id__lt=before)
    return [BatchRow(*values) for values in found.order_by("-id").values_list(*COLUMNS)[:limit]]


def batch(scope: Scope, batch_id: UUID) -> BatchRow:
    """One batch. Out of scope does not exist: `batch-not-found`."""
    found = ImportBatch.objects.within(scope).filter(id=batch_id).values_list(*COLUMNS).first()
    if found is None:
        raise Refused("batch-not-found")
    return BatchRow(*found)


def latest_import_of(scope: Scope, sha256: str) -> BatchRow | None:
    """The last batch of exactly this file that is not cancelled: to warn that it came before."""
    found = ImportBatch.objects.within(scope).filter(sha256=sha256).exclude(state__in=("cancelled", "undone"))
    values = found.order_by("-id").values_list(*COLUMNS).first()
    return BatchRow(*values) if values else None


def understood(scope: Scope, batch_id: UUID) -> Summary:
    """What was understood of the file: sheets, columns with three sample values, year assumed, notices."""
    found = ImportBatch.objects.within(scope).filter(id=batch_id).first()
    if found is None or found.reading is None:
        raise Refused("batch-not-found")
    opened = unseal(found.reading, table="screening_importbatch", row=found.id, field="reading")
    return msgspec.json.decode(opened.encode("latin-1"), type=Summary)


def rows(
    scope: Scope,
    batch_id: UUID,
    *,
    state: str | None = None,
    code: str | None = None,
    is_new: bool | None = None,
    limit: int = 100,
    after: tuple[str, int] | None = None,
) -> list[FileRow]:
    """Rows of a batch in the order of the file, opened. `code` keeps rows with that problem ("*": any);
    `after` (sheet, row) pages on."""
    found = ImportRow.objects.within(scope).filter(batch_id=batch_id)
    if state is not None:
        found = found.filter(state=state)
    if is_new is not None:
        found = found.filter(is_new=is_new)
    if code == "*":
        found = found.exclude(codes=[])
    elif code is not None:
        found = found.filter(codes__contains=[code])
    if after is not None:
        sheet, row_no = after
        found = found.filter(Q(sheet__gt=sheet) | Q(sheet=sheet, row_no__gt=row_no))
    return [opened_row(row) for row in found.order_by("sheet", "row_no")[:limit]]


def sources_of(scope: Scope, person_id: UUID) -> list[FileRow]:
    """Every row of every committed file that speaks of a person, oldest first."""
    found = ImportRow.objects.within(scope).filter(person_id=person_id, batch__state="committed")
    return [opened_row(row) for row in found.order_by("id")]


def opened_row(row: ImportRow) -> FileRow:
    """A row with its cells."""
    raw = unseal(row.raw, table="screening_importrow", row=row.id, field="raw")
    cells = msgspec.json.decode(raw.encode(), type=dict[str, str])
    return FileRow(
        row.id, row.batch_id, row.sheet, row.row_no, row.state, cells, tuple(row.codes), row.reason,
        row.is_new, row.person_id,
    )  # fmt: skip
