"""统计日报表 The daily report as the office's form: PDF, and a spreadsheet whose cells cannot run."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import xlsxwriter

from shouwang.kernel.days import local_time
from shouwang.outreach.rules import chinese_day
from shouwang.outreach.typeset import compile_pdf
from shouwang.oversight.rules import Figure, Report

TEMPLATES = Path(__file__).resolve().parent / "typst"
Words = Callable[[str], str]
"""English msgid to the reader's language; `gettext` at the interface."""


def report_pdf(report: Report, *, place: str, words: Words) -> bytes:
    """The report on paper; `place` is the name printed as 单位. Refuses `font-missing`."""
    values: dict[str, object] = {
        "title": words("Daily report"),
        "labels": {
            "place": words("Place"),
            "day": words("Day"),
            "figure": words("Figure"),
            "value": words("Value"),
            "of": words("Of"),
            "definition": words("Definition"),
            "closed-by": words("Closed by"),
            "as-of": words("As of"),
            "revision": words("Revision"),
        },
        "place": place,
        "day": chinese_day(report.day),
        "figures": [_line(figure, words) for figure in report.figures],
        "closed-by": report.closed_by or words("not closed yet"),
        "as-of": _clock(report),
        "revision": str(report.revision or "-"),
        "foot": f"{place} {report.day.isoformat()} {report.hash[:16]}",
    }
    return compile_pdf(TEMPLATES, "report.typ", values, at=report.closed_at or report.as_of)


def report_xlsx(report: Report, *, place: str, words: Words) -> bytes:
    """The report as a spreadsheet, one figure a row. Texts are written as texts, never as formulas."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(report.day.isoformat())
    bold = book.add_format({"bold": True, "bottom": 1})
    sheet.write_string(0, 0, f"{words('Daily report')} {place} {chinese_day(report.day)}", bold)
    sheet.write_string(1, 0, f"{words('As of')} {_clock(report)}")
    sheet.write_string(1, 1, f"{words('Closed by')} {report.closed_by or words('not closed yet')}")
    for column, title in enumerate(("Figure", "Value", "Of", "Unit", "Definition")):
        sheet.write_string(3, column, words(title), bold)
    for row, figure in enumerate(report.figures, start=4):
        sheet.write_string(row, 0, words(figure.title))
        if isinstance(figure.value, int):
            sheet.write_number(row, 1, figure.value)
        else:
            sheet.write_string(row, 1, _value(figure))
        if figure.denominator is not None:
            sheet.write_number(row, 2, figure.denominator)
        sheet.write_string(row, 3, words(figure.unit))
        sheet.write_string(row, 4, words(figure.definition))
    for column, width in enumerate((24, 14, 10, 8, 70)):
        sheet.set_column(column, column, width)
    book.close()
    return out.getvalue()


def _line(figure: Figure, words: Words) -> dict[str, object]:
    return {
        "title": words(figure.title),
        "value": _value(figure),
        "share": "" if figure.denominator is None else f"/ {figure.denominator}",
        "definition": words(figure.definition),
        "inner": figure.code == "done-late" or figure.code.startswith("found-"),
    }


def _value(figure: Figure) -> str:
    if figure.value is None:
        return "—"
    return figure.value.isoformat() if isinstance(figure.value, date) else str(figure.value)


def _clock(report: Report) -> str:
    return local_time(report.as_of, report.zone).strftime("%Y-%m-%d %H:%M")
