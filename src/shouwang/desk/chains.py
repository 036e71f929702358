"""The chain of responsibility on pages: five levels drawn, vacancies as what they are; ladders of alarms."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shouwang.desk.packwords import alert_words, every_role_title, language
from shouwang.journeys.escalate import message_id
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.queries import (
    AlertRow,
    FilePage,
    FileRow,
    TellingRow,
    ladders,
    missed_of_files,
    tellings_of_files,
)
from shouwang.outreach.queries import Delivery, deliveries
from shouwang.places.rules import village_name
from shouwang.policy.queries import pack_of
from shouwang.workforce.queries import ChainTarget, chains_for
from shouwang.workforce.rules import Chain, Holder, Level

LEVELS: Mapping[str, str | Promise] = {
    "district": _("District"),
    "street": _("Town"),
    "village": _("Village level"),
    "grid": _("Grid"),
    "household": _("Household"),
    "owner": _("Owner of the file"),
    "desk": _("Duty desk"),
    "above": _("Above all levels"),
}
"""Levels of the chain in words."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One level as it is drawn."""

    level: str
    words: str | Promise
    title: str
    place: str
    area: str
    holders: tuple[Holder, ...]
    is_vacant: bool
    is_broken: bool
    is_beyond: bool
    """Above the place that keeps this chain, and nobody is named there."""
    answered_by: str
    answered_level: str | Promise


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chain ready to be drawn."""

    rungs: tuple[Rung, ...]
    persons: tuple[tuple[str, Holder | None], ...]
    is_broken: bool


def draw(chain: Chain, sight: Scope) -> Drawn:
    """A chain in the language of the page; only places in sight are links."""
    broken = set(chain.broken_at)
    return Drawn(
        tuple(_rung(chain, level, broken, sight) for level in chain.levels),
        tuple((one.title.text(language()), one.holder) for one in chain.persons),
        chain.is_broken,
    )


def drawn(sight: Scope, target: ChainTarget, at: datetime) -> Drawn:
    """The chain of something that the page has read in sight already, ready to be drawn. Four queries."""
    return draw(chains_for([target], at)[target], sight)


def _rung(chain: Chain, level: Level, broken: Collection[str], sight: Scope) -> Rung:
    above = chain.answering(level) if level.is_vacant else None
    desk = chain.desk_for(level) if level.is_vacant and above is None else None
    answered_by = above.holders[0].name if above else (desk.name if desk else "")
    return Rung(
        level=level.level,
        words=LEVELS[level.level],
        title=level.title.text(language()),
        place=village_name(level.name),
        area=level.area if level.level != "household" and sight.sees(level.area) else "",
        holders=level.holders,
        is_vacant=level.is_vacant,
        is_broken=level.level in broken,
        is_beyond=level.is_vacant and not level.kept,
        answered_by=answered_by,
        answered_level=LEVELS[above.level] if above else (LEVELS["desk"] if desk else ""),
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a ladder: who was told, so many minutes after the beginning, or which level was passed over."""

    minutes: int
    at: datetime
    outcome: str
    level: str | Promise
    role: str
    name: str
    climbed: bool
    is_mine: bool
    delivery: str | Promise
    """What became of the message, in words; "" where nobody was told."""
    is_unsent: bool


@dataclass(frozen=True, slots=True)
class Ladder:
    """Who was told of an alarm, when, and who answered after how many minutes."""

    steps: tuple[Step, ...]
    answered_minutes: int | None
    reached_me: datetime | None


Sent = Mapping[UUID, Delivery]


def sent_with(rows: Iterable[TellingRow]) -> Sent:
    """What became of the messages that went with these tellings. One query."""
    return deliveries(message_id(row.id) for row in rows if row.outcome == "told")


def ladder(
    alert: AlertRow, rows: Sequence[TellingRow], sent: Sent, user: object, roles: Mapping[str, str]
) -> Ladder:
    """The ladder of an alarm as the one who looks at it sees it."""
    steps = tuple(_step(row, alert.raised_at, sent, user, roles) for row in rows)
    answered = alert.answered_at
    mine = [step.at for step in steps if step.is_mine]
    return Ladder(
        steps,
        _minutes(alert.raised_at, answered) if answered else None,
        min(mine, default=None),
    )


def with_ladders(scope: Scope, rows: list[dict[str, object]], user: object) -> list[dict[str, object]]:
    """Alarms with their ladders; those that have reached the one who looks come first. Two queries."""
    alerts = [cast(AlertRow, row["alert"]) for row in rows]
    told = ladders(scope, [alert.id for alert in alerts])
    sent = sent_with(row for of_one in told.values() for row in of_one)
    seen = [
        ladder(alert, told.get(alert.id, []), sent, user, roles_of(cast(FileRow | None, row.get("file"))))
        for alert, row in zip(alerts, rows, strict=True)
    ]
    pairs = sorted(zip(seen, rows, strict=True), key=lambda pair: pair[0].reached_me is None)
    return [row | {"ladder": one} for one, row in pairs]


@dataclass(frozen=True, slots=True)
class Told:
    """On a person's page: an alarm or a missed check of which somebody was told."""

    words: str | Promise
    began: datetime
    alert: AlertRow | None
    ladder: Ladder


def told_about(scope: Scope, pages: Sequence[FilePage], user: object) -> list[Told]:
    """Every ladder of a person's files, newest first. Two queries, a third where checks were missed."""
    rows = tellings_of_files(scope, [page.file.id for page in pages])
    about: dict[UUID, list[TellingRow]] = {}
    for row in (one for of_file in rows.values() for one in of_file):
        about.setdefault(row.about_id, []).append(row)
    sent = sent_with(row for of_one in about.values() for row in of_one)
    found = [
        Told(
            alert_words(page.file.revision_id, alert.code),
            alert.raised_at,
            alert,
            ladder(alert, mine, sent, user, roles_of(page.file)),
        )
        for page in pages
        for alert in page.alerts
        if (mine := about.get(alert.id))
    ]
    if any(row.about_kind == "missed" for of_one in about.values() for row in of_one):
        for missed in missed_of_files(scope, rows):
            steps = tuple(_step(row, missed.due_at, sent, user, {}) for row in about.get(missed.id, []))
            found.append(Told(_("Missed check"), missed.due_at, None, Ladder(steps, None, None)))
    return sorted(found, key=lambda one: one.began, reverse=True)


def _step(row: TellingRow, began: datetime, sent: Sent, user: object, roles: Mapping[str, str]) -> Step:
    went = sent.get(message_id(row.id)) if row.outcome == "told" else None
    return Step(
        minutes=_minutes(began, row.at),
        at=row.at,
        outcome=row.outcome,
        level=LEVELS.get(row.level, row.level),
        role=roles.get(row.role, ""),
        name=row.worker_name,
        climbed=row.step > 0,
        is_mine=row.outcome == "told" and row.user_id is not None and row.user_id == user,
        delivery=_delivery_words(went) if row.outcome == "told" else "",
        is_unsent=row.outcome == "told" and (went is None or went.has_no_channel or went.state == "refused"),
    )


def _delivery_words(went: Delivery | None) -> str | Promise:
    """Sent, waiting, refused; where there is no channel it says so: somebody has to ring."""
    if went is None or went.has_no_channel:
        return _("no channel: ring")
    return DELIVERED.get(went.state, went.state)


DELIVERED: Mapping[str, str | Promise] = {
    "queued": _("message waits"),
    "sending": _("message waits"),
    "sent": _("message sent"),
    "refused": _("message refused: ring"),
    "uncertain": _("unknown whether it arrived"),
    "dead": _("message given up: ring"),
}
"""States of messages beside a telling."""


def roles_of(file: FileRow | None) -> Mapping[str, str]:
    """Role code → title by the pack of a file; who is named for a level of the chain bears the level's title."""
    try:
        text = pack_of(file.revision_id) if file else None
    except Refused:
        text = None
    if text is None:
        return {}
    return every_role_title(text)


def _minutes(began: datetime, then: datetime) -> int:
    return max(int((then - began).total_seconds() // 60), 0)
