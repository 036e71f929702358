"""Typesetting papers to PDF with typst. No network, no system fonts, no code from people.

What people wrote reaches typst as one JSON string in `sys.inputs` and is set as text: a name such as
`#eval("…")` or `*_$` prints as it is. Fonts come from a wheel (Noto Serif SC, Noto Sans SC, SIL OFL), so
that a bare machine prints Chinese and not boxes.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from functools import cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

import segno
import typst

from shouwang.kernel.errors import Refused
from shouwang.outreach.rules import Content, PaperKind, Wording, chinese_day

TEMPLATES = Path(__file__).resolve().parent / "typst"
FONT_PACKAGE = "pylopdf_fonts_zh_cn"
PREVIEW_PPI = 72.0
FONT_FILES = ("NotoSerifSC-Regular.otf", "NotoSansSC-Regular.otf")
_TEMPLATE = {
    PaperKind.NOTICE: "notice.typ",
    PaperKind.CERTIFICATE: "certificate.typ",
    PaperKind.FILE: "file.typ",
    PaperKind.DOOR: "door.typ",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper ready to print: what it says, its serial, and the address that its QR carries."""

    area: str
    content: Content
    wording: Wording
    serial: str
    issued_on: date
    issued_at: datetime
    link: str
    revoked: bool = False


def render(sheet: Sheet) -> bytes:
    """The paper as PDF; the same sheet gives the same bytes. Refuses `font-missing`."""
    values: dict[str, object] = {
        "title": sheet.wording.title,
        "paragraphs": list(sheet.wording.paragraphs),
        "serial": sheet.serial,
        "issued_on": chinese_day(sheet.issued_on),
        "link": sheet.link,
        "qr": qr_svg(sheet.link),
        "code": _grouped(sheet.link.rsplit("/", 1)[-1]),
        "revoked": sheet.revoked,
        "fields": _printed(sheet.content),
    }
    return compile_pdf(TEMPLATES, _TEMPLATE[sheet.content.KIND], values, at=sheet.issued_at)


def compile_pdf(folder: Path, template: str, values: Mapping[str, object], *, at: datetime) -> bytes:
    """Set `template` of `folder` with `values` as data, also for the forms of rooms above.

    `at` is the creation time written into the PDF. Refuses `font-missing`.
    """
    made = _compiled(folder, template, values, at=at, form="pdf")
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single document")
    return made


def compile_picture(folder: Path, template: str, values: Mapping[str, object], *, at: datetime) -> bytes:
    """The first page of the same as PNG, for a preview. Refuses `font-missing`."""
    made = _compiled(folder, template, values, at=at, form="png")
    return made[0] if isinstance(made, list) else made


def _compiled(
    folder: Path, template: str, values: Mapping[str, object], *, at: datetime, form: str
) -> bytes | list[bytes]:
    with tempfile.TemporaryDirectory() as nothing:
        made: bytes | list[bytes] = typst.compile(
            str(folder / template),
            root=str(folder),
            font_paths=[str(font_folder())],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(values, ensure_ascii=False)},
            package_path=nothing,
            package_cache_path=nothing,  # an empty folder: a template that asks for @preview finds none
            timestamp=int(at.timestamp()),
            format=form,
            ppi=PREVIEW_PPI if form == "png" else None,
        )
    return made


@cache
def font_folder() -> Path:
    """The folder of the Chinese fonts. Refuses `font-missing` and names the package."""
    if find_spec(FONT_PACKAGE) is None:
        raise Refused("font-missing", package=FONT_PACKAGE.replace("_", "-"))
    folder = Path(str(resources.files(FONT_PACKAGE)))
    for name in FONT_FILES:
        if not (folder / name).is_file():
            raise Refused("font-missing", package=FONT_PACKAGE.replace("_", "-"), file=name)
    return folder


def qr_svg(link: str) -> str:
    """The QR of an address as SVG, error correction M (a fold or a stain does no harm)."""
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def _grouped(token: str) -> str:
    """The token as people read it out: four groups of ten."""
    return " ".join(token[start : start + 10] for start in range(0, len(token), 10))


def _printed(content: Content) -> dict[str, object]:
    """Field values as they are printed: days in Chinese, everything else as it is."""
    printed: dict[str, object] = {}
    for field in fields(content):
        value = getattr(content, field.name)
        if value is None or isinstance(value, date):
            printed[field.name] = chinese_day(value)
        elif isinstance(value, tuple):
            printed[field.name] = [_line(item) for item in value]
        else:
            printed[field.name] = str(value)
    printed["day_count"] = str((content.last - content.start).days + 1)
    return printed


def _line(item: object) -> dict[str, object]:
    plain = asdict(item)  # type: ignore[call-overload]
    if isinstance(day := plain.get("day"), date):
        plain["day"] = f"{day.month}月{day.day}日"
    return dict(plain)
