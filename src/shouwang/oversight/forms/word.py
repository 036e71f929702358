"""The form as a Word document, from a template that a place may change (docxtpl, sandboxed and escaped).

In a template `{{ title }}`, `{{ place }}` … stand for values and `{%tr for row in rows %}` repeats a table row.
Templates are written by people, so they run in a sandbox: no attribute of Python is reached from one.
"""

from __future__ import annotations

import io
import zipfile
from functools import cache

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from shouwang.kernel.errors import Refused
from shouwang.oversight.forms.laying import Laid, Words
from shouwang.oversight.forms.printing import labels

MOST_BYTES = 2_000_000
_EPOCH = (1980, 1, 1, 0, 0, 0)
_RED = RGBColor(0xC8, 0x10, 0x1C)


def report_docx(laid: Laid, *, words: Words = str, template: bytes = b"") -> bytes:
    """The form as docx; `template` empty takes the built-in one. Refuses `template-unusable`."""
    return _filled(template or default_template(laid.layout), _values(laid, words))


def check_template(template: bytes, laid: Laid, *, words: Words = str) -> None:
    """Try a template before it is kept. Refuses `template-too-large`, `template-unusable`."""
    if len(template) > MOST_BYTES:
        raise Refused("template-too-large", bytes=len(template))
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as parts:
            if sum(part.file_size for part in parts.infolist()) > 20 * MOST_BYTES:
                raise Refused("template-too-large", bytes=len(template))
    except zipfile.BadZipFile as broken:
        raise Refused("template-unusable", why="docx") from broken
    report_docx(laid, words=words, template=template)


def _values(laid: Laid, words: Words) -> dict[str, object]:
    report = laid.report
    rows: list[dict[str, str]] = []
    for section in laid.sections:
        if section.title:
            rows.append({"title": section.title, "value": "", "of": "", "before": "", "definition": ""})
        rows += [
            {
                "title": f"　{line.title}" if line.is_inner else line.title,
                "value": f"{line.value}（{words('Correction')}：{line.old}）" if line.old else line.value,
                "of": line.share,
                "before": line.before,
                "definition": line.definition,
            }
            for line in section.lines
        ]
    return {
        **{"title": laid.title, "place": laid.place, "day": laid.day, "issuer": laid.issuer},
        **{"number": laid.number, "addressee": laid.addressee, "rows": rows},
        **{"closed_by": report.closed_by or words("not closed yet"), "as_of": laid.as_of},
        **{"revision": str(report.revision or "-"), "correction": report.reason},
        **{"label": {key.replace("-", "_"): text for key, text in labels(words).items()}},
        "hash": report.hash[:16],
    }


def _filled(template: bytes, values: dict[str, object]) -> bytes:
    out = io.BytesIO()
    try:
        document = DocxTemplate(io.BytesIO(template))
        document.render(values, SandboxedEnvironment(autoescape=True, undefined=StrictUndefined))
        document.save(out)
    except (TemplateError, ValueError, KeyError, SyntaxError, zipfile.BadZipFile) as wrong:
        raise Refused("template-unusable", why=str(wrong)[:200]) from wrong
    return _same_bytes(out.getvalue())


def _same_bytes(made: bytes) -> bytes:
    """The same parts in the same order under one date: what is made again next month is equal."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as source, zipfile.ZipFile(out, "w") as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            part = zipfile.ZipInfo(name, _EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(name))
    return out.getvalue()


@cache
def default_template(layout: str = "plain") -> bytes:
    """The built-in template of a layout, to be used as it is or taken, changed and put back."""
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
    return _same_bytes(out.getvalue())


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
