"""暂缓返乡 Workers away: put on the list, what they said, and coming home, which is a journey like any other.

Crosses screening, policy, classification: who comes home from an affected area is watched over that day.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from shouwang.journeys.take_in import classify_and_watch
from shouwang.kernel.actor import Actor
from shouwang.kernel.days import local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.packs.schema import Pack
from shouwang.people.queries import person
from shouwang.places.gazetteer import resolve
from shouwang.places.queries import zone_of
from shouwang.policy.queries import pack_in_force
from shouwang.screening.actions import (
    AwayAnswer,
    NewReach,
    VisitPlan,
    list_away,
    list_away_from_register,
    open_visits,
    record_away,
    record_trip,
)
from shouwang.screening.queries import away_of
from shouwang.screening.rules import fact_id

EVERYTHING = Scope.everything()
AWAY_SCRIPT = "away-return"


def hours(pack: Pack, code: str, at: datetime) -> int | None:
    """A number of hours of the pack on the local day; None where the pack does not say."""
    found = pack.values_on(local_day(at, pack.zone)).get(code)
    return found if isinstance(found, int) else None


def due_within(pack: Pack, code: str, at: datetime) -> datetime:
    """By when something is due that the pack gives so many hours for; a day where it does not say."""
    return at + timedelta(hours=hours(pack, code, at) or 24)


@transaction.atomic
def put_on_away_list(
    *, people: list[UUID] | None, area: str, scope: Scope, by: Actor, at: datetime, where_text: str = ""
) -> int:
    """Put people on the list of workers away and on the call list; None: whom the register says not to live
    there. How many are new. Refuses `not-permitted`, `no-pack-in-force`."""
    _, pack = pack_in_force(EVERYTHING, area, at)
    script = AWAY_SCRIPT if any(one.code == AWAY_SCRIPT for one in pack.scripts) else ""
    due_at = due_within(pack, "call-within-hours", at)
    if people is None:
        return list_away_from_register(area=area, script=script, due_at=due_at, scope=scope, by=by, at=at)
    return list_away(
        people=people,
        area=area,
        source="hand",
        script=script,
        due_at=due_at,
        scope=scope,
        by=by,
        at=at,
        where_text=where_text,
    )


@transaction.atomic
def note_away(*, answer: AwayAnswer, scope: Scope, by: Actor, at: datetime) -> int:
    """Note what a worker away said. Coming home is a journey, and is classified at once.

    Refuses what `record_away` refuses, `no-pack-in-force`.
    """
    shown = person(scope, answer.person_id)
    _, pack = pack_in_force(EVERYTHING, shown.area, at)
    plan = VisitPlan(hours(pack, "away-visit-every-hours", at), hours(pack, "away-ask-again-hours", at))
    fresh = record_away(answers=[answer], plan=plan, scope=scope, by=by, at=at)
    if fresh and answer.outcome == "returned":
        _came_home(answer, shown.area, by, at)
    return fresh


def _came_home(answer: AwayAnswer, area: str, by: Actor, at: datetime) -> None:
    if answer.returning_on is not None and answer.returning_on > local_day(at, zone_of(area)):
        raise Refused("away-not-yet-home")
    held = away_of(EVERYTHING, answer.person_id)
    where = answer.where_text or (held.where_text if held else "")
    found = resolve(where)
    record_trip(
        person_id=answer.person_id,
        area=area,
        origin_text=where,
        origin_code=found.code if found.certainty in ("exact", "likely") else None,
        returned_on=answer.returning_on,
        by=by,
        at=at,
        trip_id=fact_id(answer.id, "trip"),
    )
    classify_and_watch(people=[answer.person_id], area=area, by=by, at=at)


def say_away(
    *,
    person_id: UUID,
    answer_id: UUID,
    outcome: str,
    returning_on: date | None,
    where_text: str,
    dependants: bool | None,
    told_at: datetime,
    source: str,
    by: Actor,
    at: datetime,
) -> None:
    """The same from an answer to a script; whoever is not on the list yet comes on it by saying so."""
    if away_of(EVERYTHING, person_id) is None:
        area = person(EVERYTHING, person_id).area
        put_on_away_list(people=[person_id], area=area, scope=EVERYTHING, by=by, at=at)
    answer = AwayAnswer(answer_id, person_id, outcome, told_at, source, returning_on, where_text, dependants)
    note_away(answer=answer, scope=EVERYTHING, by=by, at=at)


@transaction.atomic
def visit_home(*, person_id: UUID, by: Actor, at: datetime) -> None:
    """Those who live with this person are visited as often as the pack says."""
    shown = person(EVERYTHING, person_id)
    if shown.household_id is None:
        return
    _, pack = pack_in_force(EVERYTHING, shown.area, at)
    every = hours(pack, "away-visit-every-hours", at)
    if every is None:
        return
    visit = NewReach(
        shown.area,
        "household",
        shown.household_id,
        "away-home",
        "door",
        at + timedelta(hours=24),
        shown.household_id,
        repeat_hours=every,
    )
    open_visits(wanted=[visit], by=by, at=at)
