"""Taking a file in: read it in a limited subprocess, show what was understood, say what would happen."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from collections.abc import Mapping as Given
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec
from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.days import local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.people.sealed import seal, unseal
from shouwang.places.queries import zone_of
from shouwang.screening.actions.planning import Plan, make_plan
from shouwang.screening.actions.rows import write_rows
from shouwang.screening.models import ImportBatch, OfficeMapping
from shouwang.screening.reading import Mapping, Reading, Summary
from shouwang.screening.reading import read_file as read_limited
from shouwang.screening.reading.shapes import ImportKind
from shouwang.screening.rules import may_become

TABLE = "screening_importbatch"
OWN = "the batch is reached through the office that sent it"


def read_file(
    *,
    kind: ImportKind,
    area: str,
    path: Path,
    file_name: str,
    by: Actor,
    at: datetime,
    batch_id: UUID | None = None,
) -> tuple[UUID, Summary]:
    """Read an upload and keep it (sealed) as a batch in state `read`. The mapping that the office confirmed
    for the same header is used.

    Refuses what `reading.read_file` refuses, and `kind-unknown`. Nothing is kept of a refused file.
    """
    own, reading = take_in(
        kind=kind, area=area, path=path, file_name=file_name, by=by, at=at, batch_id=batch_id
    )
    with reading:
        return own, reading.summary


def take_in(
    *,
    kind: ImportKind,
    area: str,
    path: Path,
    file_name: str,
    by: Actor,
    at: datetime,
    batch_id: UUID | None = None,
) -> tuple[UUID, Reading]:
    """`read_file`, with the reading still open; the caller closes it."""
    if kind not in ("register", "returnees"):
        raise Refused("kind-unknown", kind=kind)
    mapping = remembered_mapping(area, kind)
    day = local_day(at, zone_of(area))
    reading = read_limited(path, kind=kind, day=day, name=file_name, mapping=mapping)
    summary = reading.summary
    data = path.read_bytes()
    own = batch_id or uuid7()
    with transaction.atomic():
        ImportBatch.objects.create(
            id=own,
            area=area,
            kind=kind,
            file_name=Path(file_name).name,
            sha256=hashlib.sha256(data).hexdigest(),
            content=_sealed(data, own, "content"),
            reading=_sealed(msgspec.json.encode(summary), own, "reading"),
            state="read",
            mapping=msgspec.to_builtins(mapping),
            total=summary.rows,
            by_id=by.id,
            by_name=by.name,
            recorded_at=at,
        )
        append_event(
            verb="screening.import.read",
            subject=("batch", own),
            area=area,
            by=by,
            at=at,
            payload={"kind": kind, "rows": summary.rows, "format": summary.format},
        )
    return own, reading


@transaction.atomic
def confirm_mapping(
    *,
    batch_id: UUID,
    columns: Given[str, Given[int, str]],
    leave_out: tuple[str, ...] = (),
    by: Actor,
    at: datetime,
) -> None:
    """Confirm or change what the columns are (header fingerprint → column → field, "" to leave one out).

    Remembered for the office; the batch goes back to `read`. Refuses `batch-not-found`, `batch-state`,
    `field-unknown`.
    """
    batch = locked_batch(batch_id)
    if not may_become(batch.state, "read"):
        raise Refused("batch-state", state=batch.state)
    known = field_names()
    for chosen in columns.values():
        for name in chosen.values():
            if name and name not in known:
                raise Refused("field-unknown", field=name)
    for fingerprint, chosen in columns.items():
        OfficeMapping.objects.unscoped(OWN).update_or_create(
            area=batch.area,
            kind=batch.kind,
            fingerprint=fingerprint,
            defaults={
                "columns": {str(index): name for index, name in chosen.items()},
                "by_id": by.id,
                "by_name": by.name,
                "confirmed_at": at,
            },
        )
    mapping = Mapping({key: dict(chosen) for key, chosen in columns.items()}, leave_out)
    batch.mapping = msgspec.to_builtins(mapping, str_keys=True)
    batch.state = "read"
    _update(batch, "mapping", "state")
    append_event(
        verb="screening.mapping.confirmed", subject=("batch", batch_id), area=batch.area, by=by, at=at
    )


@transaction.atomic
def preview_import(*, batch_id: UUID, by: Actor, at: datetime) -> dict[str, object]:
    """Say what would happen: the receipt and the figures (new, known, repeats, to verify, not usable).

    Every row is kept with what would become of it, so that each figure opens. Refuses `batch-not-found`,
    `batch-state`.
    """
    batch = locked_batch(batch_id)
    if not may_become(batch.state, "previewed"):
        raise Refused("batch-state", state=batch.state)
    with reading_again(batch) as reading:
        plan = make_plan(batch, reading)
        write_rows(batch, plan)
        batch.reading = _sealed(msgspec.json.encode(reading.summary), batch.id, "reading")
    batch.state, batch.counts = "previewed", counts_of(plan)
    batch.total = len(plan.rows)
    _update(batch, "state", "counts", "total", "reading")
    append_event(
        verb="screening.import.previewed",
        subject=("batch", batch_id),
        area=batch.area,
        by=by,
        at=at,
        payload={"rows": len(plan.rows)},
    )
    return dict(batch.counts)


def counts_of(plan: Plan) -> dict[str, object]:
    """Receipt and figures, as they are kept with the batch."""
    return {**plan.receipt().as_dict(), "figures": plan.figures()}


def field_names() -> frozenset[str]:
    """The fields that a column may be taken for."""
    from shouwang.screening.reading.headers import all_fields

    return all_fields()


def locked_batch(batch_id: UUID) -> ImportBatch:
    """The batch, locked for this transaction. Refuses `batch-not-found`."""
    batch = ImportBatch.objects.unscoped(OWN).select_for_update().filter(id=batch_id).first()
    if batch is None:
        raise Refused("batch-not-found")
    return batch


@contextmanager
def reading_again(batch: ImportBatch) -> Iterator[Reading]:
    """The rows of a kept file, read again with the mapping in force. Refuses `batch-content-gone`."""
    if batch.content is None:
        raise Refused("batch-content-gone")
    mapping = msgspec.convert(batch.mapping, Mapping, strict=False)
    suffix = Path(batch.file_name).suffix
    with tempfile.NamedTemporaryFile(suffix=suffix) as file:
        file.write(_opened(batch.content, batch.id, "content"))
        file.flush()
        day = local_day(batch.recorded_at, zone_of(batch.area))
        kind: ImportKind = "register" if batch.kind == "register" else "returnees"
        with read_limited(
            Path(file.name), kind=kind, day=day, name=batch.file_name, mapping=mapping
        ) as reading:
            yield reading


def remembered_mapping(area: str, kind: str) -> Mapping:
    """The mappings that this office confirmed for this kind of file."""
    rows = OfficeMapping.objects.unscoped(OWN).filter(area=area, kind=kind)
    return Mapping(
        {row.fingerprint: {int(index): name for index, name in row.columns.items()} for row in rows}
    )


def _sealed(data: bytes, row: UUID, field: str) -> bytes:
    return seal(data.decode("latin-1"), table=TABLE, row=row, field=field)


def _opened(sealed: bytes | memoryview, row: UUID, field: str) -> bytes:
    return unseal(sealed, table=TABLE, row=row, field=field).encode("latin-1")


def _update(batch: ImportBatch, *fields: str) -> None:
    changes = {name: getattr(batch, name) for name in fields}
    ImportBatch.objects.unscoped(OWN).filter(id=batch.id).update(**changes)
