"""The daily report as a page shows it: the office's lines, yesterday beside today, corrections marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext

from shouwang.desk.packwords import language
from shouwang.desk.policy import pack_here
from shouwang.kernel.areas import VILLAGE_DIGITS, town_of
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.oversight.queries import closed_report, daily_report, report_of
from shouwang.oversight.rules import Figure, Report
from shouwang.places.queries import children, place_by_path
from shouwang.places.rules import village_name

INNER = ("found-", "done-late")
"""Figures that are a part of the one above them and stand indented."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the form. `old`: what the revision before said; `now`: what is known by now, if other."""

    figure: Figure
    title: str
    definition: str
    of: str
    before: int | date | None
    old: int | date | None = None
    now: int | date | None = None
    is_corrected: bool = False
    is_outdated: bool = False

    @property
    def is_inner(self) -> bool:
        """Whether the line is a part of the one above it."""
        return self.figure.code.startswith(INNER)


@dataclass(frozen=True, slots=True)
class Form:
    """The report of a day with everything beside it."""

    report: Report
    lines: tuple[Line, ...]
    revisions: tuple[Report, ...]
    """All that were closed, the last one first."""

    @property
    def is_latest(self) -> bool:
        """Whether this is the form that stands now."""
        return not self.revisions or self.report.revision == self.revisions[0].revision

    @property
    def outdated(self) -> int:
        """How many figures would be others if the day were closed once more."""
        return sum(line.is_outdated for line in self.lines)

    @property
    def corrected(self) -> int:
        """How many figures this revision corrected."""
        return sum(line.is_corrected for line in self.lines)


def default_area(scope: Scope, at: datetime) -> str:
    """Whose report is opened first: the place in sight that a pack is in force at, or the one inside it."""
    area = scope.areas[0]
    try:
        row, _ = pack_here(scope, at)
    except Refused:
        return area
    return row.area if row.area.startswith(area) else area


def places_to_choose(scope: Scope, area: str) -> list[tuple[str, str]]:
    """Other places whose report may be opened: the ones in sight around this one, and those inside it."""
    found: dict[str, str] = {}
    for path in [*scope.areas, town_of(area), area]:
        place = place_by_path(scope, path)
        if place is not None:
            found[path] = village_name(place.name)
    if len(area) <= 9:
        found |= {child.path: village_name(child.name) for child in children(scope, area)}
    elif len(area) == VILLAGE_DIGITS:
        found |= {child.path: village_name(child.name) for child in children(scope, town_of(area))}
    return list(found.items())


def the_form(scope: Scope, area: str, day: date, at: datetime, *, revision: int | None = None) -> Form:
    """The form of a day as it stands, or one named revision of it. Refuses `place-not-found`,
    `report-revision-not-found`."""
    revisions = _revisions(scope, area, day)
    shown = report_of(scope, area, day, at)
    if revision is not None:
        named = next((one for one in revisions if one.revision == revision), None)
        if named is None:
            raise Refused("report-revision-not-found")
        shown = named
    before = report_of(scope, area, day - timedelta(days=1), at)
    older = next((one for one in revisions if one.revision == shown.revision - 1), None)
    is_last = bool(revisions) and shown.revision == revisions[0].revision
    live = daily_report(scope, area, day, at) if is_last else None
    titles = figure_titles(scope, area, at)
    told = {figure.code: figure_title(figure, titles) for figure in shown.figures}
    lines = tuple(_line(figure, told, before, older, live) for figure in shown.figures)
    return Form(shown, lines, revisions)


def figure_titles(scope: Scope, area: str, at: datetime) -> dict[str, str]:
    """Titles of the figures that count a ledger of the pack, in the language of the page."""
    try:
        _, pack = pack_here(scope, at, area)
    except Refused:
        return {}
    return {f"found-{book.code}": book.title.text(language()) for book in pack.ledgers}


def figure_title(figure: Figure, titles: dict[str, str]) -> str:
    """A figure's title in the language of the page."""
    return titles.get(figure.code) or gettext(figure.title)


def _revisions(scope: Scope, area: str, day: date) -> tuple[Report, ...]:
    last = closed_report(scope, area, day)
    if last is None:
        return ()
    older = [closed_report(scope, area, day, number) for number in range(last.revision - 1, 0, -1)]
    return (last, *(one for one in older if one is not None))


def _line(
    figure: Figure, titles: dict[str, str], before: Report, older: Report | None, live: Report | None
) -> Line:
    old = older.value(figure.code) if older else None
    now = live.value(figure.code) if live else None
    return Line(
        figure,
        titles[figure.code],
        gettext(figure.definition),
        titles.get(figure.of, ""),
        before.value(figure.code),
        old,
        now,
        is_corrected=older is not None and old != figure.value,
        is_outdated=live is not None and now != figure.value,
    )
