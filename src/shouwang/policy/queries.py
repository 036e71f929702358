"""Which pack holds where and when, and what it says."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db import connection
from django.db.models import Q

from shouwang.journal.scoped import ScopedQuerySet
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.packs.load import from_canonical
from shouwang.packs.schema import Pack
from shouwang.policy.models import PackRevision


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One revision as others read it; the pack itself is `pack_of(id)`."""

    id: UUID
    area: str
    pack_id: str
    revision: str
    disease: str
    content_hash: str
    state: str
    reason: str
    proposed_by: str
    proposed_by_name: str
    proposed_at: datetime
    approved_by: str
    approved_by_name: str
    approved_at: datetime | None
    adopted_at: datetime | None
    in_force_from: datetime | None
    in_force_until: datetime | None

    @property
    def is_shipped(self) -> bool:
        """Whether it came with the product and was taken up when the place was founded: nobody proposed it."""
        return self.proposed_by == SYSTEM.id


def revision_in_force(scope: Scope, area: str, at: datetime, disease: str = "") -> RevisionRow | None:
    """The revision that holds at the place whose path is `area` at the instant `at`.

    The nearest enclosing place that adopted one decides. Without `disease`, of several the one whose disease
    was taken up first. None where nothing holds, or where the scope has no business.
    """
    rows = revisions_in_force(scope, area, at)
    return next((row for row in rows if not disease or row.disease == disease), None)


def revisions_in_force(scope: Scope, area: str, at: datetime) -> list[RevisionRow]:
    """One revision for each disease, the disease taken up first coming first."""
    if not _in_sight(scope, area):
        return []
    enclosing = [area[:end] for end in range(len(area) + 1)]
    nearest: dict[str, RevisionRow] = {}
    with (
        connection.cursor() as cursor
    ):  # asked with every batch of a phone: as text, without building a query first
        cursor.execute(_IN_FORCE, {"areas": enclosing, "at": at})
        for row in cursor.fetchall():
            found = RevisionRow(*row)
            held = nearest.get(found.disease)
            if held is None or (len(found.area), _since(found)) > (len(held.area), _since(held)):
                nearest[found.disease] = found
    if len(nearest) <= 1:
        return list(nearest.values())
    first = _taken_up(enclosing)
    return sorted(nearest.values(), key=lambda row: first[row.disease])


def _since(row: RevisionRow) -> datetime:
    assert row.in_force_from is not None, "it is in force"
    return row.in_force_from


_IN_FORCE = f"""
select {", ".join(field.name for field in fields(RevisionRow))} from policy_packrevision
where area = any(%(areas)s) and state in ('adopted', 'retired') and in_force_from <= %(at)s
    and (in_force_until is null or in_force_until > %(at)s)
"""  # noqa: S608 - of this room's own text


def adopted_in_force(at: datetime) -> list[RevisionRow]:
    """Every revision in force anywhere, the disease taken up first coming first: for set-based work over many places.

    Unscoped: rules are public; nothing about anybody is in them.
    """
    rows = (
        PackRevision.objects.unscoped("rules are public")
        .filter(Q(in_force_until__isnull=True) | Q(in_force_until__gt=at))
        .filter(state__in=["adopted", "retired"], in_force_from__lte=at)
        .order_by("adopted_at", "id")
        .defer("source", "original")
    )
    return [_row(row) for row in rows]


def pack_in_force(scope: Scope, area: str, at: datetime) -> tuple[RevisionRow, Pack]:
    """The revision in force and its pack. Refuses `no-pack-in-force`."""
    row = revision_in_force(scope, area, at)
    if row is None:
        raise Refused("no-pack-in-force", area=area)
    return row, pack_of(row.id)


def pack_if_any(scope: Scope, area: str, at: datetime) -> Pack | None:
    """The pack in force at a place; None where none is."""
    row = revision_in_force(scope, area, at)
    return pack_of(row.id) if row else None


@lru_cache(maxsize=64)
def pack_of(revision_id: UUID) -> Pack:
    """The pack of a revision, for replaying decisions. No scope: rules are public, and the id was in scope.

    Content never changes, so it is kept in memory. Refuses `revision-not-found`.
    """
    rows = PackRevision.objects.unscoped("packs are public rules; the id came from a decision in scope")
    source = rows.filter(id=revision_id).values_list("source", flat=True).first()
    if source is None:
        raise Refused("revision-not-found")
    return from_canonical(source)


def revisions(scope: Scope, *, state: str | None = None, limit: int = 100) -> list[RevisionRow]:
    """Revisions of the places in sight and of those around them, newest proposal first."""
    rows = _readable(scope).defer("source", "original")
    if state:
        rows = rows.filter(state=state)
    return [_row(row) for row in rows.order_by("-proposed_at", "-id")[:limit]]


def revision(scope: Scope, revision_id: UUID) -> RevisionRow:
    """One revision. Refuses `revision-not-found`, also when it is out of sight."""
    return _row(_one(scope, revision_id))


def original_text(scope: Scope, revision_id: UUID) -> str:
    """The text that was handed in, as it was. Refuses `revision-not-found`."""
    return _one(scope, revision_id).original


def _one(scope: Scope, revision_id: UUID) -> PackRevision:
    row = _readable(scope).filter(id=revision_id).first()
    if row is None:
        raise Refused("revision-not-found")
    return row


def _readable(scope: Scope) -> ScopedQuerySet[PackRevision]:
    """Rules bind everyone inside a place, so whoever sees a part of it may read them."""
    around = {area[:end] for area in scope.areas for end in range(len(area) + 1)}
    inside = PackRevision.objects.within(scope)
    return inside | PackRevision.objects.unscoped("rules of an enclosing place").filter(area__in=around)


def _in_sight(scope: Scope, area: str) -> bool:
    return scope.sees(area) or any(seen.startswith(area) for seen in scope.areas)


def _taken_up(areas: list[str]) -> dict[str, tuple[datetime, str]]:
    """When each disease was first taken up around here."""
    rows = PackRevision.objects.unscoped("dates only").filter(area__in=areas, adopted_at__isnull=False)
    first: dict[str, tuple[datetime, str]] = {}
    for disease, adopted, key in rows.values_list("disease", "adopted_at", "id"):
        if adopted is not None:
            first[disease] = min(first.get(disease, (adopted, str(key))), (adopted, str(key)))
    return first


def _row(row: PackRevision) -> RevisionRow:
    return RevisionRow(
        id=row.id,
        area=row.area,
        pack_id=row.pack_id,
        revision=row.revision,
        disease=row.disease,
        content_hash=row.content_hash,
        state=row.state,
        reason=row.reason,
        proposed_by=row.proposed_by,
        proposed_by_name=row.proposed_by_name,
        proposed_at=row.proposed_at,
        approved_by=row.approved_by,
        approved_by_name=row.approved_by_name,
        approved_at=row.approved_at,
        adopted_at=row.adopted_at,
        in_force_from=row.in_force_from,
        in_force_until=row.in_force_until,
    )
