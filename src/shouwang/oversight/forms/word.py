"""The form as a Word document, from a template that a place may change (docxtpl, sandboxed and escaped).

In a template `{{ title }}`, `{{ place }}` … stand for values and `{%tr for row in rows %}` repeats a table row.
Templates are written by people, so they run in a sandbox: no attribute of Python is reached from one.

The libraries are loaded by who makes a document: they are a tenth of what a command would load at its start.
"""

from __future__ import annotations

import io
import zipfile
from functools import cache

from shouwang.kernel.errors import Refused
from shouwang.oversight.forms.laying import Laid, Words
from shouwang.oversight.forms.printing import labels

MOST_BYTES = 2_000_000
_EPOCH = (1980, 1, 1, 0, 0, 0)


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
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import SandboxedEnvironment

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
    from shouwang.oversight.forms.word_template import built_in

    return _same_bytes(built_in(layout))
