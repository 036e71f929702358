"""Figures of the round over the doors and of the workers away: told again from what was known at an instant.

Visits and answers are appended, so nothing of them needs to be frozen with a report: as of then they are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shouwang.kernel.days import day_end
from shouwang.kernel.scope import Grant, Scope
from shouwang.observation.queries.counting import VIEW, Moment
from shouwang.oversight.rules import AWAY, SWEPT
from shouwang.screening.queries import (
    SweepMoment,
    away_by_village,
    away_figures,
    away_rows,
    sweep_figure,
    sweep_figure_by_area,
    sweep_figure_rows,
)

ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One row behind a figure: a person, the observation file where there is one, the slot of a check; of a round
    a door with its number on the list, and how many it stands for."""

    person_id: UUID | None
    area: str
    file_id: UUID | None = None
    slot: int | None = None
    door_id: UUID | None = None
    number: int | None = None
    count: int = 1


def value(scope: Scope, code: str, moment: Moment) -> int:
    """One figure; 0 where there is no round or no list, or no right to count."""
    if code.startswith(AWAY):
        told = away_figures(_counting(scope, moment), moment.area, _known(moment))
        return int(getattr(told, _kind(code).replace("-", "_")))
    return sweep_figure(scope, code.removeprefix(SWEPT), _asked(moment))


def by_area(scope: Scope, code: str, moment: Moment) -> Mapping[str, int]:
    """One figure by the village or grid it lies in."""
    if code.startswith(AWAY):
        told = away_by_village(_counting(scope, moment), moment.area, _known(moment))
        return {area: int(getattr(one, _kind(code).replace("-", "_"))) for area, one in told.items()}
    return sweep_figure_by_area(scope, code.removeprefix(SWEPT), _asked(moment))


def rows(scope: Scope, code: str, moment: Moment, offset: int, size: int | None) -> list[FigureRow]:
    """The doors or people behind one figure, in stable order."""
    if code.startswith(AWAY):
        found = away_rows(_counting(scope, moment), moment.area, _known(moment), _kind(code), limit=ALL)
        return [FigureRow(row.person_id, row.area) for row in found][offset : offset + size if size else None]
    doors = sweep_figure_rows(scope, code.removeprefix(SWEPT), _asked(moment), offset=offset, limit=size)
    return [FigureRow(None, d.area, door_id=d.door_id, number=d.number, count=d.count) for d in doors]


def _asked(moment: Moment) -> SweepMoment:
    return SweepMoment(moment.area, moment.day, moment.zone, moment.as_of)


def _known(moment: Moment) -> datetime:
    """As of when: never later than the end of the day."""
    return min(moment.as_of, day_end(moment.day, moment.zone))


def _kind(code: str) -> str:
    return code.removeprefix(AWAY)


def _counting(scope: Scope, moment: Moment) -> Scope:
    """Only whoever may read the report of the place counts there."""
    grants = (Grant("report", moment.area, frozenset({VIEW})),) if scope.allows(VIEW, moment.area) else ()
    return Scope(scope.actor_id, grants)
