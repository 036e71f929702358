"""Papers as PDF: the paper form of one person (一人一档), and any paper that was issued, exactly as issued."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from shouwang.journeys.paper_content import (
    ISSUE,
    SEXES,
    Told,
    category_title,
    file_for_paper,
    issue,
    team_of,
    told_of,
)
from shouwang.kernel.actor import Actor
from shouwang.kernel.days import local_day, local_time
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.queries import CheckRow, DayRow
from shouwang.outreach.actions import print_paper
from shouwang.outreach.queries import paper
from shouwang.outreach.rules import FileContent, FileDay, Member, ReadingLine, chinese_day
from shouwang.screening.queries import TripRow, trips_of
from shouwang.workforce.queries import workers_by_ids

EVERYTHING = Scope.everything()
NOON = 12
NOT_DONE = {"not-home": "不在家", "refused": "拒测", "unreachable": "联系不上"}
STATES = {
    "released": "解除",
    "released-early": "提前解除",
    "transferred": "转出",
    "moved": "迁出",
    "cancelled": "撤销",
    "died": "死亡",
}


@transaction.atomic
def print_file(scope: Scope, file_id: UUID, *, by: Actor, at: datetime) -> bytes:
    """The person's file as the A4 grid of the paper form, as it stands at `at`. PDF.

    Each print is a paper with its own serial, so that what was handed out can be proved. Refuses
    `file-not-found` (also out of scope), `not-permitted`, `font-missing`.
    """
    file_for_paper(scope, file_id, ISSUE)
    told = told_of(file_id, at)
    return paper_pdf(scope, issue(person_file(told), told, by=by, at=at), by=by, at=at)


def paper_pdf(scope: Scope, paper_id: UUID, *, by: Actor, at: datetime) -> bytes:
    """A paper as it was issued, as PDF; that it was printed is recorded.

    Refuses `paper-not-found` (also out of scope), `not-permitted`, `paper-altered`, `font-missing`.
    """
    held = paper(scope, paper_id)
    if not scope.allows(ISSUE, held.area):
        raise Refused("not-permitted", permission=ISSUE)
    return print_paper(scope=scope, paper_id=paper_id, public_url=settings.PUBLIC_URL, by=by, at=at)


def person_file(told: Told) -> FileContent:
    """一人一档: everything of a file that the paper form has a field for."""
    file, who = told.file, told.person
    trip = _trip(told)
    return FileContent(
        office=told.office,
        name=who.name,
        start=min(told.start, file.last_day),
        last=file.last_day,
        days=tuple(_days(told)),
        sex=SEXES.get(who.sex, ""),
        age=_age(who.birth_date, told.start),
        id_number=told.id_number,
        telephone=told.telephone,
        address=told.address,
        household_head=who.head_name,
        category=category_title(told),
        origin=trip.origin_text if trip else "",
        returned_on=trip.returned_on if trip else None,
        came_by=trip.transport if trip else "",
        place=told.place,
        team=tuple(_members(told)),
        state=_state(told),
    )


def _trip(told: Told) -> TripRow | None:
    """The journey that holds: the newest return that is told and not corrected."""
    told_trips = [t for t in trips_of(EVERYTHING, told.person.id) if t.superseded_at is None]
    return max(told_trips, key=lambda t: t.returned_on or date.min, default=None)


def _members(told: Told) -> Iterable[Member]:
    """Every role of the household's team, vacant ones too; where there is none, whoever owns the file."""
    team = team_of(told.file)
    if not team:
        owner = told.file.owner_id
        for worker in workers_by_ids(EVERYTHING, [owner] if owner else []).values():
            yield Member(role="责任人", name=worker.name, telephone=worker.telephone)
        return
    filled = {member.role: member.worker for member in team}
    for role in told.pack.role_set(team[0].role_set).roles:
        title = role.title.text("zh-hans")
        one = filled.get(role.code)
        yield Member(role=title, name=one.name if one else "", telephone=one.telephone if one else "")


def _days(told: Told) -> Iterable[FileDay]:
    """The days of the grid: those watched, and any other with a check."""
    for row in told.page.days:
        checks = [check for cell in row.cells for check in cell.checks]
        if row.day < told.start and not checks:
            continue
        yield _day(told, row, sorted(checks, key=lambda check: (check.taken_at, check.recorded_at)))


def _day(told: Told, row: DayRow, checks: list[CheckRow]) -> FileDay:
    morning: list[ReadingLine] = []
    evening: list[ReadingLine] = []
    for check in checks:
        clock = local_time(check.taken_at, told.file.zone)
        (morning if clock.hour < NOON else evening).append(_line(told, check, f"{clock:%H:%M}"))
    return FileDay(
        number=row.day_no,
        day=row.day,
        morning=tuple(morning),
        evening=tuple(evening),
        signed_by=row.signed_by,
    )


def _line(told: Told, check: CheckRow, clock: str) -> ReadingLine:
    names = {symptom.code: symptom.title.text("zh-hans") for symptom in told.pack.symptoms}
    if check.outcome != "done":
        reading = NOT_DONE.get(check.outcome, check.outcome)
    else:
        reading = "未测" if check.deci is None else f"{check.deci / 10:.1f}"
    measured = "本人" if check.measured_by == "self" else check.measured_by_name or check.recorded_by_name
    remarks = [check.note, f"更正：{check.correct_reason}" if check.correct_reason else ""]
    return ReadingLine(
        clock=clock,
        temperature=reading,
        symptoms="、".join(names.get(code, code) for code in check.symptoms),
        measured_by=measured,
        seen_by=check.countersigned_by,
        is_alarm=check.abnormal,
        struck=check.corrected_by is not None,
        remark="；".join(remark for remark in remarks if remark),
    )


def _state(told: Told) -> str:
    file = told.file
    if file.actual_ended_at is None:
        return "观察中"
    return f"{chinese_day(local_day(file.actual_ended_at, file.zone))}{STATES.get(file.state, file.state)}"


def _age(born: date | None, on: date) -> str:
    if born is None:
        return ""
    return f"{on.year - born.year - ((on.month, on.day) < (born.month, born.day))}岁"
