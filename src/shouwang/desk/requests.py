"""Requests for a second person in words: what was frozen, about whom, how it stands now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.queries import ApprovalRow
from shouwang.desk.dates import day_words
from shouwang.desk.packwords import alert_words, category_titles, category_words, language
from shouwang.desk.paging import uuid_or_none
from shouwang.desk.words import APPROVAL_KINDS, APPROVAL_STATES, STATES
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.queries import FileRow, files_by_ids, open_alerts
from shouwang.people.queries import PersonRow, people_by_ids
from shouwang.places.queries import spoken_names
from shouwang.policy.queries import pack_in_force


@dataclass(slots=True)
class Request:
    """One request as the page tells it. `person` only for who may see people."""

    row: ApprovalRow
    kind: str
    state: str
    person: PersonRow | None = None
    file: FileRow | None = None
    told: list[str] = field(default_factory=list)
    """What was asked for, frozen, in words."""
    now: list[str] = field(default_factory=list)
    """What is otherwise or stands in the way now."""
    is_mine: bool = False
    is_lapsed: bool = False
    may_decide: bool = False


def told(scope: Scope, rows: Sequence[ApprovalRow], *, me: str, at: datetime, today: date) -> list[Request]:
    """Each request with its frozen payload in words. A few queries, however many."""
    health = scope.only("observation.view")
    ids = [wanted for row in rows if row.subject_kind == "file" and (wanted := uuid_or_none(row.subject_id))]
    files = files_by_ids(health, ids) if health.grants else {}
    people = {p.id: p for p in people_by_ids(scope.only("person.view"), _persons(files.values()))}
    alarms = _alarms(health, set(files)) if any(row.state == "waiting" for row in rows) else {}
    requests = []
    for row in rows:
        is_lapsed = row.state == "waiting" and at >= row.expires_at
        one = Request(row, str(APPROVAL_KINDS.get(row.kind, row.kind)), _state(row, is_lapsed))
        one.is_mine, one.is_lapsed = row.asked_by == me, is_lapsed
        may = all(scope.allows(code, row.area) for code in ("approval.decide", row.permission))
        one.may_decide = may and row.state == "waiting" and not one.is_mine and not is_lapsed
        file = files.get(uuid_or_none(row.subject_id) or UUID(int=0))
        if file is not None:
            one.file, one.person = file, people.get(file.person_id)
            if row.state == "waiting":
                one.now = [*_changed(row, file), *alarms.get(file.id, [])]
        one.told = _export(scope, row) if row.subject_kind == "ledger" else _frozen(row, file, today)
        requests.append(one)
    return requests


def _persons(files: object) -> list[UUID]:
    return [file.person_id for file in files]  # type: ignore[attr-defined]


def _state(row: ApprovalRow, is_lapsed: bool) -> str:
    return gettext("lapsed") if is_lapsed else str(APPROVAL_STATES.get(row.state, row.state))


def _export(scope: Scope, row: ApprovalRow) -> list[str]:
    """The payload of an export in full: which book, which part of it."""
    asked = row.payload
    try:
        _, pack = pack_in_force(scope, row.area, row.asked_at)
        book, titles = pack.ledger(row.subject_id).title.text(language()), category_titles(pack)
    except Refused:
        book, titles = row.subject_id, {}
    village, category = str(asked.get("village") or ""), str(asked.get("category") or "")
    lines = [book, spoken_names([village]).get(village, village), titles.get(category, category)]
    if asked.get("as_of"):
        lines.append(gettext("as of {moment}").format(moment=str(asked["as_of"])[:16].replace("T", " ")))
    lines += [
        words for name, words in ((name, str(words)) for name, words in _PARTS.items()) if asked.get(name)
    ]
    return [line for line in lines if line]


_PARTS = {
    "to_verify": _("only with something to verify"),
    "watched": _("only under observation"),
    "late": _("only late"),
}


def _frozen(row: ApprovalRow, file: FileRow | None, today: date) -> list[str]:
    """The payload of an early release: from when to when it would have run, and where it is."""
    zero, last = _day(row.payload.get("day_zero")), _day(row.payload.get("last_day"))
    if zero is None or last is None:
        return [f"{name}: {value}" for name, value in sorted(row.payload.items())]
    lines = [
        gettext("observed from {zero}, planned to the end of {last}").format(
            zero=day_words(zero, weekday=False), last=day_words(last, weekday=False)
        )
    ]
    decided = row.decided_at.date() if row.decided_at else today
    lines.append(gettext("day {n} of {m}").format(n=(decided - zero).days, m=(last - zero).days))
    if file is not None:
        lines.append(category_words(file.revision_id, file.category))
    return lines


def _changed(row: ApprovalRow, file: FileRow) -> list[str]:
    """What keeps the frozen request from being carried out: the file is another than it was."""
    if file.state != "open":
        return [
            gettext("The file is no longer open: {state}.").format(state=STATES.get(file.state, file.state))
        ]
    frozen = (row.payload.get("day_zero"), row.payload.get("last_day"))
    if frozen != (file.day_zero.isoformat(), file.last_day.isoformat()):
        return [gettext("The dates of the file were changed after this was asked; it must be asked again.")]
    return []


def _alarms(health: Scope, files: set[UUID]) -> dict[UUID, list[str]]:
    open_ones: dict[UUID, list[str]] = {}
    rows = [alert for alert in open_alerts(health, limit=500) if alert.file_id in files]
    known = files_by_ids(health, [alert.file_id for alert in rows])
    for alert in rows:
        words = alert_words(known[alert.file_id].revision_id, alert.code)
        line = gettext("An alarm is still open: {alarm}.").format(alarm=words)
        open_ones.setdefault(alert.file_id, []).append(line)
    return open_ones


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
