"""The round on one A4: what a sheet holds, with names, doors and boxes to tick, and the code that opens it again."""

from __future__ import annotations

from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.conf import settings
from django.db import transaction

from shouwang.journeys.day_round import clock_of
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import note_printed
from shouwang.observation.queries import SheetLineRow, SheetRow, files_in_sight, round_sheet
from shouwang.outreach.typeset import TEMPLATES, compile_pdf, qr_svg
from shouwang.people.queries import Callee, callees, numbers_of
from shouwang.places.queries import spoken_names
from shouwang.policy.queries import pack_in_force

WEEKDAYS = "一二三四五六日"


@transaction.atomic
def sheet_pdf(
    scope: Scope,
    sheet_id: UUID,
    *,
    rights: Scope,
    purpose: str | None = None,
    by: Actor,
    at: datetime,
) -> bytes:
    """The sheet as PDF; that it was printed is recorded. `scope`: whose files are in sight.

    With a `purpose` the full telephone numbers are on it, as far as `rights` let them be revealed. Refuses
    `sheet-not-found` (also out of scope), `not-permitted`, `purpose-missing`, `font-missing`.
    """
    sheet = round_sheet(scope, sheet_id)
    if purpose is not None and not rights.holds("person.reveal"):
        raise Refused("not-permitted", permission="person.reveal")
    files = files_in_sight(scope, [line.file_id for line in sheet.lines])
    people = callees(scope, [person for person, _ in files.values()])
    numbers = numbers_of(rights, list(people)) if purpose is not None else {}
    note_printed(
        sheet_id=sheet.id, area=sheet.area, numbers=len(numbers), purpose=purpose or "", by=by, at=at
    )
    values = _values(scope, sheet, at) | {
        "homes": [
            _home(sheet, list(lines), files, people, numbers)
            for _, lines in groupby(
                sheet.lines, key=lambda line: (line.household_id or line.file_id, line.channel)
            )
        ]
    }
    return compile_pdf(TEMPLATES, "round.typ", values, at=at)


def _values(scope: Scope, sheet: SheetRow, at: datetime) -> dict[str, object]:
    try:
        pack = pack_in_force(scope, sheet.area, at)[1]
        titles = {symptom.code: symptom.title.text("zh-hans") for symptom in pack.symptoms}
        call_from = pack.round.call_from
    except Refused:
        titles, call_from = {}, ""
    walked = [line for line in sheet.lines if line.channel == "visit"]
    return {
        "code": sheet.code,
        "qr": qr_svg(f"{settings.PUBLIC_URL}/round/sheets/{sheet.id}/"),
        "place": spoken_names([sheet.area]).get(sheet.area, ""),
        "day": f"{sheet.day.month}月{sheet.day.day}日 周{WEEKDAYS[sheet.day.weekday()]}",
        "worker": sheet.worker_name,
        "households": str(sheet.told.get("households", "")),
        "people": str(len(sheet.lines)),
        "call_from": call_from,
        "leave": clock_of(walked[0].expected) if walked else "",
        "home": clock_of(int(str(sheet.told.get("home", 0)))),
        "symptoms": [f"{n} {titles.get(code, code)}" for n, code in enumerate(sheet.symptoms, 1)],
    }


def _home(
    sheet: SheetRow,
    lines: list[SheetLineRow],
    files: dict[UUID, tuple[UUID, date]],
    people: dict[UUID, Callee],
    numbers: dict[UUID, str],
) -> dict[str, object]:
    members = []
    for line in lines:
        person, zero = files.get(line.file_id, (None, None))
        members.append((line, people.get(person) if person else None, zero))
    known = [one for _, one, _ in members if one is not None]
    told = next((numbers[one.id] for one in known if one.id in numbers), "")
    masked = next((one.phone_masked for one in known if one.phone_masked), "")
    first = lines[0]
    return {
        "address": known[0].address if known else "—",
        "phone": told or masked or "—",
        "arrow": "→ " if first.channel == "visit" else "",
        "clock": clock_of(first.expected),
        "promised": f"{clock_of(first.promised[0])}–{clock_of(first.promised[1])}" if first.promised else "",
        "people": [
            {
                "number": line.number,
                "name": one.name if one else "—",
                "day": f"第{(sheet.day - zero).days}天" if zero else "",
            }
            for line, one, zero in members
        ],
    }
