"""The round as its page shows it: rows, arrows, a small map; and the lines of a sheet to be keyed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import atan2, cos, degrees, hypot, isfinite, radians

from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from shouwang.desk.packwords import symptom_titles
from shouwang.journeys.day_round import DayRound, Home, Hours, clock_of, expected_at
from shouwang.kernel.days import local_time
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.queries import Keyed, SheetLineRow, SheetRow, files_in_sight, keyed_lines
from shouwang.observation.rules import Typed
from shouwang.packs.schema import Round
from shouwang.people.queries import Callee, callees
from shouwang.policy.queries import pack_in_force
from shouwang.workforce.rules import Leg, Walk

Spot = tuple[float, float]
WIDTH, HEIGHT, EDGE = 640, 360, 18
NO_HOURS: Hours = (0, 0)
"""A promise taken back."""


@dataclass(slots=True)
class Row:
    """A household on the page."""

    number: int
    home: Home
    clock: str
    hours: tuple[str, str]
    walk_minutes: int = 0
    wait_minutes: int = 0
    late_minutes: int = 0
    is_guess: bool = False

    @property
    def first(self) -> str:
        """The first file of the household, where the check begins."""
        return str(self.home.people[0][0].file_id)

    @property
    def others(self) -> str:
        return ",".join(str(duty.file_id) for duty, _ in self.home.people[1:])


def calls(told: DayRound) -> list[Row]:
    """Every household in the order it is rung."""
    return [Row(n, home, clock_of(home.ring_at), _hours(home)) for n, home in enumerate(told.calls, 1)]


def doors(told: DayRound) -> list[Row]:
    """The doors in walking order with the hour each is expected."""
    rows = []
    for n, home in enumerate(told.doors, 1):
        leg = home.leg
        if leg is not None:
            rows.append(_door(n, home, leg))
    return rows


def leaves(told: DayRound) -> int:
    """When the walk begins, seconds of the local day."""
    legs = told.walk.legs
    return legs[0].arrive - legs[0].walk if legs else 0


def gap_words(walk: Walk) -> str:
    """How good the order is, in words."""
    if not walk.legs:
        return ""
    if walk.gap_percent == 0:
        return gettext("No shorter walk exists.")
    return gettext("At most {n} % longer than the shortest walk there can be.").format(n=walk.gap_percent)


def drawing(told: DayRound) -> SafeString | str:
    """The walk as a line over the doors, numbered, north up; nothing without coordinates."""
    legs = [leg for leg in told.walk.legs if leg.point]
    if not told.has_map or not legs:
        return ""
    place = _projection([leg.point for leg in legs if leg.point])
    spots = [place(leg.point) for leg in legs if leg.point]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    marks = format_html_join(
        "",
        '<g><circle class="{}" cx="{}" cy="{}" r="8"/><text class="spot-no" x="{}" y="{}">{}</text></g>',
        (
            (
                "spot is-guess" if leg.is_guess else "spot",
                f"{x:.1f}",
                f"{y:.1f}",
                f"{x:.1f}",
                f"{y + 3.5:.1f}",
                n,
            )
            for n, (leg, (x, y)) in enumerate(zip(legs, spots, strict=True), 1)
        ),
    )
    arrows = format_html_join(
        "",
        '<path class="arrow" d="M-4,-4 L4,0 L-4,4 Z" transform="translate({} {}) rotate({})"/>',
        _arrows(spots),
    )
    return format_html(
        '<svg class="walk" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<polyline class="way" points="{}"/>{}{}</svg>',
        *(WIDTH, HEIGHT, gettext("The walk on a map, numbered in order, north up"), line, arrows, marks),
    )


@dataclass(slots=True)
class Line:
    """A line of a sheet, to be keyed in: what is printed on the paper, what was typed, what became of it."""

    number: int
    row: SheetLineRow
    person: Callee | None
    day_no: int | None
    is_first: bool
    """The first of its household."""
    typed: Typed
    keyed: Keyed | None = None
    wrong: str = ""


def sheet_lines(scope: Scope, sheet: SheetRow, typed: Mapping[int, Typed], at: datetime) -> list[Line]:
    """The lines in the order of the paper. People out of sight are dashes. Five queries."""
    files = files_in_sight(scope, [line.file_id for line in sheet.lines])
    people = callees(scope, [person for person, _ in files.values()])
    keyed = keyed_lines(scope, [line.check_id for line in sheet.lines])
    lines, last = [], None
    for row in sheet.lines:
        person_id, zero = files.get(row.file_id, (None, None))
        key = row.household_id or row.file_id
        lines.append(
            Line(
                row.number,
                row,
                people.get(person_id) if person_id else None,
                (sheet.day - zero).days if zero else None,
                key != last,
                typed.get(row.number) or Typed("", "", _usual(sheet, row, at)),
                keyed.get(row.check_id),
            )
        )
        last = key
    return lines


def symptom_keys(scope: Scope, sheet: SheetRow, at: datetime) -> list[tuple[int, str]]:
    """The numbers of the symptom boxes with their words."""
    try:
        titles = symptom_titles(pack_in_force(scope, sheet.area, at)[1])
    except Refused:
        titles = {}
    return [(n, titles.get(code, code)) for n, code in enumerate(sheet.symptoms, 1)]


def typed_lines(sent: QueryDict) -> dict[int, Typed]:
    """What was typed, by line: `t3` reading, `s3` symptoms, `c3` time, `n3` note."""
    numbers = [int(key[1:]) for key in sent if key[:1] == "t" and key[1:].isascii() and key[1:].isdigit()]
    return {
        n: Typed(sent.get(f"t{n}", ""), sent.get(f"s{n}", ""), sent.get(f"c{n}", ""), sent.get(f"n{n}", ""))
        for n in numbers
        if n < 10_000
    }


def sheet_rows(scope: Scope, sheets: Sequence[SheetRow]) -> list[tuple[SheetRow, int]]:
    """Sheets with how many of their lines were keyed in. Two queries for all."""
    keyed = keyed_lines(scope, [line.check_id for sheet in sheets for line in sheet.lines]) if sheets else {}
    return [(sheet, sum(line.check_id in keyed for line in sheet.lines)) for sheet in sheets]


def sheet_code(text: str, today: date) -> tuple[date | None, int | None]:
    """The day and number of "0201-3", the latest such day up to today; (None, None) for anything else."""
    day, _, number = text.strip().replace("－", "-").partition("-")
    if not (day.isascii() and day.isdigit() and len(day) == 4 and number.isascii() and number.isdigit()):
        return None, None
    for year in (today.year, today.year - 1):
        try:
            found = date(year, int(day[:2]), int(day[2:]))
        except ValueError:
            continue
        if found <= today + timedelta(days=1):
            return found, int(number)
    return None, None


def hours(begin: str, end: str) -> Hours:
    """Promised hours as typed; blank takes the promise back, a blank end means half an hour.

    Refuses `hours-unreadable`.
    """
    if not begin.strip():
        return NO_HOURS
    opens = seconds(begin)
    closes = seconds(end) if end.strip() else opens + 1800
    if closes < opens:
        raise Refused("hours-unreadable", value=f"{begin}–{end}")
    return opens, closes


def seconds(clock: str) -> int:
    """Seconds of the local day of "9:30". Refuses `hours-unreadable`."""
    whole, _, part = clock.strip().replace("：", ":").partition(":")
    if not (whole.isascii() and whole.isdigit() and (part or "0").isascii() and (part or "0").isdigit()):
        raise Refused("hours-unreadable", value=clock)
    told = int(whole) * 3600 + int(part or 0) * 60
    if told >= 86_400 or int(part or 0) > 59:
        raise Refused("hours-unreadable", value=clock)
    return told


def position(text: str) -> tuple[float, float]:
    """Latitude and longitude as a telephone's map shows them: "29.6012, 105.7034". Refuses `position-impossible`."""
    north, _, east = text.replace("，", ",").strip().partition(",")
    try:
        found = float(north), float(east)
    except ValueError as error:
        raise Refused("position-impossible", position=text) from error
    if not (isfinite(found[0]) and isfinite(found[1])):
        raise Refused("position-impossible", position=text)
    return found


def medicine_by(scope: Scope, at: datetime) -> str:
    """By when medicine is to be there, from the pack in force."""
    try:
        return pack_in_force(scope, scope.areas[0], at)[1].round.medicine_by if scope.areas else ""
    except Refused:
        return Round().medicine_by


def _usual(sheet: SheetRow, row: SheetLineRow, at: datetime) -> str:
    """The time a line is filled in with: as expected, or now where that is still to come."""
    told = min(expected_at(sheet, row.expected), local_time(at, sheet.zone))
    return f"{told:%H%M}" if told.date() == sheet.day else "0000"


def _door(number: int, home: Home, leg: Leg) -> Row:
    return Row(
        number,
        home,
        clock_of(leg.begin),
        _hours(home),
        walk_minutes=round(leg.walk / 60),
        wait_minutes=round((leg.begin - leg.arrive) / 60),
        late_minutes=-(-leg.late // 60),
        is_guess=leg.is_guess,
    )


def _hours(home: Home) -> tuple[str, str]:
    return (clock_of(home.promised[0]), clock_of(home.promised[1])) if home.promised else ("", "")


def _projection(points: Sequence[Spot]) -> Callable[[Spot], Spot]:
    """Degrees to the drawing's units, the same scale both ways, with a margin."""
    south, north = min(p[0] for p in points), max(p[0] for p in points)
    west, east = min(p[1] for p in points), max(p[1] for p in points)
    squeeze = cos(radians((south + north) / 2))
    wide, tall = max((east - west) * squeeze, 1e-6), max(north - south, 1e-6)
    scale = min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / tall)
    left, top = (WIDTH - wide * scale) / 2, (HEIGHT - tall * scale) / 2

    def place(point: Spot) -> Spot:
        return left + (point[1] - west) * squeeze * scale, top + (north - point[0]) * scale

    return place


def _arrows(spots: Sequence[Spot]) -> list[tuple[str, str, str]]:
    told = []
    for (x1, y1), (x2, y2) in pairwise(spots):
        if hypot(x2 - x1, y2 - y1) > 28:
            angle = degrees(atan2(y2 - y1, x2 - x1))
            told.append((f"{(x1 + x2) / 2:.1f}", f"{(y1 + y2) / 2:.1f}", f"{angle:.0f}"))
    return told
