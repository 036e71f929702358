"""导入 Four steps on one page: file, what was understood, what would happen, done."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.paging import PAGE, cut, uuid_or_none
from shouwang.desk.words import BATCH_STATES, COLUMNS, IMPORT_FIGURES, KINDS, NOTICES, problem_words
from shouwang.journeys.later import import_later
from shouwang.journeys.undo_take_in import undo_take_in
from shouwang.kernel.errors import Refused
from shouwang.people.queries import people_by_ids
from shouwang.places.queries import place_by_code, spoken_names
from shouwang.screening import queries
from shouwang.screening.actions import cancel_import, confirm_mapping, preview_import, read_file
from shouwang.screening.queries import BatchRow
from shouwang.screening.reading.shapes import ImportKind, Summary

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STEPS = {"read": 1, "previewed": 2, "running": 2, "failed": 2, "committed": 3, "cancelled": 3, "undone": 3}
FIGURES: tuple[tuple[str, dict[str, object]], ...] = (
    ("new", {"state": "accepted", "is_new": True}),
    ("known", {"state": "accepted", "is_new": False}),
    ("repeats", {"state": "duplicate"}),
    ("to_verify", {"state": "accepted", "code": "*"}),
    ("not_usable", {"state": "rejected"}),
)
"""Figures of the preview and the rows each opens."""


@page("import.run")
def imports(request: DeskRequest) -> HttpResponse:
    """Choose a file; below, what came in before."""
    rows = queries.batches(request.sight, limit=PAGE + 1, before=uuid_or_none(request.GET.get("after", "")))
    pages = cut(rows, lambda row: str(row.id))
    context = {
        "rows": [(row, KINDS.get(row.kind, row.kind), BATCH_STATES.get(row.state)) for row in pages.rows],
        "next": pages.next,
        "places": spoken_names([*(row.area for row in pages.rows), *request.sight.areas]),
        "areas": request.sight.areas,
        "kinds": KINDS.items(),
        "steps": _steps(0),
    }
    return render(request, "desk/imports.html", context)


@act("import.run")
def upload(request: DeskRequest) -> HttpResponse:
    """Read the file and say what would happen; nothing is written into the books yet."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise Refused("import-file-missing")
    kind = request.POST.get("kind", "")
    if kind not in KINDS:
        raise Refused("kind-unknown", kind=kind)
    area = _area(request)
    name = Path(file.name or "file").name
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{Path(name).suffix.lower()}"
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        batch_id, _ = read_file(
            kind=cast(ImportKind, kind),
            area=area,
            path=path,
            file_name=name,
            by=request.actor,
            at=request.at,
        )
    preview_import(batch_id=batch_id, by=request.actor, at=request.at)
    return redirect("import", batch_id=batch_id)


@page("import.run")
def batch(request: DeskRequest, batch_id: UUID) -> HttpResponse:
    """One import, at the step it has reached."""
    row = queries.batch(request.sight, batch_id)
    context = {
        "batch": row,
        "kind": KINDS.get(row.kind, row.kind),
        "steps": _steps(STEPS.get(row.state, 0)),
        "places": spoken_names([row.area]),
        "started": "started" in request.GET and row.state == "previewed",
        "problems": _problems(row),
        "figures": _figures(row),
        "state": BATCH_STATES.get(row.state),
        **_understood(request, row),
        **_shown(request, row),
    }
    return render(request, "desk/import.html", context)


@page("import.run")
def progress(request: DeskRequest, batch_id: UUID) -> HttpResponse:
    """The bar, asked for every second; when it is over the page loads itself again."""
    row = queries.batch(request.sight, batch_id)
    context: dict[str, object] = {"batch": row, "started": True}
    if row.started_at and row.done:
        seconds = max(1.0, (request.at - row.started_at).total_seconds())
        rate = row.done / seconds
        context |= {"rate": int(rate), "left": int((row.total - row.done) / rate) if rate else None}
    answer = render(request, "desk/parts/progress.html", context)
    if row.state not in {"running", "previewed"}:
        answer["HX-Refresh"] = "true"
    return answer


@act("import.run")
def confirm(request: DeskRequest, batch_id: UUID) -> HttpResponse:
    """Confirm or change what the columns are; remembered for this office, and previewed again."""
    row = queries.batch(request.sight, batch_id)
    chosen: dict[str, dict[int, str]] = {}
    for key, value in request.POST.items():
        mark, _, rest = key.partition(":")
        fingerprint, _, index = rest.rpartition(":")
        if mark == "column" and index.isdigit():
            chosen.setdefault(fingerprint, {})[int(index)] = str(value)
    left_out = tuple(request.POST.getlist("leave_out"))
    confirm_mapping(batch_id=row.id, columns=chosen, leave_out=left_out, by=request.actor, at=request.at)
    preview_import(batch_id=row.id, by=request.actor, at=request.at)
    return redirect("import", batch_id=row.id)


@act("import.run")
def commit(request: DeskRequest, batch_id: UUID) -> HttpResponse:
    """Hand the import to the background worker."""
    row = queries.batch(request.sight, batch_id)
    if row.state not in {"read", "previewed", "failed"}:
        raise Refused("batch-state", state=row.state)
    import_later(row.id, by_id=request.actor.id, by_name=request.actor.name)
    answer = redirect("import", batch_id=row.id)
    answer["Location"] += "?started=1"
    return answer


@act("import.run")
def cancel(request: DeskRequest, batch_id: UUID) -> HttpResponse:
    """Stop before anything is written."""
    row = queries.batch(request.sight, batch_id)
    cancel_import(batch_id=row.id, by=request.actor, at=request.at)
    messages.success(request, gettext("Cancelled. Nothing of the file was written."))
    return redirect("import", batch_id=row.id)


@act("import.run")
def undo(request: DeskRequest, batch_id: UUID) -> HttpResponse:
    """Take the whole batch back, while nothing was built on it."""
    row = queries.batch(request.sight, batch_id)
    gone = undo_take_in(
        batch_id=row.id,
        reason=request.POST.get("reason", ""),
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("Undone: {n} people left the books.").format(n=gone.people))
    return redirect("import", batch_id=row.id)


@page("import.run")
def corrections(request: DeskRequest, batch_id: UUID) -> HttpResponse:
    """Rows rejected or to verify, as a spreadsheet that can be corrected and imported again."""
    row = queries.batch(request.sight, batch_id)
    answer = HttpResponse(
        queries.corrections_workbook(request.sight, row.id, say=problem_words), content_type=XLSX
    )
    answer["Content-Disposition"] = f'attachment; filename="corrections-{str(row.id)[:8]}.xlsx"'
    return answer


def _area(request: DeskRequest) -> str:
    code = request.POST.get("place", "").strip()
    if not code:
        return request.sight.areas[0]
    place = place_by_code(request.sight, code)
    if place is None:
        raise Refused("place-unknown", place=code)
    return place.path


def _steps(now: int) -> list[tuple[str, str]]:
    titles = (
        gettext("Spreadsheet"),
        gettext("What was understood"),
        gettext("What would happen"),
        gettext("Done"),
    )
    return [
        (title, "now" if index == now else "done" if index < now else "")
        for index, title in enumerate(titles)
    ]


def _figures(row: BatchRow) -> list[tuple[str, str, int]]:
    held = row.counts.get("figures", {})
    return [(name, str(IMPORT_FIGURES[name]), int(held.get(name, 0))) for name, _ in FIGURES]


def _problems(row: BatchRow) -> list[tuple[str, str, int]]:
    held: dict[str, int] = row.counts.get("problems", {})
    return [(code, problem_words(code), n) for code, n in sorted(held.items(), key=lambda pair: -pair[1])]


def _understood(request: DeskRequest, row: BatchRow) -> dict[str, object]:
    if row.state not in {"read", "previewed", "failed"}:
        return {}
    summary: Summary = queries.understood(request.sight, row.id)
    earlier = queries.latest_import_of(request.sight, row.sha256)
    return {
        "summary": summary,
        "sheets": summary.sheets,
        "fields": sorted(COLUMNS.items(), key=lambda pair: str(pair[1])),
        "notices": [str(NOTICES.get(n.code, n.code)) for n in summary.notices],
        "earlier": earlier if earlier and earlier.id != row.id else None,
    }


def _shown(request: DeskRequest, row: BatchRow) -> dict[str, object]:
    """The rows behind the figure that was asked for."""
    show, code = request.GET.get("show", ""), request.GET.get("code", "")
    wanted = dict(FIGURES).get(show)
    if wanted is None and not code:
        return {"show": ""}
    sheet, _, number = request.GET.get("after", "").rpartition("~")
    after = (sheet, int(number)) if number.isdigit() else None
    asked: dict[str, object] = dict(wanted or {})
    if code:
        asked["code"] = code
    found = queries.rows(request.sight, row.id, limit=PAGE + 1, after=after, **asked)  # type: ignore[arg-type]
    pages = cut(found, lambda one: f"{one.sheet}~{one.row_no}")
    people = people_by_ids(request.sight, [one.person_id for one in pages.rows if one.person_id])
    return {
        "show": show,
        "code": code,
        "shown": [
            (one, [problem_words(c) for c in ([one.reason] if one.reason else []) + list(one.codes)])
            for one in pages.rows
        ],
        "people": {p.id: p for p in people},
        "next": pages.next,
    }
