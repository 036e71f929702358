"""Reading a town's own wording and looks of its papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shouwang.kernel.scope import Scope
from shouwang.outreach import rules
from shouwang.outreach.models import Logo, PaperTemplate

OFFICIAL = "how an office's papers look is no secret; asked for a place whose papers are issued"


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One version. `wording` None: the pack's."""

    id: UUID
    area: str
    kind: rules.PaperKind
    version: int
    wording: rules.Wording | None
    style: rules.Style
    reason: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LogoRow:
    """A picture that a place may put at the head of its papers."""

    digest: str
    media: str
    width: int
    height: int
    by_name: str
    at: datetime


def template_for(area: str, kind: rules.PaperKind) -> TemplateRow | None:
    """What holds for a paper of this kind at a place: the latest version of the nearest place that has its own.

    Unscoped: how an office's papers look is no secret.
    """
    enclosing = [area[:end] for end in range(2, len(area) + 1)]
    rows = PaperTemplate.objects.unscoped(OFFICIAL).filter(area__in=enclosing, kind=str(kind))
    found = max(rows, key=lambda row: (len(row.area), row.version), default=None)
    return _row(found) if found else None


def templates(scope: Scope, area: str) -> dict[rules.PaperKind, TemplateRow]:
    """What a place in sight decided itself, the latest version of each kind. One query."""
    rows = PaperTemplate.objects.within(scope).filter(area=area).order_by("version")
    return {rules.PaperKind(row.kind): _row(row) for row in rows}


def template_versions(
    scope: Scope, area: str, kind: rules.PaperKind, *, limit: int = 20
) -> list[TemplateRow]:
    """The versions of a place in sight, newest first."""
    rows = PaperTemplate.objects.within(scope).filter(area=area, kind=str(kind))
    return [_row(row) for row in rows.order_by("-version")[:limit]]


def last_version(area: str, kind: rules.PaperKind) -> int:
    """The number of the latest version, 0 without one. Unscoped: a count."""
    rows = PaperTemplate.objects.unscoped(OFFICIAL).filter(area=area, kind=str(kind))
    return rows.order_by("-version").values_list("version", flat=True).first() or 0


def logos(scope: Scope, area: str) -> list[LogoRow]:
    """The pictures of a place in sight, newest first."""
    rows = Logo.objects.within(scope).filter(area=area).order_by("-at").defer("raw")[:10]
    return [LogoRow(row.sha256, row.media, row.width, row.height, row.by_name, row.at) for row in rows]


def logo_bytes(digest: str) -> bytes | None:
    """The picture of this digest. Unscoped: who knows the digest has seen the paper."""
    held = Logo.objects.unscoped(OFFICIAL).filter(sha256=digest).first() if digest else None
    return bytes(held.raw) if held else None


def _row(held: PaperTemplate) -> TemplateRow:
    wording = rules.Wording(held.title, tuple(held.body.splitlines())) if held.title else None
    style = rules.Style(held.office, held.seal_line, held.red_head, held.logo)
    return TemplateRow(
        *(held.id, held.area, rules.PaperKind(held.kind), held.version, wording, style),
        *(held.reason, held.by_name, held.at),
    )
