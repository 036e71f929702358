"""The correction spreadsheet: rows rejected or to be verified, with the reason, to be sent back."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from uuid import UUID

from shouwang.kernel.scope import Scope
from shouwang.screening.models import ImportRow
from shouwang.screening.queries.imports import FileRow, batch, opened_row, understood
from shouwang.screening.reading.headers import first_name, recognise

KEY_HEADER, REASON_HEADER = "更正编号", "更正原因"
"""Headers of the two added columns; in Chinese in every language, since the import looks for them."""
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def corrections_workbook(scope: Scope, batch_id: UUID, *, say: Callable[[str], str]) -> bytes:
    """An xlsx of the rows in sight that need a person: rejected, or accepted with something to verify.

    `say` turns a code into a sentence in the reader's language. Every cell is text (an id stays whole), and
    none can run as a formula. Refuses `batch-not-found`.
    """
    batch(scope, batch_id)
    found = ImportRow.objects.within(scope).filter(batch_id=batch_id).exclude(state="duplicate")
    wanted = found.exclude(state="accepted", codes=[]).order_by("sheet", "row_no")
    opened = [opened_row(row) for row in wanted]
    return _written(opened, _headers(scope, batch_id, opened), say)


def neutral(text: str) -> str:
    """A cell that no spreadsheet program runs, in any format it may later be saved as (LESSONS 8)."""
    return f"'{text}" if text.startswith(_RISKY) else text


def _headers(scope: Scope, batch_id: UUID, rows: Sequence[FileRow]) -> dict[str, str]:
    """Label of a column → the header to write: the same, unless it would not be understood alone."""
    used = dict.fromkeys(label for row in rows for label in row.raw)
    fields = {c.header: c.field for sheet in understood(scope, batch_id).sheets for c in sheet.columns}
    headers = {}
    for label in used:
        field = fields.get(label, "")
        if field in ("row_key", "other-checked"):
            continue
        headers[label] = label if not field or recognise(label)[0] == field else first_name(field)
    return headers


def _written(rows: Sequence[FileRow], headers: dict[str, str], say: Callable[[str], str]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False})
    text = book.add_format({"num_format": "@", "text_wrap": False})
    bold = book.add_format({"bold": True, "num_format": "@"})
    page = book.add_worksheet("更正")
    page.freeze_panes(1, 2)
    page.set_column(0, len(headers) + 1, 18, text)
    for column, header in enumerate([REASON_HEADER, *headers.values(), KEY_HEADER]):
        page.write_string(0, column, header, bold)
    for at, row in enumerate(rows, start=1):
        reasons = ([row.reason] if row.reason else []) + list(row.codes)
        page.write_string(at, 0, neutral(";".join(say(code) for code in reasons)), text)
        for column, label in enumerate(headers, start=1):
            page.write_string(at, column, neutral(row.raw.get(label, "")), text)
        page.write_string(at, len(headers) + 1, str(row.id), text)
    book.close()
    return out.getvalue()
