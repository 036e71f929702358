"""The built-in templates of a form in Word."""

from __future__ import annotations

import io

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

_RED = RGBColor(0xC8, 0x10, 0x1C)


def built_in(layout: str) -> bytes:
    """The template as python-docx writes it."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.6)
    page.top_margin = page.bottom_margin = Cm(2.4)
    _set_font(document)
    if layout == "red-head":
        _red_head(document)
    _line(document, "{{ title }}", size=20, bold=True, centred=True)
    if layout == "red-head":
        _line(document, "{{ addressee }}", size=14)
    _line(document, "{{ label.place }}：{{ place }}　　{{ label.day }}：{{ day }}", size=12)
    _table(document)
    foot = (
        "{{ label.closed_by }}：{{ closed_by }}　　{{ label.as_of }}：{{ as_of }}"
        "　　{{ label.revision }}：{{ revision }}"
    )
    _line(document, foot, size=10.5)
    _line(document, "{% if correction %}{{ label.correction }}：{{ correction }}{% endif %}", size=10.5)
    if layout == "red-head":
        _line(document, "{{ issuer }}", size=14, right=True)
        _line(document, "{{ day }}", size=14, right=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _set_font(document: DocxDocument) -> None:
    style = document.styles["Normal"]
    style.font.name = "FangSong"
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")


def _line(
    document: DocxDocument,
    text: str,
    *,
    size: float,
    bold: bool = False,
    centred: bool = False,
    right: bool = False,
    colour: RGBColor | None = None,
) -> Paragraph:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold
    if bold:
        run.font.name = "SimSun"
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    if colour is not None:
        run.font.color.rgb = colour
    if centred or right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.RIGHT
    return paragraph


def _red_head(document: DocxDocument) -> None:
    """版头: the issuer in red, the number, a red rule."""
    _line(document, "{{ issuer }}", size=28, bold=True, centred=True, colour=_RED)
    number = _line(document, "{{ number }}", size=14, centred=True)
    border, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "4"), ("color", "C8101C")):
        bottom.set(qn(f"w:{name}"), value)
    border.append(bottom)
    number._p.get_or_add_pPr().append(border)


def _table(document: DocxDocument) -> None:
    columns = ("title", "value", "of", "before")
    heads = ("figure", "value", "of", "before")
    table = document.add_table(rows=4, cols=len(columns))
    table.style = "Table Grid"
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = f"{{{{ label.{head} }}}}"
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    table.rows[1].cells[0].text = "{%tr for row in rows %}"
    for index, (cell, column) in enumerate(zip(table.rows[2].cells, columns, strict=True)):
        cell.text = f"{{{{ row.{column} }}}}"
        if index:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    table.rows[3].cells[0].text = "{%tr endfor %}"
    for row in table.rows:
        for cell, width in zip(row.cells, (8.2, 3.2, 2.2, 2.2), strict=True):
            cell.width = Cm(width)
