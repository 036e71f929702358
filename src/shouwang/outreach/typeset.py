"""Typesetting papers to PDF with typst. No network, no system fonts, no code from people.

What people wrote reaches typst as one JSON string in `sys.inputs` and is set as text: a name such as
`#eval("…")` or `*_$` prints as it is. Fonts come from a wheel (Noto Serif SC, Noto Sans SC, SIL OFL), so
that a bare machine prints Chinese and not boxes.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from functools import cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import segno
import typst

from shouwang.kernel.errors import Refused
from shouwang.outreach.rules import PLAIN, Content, PaperKind, Style, Wording, chinese_day

TEMPLATES = Path(__file__).resolve().parent / "typst"
PACKAGE = TEMPLATES.parent.parent
"""Our templates may take parts from those of other rooms (`/outreach/typst/masthead.typ`); others only their own."""
FONT_PACKAGE = "pylopdf_fonts_zh_cn"
PREVIEW_PPI = 72.0
FONT_FILES = ("NotoSerifSC-Regular.otf", "NotoSansSC-Regular.otf")
_TEMPLATE = {
    PaperKind.NOTICE: "notice.typ",
    PaperKind.CERTIFICATE: "certificate.typ",
    PaperKind.FILE: "file.typ",
    PaperKind.DOOR: "door.typ",
    PaperKind.PLEDGE: "pledge.typ",
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
    style: Style = PLAIN
    logo: bytes | None = None


def render(sheet: Sheet) -> bytes:
    """The paper as PDF; the same sheet gives the same bytes. Refuses `font-missing`."""
    return compile_pdf(TEMPLATES, _TEMPLATE[sheet.content.KIND], _values(sheet), at=sheet.issued_at)


def render_picture(sheet: Sheet) -> bytes:
    """The first page of the paper as PNG, to look at. Refuses `font-missing`."""
    return compile_picture(TEMPLATES, _TEMPLATE[sheet.content.KIND], _values(sheet), at=sheet.issued_at)


def render_doors(sheets: Sequence[Sheet], *, at: datetime) -> bytes:
    """Many notices for doors in one PDF, a page each: 655 take two or three seconds. Refuses `font-missing`."""
    logos = {sheet.style.logo: sheet.logo for sheet in sheets if sheet.logo}
    values = {
        "sheets": [_values(sheet, with_logo=False) for sheet in sheets],
        "logos": {digest: list(raw) for digest, raw in logos.items() if raw},
    }
    return compile_pdf(TEMPLATES, "door.typ", values, at=at)


def try_picture(raw: bytes, *, at: datetime) -> None:
    """Whether a picture can be set in print. Refuses `logo-damaged`."""
    try:
        compile_picture(TEMPLATES, "logo.typ", {"logo": list(raw)}, at=at)
    except RuntimeError as error:  # typst says what; whoever uploads it can only choose another
        raise Refused("logo-damaged") from error


def _values(sheet: Sheet, *, with_logo: bool = True) -> dict[str, object]:
    is_door = sheet.content.KIND is PaperKind.DOOR
    values: dict[str, object] = {
        "title": sheet.wording.title,
        "paragraphs": list(sheet.wording.paragraphs),
        "serial": sheet.serial,
        "issued_on": chinese_day(sheet.issued_on),
        "link": sheet.link,
        "qr": qr_svg(sheet.link, quick=is_door),
        "code": _grouped(sheet.link.rsplit("/", 1)[-1]),
        "revoked": sheet.revoked,
        "fields": _printed(sheet.content),
        "style": asdict(sheet.style),
        "logo": list(sheet.logo) if sheet.logo and with_logo else None,
    }
    return values


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
    folder: Path, template: str, values: Mapping[str, object], *, at: datetime, form: Literal["pdf", "png"]
) -> bytes | list[bytes]:
    with tempfile.TemporaryDirectory() as nothing:
        made: bytes | list[bytes] = typst.compile(
            str(folder / template),
            root=str(PACKAGE if folder.is_relative_to(PACKAGE) else folder),
            font_paths=[str(font_folder())],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(values, ensure_ascii=False)},
            package_path=nothing,
            package_cache_path=nothing,  # an empty folder: a template that asks for @preview finds none
            timestamp=int(at.timestamp()),
            format=form,
            ppi=PREVIEW_PPI,
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


def qr_svg(link: str, *, quick: bool = False) -> str:
    """The QR of an address as SVG, error correction M (a fold or a stain does no harm).

    `quick`: the first of the eight patterns instead of the best: a fifth of the time, for hundreds at once.
    """
    out = io.BytesIO()
    segno.make(link, error="m", micro=False, mask=3 if quick else None).save(
        out, kind="svg", border=2, xmldecl=False, svgns=True
    )
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
