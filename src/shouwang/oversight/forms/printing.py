"""统计日报表 A laid-out form on paper and as a spreadsheet whose cells cannot run. Same form, same bytes."""

from __future__ import annotations

import io
from datetime import UTC
from pathlib import Path

from shouwang.outreach.typeset import compile_pdf
from shouwang.oversight.forms.laying import Laid, Words

TEMPLATES = Path(__file__).resolve().parent.parent / "typst"
_LAYOUTS = {"plain": "report.typ", "red-head": "redhead.typ"}


def report_pdf(laid: Laid, *, words: Words = str) -> bytes:
    """The form on paper. Refuses `font-missing`."""
    report = laid.report
    values: dict[str, object] = {
        **{"title": laid.title, "issuer": laid.issuer, "number": laid.number, "addressee": laid.addressee},
        "labels": labels(words),
        "place": laid.place,
        "day": laid.day,
        "sections": [
            {
                "title": section.title,
                "lines": [
                    {
                        **{"title": line.title, "value": line.value, "share": line.share},
                        **{"before": line.before, "definition": line.definition},
                        **{"inner": line.is_inner, "old": line.old},
                    }
                    for line in section.lines
                ],
            }
            for section in laid.sections
        ],
        "closed-by": report.closed_by or words("not closed yet"),
        "as-of": laid.as_of,
        "revision": str(report.revision or "-"),
        "correction": report.reason,
        "foot": f"{laid.place} {report.day.isoformat()} {report.hash[:16]}",
    }
    template = _LAYOUTS.get(laid.layout, "report.typ")
    return compile_pdf(TEMPLATES, template, values, at=report.closed_at or report.as_of)


def labels(words: Words) -> dict[str, str]:
    """The words around the figures, in the reader's language."""
    return {
        "place": words("Reporting office"),
        "day": words("Day"),
        "figure": words("Figure"),
        "value": words("Value"),
        "before": words("Yesterday"),
        "of": words("Of"),
        "unit": words("Counted in"),
        "definition": words("Definition"),
        "closed-by": words("Closed by"),
        "as-of": words("As of"),
        "revision": words("Revision"),
        "correction": words("Correction"),
    }


def report_xlsx(laid: Laid, *, words: Words = str) -> bytes:
    """The form as a spreadsheet, one figure a row. Texts are written as texts, never as formulas."""
    import xlsxwriter

    out = io.BytesIO()
    report = laid.report
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    made = (report.closed_at or report.as_of).astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"created": made})
    sheet = book.add_worksheet(report.day.isoformat())
    bold = book.add_format({"bold": True, "bottom": 1})
    told = labels(words)
    sheet.write_string(0, 0, f"{laid.title} {laid.place} {laid.day}", bold)
    sheet.write_string(1, 0, f"{told['as-of']} {laid.as_of}")
    sheet.write_string(1, 1, f"{told['closed-by']} {report.closed_by or words('not closed yet')}")
    sheet.write_string(1, 4, f"{told['revision']} {report.revision or '-'} {report.reason}".strip())
    for column, title in enumerate(("figure", "value", "of", "before", "unit", "definition")):
        sheet.write_string(3, column, told[title], bold)
    row = 4
    for section in laid.sections:
        if section.title:
            sheet.write_string(row, 0, section.title, bold)
            row += 1
        for line in section.lines:
            sheet.write_string(row, 0, line.title)
            if line.number is not None:
                sheet.write_number(row, 1, line.number)
            else:
                sheet.write_string(row, 1, line.value)
            if line.share:
                sheet.write_number(row, 2, int(line.share.removeprefix("/ ")))
            for column, text in ((3, line.before), (4, line.unit), (5, line.definition)):
                sheet.write_string(row, column, text)
            row += 1
    for column, width in enumerate((30, 14, 10, 10, 8, 70)):
        sheet.set_column(column, column, width)
    book.close()
    return out.getvalue()
