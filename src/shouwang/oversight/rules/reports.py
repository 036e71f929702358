"""日报 The figures of the daily report: what each counts, of whom, in what unit, as data.

The form is 统计日报表 (FORMS.md); `found`, `reached`, `late`, `refused` and `lost` stand beside what was
done, because completion alone hid that most cases were never contacts (LESSONS 22).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from shouwang.kernel.canon import content_hash
from shouwang.kernel.days import day_end, day_start

Unit = Literal["person", "check", "day", "door"]
SWEPT = "sweep-"
"""Figures of the round under way at the place; without a round the report does not have them."""
AWAY = "away-"
"""Figures of the workers away; without a list of them the report does not have them."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure: its code, title and definition (English msgids), unit and denominator."""

    code: str
    title: str
    definition: str
    unit: Unit
    of: str = ""
    """Code of the figure that is its denominator."""


FIGURES: tuple[Definition, ...] = (
    Definition(
        "found",
        "Found",
        "People in any ledger of the pack in force, still observed or not; unknown dates count as found.",
        "person",
    ),
    Definition(
        "reached",
        "Reached",
        "People of the ledgers who were seen in at least one check up to now.",
        "person",
        of="found",
    ),
    Definition(
        "first-observed-on",
        "First day of observation",
        "The local day on which the first observation file was opened here.",
        "day",
    ),
    Definition(
        "cumulative",
        "Ever under observation",
        "People with at least one observation file opened up to now, each counted once.",
        "person",
    ),
    Definition(
        "new",
        "New today",
        "People whose first observation file was opened on this local day.",
        "person",
        of="cumulative",
    ),
    Definition(
        "under-observation",
        "Under observation",
        "People with an open observation file.",
        "person",
        of="cumulative",
    ),
    Definition(
        "released",
        "Released today",
        "People released on this local day, on time or early, without another open file.",
        "person",
        of="cumulative",
    ),
    Definition(
        "released-total",
        "Released in all",
        "People released up to now, on time or early, without another open file.",
        "person",
        of="cumulative",
    ),
    Definition(
        "left-otherwise",
        "Left otherwise today",
        "People whose file ended on this local day by transfer, move, cancellation or death.",
        "person",
        of="cumulative",
    ),
    Definition(
        "left-otherwise-total",
        "Left otherwise in all",
        "People whose file ended up to now by transfer, move, cancellation or death.",
        "person",
        of="cumulative",
    ),
    Definition(
        "abnormal",
        "Abnormal, new today",
        "People whose first abnormal check (fever line or symptom) was taken on this local day.",
        "person",
        of="cumulative",
    ),
    Definition(
        "abnormal-total",
        "Abnormal in all",
        "People with at least one abnormal check up to now; corrected checks do not count.",
        "person",
        of="cumulative",
    ),
    Definition(
        "due", "Checks due today", "Checks the protocols ask for on this local day, of open files.", "check"
    ),
    Definition("done", "Checks done", "Checks due on this day with the person seen.", "check", of="due"),
    Definition(
        "done-late",
        "of these after the deadline",
        "Checks done, but taken after their deadline.",
        "check",
        of="done",
    ),
    Definition(
        "late", "Checks late", "Checks due on this day, deadline over, person not seen.", "check", of="due"
    ),
    Definition(
        "to-come", "Checks still to come", "Checks due on this day, deadline not over.", "check", of="due"
    ),
    Definition(
        "refused",
        "Refused today",
        "People whose last attempt of this day was refused.",
        "person",
        of="under-observation",
    ),
    Definition(
        "not-home",
        "Not at home today",
        "People whose last attempt of this day found nobody at home.",
        "person",
        of="under-observation",
    ),
    Definition(
        "lost",
        "Lost today",
        "People whose last attempt of this day could not reach them.",
        "person",
        of="under-observation",
    ),
    Definition(
        "last-release-on",
        "Last expected release",
        "The latest last day, planned or ordered, of all open files.",
        "day",
    ),
    Definition(
        "away-listed",
        "Workers away, listed",
        "Workers of this place who are on the list of those away.",
        "person",
    ),
    Definition(
        "away-deferred",
        "Stayed away for now",
        "Workers away who said that they put off coming home.",
        "person",
        of="away-listed",
    ),
    Definition(
        "away-returning",
        "Coming home",
        "Workers away who named a day of return that has not come.",
        "person",
        of="away-listed",
    ),
    Definition(
        "away-undecided", "Undecided", "Workers away who have not decided.", "person", of="away-listed"
    ),
    Definition(
        "away-not-asked", "Not asked yet", "Workers away whom nobody has reached.", "person", of="away-listed"
    ),
    Definition(
        "sweep-doors", "Doors of the round", "Doors on the list of the round under way, each once.", "door"
    ),
    Definition(
        "sweep-doors-done",
        "Doors done",
        "Doors whose last visit ended as met, vacant or moved.",
        "door",
        of="sweep-doors",
    ),
    Definition(
        "sweep-doors-not-home",
        "Doors with nobody at home",
        "Doors whose last visit found nobody at home.",
        "door",
        of="sweep-doors",
    ),
    Definition(
        "sweep-doors-refused",
        "Doors that refused",
        "Doors whose last visit was refused.",
        "door",
        of="sweep-doors",
    ),
    Definition(
        "sweep-doors-cannot-locate",
        "Doors not found",
        "Doors of the list that nobody could locate.",
        "door",
        of="sweep-doors",
    ),
    Definition(
        "sweep-doors-unvisited",
        "Doors nobody has been to",
        "Doors of the round without any visit.",
        "door",
        of="sweep-doors",
    ),
    Definition(
        "sweep-people",
        "People accounted for in the round",
        "Different people met at the doors of the round, at least so many.",
        "person",
    ),
    Definition(
        "sweep-found",
        "People found on no register",
        "People met at the doors of the round whom nobody knew before.",
        "person",
        of="sweep-people",
    ),
)
"""The report, in its order. One figure a ledger (`found-<ledger>`) follows `found`."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of one report. `value` is a number or a day; `denominator` the number it is a share of."""

    code: str
    title: str
    definition: str
    unit: Unit
    value: int | date | None
    of: str = ""
    denominator: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """日报: all figures of a place on a local day, as facts were known at `as_of`.

    `revision` is 0 while the day is not closed; `closed_by` is 填表人.
    """

    area: str
    day: date
    zone: str
    as_of: datetime
    figures: tuple[Figure, ...]
    revision: int = 0
    closed_by: str = ""
    closed_at: datetime | None = None
    reason: str = ""
    hash: str = ""

    def value(self, code: str) -> int | date | None:
        """The value of one figure; None where there is none."""
        return next((figure.value for figure in self.figures if figure.code == code), None)


def with_denominators(figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Each figure with the value of the figure that it is a share of."""
    from dataclasses import replace

    values = {figure.code: figure.value for figure in figures}
    return tuple(
        replace(figure, denominator=held if isinstance(held := values.get(figure.of), int) else None)
        for figure in figures
    )


def changed_figures(old: Report, new: Report) -> dict[str, tuple[int | date | None, int | date | None]]:
    """What a revision changed: figure → (before, now). A figure that only one of them has is a change too."""
    codes = dict.fromkeys(figure.code for report in (old, new) for figure in report.figures)
    pairs = {code: (old.value(code), new.value(code)) for code in codes}
    return {code: pair for code, pair in pairs.items() if pair[0] != pair[1]}


def report_instant(day: date, zone: str, at: datetime) -> datetime:
    """Whose knowledge the report of `day` made at `at` holds: that of the day's last instant, or of now."""
    return min(at, day_end(day, zone) - timedelta(microseconds=1))


def has_begun(day: date, zone: str, at: datetime) -> bool:
    """Whether the local day has begun."""
    return at >= day_start(day, zone)


def frozen(report: Report) -> dict[str, Any]:
    """The content that a closed report keeps: plain JSON values, without who closed it."""
    return {
        "area": report.area,
        "day": report.day.isoformat(),
        "zone": report.zone,
        "as_of": report.as_of.isoformat(),
        "figures": [_plain(figure) for figure in report.figures],
    }


def frozen_hash(content: Mapping[str, Any]) -> str:
    """The hash of a frozen report's figures (the instant it was made is not part of it)."""
    return content_hash({key: content[key] for key in ("area", "day", "zone", "figures")})


def thawed(content: Mapping[str, Any]) -> Report:
    """The report of a frozen content."""
    figures = tuple(
        Figure(**{**raw, "value": thawed_value(raw["unit"], raw["value"])}) for raw in content["figures"]
    )
    return Report(
        content["area"],
        date.fromisoformat(content["day"]),
        content["zone"],
        datetime.fromisoformat(content["as_of"]),
        figures,
    )


def _plain(figure: Figure) -> dict[str, Any]:
    value = figure.value.isoformat() if isinstance(figure.value, date) else figure.value
    return {
        **{"code": figure.code, "title": figure.title, "definition": figure.definition},
        **{"unit": figure.unit, "value": value, "of": figure.of, "denominator": figure.denominator},
    }


def thawed_value(unit: str, raw: object) -> int | date | None:
    """A frozen value as it was: a number or a day."""
    if unit == "day" and isinstance(raw, str):
        return date.fromisoformat(raw)
    return raw if isinstance(raw, int) else None
