"""The few figures that stand beside a closed day: what was done, and what was not."""

from __future__ import annotations

from shouwang.kernel.scope import Grant, Scope
from shouwang.observation.queries.counting import VIEW, Moment, counted
from shouwang.oversight.rules import GapMoment

EVENING = (
    *("under-observation", "new", "released", "due", "done", "done-late", "late", "to-come"),
    *("refused", "not-home", "lost", "abnormal"),
)
"""Never completion alone: what was refused, missed and lost stands beside what was done."""


def evening_figures(scope: Scope, moment: GapMoment) -> dict[str, int | None]:
    """The figures of a place's day, for whoever may see its observation files."""
    counting = (
        Scope(scope.actor_id, (Grant("evening", moment.area, frozenset({VIEW})),))
        if scope.allows("observation.view", moment.area)
        else Scope(scope.actor_id, ())
    )
    asked = Moment(moment.area, moment.day, moment.zone, moment.as_of)
    return {code: counted(counting, code, asked) for code in EVENING}
