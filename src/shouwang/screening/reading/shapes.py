"""What a reading hands on: rows, guesses about columns, a summary. Plain values, sent as JSON lines."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

ImportKind = Literal["register", "returnees"]
RowKind = Literal["data", "repeat", "reject", "title", "header", "subtotal", "blank", "footer"]
DateState = Literal["clear", "unclear", "impossible", "missing"]
SheetKind = Literal["data", "instructions", "summary", "empty"]

TRUE_ROWS: frozenset[str] = frozenset({"data", "repeat", "reject"})
"""Kinds of row that are counted: rows = accepted + duplicates + rejected."""


class Problem(Struct, frozen=True):
    """A value that must be verified by a person: its code, the field, and the cell as it was written."""

    code: str
    field: str
    raw: str = ""


class Notice(Struct, frozen=True):
    """Something about the whole file that a person should be told (macros ignored, year assumed, …)."""

    code: str
    params: dict[str, str] = {}


class PersonFields(Struct, frozen=True, omit_defaults=True):
    """人员 What a row says of a person. Empty text means the cell was blank or absent."""

    name: str = ""
    id_kind: str = "none"
    id_value: str = ""
    """The number without blanks: as written when it has problems; empty when missing or destroyed."""
    id_ok: bool = False
    id_raw: str = ""
    sex: str = ""
    age: str = ""
    born_on: date | None = None
    relation: str = ""
    is_head: bool = False
    telephones: tuple[str, ...] = ()
    telephone_raw: str = ""
    household_no: str = ""
    head: str = ""
    """Name of the head, where a column of its own says it."""
    village: str = ""
    division_code: str = ""
    group: str = ""
    door: str = ""
    address: str = ""
    registered_address: str = ""
    resident: bool | None = None
    tags: tuple[str, ...] = ()
    employer: str = ""
    note: str = ""


class TripFields(Struct, frozen=True, omit_defaults=True):
    """行程 What a row says of a journey home. `returned_on` is None unless the date is clear."""

    origin_text: str = ""
    origin_assumed: bool = False
    """The cell was blank and the title of the file spoke for it."""
    left_on: date | None = None
    left_raw: str = ""
    returned_on: date | None = None
    returned_state: DateState = "missing"
    returned_raw: str = ""
    transport: str = ""
    via: str = ""
    contact_in_area: bool | None = None
    temperature: int | None = None
    """Tenths of a degree Celsius."""
    temperature_raw: str = ""
    symptoms: str = ""


class ReadRow(Struct, frozen=True, omit_defaults=True):
    """One row of the file. `row_no` counts from 1, as the spreadsheet program shows it."""

    sheet: str
    row_no: int
    kind: RowKind
    raw: dict[str, str] = {}
    person: PersonFields | None = None
    trip: TripFields | None = None
    problems: tuple[Problem, ...] = ()
    household: str = ""
    """Rows with the same value are one household; unique within the file."""
    repeats: tuple[str, int] | None = None
    """(sheet, row) of the first row of the same person."""
    reason: str = ""
    """Why a row was rejected, as a code."""
    key: str = ""
    """The row's own key in a correction spreadsheet, when it has one."""


class ColumnGuess(Struct, frozen=True):
    """A column, the field it was taken for (or ""), how sure (0 to 100), and three values to look at."""

    index: int
    header: str
    field: str
    confidence: int
    samples: tuple[str, ...] = ()
    reason: str = ""


class SheetGuess(Struct, frozen=True):
    """A sheet and what was understood of it. Rows of the header count from 1."""

    name: str
    kind: SheetKind
    hidden: bool
    header_rows: tuple[int, ...] = ()
    columns: tuple[ColumnGuess, ...] = ()
    fingerprint: str = ""
    last_row: int = 0


class Mapping(Struct, frozen=True):
    """A confirmed mapping: for each header fingerprint, column index → field ("" to leave it out)."""

    by_fingerprint: dict[str, dict[int, str]] = {}
    leave_out: tuple[str, ...] = ()
    """Names of sheets that are not to be read."""


class Summary(Struct, frozen=True):
    """The reckoning of a reading. Always `rows == accepted + duplicates + rejected`."""

    format: str
    encoding: str
    sheets: tuple[SheetGuess, ...]
    notices: tuple[Notice, ...]
    reference_day: date
    reference_from: Literal["title", "dates", "import"]
    town: str
    rows: int
    accepted: int
    duplicates: int
    rejected: int
    with_problems: int
    problems: dict[str, int]
    people: int
    households: int
    noise: dict[str, int]
    amended: tuple[tuple[str, int, Problem], ...] = ()
    """Problems found later for rows already handed out (an id that turned up again under another name)."""
