"""The report up the tree: what each place below contributes, and what it closed itself beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.queries.counting import VIEW, Moment, counted_by_area
from shouwang.oversight.models import ClosedReport
from shouwang.oversight.queries import rounds
from shouwang.oversight.queries.closing import closing_places
from shouwang.oversight.queries.reports import closed_figures, found_by_area, is_of_books
from shouwang.oversight.rules import AWAY, SWEPT, Figure, Report, rolled_up


@dataclass(frozen=True, slots=True)
class ChildReport:
    """The report that a place below closed itself; `revision` 0: it has closed none."""

    area: str
    name: str
    revision: int = 0
    closed_at: datetime | None = None
    closed_by: str = ""
    values: Mapping[str, int | date | None] | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """One figure up the tree: `parts` by place below and `rest` sum to the figure, always."""

    figure: Figure
    parts: Mapping[str, int]
    rest: int
    differs: Mapping[str, int]
    """Places whose own closed report says another number than they contribute here: that number."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A report with the places below it."""

    report: Report
    children: tuple[ChildReport, ...]
    branches: tuple[Branch, ...]


def report_tree(scope: Scope, report: Report) -> Tree:
    """Figures by place below, from the very rows of this report; differences to what they closed are named.

    Refuses `place-not-found`.
    """
    if not scope.allows(VIEW, report.area):
        raise Refused("place-not-found", area=report.area)
    places = {place.path: place.name for place in closing_places(scope, report.area)}
    closed = _closed_below(scope, list(places), report)
    children = tuple(closed.get(path) or ChildReport(path, name) for path, name in places.items())
    named = tuple(
        ChildReport(c.area, places[c.area], c.revision, c.closed_at, c.closed_by, c.values) for c in children
    )
    leaves = _leaves(scope, report)
    paths = tuple(places)
    branches = tuple(
        _branch(figure, leaves[figure.code], paths, named)
        for figure in report.figures
        if figure.unit != "day"
    )
    return Tree(report, named, branches)


def _branch(
    figure: Figure, leaves: Mapping[str, int], paths: tuple[str, ...], children: tuple[ChildReport, ...]
) -> Branch:
    parts = rolled_up(leaves, paths)
    rest = parts.pop("")
    differs = {}
    for child in children:
        said = child.values.get(figure.code) if child.values else None
        if isinstance(said, int) and said != parts.get(child.area, 0):
            differs[child.area] = said
    return Branch(figure, parts, rest, differs)


def _leaves(scope: Scope, report: Report) -> dict[str, Mapping[str, int]]:
    """Each figure by leaf: of a closed report from its frozen rows, else counted in one statement each."""
    codes = [figure.code for figure in report.figures if figure.unit != "day"]
    moment = Moment(report.area, report.day, report.zone, report.as_of)
    again = _told_again(scope, moment, codes)
    if report.revision:
        row = ClosedReport.objects.within(scope, VIEW).get(
            area=report.area, day=report.day, revision=report.revision
        )
        held = row.content["rows"]
        frozen: dict[str, Mapping[str, int]] = {
            code: Counter(one[1] for one in held.get(code, [])) for code in codes
        }
        return frozen | again
    found = found_by_area(scope, moment)
    counted: dict[str, Mapping[str, int]] = {
        code: found.get(code, {}) if is_of_books(code) else counted_by_area(scope, code, moment)
        for code in codes
        if code not in again
    }
    return counted | again


def _told_again(scope: Scope, moment: Moment, codes: list[str]) -> dict[str, Mapping[str, int]]:
    """Figures that are not frozen with a report, since what they count is appended: as they were known then."""
    return {code: rounds.by_area(scope, code, moment) for code in codes if code.startswith((SWEPT, AWAY))}


def _closed_below(scope: Scope, paths: list[str], report: Report) -> dict[str, ChildReport]:
    """The last closed report of each place below, as of when this report was closed (or now)."""
    rows = ClosedReport.objects.within(scope, VIEW).filter(area__in=paths, day=report.day)
    if report.closed_at is not None:
        rows = rows.filter(closed_at__lte=report.closed_at)
    last = rows.order_by("area", "-revision").distinct("area")
    columns = ("area", "revision", "closed_at", "closed_by_name", "content__figures")
    return {
        area: ChildReport(area, "", revision, at, by, closed_figures(figures))
        for area, revision, at, by, figures in last.values_list(*columns)
    }
