"""The daily report: figures with the rows behind each, live or as it was closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Grant, Scope
from shouwang.ledgers.queries import people_of
from shouwang.observation.queries.counting import (
    VIEW,
    Moment,
    counted,
    counted_rows,
    first_observed_on,
    last_release_on,
)
from shouwang.oversight.models import ClosedReport
from shouwang.oversight.queries import rounds
from shouwang.oversight.queries.rounds import FigureRow
from shouwang.oversight.rules import (
    AWAY,
    FIGURES,
    SWEPT,
    Definition,
    Figure,
    Report,
    frozen_hash,
    report_instant,
    thawed,
    thawed_value,
    with_denominators,
)
from shouwang.places.queries import zone_of
from shouwang.policy.queries import pack_of, revisions_in_force

PAGE = 100
_BOOK = "found-"
_OF_BOOKS = ("found", "reached")
"""Figures that count people of the ledgers, all of them together."""


@dataclass(frozen=True, slots=True)
class _Book:
    """A ledger with its people at the moment: (id, area)."""

    code: str
    title: str
    people: tuple[tuple[UUID, str], ...]


def daily_report(scope: Scope, area: str, day: date, as_of: datetime) -> Report:
    """The report of a place (path) on a local day, as facts were known at `as_of`.

    Refuses `place-not-found` where the scope may not read reports of that place, all of it.
    """
    moment = _moment(scope, area, day, as_of)
    books = _books(scope, moment)
    figures: list[Figure] = []
    absent = tuple(
        prefix
        for prefix, base in ((SWEPT, "sweep-doors"), (AWAY, "away-listed"))
        if not rounds.value(scope, base, moment)
    )
    for definition in FIGURES:
        if absent and definition.code.startswith(absent):
            continue
        figures.append(_figure(scope, definition, moment, books))
        if definition.code == "found":
            figures += [
                Figure(
                    _BOOK + book.code, book.title, definition.definition, "person", len(book.people), "found"
                )
                for book in books
            ]
    return Report(area, day, moment.zone, as_of, with_denominators(tuple(figures)))


def report_of(scope: Scope, area: str, day: date, at: datetime) -> Report:
    """The report of a day as an office asks for it at `at`: as it was closed, else as known by then.

    Refuses `place-not-found`.
    """
    if not scope.allows(VIEW, area):
        raise Refused("place-not-found", area=area)
    rows = ClosedReport.objects.within(scope, VIEW).filter(area=area, day=day, closed_at__lte=at)
    if row := rows.order_by("-revision").first():
        return _closed(row)
    return daily_report(scope, area, day, report_instant(day, zone_of(area), at))


def report_document(scope: Scope, report: Report, *, words: Callable[[str], str] = str) -> dict[str, object]:
    """A report as JSON values, each figure with the ids of the rows behind it; `words` translates titles."""
    return {
        **{"date": report.day.isoformat(), "as_of": report.as_of.isoformat(), "revision": report.revision},
        **{"closed_by": report.closed_by, "hash": report.hash},
        "figures": [
            {
                "code": figure.code,
                "title": words(figure.title),
                "value": figure.value.isoformat() if isinstance(figure.value, date) else figure.value,
                "unit": figure.unit,
                "of": figure.of,
                "denominator": figure.denominator,
                "definition": words(figure.definition),
                "rows": [_row_document(row) for row in report_rows(scope, report, figure.code)],
            }
            for figure in report.figures
        ],
    }


def report_rows(scope: Scope, report: Report, code: str) -> list[FigureRow]:
    """All rows behind one figure of this very report, closed or live."""
    if report.revision:
        return closed_rows(scope, report.area, report.day, code, report.revision)
    return figure_rows(scope, report.area, report.day, report.as_of, code, size=None)


def _row_document(row: FigureRow) -> dict[str, object]:
    if row.door_id is not None:
        return {"door": str(row.door_id), "area": row.area, "number": row.number, "count": row.count}
    return {
        "person": str(row.person_id),
        "area": row.area,
        "file": str(row.file_id) if row.file_id else None,
        "slot": row.slot,
    }


def figure_rows(
    scope: Scope, area: str, day: date, as_of: datetime, code: str, *, page: int = 1, size: int | None = PAGE
) -> list[FigureRow]:
    """The rows behind one figure of a report, a page of them; `size` None gives all. Days have none.

    Refuses `place-not-found`, `figure-unknown`.
    """
    moment = _moment(scope, area, day, as_of)
    offset = (page - 1) * size if size else 0
    if code in _OF_BOOKS or code.startswith(_BOOK):
        found = _found(scope, code, moment, _books(scope, moment))
        return found[offset : offset + size if size else None]
    if code.startswith((SWEPT, AWAY)):
        return rounds.rows(scope, code, moment, offset, size)
    definition = next((one for one in FIGURES if one.code == code), None)
    if definition is None:
        raise Refused("figure-unknown", figure=code)
    if definition.unit == "day":
        return []
    rows = counted_rows(scope, code, moment, offset=offset, limit=size)
    return [FigureRow(row.person_id, row.area, row.file_id, row.slot) for row in rows]


def closed_report(scope: Scope, area: str, day: date, revision: int | None = None) -> Report | None:
    """The report of a day as it was closed (the last revision, or the one named); None while it is open."""
    if not scope.allows(VIEW, area):
        raise Refused("place-not-found", area=area)
    rows = ClosedReport.objects.within(scope, VIEW).filter(area=area, day=day).order_by("-revision")
    row = rows.first() if revision is None else rows.filter(revision=revision).first()
    return _closed(row) if row else None


def closed_rows(
    scope: Scope, area: str, day: date, code: str, revision: int | None = None
) -> list[FigureRow]:
    """The rows behind a figure as they were when the day was closed."""
    if not scope.allows(VIEW, area):
        raise Refused("place-not-found", area=area)
    rows = ClosedReport.objects.within(scope, VIEW).filter(area=area, day=day).order_by("-revision")
    row = rows.first() if revision is None else rows.filter(revision=revision).first()
    if row and code.startswith(
        (SWEPT, AWAY)
    ):  # visits and answers are appended: as they were known then they are told again
        as_of = datetime.fromisoformat(row.content["as_of"])
        return rounds.rows(scope, code, Moment(area, day, row.content["zone"], as_of), 0, None)
    held = row.content["rows"].get(code, []) if row else []
    return [
        FigureRow(UUID(person), where, UUID(file) if file else None, slot)
        for person, where, file, slot in held
    ]


def is_of_books(code: str) -> bool:
    """Whether a figure counts people of the ledgers. Unscoped: says nothing of anybody."""
    return code in _OF_BOOKS or code.startswith(_BOOK)


def found_by_area(scope: Scope, moment: Moment) -> dict[str, dict[str, int]]:
    """Every figure that counts people of the ledgers, by the village or grid they live in."""
    books = _books(scope, moment)
    told: dict[str, dict[str, int]] = {}
    for code in (*_OF_BOOKS, *(_BOOK + book.code for book in books)):
        counts: dict[str, int] = {}
        for row in _found(scope, code, moment, books):
            counts[row.area] = counts.get(row.area, 0) + 1
        told[code] = counts
    return told


def closed_figures(figures: Sequence[Mapping[str, Any]]) -> dict[str, int | date | None]:
    """Code → value of frozen figures. Unscoped: of a row in hand."""
    return {raw["code"]: thawed_value(raw["unit"], raw["value"]) for raw in figures}


def altered_reports() -> list[tuple[str, date, int]]:
    """Closed reports whose content no longer has its hash; without scope, for `shouwang verify`."""
    every = ClosedReport.objects.unscoped("verify").order_by("area", "day", "revision")
    return [
        (row.area, row.day, row.revision)
        for row in every.iterator(chunk_size=200)
        if frozen_hash(row.content) != row.hash
    ]


def closed_count() -> int:
    """How many reports were closed; without scope, for `shouwang verify`."""
    return ClosedReport.objects.unscoped("verify").count()


def _closed(row: ClosedReport) -> Report:
    from dataclasses import replace

    return replace(
        thawed(row.content),
        revision=row.revision,
        closed_by=row.closed_by_name,
        closed_at=row.closed_at,
        reason=row.reason,
        hash=row.hash,
    )


def _moment(scope: Scope, area: str, day: date, as_of: datetime) -> Moment:
    if not area or not scope.allows(VIEW, area):
        raise Refused("place-not-found", area=area)
    return Moment(area, day, zone_of(area), as_of)


def _figure(scope: Scope, definition: Definition, moment: Moment, books: Sequence[_Book]) -> Figure:
    value: int | date | None
    if definition.code in _OF_BOOKS:
        value = len(_found(scope, definition.code, moment, books))
    elif definition.code.startswith((SWEPT, AWAY)):
        value = rounds.value(scope, definition.code, moment)
    elif definition.code == "first-observed-on":
        value = first_observed_on(scope, moment)
    elif definition.code == "last-release-on":
        value = last_release_on(scope, moment)
    else:
        value = counted(scope, definition.code, moment)
    return Figure(
        definition.code, definition.title, definition.definition, definition.unit, value, definition.of
    )


def _books(scope: Scope, moment: Moment) -> list[_Book]:
    """Every ledger of the packs in force with its people, titled as the pack titles it."""
    counting = _counting(scope, moment)
    packs = [pack_of(row.id) for row in revisions_in_force(scope, moment.area, moment.as_of)]
    return [
        _Book(
            ledger.code,
            ledger.title.text("zh-hans"),
            tuple(
                people_of(counting, pack, ledger.code, on=moment.day, as_of=moment.as_of, area=moment.area)
            ),
        )
        for pack in packs
        for ledger in pack.ledgers
    ]


def _found(scope: Scope, code: str, moment: Moment, books: Sequence[_Book]) -> list[FigureRow]:
    """People of one ledger, of any, or those of any who were reached; each once, in a stable order."""
    wanted = [book for book in books if code in _OF_BOOKS or book.code == code.removeprefix(_BOOK)]
    if not wanted and code not in _OF_BOOKS:
        raise Refused("figure-unknown", figure=code)
    people = {person: area for book in wanted for person, area in book.people}
    if code == "reached":
        reached = {row.person_id for row in counted_rows(scope, "reached", moment)}
        people = {person: area for person, area in people.items() if person in reached}
    return [FigureRow(p, area) for p, area in sorted(people.items(), key=lambda item: (item[1], item[0]))]


def _counting(scope: Scope, moment: Moment) -> Scope:
    """Who may read a report may count its ledgers; names need the right to open them."""
    return Scope(scope.actor_id, (Grant("report", moment.area, frozenset({"ledger.view"})),))
