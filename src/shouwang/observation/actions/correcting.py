"""Correcting and signing. What was written stays: a correction is a new check that names the old."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.days import local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions.commands import CheckCommand, CheckReceipt, FileState, PackOf
from shouwang.observation.actions.held import hold_file, schedule_of
from shouwang.observation.actions.judging import Judge, books_for
from shouwang.observation.actions.recording import PERMISSION, people_facts, recorded, replayed
from shouwang.observation.actions.storing import files_for_update, store_checks, stored_checks
from shouwang.observation.actions.vouching import Teams
from shouwang.observation.models import Countersign, DailyCheck, DaySignature, ObservationFile
from shouwang.observation.queries.standing import latest_done
from shouwang.observation.rules import next_due, slot_no


@transaction.atomic
def correct_check(
    *, check_id: UUID, item: CheckCommand, reason: str, scope: Scope, pack_of: PackOf, by: Actor, at: datetime
) -> CheckReceipt:
    """Put `item` in the place of the check `check_id`; both stay to be read, the old one struck through.

    It keeps the slot where it stood, unless it was taken at another time. What is due next is worked out
    anew. An alert the old one raised stays until somebody answers it. Refuses `reason-missing`, `check-
    not-found`, `check-corrected-already`, and the codes of `record_checks`.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    old = DailyCheck.objects.within(scope, PERMISSION).filter(id=check_id).first()
    if old is None:
        raise Refused("check-not-found")
    command = replace(item, file_id=old.file_id, reason=reason.strip())
    files = files_for_update([old.file_id])
    there = stored_checks([command.id])
    if command.id in there:
        return _again(command, there[command.id].digest, replayed(command.id, there[command.id]))
    if DailyCheck.objects.unscoped("of a check in scope").filter(corrects_id=check_id).exists():
        raise Refused("check-corrected-already")
    books = books_for(files.values(), pack_of)
    judge = Judge(
        files,
        people_facts(files, books),
        books,
        signed=(),
        areas=scope.areas_for(PERMISSION),
        at=at,
        teams=Teams(files, [command]),
    )
    stood = old.slot_no if command.taken_at == old.taken_at and command.slot is None else None
    judged = judge.judge(command, command.digest(), stood)
    if isinstance(judged, str):
        raise Refused(judged, check=str(command.id))
    store_checks([replace(judged, moves=False)], by=by, at=at, corrects=check_id)
    due_at = _refresh(files[old.file_id])
    append_event(
        verb="observation.check.corrected",
        subject=("file", old.file_id),
        area=old.area,
        by=by,
        at=at,
        payload={"check": command.id, "corrects": check_id, "digest": judged.digest},
    )
    return recorded(judged, due_at)


def _again(command: CheckCommand, digest: str, receipt: CheckReceipt) -> CheckReceipt:
    if command.digest() != digest:
        raise Refused("id-conflict", check=str(command.id))
    return receipt


def _refresh(file: FileState) -> datetime | None:
    """Work out from the checks in force what is kept on the file."""
    last = latest_done(file.id)
    kept = ObservationFile.objects.unscoped("locked by the action").filter(id=file.id)
    if last is None:
        kept.update(last_slot=None, last_check_at=None, last_deci=None, last_abnormal=None)
        kept.update(last_channel="", last_outcome="")
    else:
        kept.update(
            last_slot=last.slot_no,
            last_check_at=last.taken_at,
            last_deci=last.deci,
            last_abnormal=last.abnormal,
            last_channel=last.channel,
            last_outcome="done",
        )
    if file.state != ObservationFile.State.OPEN:
        return None
    due = next_due(file.schedule, last.slot_no if last else None)
    kept.update(next_slot=due.slot, next_due_at=due.at, stage=due.stage, next_channel=due.channel)
    return due.at


@transaction.atomic
def sign_day(*, file_id: UUID, day: date, scope: Scope, by: Actor, at: datetime) -> None:
    """Sign a local day of a file by name: from now on that day is only corrected, with a reason.

    Refuses `day-in-future`, `day-without-check`, `day-signed`.
    """
    row = hold_file(scope, PERMISSION, file_id, must_be_open=False)
    if day > local_day(at, row.zone):
        raise Refused("day-in-future", day=day.isoformat())
    standing = DailyCheck.objects.unscoped("of a file in scope").filter(
        file_id=file_id, slot_no__gte=slot_no(day, 0), slot_no__lte=slot_no(day, 31)
    )
    checks = list(standing.order_by("taken_at", "id").values_list("id", flat=True))
    if not checks:
        raise Refused("day-without-check", day=day.isoformat())
    signed = DaySignature.objects.unscoped("of a file in scope").filter(file_id=file_id, day=day)
    if signed.exists():
        raise Refused("day-signed", day=day.isoformat())
    number = schedule_of(row).day_no(day)
    DaySignature.objects.create(
        file_id=file_id,
        area=row.area,
        day=day,
        day_no=number,
        checks=checks,
        by_id=by.id,
        by_name=by.name,
        at=at,
    )
    row.signed_to = max(day, row.signed_to or day)
    row.save(update_fields=["signed_to"])
    append_event(
        verb="observation.day.signed",
        subject=("file", file_id),
        area=row.area,
        by=by,
        at=at,
        payload={"day": day, "checks": checks},
    )


@transaction.atomic
def countersign_check(*, check_id: UUID, scope: Scope, by: Actor, at: datetime) -> None:
    """Sign somebody else's check. Refuses `check-not-found`, `not-permitted`, `own-check`, `check-signed`."""
    row = DailyCheck.objects.within(scope).filter(id=check_id).first()
    if row is None:
        raise Refused("check-not-found")
    if not scope.allows("observation.countersign", row.area):
        raise Refused("not-permitted", permission="observation.countersign")
    if by.id in (row.recorded_by, row.measured_by):
        raise Refused("own-check")
    signed, new = Countersign.objects.unscoped("of a check in scope").get_or_create(
        check_row_id=check_id,
        defaults={"area": row.area, "by_id": by.id, "by_name": by.name, "at": at},
    )
    if not new:
        raise Refused("check-signed", by=signed.by_name)
    append_event(
        verb="observation.check.countersigned",
        subject=("file", row.file_id),
        area=row.area,
        by=by,
        at=at,
        payload={"check": check_id},
    )
