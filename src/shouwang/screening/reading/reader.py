"""The reading itself: two passes over the sheets, first to understand, then row by row."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from msgspec import Struct, structs

from shouwang.kernel.cells import Cell, plain
from shouwang.kernel.dates_zh import DateContext, read_date
from shouwang.kernel.errors import Refused
from shouwang.screening.reading.context import FileContext, read_context, reference_day
from shouwang.screening.reading.headers import SEARCH_ROWS, Header, find_header, guess_columns
from shouwang.screening.reading.households import Households, MergedCells
from shouwang.screening.reading.layout import Layout, across_rows, classify, is_blank
from shouwang.screening.reading.repeats import Repeats
from shouwang.screening.reading.shapes import (
    TRUE_ROWS,
    ColumnGuess,
    ImportKind,
    Mapping,
    Notice,
    Problem,
    ReadRow,
    SheetGuess,
    SheetKind,
    Summary,
)
from shouwang.screening.reading.sniff import Sniffed, formulas_in, sniff
from shouwang.screening.reading.tables import Table, open_tables
from shouwang.screening.reading.values import FieldReader, is_usable, looks_like_document, shown

_SAMPLE_ROWS = 400
_TAIL_ROWS = 8
_TAIL_LIMIT = 100_000
_INSTRUCTION_SHEETS = (
    "说明",
    "示例",
    "样表",
    "模板",
    "字典",
    "代码",
    "须知",
    "范例",
    "填写要求",
    "下拉",
    "选项",
    "参数",
)
_SLACK = {"title": 10, "dates": 31, "import": 31}
"""Days that a date may lie after the day of the file before it is called impossible. Our choice: a form is
dated before its last rows are typed; without a dated title the day is only inferred."""


class _Sheet(Struct):
    table: Table
    guess: SheetGuess
    layout: Layout
    context: FileContext
    dates: list[date]
    first_row: int


class _Seen(Struct):
    """The ends of a sheet: enough to find its header and its footers."""

    table: Table
    head: list[list[Cell]]
    tail: list[list[Cell]]
    width: int


class Understood(Struct):
    """What the first pass found: enough to show for confirmation, and to read the rows."""

    sniffed: Sniffed
    sheets: list[_Sheet]
    guesses: list[SheetGuess]
    notices: list[Notice]
    context: FileContext
    dates: list[date]
    encoding: str


def read_here(
    path: Path,
    *,
    kind: ImportKind,
    day: date,
    name: str | None = None,
    mapping: Mapping | None = None,
    emit: Callable[[ReadRow], None] = lambda _: None,
) -> Summary:
    """Read a file in this process; every row goes to `emit` in order. `day` is the day of the import.

    Refuses (see `sniff` and `tables`), and `no-people-found` when no sheet has columns of people.
    """
    understood = understand(path, kind=kind, name=name, mapping=mapping or Mapping())
    return _Reckoning(understood, kind, day, emit).run()


def understand(path: Path, *, kind: ImportKind, name: str | None, mapping: Mapping) -> Understood:
    """The first pass: format, sheets, headers, columns, titles."""
    sniffed = sniff(path, name)
    tables = open_tables(path, sniffed.format)
    only = sum(table.height > 0 for table in tables) == 1
    known: list[_Sheet] = []
    guesses: list[SheetGuess] = []
    for table in tables:
        sheet = _look(table, kind, mapping, only=only, before=known[-1] if known else None)
        guesses.append(sheet.guess)
        if sheet.guess.kind == "data":
            known.append(sheet)
    if not known:
        raise Refused("no-people-found", sheets=len(tables))
    context = FileContext()
    for sheet in known:
        context = context.over(sheet.context)
    dates = [day for sheet in known for day in sheet.dates]
    encoding = tables[0].encoding if tables else ""
    notices = _notices(sniffed, guesses)
    if sniffed.format == "xlsx" and any(formulas := formulas_in(path)):
        notices.append(Notice("formulas", {"cells": str(formulas[0]), "without_value": str(formulas[1])}))
    return Understood(sniffed, known, guesses, notices, context, dates, encoding)


def _notices(sniffed: Sniffed, guesses: Sequence[SheetGuess]) -> list[Notice]:
    notices = []
    if sniffed.extension_lies:
        notices.append(Notice("extension-lies", {"format": sniffed.format}))
    if sniffed.has_macros:
        notices.append(Notice("macros-ignored"))
    for guess in guesses:
        if guess.kind == "data" and guess.hidden:
            notices.append(Notice("hidden-sheet-read", {"sheet": guess.name}))
        if guess.kind in ("instructions", "summary"):
            notices.append(Notice("sheet-not-read", {"sheet": guess.name, "kind": guess.kind}))
    return notices


def _look(table: Table, kind: ImportKind, mapping: Mapping, *, only: bool, before: _Sheet | None) -> _Sheet:
    head: list[list[Cell]] = []
    sample: list[list[Cell]] = []
    tail: deque[list[Cell]] = deque(maxlen=_TAIL_ROWS)
    for at, row in enumerate(table.rows()):
        if at < SEARCH_ROWS + 4:
            head.append(row)
        if len(sample) < _SAMPLE_ROWS:
            if not is_blank(row):
                sample.append(row)
        elif table.height > _TAIL_LIMIT:
            break
        tail.append(row)
    if not sample:
        return _not_read(table, "empty")
    instructions = any(word in table.name for word in _INSTRUCTION_SHEETS) and not only
    if instructions or table.name in mapping.leave_out:
        return _not_read(table, "instructions")
    seen = _Seen(table, head, list(tail), max(len(row) for row in sample))
    header = find_header(head, [merge for merge in table.merges if merge[0] <= SEARCH_ROWS])
    body = sample if header is None else _below(head, sample, header)
    columns = guess_columns(header, seen.width, body, kind)
    if header is None and before is not None and before.layout.header and _continues(columns, before):
        columns = before.guess.columns
    chosen = mapping.by_fingerprint.get(header.fingerprint) if header else None
    if chosen is not None:
        columns = tuple(_confirmed(column, chosen) for column in columns)
    return _as_sheet(seen, header, columns, body)


def _confirmed(column: ColumnGuess, chosen: dict[int, str]) -> ColumnGuess:
    return structs.replace(column, field=chosen.get(column.index, ""), confidence=100, reason="confirmed")


def _below(head: Sequence[list[Cell]], sample: list[list[Cell]], header: Header) -> list[list[Cell]]:
    above = sum(not is_blank(row) for row in head[: header.last + 1])
    return sample[above:]


def _continues(columns: Sequence[ColumnGuess], before: _Sheet) -> bool:
    """Whether a sheet without a header goes on where the one before ended."""
    mine = {guess.field: guess.index for guess in columns if guess.field}
    same = [
        field
        for field in ("name", "id_no", "phone")
        if mine.get(field, -1) == before.layout.first(field) >= 0
    ]
    return len(same) >= 2


def _not_read(table: Table, kind: SheetKind) -> _Sheet:
    guess = SheetGuess(table.name, kind, table.hidden, last_row=table.height)
    return _Sheet(table, guess, Layout({}, None), FileContext(), [], 0)


def _as_sheet(
    seen: _Seen, header: Header | None, columns: tuple[ColumnGuess, ...], body: list[list[Cell]]
) -> _Sheet:
    table, head = seen.table, seen.head
    fields: dict[str, list[int]] = {}
    for column in columns:
        if column.field and not column.field.startswith("other-"):
            fields.setdefault(column.field, []).append(column.index)
    if not _holds_people(fields, header):
        return _not_read(table, "summary" if header else "instructions")
    first_row = header.last + 1 if header else 0
    rows = tuple(at + 1 for at in range(header.first, header.last + 1)) if header else ()
    guess = SheetGuess(
        table.name, "data", table.hidden, rows, columns, header.fingerprint if header else "", table.height
    )
    layout = Layout(fields, header, across_rows(table.merges, seen.width))
    titles = head[: header.first] if header else []
    footers = [row for row in seen.tail if sum(bool(plain(cell)) for cell in row) <= 3]
    context = read_context(titles, table.name)
    context = context.over(FileContext(day=read_context(footers).day))
    return _Sheet(table, guess, layout, context, _whole_dates(fields, body), first_row)


def _holds_people(fields: dict[str, list[int]], header: Header | None) -> bool:
    if header is None:
        return "name" in fields and ("id_no" in fields or "phone" in fields)
    return "name" in fields or "id_no" in fields


def _whole_dates(fields: dict[str, list[int]], body: Sequence[Sequence[Cell]]) -> list[date]:
    """Dates of return that were written with their year."""
    found: list[date] = []
    open_end = DateContext(date(2100, 1, 1), slack_days=0)
    for at in [*fields.get("returned_on", ()), *fields.get("left_on", ())]:
        for row in body:
            cell = row[at] if at < len(row) else ""
            if isinstance(cell, date):
                found.append(cell.date() if isinstance(cell, datetime) else cell)
            elif isinstance(cell, str) and any(mark in cell for mark in ("201", "202", "203")):
                read = read_date(cell, context=open_end)
                if read.value and not read.assumed:
                    found.append(read.value)
    return [day for day in found if 2000 <= day.year < 2100]


class _Reckoning:
    """The second pass and its account."""

    def __init__(
        self, understood: Understood, kind: ImportKind, day: date, emit: Callable[[ReadRow], None]
    ) -> None:
        self.it = understood
        self.kind = kind
        self.day = day
        self.emit = emit
        self.reference, self.reference_from = reference_day(understood.context, understood.dates, day)
        self.households, self.repeats = Households(), Repeats()
        self.counts: Counter[str] = Counter()
        self.noise: Counter[str] = Counter()
        self.problems: Counter[str] = Counter()
        self.homes: set[str] = set()
        self.troubled = 0
        self.amended: list[tuple[str, int, Problem]] = []
        self.clean: set[tuple[str, int]] = set()
        self.in_conflict: set[tuple[str, int]] = set()

    def run(self) -> Summary:
        for sheet in self.it.sheets:
            self._sheet(sheet)
        accepted, repeats, rejected = (self.counts[kind] for kind in ("data", "repeat", "reject"))
        return Summary(
            format=self.it.sniffed.format,
            encoding=self.it.encoding,
            sheets=tuple(self.it.guesses),
            notices=tuple(self.it.notices),
            reference_day=self.reference,
            reference_from=self.reference_from,
            town=self.it.context.town,
            rows=accepted + repeats + rejected,
            accepted=accepted,
            duplicates=repeats,
            rejected=rejected,
            with_problems=self.troubled,
            problems=dict(sorted(self.problems.items())),
            people=accepted,
            households=len(self.homes),
            noise=dict(sorted(self.noise.items())),
            amended=tuple(self.amended),
        )

    def _sheet(self, sheet: _Sheet) -> None:
        layout = sheet.layout
        context = sheet.context.over(structs.replace(self.it.context, village=""))
        dates = DateContext(self.reference, slack_days=_SLACK[self.reference_from])
        fields = FieldReader(layout, context, dates, max(self.reference, self.day) + timedelta(days=1))
        merged = MergedCells(sheet.table.merges, layout, sheet.first_row)
        self.households.open_sheet(sheet.table.name, _sparse(layout, merged))
        section = ""
        for at, given in enumerate(sheet.table.rows()):
            if at < sheet.first_row:
                self._note(sheet, at, given, "header" if _in_header(layout, at) else "title")
                continue
            row = merged.fill(at, given)
            kind = classify(given, at, layout, looks_like_document(fields.cell(row, "id_no")))
            if kind != "data":
                if kind in ("title", "subtotal", "header"):
                    self.households.close_block()
                if kind == "title" and (village := read_context([given], plain(_only(given))).village):
                    section = village
                    fields.context = structs.replace(context, village=section)
                self._note(sheet, at, given, kind)
                continue
            self._person(sheet, at, row, fields)

    def _note(self, sheet: _Sheet, at: int, row: Sequence[Cell], kind: str) -> None:
        if is_blank(row):
            kind = "blank"
        self.noise[kind] += 1
        if kind != "blank":
            raw = {f"#{column + 1}": shown(cell) for column, cell in enumerate(row) if plain(cell)}
            self.emit(ReadRow(sheet.table.name, at + 1, kind, raw=raw))  # type: ignore[arg-type]

    def _person(self, sheet: _Sheet, at: int, row: list[Cell], fields: FieldReader) -> None:
        ref = (sheet.table.name, at + 1)
        raw = {
            sheet.guess.columns[column].header: text
            for column, cell in enumerate(row)
            if (text := shown(cell))
        }
        key = fields.text(row, "row_key")
        person, problems = fields.person(row)
        if not is_usable(person):
            return self._hand_out(ReadRow(*ref, "reject", raw=raw, reason="no-person", key=key))
        repeated, conflict = self.repeats.of_document(person)
        person, household = self.households.place(person, repeat=repeated is not None)
        if repeated is None and conflict is None:
            repeated = self.repeats.of_rest(person, household)
        if not person.name:
            problems = (*problems, Problem("name-missing", "name"))
        trip = None
        if self.kind == "returnees":
            trip, more = fields.trip(row)
            problems += more
        if repeated is not None:
            return self._hand_out(
                ReadRow(*ref, "repeat", raw, person, trip, problems, household, repeated, key=key)
            )
        if conflict is not None:
            problems = (*problems, Problem("id-conflict", "id_no", person.id_raw))
            self._amend(conflict, person.id_raw)
            self.in_conflict.add(ref)
        self.repeats.remember(person, household, ref)
        self.homes.add(household)
        self._count(ref, problems)
        return self._hand_out(ReadRow(*ref, "data", raw, person, trip, problems, household, key=key))

    def _count(self, ref: tuple[str, int], problems: tuple[Problem, ...]) -> None:
        if not problems:
            self.clean.add(ref)
            return
        self.troubled += 1
        self.problems.update(problem.code for problem in problems)

    def _amend(self, ref: tuple[str, int], raw: str) -> None:
        if ref in self.in_conflict:
            return
        self.in_conflict.add(ref)
        self.problems["id-conflict"] += 1
        if ref in self.clean:
            self.clean.discard(ref)
            self.troubled += 1
        self.amended.append((*ref, Problem("id-conflict", "id_no", raw)))

    def _hand_out(self, row: ReadRow) -> None:
        if row.kind in TRUE_ROWS:
            self.counts[row.kind] += 1
        self.emit(row)


def _only(row: Sequence[Cell]) -> Cell:
    return next((cell for cell in row if plain(cell)), "")


def _in_header(layout: Layout, at: int) -> bool:
    return layout.header is not None and layout.header.first <= at <= layout.header.last


def _sparse(layout: Layout, merged: MergedCells) -> frozenset[str]:
    """Household and address columns without a single merged range: their blanks mean "as above"."""
    return frozenset(
        field
        for field in ("household_no", "village", "group", "door", "address")
        if (columns := layout.columns.get(field)) and not merged.tall & set(columns)
    )


def rows_of(
    path: Path, *, kind: ImportKind, day: date, name: str | None = None, mapping: Mapping | None = None
) -> tuple[list[ReadRow], Summary]:
    """All rows and the summary at once; for small files and tests."""
    rows: list[ReadRow] = []
    summary = read_here(path, kind=kind, day=day, name=name, mapping=mapping, emit=rows.append)
    return list(amend(rows, summary)), summary


def amend(rows: Sequence[ReadRow] | Iterator[ReadRow], summary: Summary) -> Iterator[ReadRow]:
    """The rows with the problems that were found after they had been handed out."""
    later = {(sheet, row_no): problem for sheet, row_no, problem in summary.amended}
    for row in rows:
        problem = later.get((row.sheet, row.row_no))
        yield row if problem is None else structs.replace(row, problems=(*row.problems, problem))
