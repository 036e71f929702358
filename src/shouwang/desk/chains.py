"""The chain of responsibility on pages: five levels drawn, vacancies as what they are; ladders of alarms."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shouwang.desk.packwords import alert_words, language
from shouwang.desk.places import spoken
from shouwang.kernel.scope import Scope
from shouwang.observation.queries import (
    AlertRow,
    FilePage,
    TellingRow,
    ladders,
    missed_of_files,
    tellings_of_files,
)
from shouwang.workforce.queries import TargetKind, chain_of
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


def draw(chain: Chain) -> Drawn:
    """A chain in the language of the page."""
    broken = set(chain.broken_at)
    return Drawn(
        tuple(_rung(chain, level, broken) for level in chain.levels),
        tuple((one.title.text(language()), one.holder) for one in chain.persons),
        chain.is_broken,
    )


def drawn(scope: Scope, kind: TargetKind, id_: UUID | str, at: datetime) -> Drawn:
    """The chain of something in sight, ready to be drawn."""
    return draw(chain_of(scope, kind, id_, at))


def _rung(chain: Chain, level: Level, broken: Collection[str]) -> Rung:
    above = chain.answering(level) if level.is_vacant else None
    desk = chain.desk_for(level) if level.is_vacant and above is None else None
    answered_by = above.holders[0].name if above else (desk.name if desk else "")
    return Rung(
        level=level.level,
        words=LEVELS[level.level],
        title=level.title.text(language()),
        place=spoken(level.name),
        area=level.area if level.level != "household" else "",
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
    name: str
    climbed: bool
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Ladder:
    """Who was told of an alarm, when, and who answered after how many minutes."""

    steps: tuple[Step, ...]
    answered_minutes: int | None
    reached_me: datetime | None


def ladder(alert: AlertRow, rows: Sequence[TellingRow], user: object) -> Ladder:
    """The ladder of an alarm as the one who looks at it sees it."""
    steps = tuple(_step(row, alert.raised_at, user) for row in rows)
    answered = alert.answered_at
    mine = [step.at for step in steps if step.is_mine]
    return Ladder(
        steps,
        _minutes(alert.raised_at, answered) if answered else None,
        min(mine, default=None),
    )


def with_ladders(scope: Scope, rows: list[dict[str, object]], user: object) -> list[dict[str, object]]:
    """Alarms with their ladders; those that have reached the one who looks come first. One query."""
    alerts = [cast(AlertRow, row["alert"]) for row in rows]
    told = ladders(scope, [alert.id for alert in alerts])
    seen = [ladder(alert, told.get(alert.id, []), user) for alert in alerts]
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
    """Every ladder of a person's files, newest first. One query, a second where checks were missed."""
    rows = tellings_of_files(scope, [page.file.id for page in pages])
    about: dict[UUID, list[TellingRow]] = {}
    for row in (one for of_file in rows.values() for one in of_file):
        about.setdefault(row.about_id, []).append(row)
    found = [
        Told(
            alert_words(page.file.revision_id, alert.code), alert.raised_at, alert, ladder(alert, mine, user)
        )
        for page in pages
        for alert in page.alerts
        if (mine := about.get(alert.id))
    ]
    if any(row.about_kind == "missed" for of_one in about.values() for row in of_one):
        for missed in missed_of_files(scope, rows):
            steps = tuple(_step(row, missed.due_at, user) for row in about.get(missed.id, []))
            found.append(Told(_("Missed check"), missed.due_at, None, Ladder(steps, None, None)))
    return sorted(found, key=lambda one: one.began, reverse=True)


def _step(row: TellingRow, began: datetime, user: object) -> Step:
    return Step(
        minutes=_minutes(began, row.at),
        at=row.at,
        outcome=row.outcome,
        level=LEVELS.get(row.level, row.level),
        name=row.worker_name,
        climbed=row.step > 0,
        is_mine=row.outcome == "told" and row.user_id is not None and row.user_id == user,
    )


def _minutes(began: datetime, then: datetime) -> int:
    return max(int((then - began).total_seconds() // 60), 0)
