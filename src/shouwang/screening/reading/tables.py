"""Sheets as plain grids, whatever the format: rows of cells, merged ranges, hidden or not."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.parsers import expat

import python_calamine as calamine
from msgspec import Struct

from shouwang.kernel.cells import Cell
from shouwang.kernel.errors import Refused
from shouwang.screening.reading.sniff import Format

MAX_COLUMNS = 512
MAX_ROWS = 1_200_000
"""Above the last row a spreadsheet program can hold; a longer text file is refused, never cut."""
_DELIMITERS = ",\t;|,"

Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column; all from 0, inclusive."""


class Table(Struct):
    """One sheet. `rows()` may be called again; row 0 is the first row of the file, blank ones included."""

    name: str
    hidden: bool
    height: int
    rows: Callable[[], Iterator[list[Cell]]]
    merges: tuple[Merge, ...] = ()
    knows_merges: bool = False
    encoding: str = ""


def open_tables(path: Path, form: Format) -> list[Table]:
    """Open every sheet. Refuses: file-password, file-damaged, too-many-columns, too-many-rows."""
    if form == "csv":
        return [_open_text(path)]
    try:
        book = calamine.CalamineWorkbook.from_path(path)
        spans = _ods_spans(path) if form == "ods" else {}
        tables = []
        for meta in book.sheets_metadata:
            if meta.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            hidden = meta.visible != calamine.SheetVisibleEnum.Visible
            tables.append(_open_sheet(book.get_sheet_by_name(meta.name), hidden, spans.get(meta.name)))
    except calamine.PasswordError as error:
        raise Refused("file-password") from error
    except (calamine.CalamineError, zipfile.BadZipFile, expat.ExpatError, OSError, ValueError) as error:
        raise Refused("file-damaged") from error
    return tables


def _open_sheet(sheet: calamine.CalamineSheet, hidden: bool, spans: tuple[Merge, ...] | None) -> Table:
    _, left = sheet.start or (0, 0)
    bottom, right = sheet.end or (-1, -1)
    if right + 1 > MAX_COLUMNS:
        raise Refused("too-many-columns", sheet=sheet.name, columns=right + 1, limit=MAX_COLUMNS)
    if bottom + 1 > MAX_ROWS:
        raise Refused("too-many-rows", sheet=sheet.name, rows=bottom + 1, limit=MAX_ROWS)
    ranges = sheet.merged_cell_ranges
    merges = spans if ranges is None else tuple((a, b, c, d) for (a, b), (c, d) in ranges)

    def rows() -> Iterator[list[Cell]]:
        width, padding = right + 1, [""] * left
        for row in sheet.iter_rows():
            yield [*row] if len(row) == width else [*padding, *row]

    return Table(sheet.name, hidden, bottom + 1, rows, merges or (), merges is not None)


def _open_text(path: Path) -> Table:
    data = path.read_bytes()
    text, encoding = decode(data)
    del data
    delimiter = _delimiter(text)
    lines = text.count("\n") + 1
    if lines > 2 * MAX_ROWS:
        raise Refused("too-many-rows", sheet="", rows=lines, limit=MAX_ROWS)

    def rows() -> Iterator[list[Cell]]:
        try:
            for at, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
                if at >= MAX_ROWS:
                    raise Refused("too-many-rows", sheet="", rows=lines, limit=MAX_ROWS)
                if len(row) > MAX_COLUMNS:
                    raise Refused("too-many-columns", sheet="", columns=len(row), limit=MAX_COLUMNS)
                yield list(row)
        except csv.Error as error:
            raise Refused("file-damaged") from error

    return Table("", False, lines, rows, encoding=encoding)


def decode(data: bytes) -> tuple[str, str]:
    """Text and the name of its encoding. Refuses `encoding-unknown` when no encoding fits."""
    if data.startswith(b"\xef\xbb\xbf"):
        return _strict(data, "utf-8-sig"), "utf-8-sig"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _strict(data, "utf-16"), "utf-16"
    if b"\x00" in data[:4096]:
        even, odd = data[:4096:2].count(0), data[1:4096:2].count(0)
        name = "utf-16-be" if even > odd else "utf-16-le"
        return _strict(data, name), name
    for name in ("utf-8", "gb18030"):
        try:
            return data.decode(name), name
        except UnicodeDecodeError as error:
            if name == "utf-8" and error.start > 4000 and not data[: error.start].isascii():
                raise Refused("encoding-unknown", byte=error.start) from error
    raise Refused("encoding-unknown")


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise Refused("encoding-unknown", byte=error.start) from error


def _delimiter(text: str) -> str:
    """The mark that splits the first lines into the most, and most even, columns."""
    lines = [line for line in text[:40_000].splitlines()[:60] if line.strip()][:30]
    best, best_score = ",", 0.0
    for mark in _DELIMITERS:
        widths = [len(row) for row in csv.reader(lines, delimiter=mark)]
        common = max(set(widths), key=widths.count, default=1)
        score = (common - 1) * widths.count(common) / max(len(widths), 1)
        if score > best_score:
            best, best_score = mark, score
    return best


def _ods_spans(path: Path) -> dict[str, tuple[Merge, ...]]:
    """Merged ranges of an OpenDocument sheet; calamine does not tell them."""
    reader = _SpanReader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.EntityDeclHandler = reader.refuse
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as content:
        parser.ParseFile(content)
    return {name: tuple(found) for name, found in reader.spans.items()}


class _SpanReader:
    def __init__(self) -> None:
        self.spans: dict[str, list[Merge]] = {}
        self.table = ""
        self.row = self.column = 0
        self.repeat = 1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            self.table, self.row = attributes.get("table:name", ""), 0
            self.spans[self.table] = []
        elif tag == "table:table-row":
            self.column, self.repeat = 0, int(attributes.get("table:number-rows-repeated", "1"))
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            down = int(attributes.get("table:number-rows-spanned", "1"))
            across = int(attributes.get("table:number-columns-spanned", "1"))
            if down > 1 or across > 1:
                last = (self.row + down - 1, self.column + across - 1)
                self.spans[self.table].append((self.row, self.column, *last))
            self.column += int(attributes.get("table:number-columns-repeated", "1"))

    def end(self, tag: str) -> None:
        if tag == "table:table-row":
            self.row += self.repeat

    @staticmethod
    def refuse(*_: object) -> None:
        raise Refused("file-xml-entities", part="content.xml")
