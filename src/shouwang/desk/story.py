"""A person's story: every day in order, with what was measured, who came, what was decided and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from shouwang.classification.queries import DecisionRow
from shouwang.desk.dates import day_words
from shouwang.desk.gridwords import residence_reason
from shouwang.desk.labwords import OUTCOMES as OUTCOMES_OF_TESTS
from shouwang.desk.labwords import SPECIMENS, STEPS, THERMOMETERS, WITNESSES
from shouwang.desk.packwords import (
    alert_words,
    category_words,
    language,
    stage_words,
    symptom_titles,
    test_words,
)
from shouwang.desk.words import CHANNELS, EVENTS, FIELDS, OUTCOMES, why_words
from shouwang.devices.queries import ByPhone
from shouwang.observation.queries import CheckRow, DayRow, EventRow, FilePage, TestFactRow
from shouwang.packs.conditions import Vocabulary
from shouwang.packs.schema import Pack
from shouwang.people.queries import CorrectionRow, ResidenceRow
from shouwang.places.queries import spoken_names
from shouwang.policy.queries import pack_of

LATE_ENTRY = timedelta(minutes=15)
"""A check written so long after it was made says when it was written."""


@dataclass(slots=True)
class Line:
    """One thing that happened: a check, a missed check, an alarm, a decision, a move, a correction."""

    at: datetime
    kind: str
    title: str = ""
    text: str = ""
    by: str = ""
    check: CheckRow | None = None
    is_bad: bool = False
    old: str = ""
    new: str = ""
    fact: TestFactRow | None = None
    phone: ByPhone | None = None
    """Where it came from a telephone in the field."""
    late_entry: datetime | None = None
    """When it was written, where that was long after it was done."""


@dataclass(slots=True)
class StoryDay:
    """One local day."""

    day: date
    number: int | None = None
    stage: str = ""
    file_id: UUID | None = None
    lines: list[Line] = field(default_factory=list)
    signed_by: str = ""
    quorum: tuple[int, int] | None = None
    is_bad: bool = False
    can_sign: bool = False


def told_days(
    pages: Sequence[FilePage],
    decisions: Iterable[DecisionRow],
    residences: Iterable[ResidenceRow],
    corrections: Iterable[CorrectionRow],
    today: date,
    tests: Mapping[UUID, Sequence[TestFactRow]] | None = None,
    phones: Mapping[UUID, ByPhone] | None = None,
) -> list[StoryDay]:
    """The days on which something was or should have been, newest first; days ahead are not told."""
    days: dict[date, StoryDay] = {}
    for page in pages:
        pack = pack_of(page.file.revision_id)
        for row in page.days:
            if row.day <= today:
                _checks(days, page, row, pack, phones or {})
        _tested(days, (tests or {}).get(page.file.id, ()), pack, page.file.protocol)
        _happened(days, page)
    for line in [*_decided(decisions), *_moved(residences), *_corrected(corrections)]:
        _day(days, _local(line.at)).lines.append(line)
    for told in days.values():
        told.lines.sort(key=lambda line: line.at)
        told.is_bad = any(line.is_bad for line in told.lines)
    return sorted(days.values(), key=lambda told: told.day, reverse=True)


def readings(page: FilePage) -> list[tuple[str, int | None]]:
    """Temperatures in force in order, for the curve."""
    found: list[tuple[datetime, str, int | None]] = []
    for row in page.days:
        for cell in row.cells:
            for check in cell.checks:
                if check.corrected_by is None and check.deci is not None:
                    label = f"{row.day.month}/{row.day.day}"
                    found.append((check.taken_at, label, check.deci))
    return [(label, deci) for _, label, deci in sorted(found)]


def check_words(check: CheckRow, symptoms: dict[str, str]) -> str:
    """What a check says, beside its temperature."""
    if check.outcome != "done":
        return str(OUTCOMES.get(check.outcome, check.outcome))
    parts = [symptoms.get(code, code) for code in check.symptoms]
    parts.append(str(CHANNELS.get(check.channel, check.channel)))
    parts += [str(THERMOMETERS[check.thermometer])] if check.thermometer in THERMOMETERS else []
    parts += [str(WITNESSES[check.witness])] if check.witness in WITNESSES else []
    if check.photo_seen is not None:
        parts.append(gettext("photograph seen") if check.photo_seen else gettext("no photograph"))
    return "，".join(part for part in parts if part)


def check_ids(pages: Sequence[FilePage]) -> list[UUID]:
    """Every check on these pages."""
    return [check.id for page in pages for row in page.days for cell in row.cells for check in cell.checks]


def _checks(
    days: dict[date, StoryDay],
    page: FilePage,
    row: DayRow,
    pack: Pack,
    phones: Mapping[UUID, ByPhone],
) -> None:
    symptoms = symptom_titles(pack)
    told = _day(days, row.day)
    told.number, told.file_id, told.signed_by = row.day_no, page.file.id, row.signed_by
    told.stage = stage_words(pack, page.file.protocol, row.stage)
    if row.quorum_must:
        told.quorum = (row.quorum_came, row.quorum_must)
    for cell in row.cells:
        for check in cell.checks:
            told.lines.append(
                Line(
                    check.taken_at,
                    "check",
                    text=check_words(check, symptoms),
                    by=check.measured_by_name or check.recorded_by_name,
                    check=check,
                    is_bad=check.abnormal and check.corrected_by is None,
                    phone=phones.get(check.id),
                    late_entry=check.recorded_at if check.recorded_at - check.taken_at > LATE_ENTRY else None,
                )
            )
        if cell.state == "missed" and cell.deadline:
            told.lines.append(Line(cell.deadline, "missed", is_bad=True))
        elif cell.state == "due" and cell.deadline:
            told.lines.append(Line(cell.deadline, "due"))
    told.can_sign = not row.signed_by and any(cell.checks for cell in row.cells)


def _event_words(event: EventRow) -> str:
    """Why it happened; of a file counted from another day, which days it moved."""
    if event.kind != "re-anchored":
        return why_words(event.reason)
    was, now = (
        {name: date.fromisoformat(str(told[name])) for name in ("day_zero", "last_day")}
        for told in (event.before, event.after)
    )
    words = gettext("Day 0 was {was_zero}, is {zero}; the last day was {was_last}, is {last}.")
    return words.format(
        was_zero=day_words(was["day_zero"], weekday=False),
        zero=day_words(now["day_zero"], weekday=False),
        was_last=day_words(was["last_day"], weekday=False),
        last=day_words(now["last_day"], weekday=False),
    )


def _happened(days: dict[date, StoryDay], page: FilePage) -> None:
    opened = category_words(page.file.revision_id, page.file.category)
    days_ = _day(days, _local(page.file.opened_at))
    days_.lines.append(Line(page.file.opened_at, "opened", text=opened, by=page.file.opened_by_name))
    for event in page.events:
        title = str(EVENTS.get(event.kind, event.kind))
        line = Line(event.at, "event", title, _event_words(event), event.by_name)
        _day(days, _local(event.at)).lines.append(line)
    for alert in page.alerts:
        line = Line(alert.raised_at, "alert", alert_words(page.file.revision_id, alert.code), is_bad=True)
        line.text, line.by = alert.answer, alert.answered_by_name
        _day(days, _local(alert.raised_at)).lines.append(line)


def _tested(days: dict[date, StoryDay], facts: Sequence[TestFactRow], pack: Pack, protocol: str) -> None:
    """Samples and results, each on the day it happened."""
    for fact in facts:
        line = Line(fact.happened_at, "test", f"{STEPS[fact.step]} {test_words(pack, protocol, fact.kind)}")
        said = [
            OUTCOMES_OF_TESTS.get(fact.outcome, ""),
            SPECIMENS.get(fact.specimen, ""),
            fact.label,
            fact.lab,
        ]
        line.text = " ".join(str(part) for part in said if part)
        line.by, line.fact = fact.taken_by_name or fact.recorded_by_name, fact
        line.is_bad = fact.outcome == "positive" and fact.corrected_by is None
        _day(days, _local(fact.happened_at)).lines.append(line)


def _decided(decisions: Iterable[DecisionRow]) -> list[Line]:
    rows = list(decisions)
    codes = {str(r.params["origin"]) for row in rows for r in row.reasons if r.params.get("origin")}
    known = spoken_names(codes)
    told = []
    for row in rows:
        pack = pack_of(row.revision_id)
        vocabulary = Vocabulary.of(pack, place=lambda code: known.get(code, code))
        reasons = "；".join(row.told(language(), vocabulary))
        title = category_words(row.revision_id, row.category)
        told.append(Line(row.decided_at, "decision", title, reasons, f"{pack.id} {pack.revision}"))
    return told


def _moved(residences: Iterable[ResidenceRow]) -> list[Line]:
    rows = list(residences)
    known = spoken_names(row.area for row in rows)
    return [
        Line(row.recorded_at, "residence", known.get(row.area, row.area), residence_reason(row.reason))
        for row in rows
        if row.reason
    ]


def _corrected(corrections: Iterable[CorrectionRow]) -> list[Line]:
    return [
        Line(
            row.at,
            "correction",
            str(FIELDS.get(row.field, row.field)),
            row.reason,
            row.by_name,
            old=row.old,
            new=row.new,
        )
        for row in corrections
    ]


def _local(at: datetime) -> date:
    return at.astimezone(timezone.get_current_timezone()).date()


def _day(days: dict[date, StoryDay], day: date) -> StoryDay:
    return days.setdefault(day, StoryDay(day))


@dataclass(frozen=True, slots=True)
class PaperDay:
    """A row of the paper form: the day, morning and afternoon, symptoms, who signed."""

    day: date
    number: int
    morning: str
    evening: str
    symptoms: str
    signed: str


def paper_grid(page: FilePage) -> list[PaperDay]:
    """The A4 grid of the file, day 1 to the last, days ahead left empty for the pen."""
    symptoms = symptom_titles(pack_of(page.file.revision_id))
    rows = []
    for row in page.days:
        if row.day_no < 1:
            continue
        held = [
            c for cell in row.cells for c in cell.checks if c.corrected_by is None and c.outcome == "done"
        ]
        halves = {"am": "", "pm": ""}
        for check in held:
            local = check.taken_at.astimezone(timezone.get_current_timezone())
            if check.deci is not None:
                halves["am" if local.hour < 14 else "pm"] = f"{check.deci // 10}.{check.deci % 10}"
        signs = dict.fromkeys(c.measured_by_name or c.recorded_by_name for c in held)
        told = dict.fromkeys(symptoms.get(code, code) for c in held for code in c.symptoms)
        rows.append(
            PaperDay(
                row.day,
                row.day_no,
                halves["am"],
                halves["pm"],
                "、".join(told) or ("—" if held else ""),
                row.signed_by or "、".join(signs),
            )
        )
    return rows
