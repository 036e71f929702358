"""台账 Ledgers: opened, filtered, searched, as of any past moment, what changed since, exported."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.packwords import category_titles, language
from shouwang.desk.policy import pack_here
from shouwang.desk.words import change_words, problem_words
from shouwang.journeys.export_full import ask_full_export
from shouwang.kernel.areas import VILLAGE_DIGITS
from shouwang.kernel.days import day_start, local_day
from shouwang.kernel.errors import Refused
from shouwang.ledgers.actions import export_ledger
from shouwang.ledgers.queries import Filters, LedgerRow, ledger_changes, ledger_totals, open_ledger
from shouwang.packs.conditions import Vocabulary
from shouwang.packs.schema import Pack, Sort
from shouwang.places.queries import children, spoken_names
from shouwang.places.rules import village_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SORTABLE = ("name", "address", "village", "returned-on", "category")


@dataclass(frozen=True, slots=True)
class Question:
    """What the address asks of a ledger."""

    pack: Pack
    code: str
    on: date
    as_of: datetime | None
    filters: Filters
    search: str
    sort: tuple[Sort, ...] | None


@page("ledger.view")
def ledgers(request: DeskRequest) -> HttpResponse:
    """The books of the pack in force; with one book, that book."""
    _, pack = pack_here(request.sight, request.at)
    rows = []
    for book in pack.ledgers:
        totals = ledger_totals(request.sight, pack, book.code, on=request.today)
        rows.append(
            (book.code, book.title.text(language()), totals, _since_yesterday(request, pack, book.code))
        )
    return render(request, "desk/ledgers.html", {"rows": rows})


@page("ledger.view")
def ledger(request: DeskRequest, code: str) -> HttpResponse:
    """One ledger, or what changed in it since yesterday."""
    asked = _asked(request, code)
    book = asked.pack.ledger(code)
    context: dict[str, object] = {
        "code": code,
        "title": book.title.text(language()),
        "books": [(b.code, b.title.text(language())) for b in asked.pack.ledgers],
        "asked": asked,
        "as_of": asked.as_of,
        "changed": request.GET.get("changed", ""),
        "villages": _villages(request),
        "categories": [
            (c, t) for c, t in category_titles(asked.pack).items() if _in_book(asked.pack, c, code)
        ],
        "stages": _stages(asked.pack),
        "sortable": SORTABLE,
        "may_export": request.scope.holds("ledger.export"),
        "may_export_full": request.scope.holds("ledger.export-full"),
        "today": request.today,
        "on": asked.on,
    }
    if context["changed"] in ("added", "left", "changed"):
        changes = _since_yesterday(request, asked.pack, code)
        context |= {"changes": changes} | _changed_rows(changes, str(context["changed"]))
        return render(request, "desk/ledger_changes.html", context)
    found = open_ledger(
        request.sight,
        asked.pack,
        code,
        on=asked.on,
        as_of=asked.as_of,
        filters=asked.filters,
        search=asked.search,
        sort=asked.sort,
        after=request.GET.get("after") or None,
    )
    titles = category_titles(asked.pack)
    context |= {
        "rows": [_line(row, titles, found.vocabulary) for row in found.rows],
        "next": found.next or "",
        "count": found.count,
        "exact": found.exact,
    }
    template = "desk/ledger.html#rows" if request.headers.get("HX-Request") == "true" else "desk/ledger.html"
    return render(request, template, context)


@page("ledger.view")
def changes(request: DeskRequest, code: str) -> HttpResponse:
    """The counts of what changed since yesterday: a piece that the ledger's page fetches after it is there."""
    asked = _asked(request, code)
    context = {"code": code, "changes": _since_yesterday(request, asked.pack, code), "changed": ""}
    return render(request, "desk/parts/ledger_changed.html", context)


@act("ledger.export")
def export(request: DeskRequest, code: str) -> HttpResponse:
    """The ledger as it is filtered, as a spreadsheet: masked at once; in full a second person is asked."""
    asked = _asked(request, code)
    full = request.POST.get("full") == "yes"
    if full and not request.scope.holds("ledger.export-full"):
        raise Refused("not-permitted")
    if not request.POST.get("purpose", "").strip():
        raise Refused("purpose-missing")
    if full:
        return _ask(request, asked, code)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "ledger.xlsx"
        export_ledger(
            scope=request.scope,
            pack=asked.pack,
            code=code,
            on=asked.on,
            out=out,
            by=request.actor,
            at=request.at,
            as_of=asked.as_of,
            filters=asked.filters,
            search=asked.search,
            sort=asked.sort,
            purpose=request.POST.get("purpose", ""),
        )
        whole = out.read_bytes()
    title = asked.pack.ledger(code).title.text(language())
    return spreadsheet(whole, f"{title}-{asked.on:%Y%m%d}.xlsx")


def spreadsheet(whole: bytes, name: str) -> HttpResponse:
    """A workbook as a file to keep, under its own name."""
    answer = HttpResponse(whole, content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def _ask(request: DeskRequest, asked: Question, code: str) -> HttpResponse:
    ask_full_export(
        scope=request.scope,
        area=request.scope.only("ledger.export-full").areas[0],
        pack=asked.pack,
        code=code,
        as_of=asked.as_of,
        filters=asked.filters,
        search=asked.search,
        sort=asked.sort,
        purpose=request.POST.get("purpose", ""),
        by=request.actor,
        at=request.at,
    )
    messages.success(
        request, gettext("Asked. Once another person approves, you fetch the file from Approvals.")
    )
    return redirect("approvals")


def _asked(request: DeskRequest, code: str) -> Question:
    get = request.GET
    as_of = _moment(get.get("as_of", ""), request.at)
    _, pack = pack_here(request.sight, as_of or request.at)
    if code not in {book.code for book in pack.ledgers}:
        raise Refused("ledger-not-found")
    village = get.get("village", "")
    if village and not request.sight.sees(village):
        raise Refused("place-not-found")
    filters = Filters(
        village=village or None,
        category=get.get("category") or None,
        to_verify=True if get.get("verify") else None,
        stage=get.get("stage") or None,
        late_at=request.at if get.get("late") else None,
        watched={"yes": True, "no": False}.get(get.get("watched", "")),
    )
    column, descending = get.get("sort", "").removeprefix("-"), get.get("sort", "").startswith("-")
    sort = (Sort(column=column, descending=descending),) if column in SORTABLE else None
    on = local_day(as_of or request.at, pack.zone)
    return Question(pack, code, on, as_of, filters, get.get("q", "").strip(), sort)


def _moment(text: str, at: datetime) -> datetime | None:
    """A past moment as typed; the present and the future are "as things stand"."""
    try:
        typed = datetime.fromisoformat(text)
    except ValueError:
        return None
    local = typed if typed.tzinfo else typed.replace(tzinfo=timezone.get_current_timezone())
    return local if local < at else None


def _since_yesterday(request: DeskRequest, pack: Pack, code: str) -> object:
    since = day_start(request.today, pack.zone) - timedelta(days=1)
    before = since + timedelta(days=1)
    return ledger_changes(request.sight, pack, code, since=before, until=request.at, limit=500)


def _changed_rows(changes: object, kind: str) -> dict[str, object]:
    rows = [row for row in changes.rows if row.kind == kind]  # type: ignore[attr-defined]
    told = [
        (row, "；".join(dict.fromkeys(change_words(r.code, r.params) for r in row.reasons))) for row in rows
    ]
    return {"rows": told, "places": spoken_names(row.area for row in rows)}


def _line(row: LedgerRow, titles: dict[str, str], vocabulary: Vocabulary) -> tuple[object, ...]:
    return (
        row,
        titles.get(row.category or "", row.category or "—"),
        row.why(language(), vocabulary),
        [problem_words(code) for code in row.to_verify],
    )


def _villages(request: DeskRequest) -> list[tuple[str, str]]:
    """Villages to choose from: the children of the town in sight; of a district its towns."""
    area = request.sight.areas[0]
    if len(area) >= VILLAGE_DIGITS:
        return []
    return [(child.path, village_name(child.name)) for child in children(request.sight, area)]


def _in_book(pack: Pack, category: str, code: str) -> bool:
    return code in pack.category(category).ledgers


def _stages(pack: Pack) -> list[tuple[str, str]]:
    found = {s.code: s.title.text(language()) for p in pack.protocols for s in p.stages}
    return list(found.items())
