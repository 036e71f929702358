"""Proposing, approving and adopting revisions of a pack. Two persons, always."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import SYSTEM, Actor
from shouwang.kernel.days import day_start
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.packs.load import builtin_source, dump, load_pack, pack_hash
from shouwang.packs.schema import Pack
from shouwang.policy.models import PackRevision
from shouwang.policy.queries import RevisionRow, revision


@transaction.atomic
def propose_revision(*, original: bytes, area: str, reason: str, by: Actor, at: datetime) -> UUID:
    """Put a pack's text before the second person. Its content is frozen from here on.

    Refuses `pack-invalid` (with every problem named), `reason-missing`, `revision-unchanged`.
    """
    pack = load_pack(original)
    if not reason.strip():
        raise Refused("reason-missing")
    adopted = _adopted(area, pack.disease)
    if adopted is not None and adopted.content_hash == pack_hash(pack):
        raise Refused("revision-unchanged", revision=adopted.revision)
    row = _proposed(pack, original, area=area, reason=reason.strip(), by=by, at=at)
    row.save(force_insert=True)
    _tell("policy.revision.proposed", row, by, at)
    return row.id


@transaction.atomic
def approve_revision(*, revision_id: UUID, by: Actor, at: datetime) -> None:
    """Approve as the second person. Refuses `revision-not-found`, `revision-closed`, `second-person-needed`.

    Whether `by` holds `pack.approve` at the place is the caller's question (scope).
    """
    row = _locked(revision_id, PackRevision.State.PROPOSED)
    if row.proposed_by == by.id:
        raise Refused("second-person-needed")
    row.state = PackRevision.State.APPROVED
    row.approved_by, row.approved_by_name, row.approved_at = by.id, by.name, at
    row.save(update_fields=["state", "approved_by", "approved_by_name", "approved_at"])
    _tell("policy.revision.approved", row, by, at)


@transaction.atomic
def adopt_revision(
    *, revision_id: UUID, by: Actor, at: datetime, in_force_from: datetime | None = None
) -> RevisionRow:
    """Put an approved revision in force from `in_force_from` (default `at`); the one before it ends there.

    Refuses `revision-not-found`, `revision-closed` (not approved), `in-force-in-the-past`,
    `in-force-before-previous`. Final: an adopted revision is never changed, only followed.
    """
    row = _locked(revision_id, PackRevision.State.APPROVED)
    start = in_force_from or at
    if start < at:
        raise Refused("in-force-in-the-past")
    _adopt(row, start, by, at)
    _tell("policy.revision.adopted", row, by, at)
    return revision(Scope.everything(), row.id)


@transaction.atomic
def adopt_builtin(*, pack_id: str, area: str, by: Actor, at: datetime) -> RevisionRow:
    """Put a shipped pack in force at a place that has none, when it is founded.

    The product is the first person, whoever founds the place the second. It holds from the first day of the
    pack's dated values, so that earlier days can be replayed. Refuses `pack-unknown`, `pack-in-force`.
    """
    original = builtin_source(pack_id)
    pack = load_pack(original)
    if _adopted(area, pack.disease) is not None:
        raise Refused("pack-in-force", pack=pack_id)
    row = _proposed(pack, original, area=area, reason="founding", by=SYSTEM, at=at)
    row.state = PackRevision.State.APPROVED
    row.approved_by, row.approved_by_name, row.approved_at = by.id, by.name, at
    row.save(force_insert=True)
    _adopt(row, min(at, _first_instant(pack, at)), by, at)
    _tell("policy.revision.adopted", row, by, at)
    return revision(Scope.everything(), row.id)


def _proposed(
    pack: Pack, original: bytes, *, area: str, reason: str, by: Actor, at: datetime
) -> PackRevision:
    return PackRevision(
        area=area,
        pack_id=pack.id,
        revision=pack.revision,
        disease=pack.disease,
        content_hash=pack_hash(pack),
        source=dump(pack),
        original=original.decode("utf-8-sig"),
        state=PackRevision.State.PROPOSED,
        reason=reason,
        proposed_by=by.id,
        proposed_by_name=by.name,
        proposed_at=at,
    )


def _adopt(row: PackRevision, start: datetime, by: Actor, at: datetime) -> None:
    before = _adopted(row.area, row.disease)
    if before is not None:
        if before.in_force_from is None or start <= before.in_force_from:
            raise Refused("in-force-before-previous", previous=before.revision)
        before.state, before.in_force_until = PackRevision.State.RETIRED, start
        before.save(update_fields=["state", "in_force_until"])
    row.state, row.adopted_by, row.adopted_at = PackRevision.State.ADOPTED, by.id, at
    row.in_force_from = start
    row.save(update_fields=["state", "adopted_by", "adopted_at", "in_force_from"])


def _adopted(area: str, disease: str) -> PackRevision | None:
    rows = PackRevision.objects.unscoped("the revision that this one follows").select_for_update()
    return rows.filter(area=area, disease=disease, state=PackRevision.State.ADOPTED).first()


def _locked(revision_id: UUID, state: str) -> PackRevision:
    rows = PackRevision.objects.unscoped("reached through scope by the caller").select_for_update()
    row = rows.filter(id=revision_id).first()
    if row is None:
        raise Refused("revision-not-found")
    if row.state != state:
        raise Refused("revision-closed", state=row.state)
    return row


def _first_instant(pack: Pack, at: datetime) -> datetime:
    """The start of the first day on which a value of the pack holds, or `at` for a pack without values."""
    days = [day for value in pack.values for day in value.since]
    return day_start(min(days), pack.zone) if days else at


def _tell(verb: str, row: PackRevision, by: Actor, at: datetime) -> None:
    payload = {
        "pack": row.pack_id,
        "revision": row.revision,
        "hash": row.content_hash,
        "in_force_from": row.in_force_from,
    }
    append_event(verb=verb, subject=("pack-revision", row.id), area=row.area, by=by, at=at, payload=payload)
