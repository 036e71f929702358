"""The evening as its pages show it: the close-out, the meeting, tomorrow's list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext

from shouwang.desk.colleagues import takers
from shouwang.desk.gaps import GapLine, lines_of, titles_of_tests
from shouwang.desk.packwords import alert_words, language, stage_words
from shouwang.desk.words import CHANNELS
from shouwang.kernel.areas import VILLAGE_DIGITS, town_of
from shouwang.kernel.days import at_local
from shouwang.kernel.scope import Scope
from shouwang.observation.queries import PlannedDuty, files_by_ids, open_alerts, planned_count
from shouwang.oversight.queries import (
    TaskRow,
    carried_of,
    closed_days,
    closing_places,
    evening_figures,
    look_at_day,
    moment_of,
    report_of,
    rows_of_kinds,
    tasks_of,
    tomorrow_of,
)
from shouwang.oversight.rules import (
    DAILY,
    FIGURES,
    Carried,
    DayLook,
    DayState,
    Figure,
    GapMoment,
    GapRow,
    KindState,
    Report,
    evening_of,
    look_hash,
)
from shouwang.packs.schema import Evening
from shouwang.people.queries import people_by_ids
from shouwang.places.queries import ancestors, children, place_by_path, spoken_names
from shouwang.places.rules import village_name
from shouwang.screening.queries import OwnerRow, SweepRow, open_sweep, sweep_owners
from shouwang.workforce.queries import WorkerRow, workers_by_ids

SHOWN = 60
"""Own items of a kind shown on the page; the rest stand on its list and are explained in bulk."""
MEETING = (
    *("found", "reached", "new", "under-observation", "released", "left-otherwise", "abnormal"),
    *("due", "done", "done-late", "late", "refused", "not-home", "lost"),
    *("sweep-doors", "sweep-doors-done", "sweep-doors-not-home", "sweep-doors-refused"),
    *("sweep-doors-unvisited", "sweep-found", "away-listed", "away-deferred", "away-returning"),
)
"""Figures of the meeting: what was done never without what was refused, missed and lost."""
SHEETS = 20
"""Workers on one page of tomorrow's list."""


@dataclass(frozen=True, slots=True)
class KindBox:
    """One kind of work on the close-out page."""

    kind: KindState
    title: str
    definition: str
    lines: tuple[tuple[GapLine, Carried | None, str], ...]
    """(item, what was said about it, the reason in words)"""
    open: int
    """Own items without a reason."""
    hidden: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """Tomorrow's list of one worker; without one, of the duty desk."""

    worker: WorkerRow | None
    name: str
    duties: tuple[tuple[PlannedDuty, object, str, str], ...]
    """(duty, person, channel, stage)"""
    carried: tuple[tuple[GapLine, str, str, str], ...]
    """(item, kind, reason, note)"""
    tasks: tuple[TaskRow, ...]
    doors: OwnerRow | None = None
    """Doors of the open round that this worker answers for and that are still to do."""


def places_around(scope: Scope, area: str) -> list[tuple[str, str]]:
    """Places whose evening may be opened from here: those above in sight, this one, those directly below."""
    found = {place.path: place.name for place in ancestors(area) if scope.sees(place.path)}
    found |= {child.path: child.name for child in closing_places(scope, area)}
    if len(area) >= VILLAGE_DIGITS:
        found |= (
            {child.path: child.name for child in children(scope, town_of(area))}
            if scope.sees(town_of(area))
            else {}
        )
    return [(path, village_name(name)) for path, name in sorted(found.items())]


def the_close_out(scope: Scope, area: str, day: date, at: datetime) -> dict[str, object]:
    """Everything on the close-out page of a place."""
    look = look_at_day(scope, area, day, at)
    moment = moment_of(scope, area, day, at)
    evening = evening_of(moment.pack)
    revisions = closed_days(scope, area, day)
    every = [row for kind in look.kinds for row in kind.own[:SHOWN]]
    lines = {(line.row.kind, line.row.key): line for line in lines_of(scope, every, moment.pack)}
    boxes = [_box(kind, look, lines, evening) for kind in look.kinds]
    return {
        "look": look,
        "hash": look_hash(look),
        "state": look.state,
        "boxes": [box for box in boxes if box.kind.total],
        "nothing": [box.title for box in boxes if not box.kind.total],
        "below": _below(look),
        "revisions": revisions,
        "last": revisions[0] if revisions else None,
        "reasons": [(r.code, r.title.text(language()), r.needs_note) for r in evening.reasons],
        "workers": takers(scope, area, moment.pack),
        "figures": _figures(evening_figures(scope, moment)),
        "place": spoken_names([area]).get(area, area),
        **{"area": area, "day": day},
    }


def _box(kind: KindState, look: DayLook, lines: dict[tuple[str, str], GapLine], evening: Evening) -> KindBox:
    titles = {reason.code: reason.title.text(language()) for reason in evening.reasons}
    shown = []
    for row in kind.own[:SHOWN]:
        told = look.carried.get((row.kind, row.key))
        shown.append((lines[row.kind, row.key], told, titles.get(told.reason, told.reason) if told else ""))
    waiting = sum((row.kind, row.key) not in look.carried for row in kind.own)
    gap = kind.gap
    hidden = max(0, len(kind.own) - SHOWN)
    return KindBox(kind, gettext(gap.title), gettext(gap.definition), tuple(shown), waiting, hidden)


def _below(look: DayLook) -> list[tuple[DayState, str, bool, int]]:
    """Places below: state, name, whether there is nothing to close, how much is left; trouble first."""
    known = spoken_names(place.area for place in look.below)
    left = {place.area: sum(kind.below.get(place.area, 0) for kind in look.kinds) for place in look.below}
    order = {"late": 0, "open": 1, "ahead": 2, "closed": 3}
    rows = [
        (place, known.get(place.area, place.area), place.area in look.quiet, left[place.area])
        for place in look.below
    ]
    return sorted(rows, key=lambda row: (row[2], order[row[0].state], -row[3], row[0].area))


def _figures(values: dict[str, int | None]) -> list[tuple[str, str, int | None]]:
    titles = {definition.code: definition.title for definition in FIGURES}
    return [(code, gettext(titles[code]), value) for code, value in values.items()]


def the_meeting(scope: Scope, area: str, day: date, at: datetime) -> dict[str, object]:
    """One page for the evening meeting: figures, what is left, alarms, who has not closed, tomorrow, tasks."""
    look = look_at_day(scope, area, day, at)
    moment = moment_of(scope, area, day, at)
    evening = evening_of(moment.pack)
    report = scope.only("report.view")
    told = report_of(report, area, day, at) if report.allows("report.view", area) else None
    before = report_of(report, area, day - timedelta(days=1), at) if told else None
    alarms = open_alerts(scope, area=area, limit=20)
    files = files_by_ids(scope, [row.file_id for row in alarms])
    people = {p.id: p for p in people_by_ids(scope, [f.person_id for f in files.values()])}
    checks, releases, samples = planned_count(scope, day + timedelta(days=1), area=area)
    carried = carried_of(scope, area, day)
    return {
        "look": look,
        "state": look.state,
        "meeting": at_local(day, evening.meeting, moment.zone),
        "kinds": [(kind, gettext(kind.gap.title)) for kind in look.kinds if kind.total],
        "reasons": _reasons(carried, evening),
        "below": _below(look),
        "halves": _halves(told, before),
        "report": told,
        "alarms": [
            (
                row,
                alert_words(files[row.file_id].revision_id, row.code),
                people.get(files[row.file_id].person_id),
            )
            for row in alarms
            if row.file_id in files
        ],
        "planned": {"checks": checks, "releases": releases, "samples": samples, "carried": len(carried)},
        "tasks": tasks_of(scope, area, day=day),
        "older_tasks": [t for t in tasks_of(scope, area, limit=100) if t.day < day],
        "workers": takers(scope, area, moment.pack),
        "due": at_local(day + timedelta(days=1), "18:00", moment.zone),
        "place": spoken_names([area]).get(area, area),
        "areas": places_around(scope, area),
        **{"area": area, "day": day, "yesterday": day - timedelta(days=1)},
    }


def _halves(told: Report | None, before: Report | None) -> list[list[tuple[Figure, str, int | date | None]]]:
    """The figures that a meeting looks at, yesterday beside, in two columns of one sheet."""
    if told is None:
        return []
    lines = [
        (figure, gettext(figure.title), before.value(figure.code) if before else None)
        for figure in told.figures
        if figure.code in MEETING
    ]
    half = -(-len(lines) // 2)
    return [lines[:half], lines[half:]]


def _reasons(carried: dict[tuple[str, str], Carried], evening: Evening) -> list[tuple[str, int]]:
    titles = {reason.code: reason.title.text(language()) for reason in evening.reasons}
    counts: dict[str, int] = {}
    for one in carried.values():
        counts[one.reason] = counts.get(one.reason, 0) + 1
    return sorted(((titles.get(code, code), n) for code, n in counts.items()), key=lambda pair: -pair[1])


def the_tomorrow(
    scope: Scope, area: str, day: date, *, worker: UUID | None = None, after: str = ""
) -> dict[str, object]:
    """Tomorrow's list of a place, a sheet for each worker; `worker`: one sheet. Pages of twenty sheets."""
    told = tomorrow_of(scope, area, day, worker=worker)
    moment = moment_of(scope, area, day, at_local(day, "12:00", _zone(scope, area)))
    owners: dict[UUID | None, None] = {duty.owner_id: None for duty in told.duties}
    owners |= {one.to_worker: None for one in told.carried} | {one.owner_id: None for one in told.tasks}
    sweep, doors = _doors_left(scope.only("sweep.view"), area, worker)
    owners |= dict.fromkeys(doors)
    known = workers_by_ids(scope, [owner for owner in owners if owner])
    order = sorted(owners, key=lambda owner: (known[owner].name if owner in known else "~", str(owner)))
    start = int(after) if after.isdigit() else 0
    shown = order[start : start + SHEETS]
    return {
        "sheets": [
            replace(sheet, doors=doors.get(sheet.worker.id) if sheet.worker else None)
            for sheet in _sheets(scope, shown, known, told.duties, told.carried, told.tasks, moment)
        ],
        "sweep": sweep,
        "leaves": spoken_names(leaf for one in doors.values() for leaf in one.leaves),
        "next": str(start + SHEETS) if len(order) > start + SHEETS else "",
        "count": len(order),
        "tomorrow": told.day,
        "duties": len(told.duties),
        "carried": len(told.carried),
        "tasks": len(told.tasks),
        "places": spoken_names({duty.area for duty in told.duties}),
        "place": spoken_names([area]).get(area, area),
        "areas": places_around(scope, area),
        "worker": known.get(worker) if worker else None,
        **{"area": area, "day": day},
    }


def _doors_left(scope: Scope, area: str, worker: UUID | None) -> tuple[SweepRow | None, dict[UUID, OwnerRow]]:
    """The open round, and who answers for doors of it that are still to do here."""
    sweep = open_sweep(scope, area) if scope.grants else None
    rows = sweep_owners(scope, sweep, area=area) if sweep else []
    return sweep, {
        one.worker.id: one
        for one in rows
        if one.worker and one.done < one.doors and worker in (None, one.worker.id)
    }


def _zone(scope: Scope, area: str) -> str:
    place = place_by_path(scope, area)
    return place.zone if place else "Asia/Shanghai"


def _sheets(
    scope: Scope,
    owners: Sequence[UUID | None],
    known: dict[UUID, WorkerRow],
    duties: Sequence[PlannedDuty],
    carried: Sequence[Carried],
    tasks: Sequence[TaskRow],
    moment: GapMoment,
) -> list[Sheet]:
    wanted = set(owners)
    mine = [duty for duty in duties if duty.owner_id in wanted]
    items = [one for one in carried if one.to_worker in wanted]
    people = {p.id: p for p in people_by_ids(scope, [duty.person_id for duty in mine])}
    rows = lines_of(scope, _rows_of(scope, items, moment), moment.pack)
    lines = {(line.row.kind, line.row.key): line for line in rows}
    reasons = {r.code: r.title.text(language()) for r in evening_of(moment.pack).reasons}
    kinds = {gap.code: gettext(gap.title) for gap in DAILY}
    sheets = []
    for owner in owners:
        worker = known.get(owner) if owner else None
        name = worker.name if worker else gettext("Duty desk, or still to be given")
        told = tuple(
            (
                lines[one.kind, one.item],
                kinds.get(one.kind, one.kind),
                reasons.get(one.reason, one.reason),
                one.note,
            )
            for one in items
            if one.to_worker == owner and (one.kind, one.item) in lines
        )
        rows_of_owner = tuple(
            (
                duty,
                people.get(duty.person_id),
                _how(duty, moment),
                _stage(moment, duty),
            )
            for duty in mine
            if duty.owner_id == owner
        )
        sheets.append(
            Sheet(worker, name, rows_of_owner, told, tuple(t for t in tasks if t.owner_id == owner))
        )
    return sheets


def _how(duty: PlannedDuty, moment: GapMoment) -> str:
    """How a duty is done: by which channel, or which test is to be sampled."""
    if duty.kind == "test":
        kind = titles_of_tests(moment.pack).get(duty.channel, duty.channel.upper())
        return gettext("{test}: sample to be taken").format(test=kind)
    return str(CHANNELS.get(duty.channel, duty.channel))


def _stage(moment: GapMoment, duty: PlannedDuty) -> str:
    if moment.pack is None:
        return duty.stage
    for protocol in moment.pack.protocols:
        if any(stage.code == duty.stage for stage in protocol.stages):
            return stage_words(moment.pack, protocol.code, duty.stage)
    return duty.stage


def _rows_of(scope: Scope, items: Sequence[Carried], moment: GapMoment) -> list[GapRow]:
    """The gaps that were carried, as far as they are still open: what was done since needs nobody."""
    wanted = {(one.kind, one.item) for one in items}
    rows = rows_of_kinds(scope, sorted({one.kind for one in items}), moment)
    return [row for found in rows.values() for row in found if (row.kind, row.key) in wanted]
