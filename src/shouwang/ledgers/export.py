# ruff: noqa: S608 - table names come from code, everything asked is a parameter
"""Ledgers as spreadsheets: every row there, identifiers as text, formulas neutralised, constant memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shouwang.kernel.areas import VILLAGE_DIGITS
from shouwang.ledgers.definition import Asked, Book
from shouwang.ledgers.fetching import fetch
from shouwang.ledgers.rows import ALWAYS, telling_sql
from shouwang.ledgers.rules import HEAD_ROWS, neutralised, sheets
from shouwang.packs.classify import category_sql
from shouwang.packs.conditions import Params
from shouwang.packs.schema import LANGS, Lang
from shouwang.people.sealed import unseal

CHUNK = 5_000
_HELD = "{0}.recorded_at <= %(at)s AND ({0}.superseded_at IS NULL OR {0}.superseded_at > %(at)s)"


@dataclass
class Written:
    """What was really written, told by the writer while it writes."""

    count: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def saw(self, person_id: UUID) -> None:
        self.count += 1
        self.digest.update(person_id.bytes)


def ids_of(asked: Asked) -> list[UUID]:
    """Everyone asked for, in order, from one snapshot."""
    return [row[0] for row in fetch(*Book(asked).ids())]


def digest_of(ids: Sequence[UUID]) -> str:
    """SHA-256 over ids in order."""
    whole = hashlib.sha256()
    for person_id in ids:
        whole.update(person_id.bytes)
    return whole.hexdigest()


def write_workbook(
    out: Path,
    asked: Asked,
    ids: Sequence[UUID],
    *,
    full: bool,
    title: str,
    watermark: str,
    capacity: int | None = None,
) -> Written:
    """Write the people `ids` of a ledger to an .xlsx file, chunk by chunk, and say what was written."""
    import rustpy_xlsxwriter

    written = Written()
    bounds = list(sheets(len(ids)) if capacity is None else sheets(len(ids), capacity))
    names = ["1"] if len(bounds) == 1 else [str(index + 1) for index in range(len(bounds))]
    width = len(_headings()) - 1
    rustpy_xlsxwriter.write_worksheets(
        [
            (name, _records(asked, ids[first:end], full, written, first))
            for name, (first, end) in zip(names, bounds, strict=True)
        ],
        str(out),
        header_row=dict.fromkeys(names, HEAD_ROWS - 1),
        merge_ranges={
            name: [(0, 0, 0, width, neutralised(title)), (1, 0, 1, width, neutralised(watermark))]
            for name in names
        },
        bold_headers=True,
        page_setup={name: {"landscape": True, "footer": _printable(watermark)} for name in names},
    )
    return written


def _printable(text: str) -> str:
    return f"&L{text[:200].replace('&', '&&')}&R&P/&N"


def _headings() -> tuple[str, ...]:
    return (
        _("No."),
        _("Village"),
        _("Household head"),
        _("Name"),
        _("Sex"),
        _("Birth date"),
        _("Relation to head"),
        _("Identity number"),
        _("Telephone"),
        _("Address"),
        _("Category"),
        _("Certain"),
        _("From"),
        _("Left on"),
        _("Returned on"),
        _("To verify"),
    )


def _records(
    asked: Asked, ids: Sequence[UUID], full: bool, written: Written, first: int
) -> Iterator[dict[str, object]]:
    """One dict a person, in the order of `ids`."""
    headings = _headings()
    words = _Words(asked)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        people = {row[0]: row for row in fetch(*_chunk_sql(asked, chunk, full))}
        for index, person_id in enumerate(chunk):
            row = people.get(person_id)
            if row is None:
                continue
            written.saw(person_id)
            values = (first + start + index + 1, *words.cells(row, full))
            yield dict(zip(headings, values, strict=True))


class _Words:
    """Cells of one person, as text."""

    def __init__(self, asked: Asked) -> None:
        self.sexes = {"m": _("male"), "f": _("female")}
        self.categories = {entry.code: entry.title.text(language()) for entry in asked.pack.categories}
        self.certain = {True: _("yes"), False: _("no")}

    def cells(self, row: tuple[Any, ...], full: bool) -> tuple[object, ...]:
        (_id, village, head, name, sex, born, relation, paper, phone, address, category, certain, *trip) = row
        origin, left, returned, raw, problems = trip
        return (
            neutralised(village),
            neutralised(head),
            neutralised(name),
            self.sexes.get(sex, ""),
            _day(born),
            neutralised(relation),
            neutralised(_opened(paper, "people_identifier") if full else _first(paper)),
            neutralised(_local(_opened(phone, "people_telephone")) if full else _first(phone)),
            neutralised(address),
            neutralised(self.categories.get(category, category or "")),
            self.certain[certain] if category else "",
            neutralised(origin),
            _day(left),
            _day(returned) or neutralised(raw),
            ", ".join(problems),
        )


def _first(masked: list[str] | None) -> str:
    return masked[0] if masked else ""


def _opened(sealed: list[str] | None, table: str) -> str:
    """The full value out of [masked, row id, sealed as hex]."""
    if not sealed:
        return ""
    return unseal(bytes.fromhex(sealed[2]), table=table, row=UUID(sealed[1]), field="sealed")


def _local(number: str) -> str:
    return number.removeprefix("+86")


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _chunk_sql(asked: Asked, ids: Sequence[UUID], full: bool) -> tuple[str, Params]:
    category, certain, params = category_sql(asked.pack, asked.context)
    telling, more = telling_sql(asked)
    secret = ", d.id::text, encode(d.sealed, 'hex')" if full else ""

    def latest(table: str) -> str:
        return (
            f"(SELECT ARRAY[d.masked{secret}] FROM {table} d WHERE d.person_id = p.id"
            f" AND {_HELD.format('d')} ORDER BY d.recorded_at, d.id LIMIT 1)"
        )

    sql = f"""SELECT p.id, coalesce(v.name, ''), coalesce(h.head_name, ''), p.name, p.sex, p.birth_date,
        p.relation, {latest("people_identifier")}, {latest("people_telephone")}, coalesce(h.address, ''),
        {category}, {certain}, coalesce(j.origin_text, ''), j.left_on, j.returned_on,
        coalesce(j.returned_raw, ''),
        ARRAY(SELECT DISTINCT y.code FROM screening_verifyitem y WHERE y.person_id = p.id
            AND y.recorded_at <= %(at)s AND (y.resolved_at IS NULL OR y.resolved_at > %(at)s) ORDER BY y.code)
    FROM (SELECT q.id, coalesce(r.area, q.area) AS area, q.name, q.sex, q.birth_date, q.relation,
            CASE WHEN r.area IS NULL THEN q.household_id ELSE r.household_id END AS household_id
        FROM people_person q LEFT JOIN people_residence r ON r.person_id = q.id AND {_HELD.format("r")}
        WHERE q.id = ANY(%(ids)s)) p
    LEFT JOIN people_household h ON h.id = p.household_id
    LEFT JOIN places_place v ON v.path = left(p.area, %(digits)s)
    LEFT JOIN LATERAL (SELECT t.origin_text, t.left_on, t.returned_on, t.returned_raw FROM screening_trip t
        WHERE t.person_id = p.id AND {_HELD.format("t")}
        ORDER BY {telling} DESC, t.returned_on DESC NULLS FIRST, t.id DESC LIMIT 1) j ON TRUE"""
    at = asked.as_of or ALWAYS
    return sql, params | more | cast(Params, {"ids": list(ids), "at": at, "digits": VILLAGE_DIGITS})


def language() -> Lang:
    """The language of whoever exports, as packs call it."""
    active = get_language() or "zh-hans"
    return next((lang for lang in LANGS if lang == active), "zh-hans")


def told_at(at: datetime) -> str:
    """An instant in a file's watermark."""
    return at.strftime("%Y-%m-%d %H:%M %z")
