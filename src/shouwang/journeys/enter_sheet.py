"""A round's paper comes back: each line that was filled in becomes a check, all in one call.

The check's id follows from sheet and line, so the same paper keyed in twice is one fact; a line that says something
else the second time is refused and kept for somebody to look at. One wrong line never holds up the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import CheckCommand, CheckReceipt, record_checks
from shouwang.observation.queries import SheetLineRow, SheetRow, round_sheet
from shouwang.observation.rules import Typed, read_clock, read_line
from shouwang.policy.queries import pack_of


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of the lines: receipts and refusals by line number."""

    receipts: Mapping[int, CheckReceipt]
    wrong: Mapping[int, Refused]

    @property
    def recorded(self) -> int:
        """Lines that were written now."""
        return sum(receipt.status == "recorded" for receipt in self.receipts.values())

    @property
    def replayed(self) -> int:
        """Lines that were there already, the same."""
        return sum(receipt.status == "replayed" for receipt in self.receipts.values())

    @property
    def alarms(self) -> dict[int, tuple[str, ...]]:
        """Lines that raised an alarm now."""
        told = {number: receipt.alerts for number, receipt in self.receipts.items() if receipt.alerts}
        return {number: told[number] for number in told if self.receipts[number].status == "recorded"}


@transaction.atomic
def enter_sheet(
    *, sheet_id: UUID, typed: Mapping[int, Typed], scope: Scope, by: Actor, at: datetime
) -> Entered:
    """Key in a sheet's lines by their number; blank lines are left as they are. Refuses `sheet-not-found`.

    Each line's own refusal stands in `wrong`: what cannot be read (`rules.read_line`), `line-unknown`, and every
    code of `record_checks`.
    """
    sheet = round_sheet(scope, sheet_id)
    lines = {line.number: line for line in sheet.lines}
    wrong: dict[int, Refused] = {}
    commands: dict[int, CheckCommand] = {}
    for number, one in sorted(typed.items()):
        if one.is_blank:
            continue
        try:
            if number not in lines:
                raise Refused("line-unknown", line=number)
            commands[number] = _command(sheet, lines[number], one, at)
        except Refused as refused:
            wrong[number] = refused
    made = (
        record_checks(items=list(commands.values()), scope=scope, pack_of=pack_of, by=by, at=at)
        if commands
        else []
    )
    receipts = dict(zip(commands, made, strict=True))
    for number, receipt in receipts.items():
        if receipt.status in ("refused", "conflict"):
            wrong[number] = Refused(receipt.code, line=number)
    return Entered({n: r for n, r in receipts.items() if n not in wrong}, wrong)


def _command(sheet: SheetRow, line: SheetLineRow, typed: Typed, at: datetime) -> CheckCommand:
    told = read_line(typed, sheet.symptoms)
    taken = read_clock(typed.clock, sheet.day, sheet.zone)
    if taken > at:
        raise Refused("taken-in-future")
    is_done = told.outcome == "done"
    return CheckCommand(
        id=line.check_id,
        file_id=line.file_id,
        taken_at=taken,
        channel=line.channel,
        outcome=told.outcome,
        deci=told.deci,
        symptoms=told.symptoms,
        measured_by=str(sheet.worker_id) if sheet.worker_id else "",
        measured_by_name=sheet.worker_name if sheet.worker_id else "",
        seen="person" if is_done else "nobody",
        roles=line.roles if is_done else (),
        note=typed.note.strip(),
    )
