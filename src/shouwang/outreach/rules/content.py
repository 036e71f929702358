"""What a paper says, frozen at the moment it is issued. Whoever issues it fills one of these.

Everything is the printed value, not a reference: a paper printed again next year is the same paper.
Fields named in `OPEN` tell nothing of a person and are stored as they are; all others are stored sealed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from shouwang.kernel.canon import canonical


class PaperKind(StrEnum):
    """文书种类."""

    NOTICE = "notice-of-observation"
    CERTIFICATE = "release-certificate"
    FILE = "person-file"
    DOOR = "door-notice"
    PLEDGE = "pledge"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeContent:
    """医学观察告知书: fields of the notice of home monitoring (FORMS.md). Dates are local days, inclusive.

    `place` is where the person stays, in words ("家中", "集中医学观察点"); `review_on` the day the order is
    looked at again; `appeal` whom to turn to, with a telephone; `fever_line` as printed ("37.3").
    """

    KIND: ClassVar[PaperKind] = PaperKind.NOTICE
    OPEN: ClassVar[frozenset[str]] = frozenset(
        {"office", "legal_ground", "appeal", "fever_line", "checks_a_day", "contact"}
    )

    office: str
    name: str
    legal_ground: str
    appeal: str
    start: date
    last: date
    reason: str
    evidence: str
    sex: str = ""
    telephone: str = ""
    id_kind: str = ""
    id_number: str = ""
    address: str = ""
    employer: str = ""
    employer_contact: str = ""
    place: str = "家中"
    review_on: date | None = None
    street_cadre: str = ""
    grid_worker: str = ""
    contact: str = ""
    """Whom to ring when something is wrong, with the number."""
    checks_a_day: int = 2
    fever_line: str = "37.3"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateContent:
    """解除医学观察证明. `released_on` is the day the restriction ended; `outcome` how it went, in words."""

    KIND: ClassVar[PaperKind] = PaperKind.CERTIFICATE
    OPEN: ClassVar[frozenset[str]] = frozenset({"office", "legal_ground", "appeal"})

    office: str
    name: str
    start: date
    last: date
    released_on: date
    legal_ground: str
    appeal: str
    outcome: str = "体温正常，未出现相关症状"
    sex: str = ""
    id_kind: str = ""
    id_number: str = ""
    address: str = ""
    place: str = "家中"
    signed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingLine:
    """One reading as the grid prints it. `struck` readings were corrected: shown struck, with `remark`."""

    clock: str
    """Local "HH:MM"."""
    temperature: str
    """Degrees as printed ("36.5"), or a word ("未测", "拒测")."""
    symptoms: str = ""
    measured_by: str = ""
    seen_by: str = ""
    """Countersigned by."""
    is_alarm: bool = False
    struck: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDay:
    """One day of the person file: readings before noon and after."""

    number: int
    day: date
    morning: tuple[ReadingLine, ...] = ()
    evening: tuple[ReadingLine, ...] = ()
    signed_by: str = ""
    """The worker who signed the day."""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One of the team (五包一): role, name, telephone, as printed; a vacancy has no name."""

    role: str
    name: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """一人一档: the whole observation of one person on the paper form. 14 days go on one A4 page."""

    KIND: ClassVar[PaperKind] = PaperKind.FILE
    OPEN: ClassVar[frozenset[str]] = frozenset({"office"})

    office: str
    name: str
    start: date
    last: date
    days: tuple[FileDay, ...]
    sex: str = ""
    age: str = ""
    id_number: str = ""
    telephone: str = ""
    address: str = ""
    household_head: str = ""
    category: str = ""
    origin: str = ""
    returned_on: date | None = None
    came_by: str = ""
    place: str = "家中"
    team: tuple[Member, ...] = ()
    state: str = ""
    """What became of it, in words ("观察中", "2020年2月2日解除")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorContent:
    """温馨提示: what hangs on the door. It names nobody (LESSONS 24), only until when, and whom to ring."""

    KIND: ClassVar[PaperKind] = PaperKind.DOOR
    OPEN: ClassVar[frozenset[str]] = frozenset({"office", "contact"})

    office: str
    start: date
    last: date
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeContent:
    """承诺书: what a household promises in its own hand. A form to be signed, nothing that restricts."""

    KIND: ClassVar[PaperKind] = PaperKind.PLEDGE
    OPEN: ClassVar[frozenset[str]] = frozenset({"office", "contact"})

    office: str
    name: str
    start: date
    last: date
    contact: str
    address: str = ""


Content = NoticeContent | CertificateContent | FileContent | DoorContent | PledgeContent
_PLAIN: dict[PaperKind, Callable[..., Content]] = {
    PaperKind.NOTICE: NoticeContent,
    PaperKind.CERTIFICATE: CertificateContent,
    PaperKind.DOOR: DoorContent,
    PaperKind.PLEDGE: PledgeContent,
}
_DAYS = ("start", "last", "review_on", "released_on", "returned_on")


_NEEDED = {
    PaperKind.NOTICE: ("office", "name", "legal_ground", "appeal", "reason", "evidence", "contact"),
    PaperKind.CERTIFICATE: ("office", "name", "legal_ground", "appeal"),
    PaperKind.FILE: ("office", "name"),
    PaperKind.DOOR: ("office", "contact"),
    PaperKind.PLEDGE: ("office", "name", "contact"),
}


def missing_field(content: Content) -> str:
    """The first field that must not be blank on this paper and is, or "".

    A paper that restricts says on what ground, on what evidence, why, and whom to turn to
    (ARCHITECTURE, Restrictions on people).
    """
    return next((name for name in _NEEDED[content.KIND] if not str(getattr(content, name)).strip()), "")


def split_content(content: Content) -> tuple[dict[str, object], dict[str, object]]:
    """The plain JSON values of a content, (open, personal): the second part is stored sealed."""
    plain: dict[str, object] = json.loads(canonical(asdict(content)))
    shown = {name: value for name, value in plain.items() if name in content.OPEN}
    return shown, {name: value for name, value in plain.items() if name not in content.OPEN}


def join_content(kind: PaperKind, plain: dict[str, object]) -> Content:
    """The content from its plain values, the inverse of `split_content` put together again."""
    values: dict[str, object] = dict(plain)
    for name in _DAYS:
        if isinstance(raw := values.get(name), str):
            values[name] = date.fromisoformat(raw)
    if kind is PaperKind.FILE:
        values["days"] = tuple(_file_day(raw) for raw in _rows(values["days"]))
        values["team"] = tuple(Member(**raw) for raw in _rows(values["team"]))
        return FileContent(**values)  # type: ignore[arg-type]
    return _PLAIN[kind](**values)


def _file_day(raw: dict[str, Any]) -> FileDay:
    return FileDay(
        number=int(str(raw["number"])),
        day=date.fromisoformat(str(raw["day"])),
        morning=tuple(ReadingLine(**line) for line in _rows(raw["morning"])),
        evening=tuple(ReadingLine(**line) for line in _rows(raw["evening"])),
        signed_by=str(raw["signed_by"]),
        remark=str(raw["remark"]),
    )


def _rows(raw: object) -> list[dict[str, Any]]:
    return list(raw) if isinstance(raw, list | tuple) else []
