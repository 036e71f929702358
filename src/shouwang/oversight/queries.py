"""The daily report: figures with the rows behind each, live or as it was closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Grant, Scope
from shouwang.ledgers.queries import ledger_totals, open_ledger
from shouwang.observation.queries.counting import (
    VIEW,
    Moment,
    counted,
    counted_rows,
    first_observed_on,
    last_release_on,
)
from shouwang.oversight.models import ClosedReport
from shouwang.oversight.rules import (
    FIGURES,
    Definition,
    Figure,
    Report,
    frozen_hash,
    thawed,
    with_denominators,
)
from shouwang.packs.schema import Pack
from shouwang.places.queries import zone_of
from shouwang.policy.queries import pack_of, revisions_in_force

PAGE = 100
_BOOK = "found-"


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One row behind a figure: a person, the observation file where there is one, the slot of a check."""

    person_id: UUID
    area: str
    file_id: UUID | None = None
    slot: int | None = None


def daily_report(scope: Scope, area: str, day: date, as_of: datetime) -> Report:
    """The report of a place (path) on a local day, as facts were known at `as_of`.

    Refuses `place-not-found` where the scope may not read reports of that place, all of it.
    """
    moment = _moment(scope, area, day, as_of)
    packs = _packs(scope, moment)
    figures: list[Figure] = []
    for definition in FIGURES:
        figures.append(_figure(scope, definition, moment, packs))
        if definition.code == "found":
            figures += _books(scope, definition, moment, packs)
    return Report(area, day, moment.zone, as_of, with_denominators(tuple(figures)))


def figure_rows(
    scope: Scope, area: str, day: date, as_of: datetime, code: str, *, page: int = 1, size: int | None = PAGE
) -> list[FigureRow]:
    """The rows behind one figure of a report, a page of them; `size` None gives all. Days have none.

    Refuses `place-not-found`, `figure-unknown`.
    """
    moment = _moment(scope, area, day, as_of)
    offset = (page - 1) * size if size else 0
    if code == "found" or code.startswith(_BOOK):
        found = _found(scope, moment, _packs(scope, moment), code.removeprefix(_BOOK))
        return found[offset : offset + size if size else None]
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
    held = row.content["rows"].get(code, []) if row else []
    return [
        FigureRow(UUID(person), where, UUID(file) if file else None, slot)
        for person, where, file, slot in held
    ]


def altered_reports() -> list[tuple[str, date, int]]:
    """Closed reports whose content no longer has its hash; without scope, for `shouwang verify`."""
    every = ClosedReport.objects.unscoped("verify").order_by("area", "day", "revision")
    return [
        (row.area, row.day, row.revision)
        for row in every.iterator(chunk_size=200)
        if frozen_hash(row.content) != row.hash
    ]


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


def _packs(scope: Scope, moment: Moment) -> list[Pack]:
    return [pack_of(row.id) for row in revisions_in_force(scope, moment.area, moment.as_of)]


def _figure(scope: Scope, definition: Definition, moment: Moment, packs: Sequence[Pack]) -> Figure:
    value: int | date | None
    if definition.source == "ledger":
        value = len(_found(scope, moment, packs, "found"))
    elif definition.code == "first-observed-on":
        value = first_observed_on(scope, moment)
    elif definition.code == "last-release-on":
        value = last_release_on(scope, moment)
    else:
        value = counted(scope, definition.code, moment)
    return Figure(
        definition.code, definition.title, definition.definition, definition.unit, value, definition.of
    )


def _books(scope: Scope, found: Definition, moment: Moment, packs: Sequence[Pack]) -> list[Figure]:
    """One figure a ledger, titled as the pack titles it."""
    counting = _counting(scope, moment)
    figures = []
    for pack in packs:
        for ledger in pack.ledgers:
            totals = ledger_totals(
                counting, pack, ledger.code, on=moment.day, as_of=moment.as_of, area=moment.area
            )
            title = ledger.title.text("zh-hans")
            figures.append(
                Figure(f"{_BOOK}{ledger.code}", title, found.definition, "person", totals.people, "found")
            )
    return figures


def _found(scope: Scope, moment: Moment, packs: Sequence[Pack], book: str) -> list[FigureRow]:
    """People of one ledger, or with `found` of any, each once, in a stable order."""
    counting, seen = _counting(scope, moment), dict[UUID, FigureRow]()
    books = [
        (pack, ledger.code) for pack in packs for ledger in pack.ledgers if book in ("found", ledger.code)
    ]
    if not books and book != "found":
        raise Refused("figure-unknown", figure=f"{_BOOK}{book}")
    for pack, code in books:
        after: str | None = None
        while True:
            page = open_ledger(
                counting,
                pack,
                code,
                on=moment.day,
                as_of=moment.as_of,
                area=moment.area,
                after=after,
                limit=1000,
            )
            for row in page.rows:
                seen.setdefault(row.person_id, FigureRow(row.person_id, row.area))
            if (after := page.next) is None:
                break
    return sorted(seen.values(), key=lambda row: (row.area, row.person_id))


def _counting(scope: Scope, moment: Moment) -> Scope:
    """Who may read a report may count its ledgers; names need the right to open them."""
    return Scope(scope.actor_id, (Grant("report", moment.area, frozenset({"ledger.view"})),))
