"""Answers become facts: a trip, an exposure, a check with its alarms, something to verify, a word about coming home.

The pack says which answer becomes which fact; this carries it out. Crosses screening, classification,
observation, workforce: whoever is newly found by an answer is watched over before the call is put down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journeys.record_away import say_away, visit_home
from shouwang.journeys.take_in import classify_and_watch
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import CheckCommand, record_check
from shouwang.observation.queries import files_of_person
from shouwang.people.queries import person
from shouwang.places.gazetteer import resolve
from shouwang.policy.queries import pack_in_force, pack_of
from shouwang.screening.actions import (
    Stated,
    StatementCommand,
    put_to_verify,
    record_exposure,
    record_statement,
    record_trip,
)
from shouwang.screening.queries import trips_of
from shouwang.screening.rules import ToldFact, fact_id

EVERYTHING = Scope.everything()


@dataclass(slots=True)
class Taken:
    """What came of a statement. `alerts`: codes of alarms that it raised; `changed`: the person was classified
    otherwise; `opened`: files that were opened; `to_verify`: codes that went on that list."""

    statement: UUID
    is_fresh: bool
    facts: list[str] = field(default_factory=list)
    alerts: tuple[str, ...] = ()
    changed: int = 0
    opened: tuple[UUID, ...] = ()
    to_verify: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Ground:
    command: StatementCommand
    stated: Stated
    by: Actor
    at: datetime


@transaction.atomic
def take_statement(*, command: StatementCommand, scope: Scope, by: Actor, at: datetime) -> Taken:
    """Keep the answers and make the facts they become, all or none. Sent again it changes nothing.

    Refuses what `record_statement` refuses, `no-pack-in-force`, and what a check by telephone refuses.
    """
    area = person(scope, command.person_id).area
    revision, pack = pack_in_force(EVERYTHING, area, at)
    stated = record_statement(command=command, pack=pack, revision_id=revision.id, scope=scope, by=by, at=at)
    taken = Taken(stated.id, stated.is_fresh)
    if not stated.is_fresh:
        return taken
    ground = _Ground(command, stated, by, at)
    for told in stated.told:
        _MAKE[told.fact](ground, told, taken)
        taken.facts.append(told.fact)
    if command.is_correction:
        _taken_back(ground, taken)
    if {"trip", "exposure"} & set(taken.facts):
        changed, watched = classify_and_watch(people=[command.person_id], area=stated.area, by=by, at=at)
        taken.changed, taken.opened = changed, watched.opened
    return taken


def _trip(ground: _Ground, told: ToldFact, taken: Taken) -> None:
    """A journey as told. A corrected answer corrects the journey that the one before became; the same journey
    told once more is not another one."""
    found = resolve(told.place)
    code = found.code if found.certainty in ("exact", "likely") else None
    known = trips_of(EVERYTHING, ground.command.person_id)
    standing = [trip for trip in known if trip.superseded_at is None]
    if any(trip.origin_code == code and code and trip.returned_on == told.day for trip in standing):
        return
    before = ground.stated.facts_before.get(told.key) if ground.command.is_correction else None
    corrects = before if before in {trip.id for trip in standing} else None
    record_trip(
        person_id=ground.command.person_id,
        area=ground.stated.area,
        origin_text=told.place,
        origin_code=code,
        returned_on=told.day,
        by=ground.by,
        at=ground.at,
        trip_id=fact_id(ground.stated.id, told.key),
        corrects=corrects,
        reason=ground.command.reason if corrects else "",
    )
    if code is None:
        _to_verify(ground, "origin-unclear", told.place, taken)
    if told.day is None:
        _to_verify(ground, "returned-untold", told.place, taken)


def _exposure(ground: _Ground, told: ToldFact, taken: Taken) -> None:
    del taken
    record_exposure(
        person_id=ground.command.person_id,
        area=ground.stated.area,
        kind=told.kind,
        last_on=told.day,
        by=ground.by,
        at=ground.at,
        exposure_id=fact_id(ground.stated.id, told.key),
    )


def _check(ground: _Ground, told: ToldFact, taken: Taken) -> None:
    """A check by telephone of the open file, whose pack raises the alarms; of whoever has none, symptoms are
    something to verify."""
    open_files = [f for f in files_of_person(EVERYTHING, ground.command.person_id) if f.state == "open"]
    for file in open_files:
        item = CheckCommand(
            id=fact_id(ground.stated.id, f"{told.key}.{file.id}"),
            file_id=file.id,
            taken_at=ground.command.told_at,
            channel="self" if ground.command.source == "self" else "phone",
            deci=told.deci,
            symptoms=told.symptoms,
            measured_by="self",
        )
        try:
            with transaction.atomic():
                receipt = record_check(
                    item=item, scope=EVERYTHING, pack_of=pack_of, by=ground.by, at=ground.at
                )
        except Refused as refused:
            if told.symptoms or told.deci is not None:
                _to_verify(ground, "symptoms-told", f"{refused.code}: {_said(told)}", taken)
            continue
        taken.alerts += receipt.alerts
    if not open_files and told.symptoms:
        _to_verify(ground, "symptoms-told", _said(told), taken)


def _said(told: ToldFact) -> str:
    degrees = [f"{told.deci // 10}.{told.deci % 10}"] if told.deci is not None else []
    return "、".join([*told.symptoms, *degrees])


def _verify(ground: _Ground, told: ToldFact, taken: Taken) -> None:
    _to_verify(ground, told.kind, told.question, taken)


def _away(ground: _Ground, told: ToldFact, taken: Taken) -> None:
    del taken
    say_away(
        person_id=ground.command.person_id,
        answer_id=fact_id(ground.stated.id, told.key),
        outcome=told.kind,
        returning_on=told.day,
        where_text=told.place,
        dependants=_dependants(ground.stated),
        told_at=ground.command.told_at,
        source="self" if ground.command.source == "self" else "call",
        by=ground.by,
        at=ground.at,
    )


def _visits(ground: _Ground, told: ToldFact, taken: Taken) -> None:
    """Those left at home are to be visited, where the call was about something else than coming home."""
    del told, taken
    if all(other.fact != "away" for other in ground.stated.told):
        visit_home(person_id=ground.command.person_id, by=ground.by, at=ground.at)


def _dependants(stated: Stated) -> bool | None:
    return True if any(told.fact == "visits" for told in stated.told) else None


def _to_verify(ground: _Ground, code: str, raw: str, taken: Taken) -> None:
    put_to_verify(
        person_id=ground.command.person_id,
        area=ground.stated.area,
        field="statement",
        code=code,
        raw=raw,
        by=ground.by,
        at=ground.at,
    )
    taken.to_verify.append(code)


def _taken_back(ground: _Ground, taken: Taken) -> None:
    """An answer is corrected and a fact that it became is not told any more: that is for a person to look into,
    never dropped because somebody said otherwise."""
    still = {told.key for told in ground.stated.told}
    gone = [told for told in ground.stated.told_before if told.key not in still]
    if any(told.fact in ("trip", "exposure") for told in gone):
        _to_verify(ground, "told-otherwise", ground.command.reason, taken)


_MAKE: dict[str, Callable[[_Ground, ToldFact, Taken], None]] = {
    "trip": _trip,
    "exposure": _exposure,
    "check": _check,
    "verify": _verify,
    "away": _away,
    "visits": _visits,
}
