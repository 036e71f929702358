"""A town's own wording and looks of a paper: which fields may stand in it, which must, and an example of each.

Text is data: `{姓名}` or `{name}` is replaced by the printed value, nothing else is interpreted. A paper that
restricts somebody keeps its ground, reason, end and appeal whatever the town writes (ARCHITECTURE, Restrictions).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date

from shouwang.kernel.errors import Refused
from shouwang.outreach.rules.content import (
    CertificateContent,
    Content,
    DoorContent,
    FileContent,
    FileDay,
    NoticeContent,
    PaperKind,
    PledgeContent,
    ReadingLine,
)
from shouwang.outreach.rules.wording import IN_CHINESE, PLACEHOLDER, Wording, field_named

TITLE_LENGTH, BODY_LENGTH, PARAGRAPHS = 40, 4000, 24
CHANGEABLE = (PaperKind.NOTICE, PaperKind.CERTIFICATE, PaperKind.DOOR, PaperKind.PLEDGE, PaperKind.FILE)

MUST_SAY: dict[PaperKind, tuple[str, ...]] = {
    PaperKind.NOTICE: ("legal_ground", "reason", "start", "last", "contact", "appeal"),
    PaperKind.CERTIFICATE: ("name", "start", "last", "released_on", "legal_ground"),
    PaperKind.DOOR: ("last", "contact"),
    PaperKind.PLEDGE: ("start", "last", "contact"),
    PaperKind.FILE: (),
}
"""Fields that a town's wording must keep."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a paper looks: the office that issues it, the line for the seal, a red head, a logo (its digest)."""

    office: str = ""
    seal_line: str = "（盖章）"
    red_head: str = ""
    logo: str = ""


PLAIN = Style()


def allowed_fields(kind: PaperKind) -> tuple[str, ...]:
    """The closed list of fields that may stand in the wording of a kind, in the order of the paper."""
    derived = ("days", "about", "review") if kind is not PaperKind.DOOR else ("days",)
    plain = [f.name for f in fields(type(sample(kind))) if f.name not in ("days", "team")]
    return (*plain, *derived)


def read_wording(kind: PaperKind, title: str, body: str) -> Wording:
    """A town's wording, a paragraph a line. Refuses `wording-empty`, `wording-too-long`, `paper-field-unknown`,
    `paper-field-dropped`."""
    lines = tuple(line.strip() for line in body.splitlines() if line.strip())
    if not title.strip() or (not lines and kind is not PaperKind.FILE):
        raise Refused("wording-empty")
    if len(title) > TITLE_LENGTH or len(body) > BODY_LENGTH or len(lines) > PARAGRAPHS:
        raise Refused("wording-too-long", title=TITLE_LENGTH, body=BODY_LENGTH)
    allowed, named = set(allowed_fields(kind)), set()
    for text in (title, *lines):
        for found in PLACEHOLDER.finditer(text):
            name = field_named(found.group(1))
            if name not in allowed:
                raise Refused("paper-field-unknown", field=found.group(1))
            named.add(name)
        if "{" in PLACEHOLDER.sub("", text) or "}" in PLACEHOLDER.sub("", text):
            raise Refused("paper-field-unknown", field="{ }")
    if dropped := [name for name in MUST_SAY[kind] if name not in named]:
        raise Refused("paper-field-dropped", field=IN_CHINESE.get(dropped[0], dropped[0]))
    return Wording(title.strip(), lines)


def in_chinese(wording: Wording) -> Wording:
    """The wording with the names of its fields as an office says them: `{last}` → `{止日}`."""

    def said(text: str) -> str:
        return PLACEHOLDER.sub(
            lambda found: "{" + IN_CHINESE.get(field_named(found.group(1)), found.group(1)) + "}", text
        )

    return Wording(said(wording.title), tuple(said(text) for text in wording.paragraphs))


def sample(kind: PaperKind, *, office: str = "") -> Content:
    """A paper of nobody, to look at a wording with."""
    return replace(_SAMPLES[kind], office=office) if office else _SAMPLES[kind]


_START, _LAST = date(2020, 1, 23), date(2020, 2, 6)
_OFFICE, _GROUND = "某某镇疫情防控指挥部", "《中华人民共和国传染病防治法》"
_SAMPLES: dict[PaperKind, Content] = {
    PaperKind.NOTICE: NoticeContent(
        office=_OFFICE,
        name="张某某",
        sex="男",
        telephone="13800000000",
        id_kind="身份证",
        id_number="500101********0011",
        address="某某村3组15号",
        employer="某某公司",
        legal_ground=_GROUND,
        appeal="某某镇疫情防控指挥部（023-00000000）",
        start=_START,
        last=_LAST,
        reason="1月23日自武汉返回",
        evidence="返乡人员登记表",
        review_on=date(2020, 1, 30),
        street_cadre="李某",
        grid_worker="王某",
        contact="村医赵某13900000000",
    ),
    PaperKind.CERTIFICATE: CertificateContent(
        office=_OFFICE,
        name="张某某",
        sex="男",
        id_kind="身份证",
        id_number="500101********0011",
        address="某某村3组15号",
        start=_START,
        last=_LAST,
        released_on=date(2020, 2, 7),
        legal_ground=_GROUND,
        appeal=_OFFICE,
        signed_by="冉某",
    ),
    PaperKind.DOOR: DoorContent(office=_OFFICE, start=_START, last=_LAST, contact="村医赵某13900000000"),
    PaperKind.PLEDGE: PledgeContent(
        office=_OFFICE,
        name="张某某",
        address="某某村3组15号",
        start=_START,
        last=_LAST,
        contact="村医赵某13900000000",
    ),
    PaperKind.FILE: FileContent(
        office=_OFFICE,
        name="张某某",
        start=_START,
        last=_LAST,
        days=(
            FileDay(
                number=1, day=date(2020, 1, 24), morning=(ReadingLine(clock="09:05", temperature="36.5"),)
            ),
        ),
    ),
}
