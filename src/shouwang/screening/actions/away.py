"""暂缓返乡 The list of workers away: who is on it, what they said, and the visits that their families get."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from django.db import connection, transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.days import day_end
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.people.queries import homes_of, people_away
from shouwang.places.queries import zone_of
from shouwang.screening.actions.reaching import RECORD
from shouwang.screening.actions.reaching_open import NewReach, end_reaches, open_reaches
from shouwang.screening.models import AwayOutcome, AwayWorker, Reach
from shouwang.screening.rules import AWAY_STATES, STILL_AWAY

OWN = "reached through scope by the caller"
CALL, VISIT = "away", "away-home"
SOURCES = frozenset({"call", "self", "family", "door", "hand"})


@dataclass(frozen=True, slots=True)
class AwayAnswer:
    """What a worker away said (or their family for them). `dependants` None: it was not spoken of."""

    id: UUID
    person_id: UUID
    outcome: str
    told_at: datetime
    source: str = "hand"
    returning_on: date | None = None
    where_text: str = ""
    dependants: bool | None = None
    note: str = ""

    def digest(self) -> UUID:
        """The hash of the content."""
        content = (
            *(self.person_id.int, self.outcome, self.told_at.timestamp(), self.source),
            *(self.returning_on, self.where_text, self.dependants, self.note),
        )
        return UUID(bytes=blake2b(repr(content).encode(), digest_size=16).digest())


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """How often the pack wants families visited, and how soon the undecided asked again; None: it does not say."""

    every_hours: int | None
    ask_again_hours: int | None = None


@transaction.atomic
def list_away(
    *,
    people: Collection[UUID],
    area: str,
    source: str,
    script: str,
    due_at: datetime | None,
    scope: Scope,
    by: Actor,
    at: datetime,
    where_text: str = "",
) -> int:
    """Put people of the register on the list of workers away, and on the call list. How many are new.

    Who is on it already stays; who is out of sight is left out. Refuses `not-permitted`.
    """
    if not scope.allows(RECORD, area):
        raise Refused("not-permitted")
    homes = homes_of(scope.narrowed(area), list(people))
    held = AwayWorker.objects.unscoped(OWN).filter(person_id__in=homes)
    there = set(held.values_list("person_id", flat=True))
    new = [home for home in homes.values() if home.person_id not in there]
    AwayWorker.objects.bulk_create(
        [
            AwayWorker(
                id=uuid7(),
                area=home.area,
                person_id=home.person_id,
                household_id=home.household_id,
                where_text=where_text.strip(),
                source=source,
                by_id=by.id,
                by_name=by.name,
                recorded_at=at,
            )
            for home in new
        ],
        batch_size=1000,
    )
    calls = [
        NewReach(home.area, "person", home.person_id, CALL, "phone", due_at, home.household_id, script)
        for home in new
    ]
    open_reaches(wanted=calls, at=at)
    append_event(
        verb="screening.away.listed",
        subject=("area", area),
        area=area,
        by=by,
        at=at,
        payload={"new": len(new), "source": source},
    )
    return len(new)


@transaction.atomic
def list_away_from_register(
    *, area: str, script: str, due_at: datetime | None, scope: Scope, by: Actor, at: datetime
) -> int:
    """The same for everybody below `area` whom the register says not to live there (是否常住: 否)."""
    people = people_away(scope.narrowed(area))
    return list_away(
        people=people, area=area, source="register", script=script, due_at=due_at, scope=scope, by=by, at=at
    )


@transaction.atomic
def record_away(
    *, answers: Sequence[AwayAnswer], plan: VisitPlan, scope: Scope, by: Actor, at: datetime
) -> int:
    """Note what workers away said; the last said counts, and the visits of their families follow.

    All or none; sent again an answer is one fact. How many were new. Refuses `away-not-found` (not on the
    list, or out of sight), `not-permitted`, `away-outcome`, `away-day-missing`, `told-in-future`, `fact-differs`.
    """
    rows = {
        row.person_id: row
        for row in AwayWorker.objects.within(scope)
        .filter(person_id__in=[one.person_id for one in answers])
        .order_by("id")
        .select_for_update()
    }
    for one in answers:
        _must_read(one, rows, scope, at)
    digests = dict(
        AwayOutcome.objects.unscoped(OWN)
        .filter(id__in=[one.id for one in answers])
        .values_list("id", "digest")
    )
    if any(digests.get(one.id, one.digest()) != one.digest() for one in answers):
        raise Refused("fact-differs")
    fresh = list({one.id: one for one in answers if one.id not in digests}.values())
    if not fresh:
        return 0
    AwayOutcome.objects.bulk_create(
        [_row(one, rows[one.person_id], by, at) for one in fresh], batch_size=1000
    )
    touched = [rows[one.person_id] for one in fresh]
    _follow([row.id for row in touched])
    _visits({row.household_id for row in touched if row.household_id}, plan, at)
    _calls([row.id for row in touched], plan, at)
    areas = sorted({row.area for row in touched})
    append_event(
        verb="screening.away.recorded",
        subject=("person", fresh[0].person_id) if len(fresh) == 1 else ("area", areas[0]),
        area=areas[0] if len(areas) == 1 else _shared(areas),
        by=by,
        at=at,
        payload={"answers": len(fresh)},
    )
    return len(fresh)


@transaction.atomic
def open_visits(*, wanted: Sequence[NewReach], by: Actor, at: datetime) -> int:
    """Put households on the list of visits. How many are new."""
    new = open_reaches(wanted=wanted, at=at)
    if wanted:
        append_event(
            verb="screening.visits.opened",
            subject=("household", wanted[0].subject_id),
            area=wanted[0].area,
            by=by,
            at=at,
            payload={"new": new},
        )
    return new


def _must_read(one: AwayAnswer, rows: dict[UUID, AwayWorker], scope: Scope, at: datetime) -> None:
    row = rows.get(one.person_id)
    if row is None:
        raise Refused("away-not-found")
    if not scope.allows(RECORD, row.area):
        raise Refused("not-permitted")
    if one.outcome not in AWAY_STATES[1:] or one.source not in SOURCES:
        raise Refused("away-outcome", outcome=one.outcome)
    if one.outcome in ("returning", "returned") and one.returning_on is None:
        raise Refused("away-day-missing")
    if one.told_at > at:
        raise Refused("told-in-future")


def _row(one: AwayAnswer, row: AwayWorker, by: Actor, at: datetime) -> AwayOutcome:
    return AwayOutcome(
        id=one.id,
        area=row.area,
        away_id=row.id,
        outcome=one.outcome,
        returning_on=one.returning_on,
        where_text=one.where_text.strip(),
        dependants=one.dependants,
        told_at=one.told_at,
        source=one.source,
        note=one.note.strip(),
        digest=one.digest(),
        by_id=by.id,
        by_name=by.name,
        recorded_at=at,
    )


def _follow(ids: Sequence[UUID]) -> None:
    """What holds follows from everything that was said in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW, [list(ids)])


def _visits(households: set[UUID], plan: VisitPlan, at: datetime) -> None:
    """Families of whom somebody stays away and left dependants are visited; the others no longer."""
    members = AwayWorker.objects.unscoped(OWN).filter(household_id__in=households)
    wants = members.filter(state__in=STILL_AWAY, dependants=True).values_list("household_id", "area")
    visited = {household: area for household, area in wants if household is not None}
    done = households - set(visited)
    if done:
        end_reaches(subjects=done, purpose=VISIT, reason="nobody-left-alone", at=at)
    if plan.every_hours is None:
        return
    due = at + timedelta(hours=24)
    open_reaches(
        wanted=[
            NewReach(area, "household", home, VISIT, "door", due, home, repeat_hours=plan.every_hours)
            for home, area in sorted(visited.items())
        ],
        at=at,
    )


def _calls(ids: Sequence[UUID], plan: VisitPlan, at: datetime) -> None:
    """Who has answered leaves the call list; who returns on a day is rung when it comes, the undecided again."""
    rows = list(AwayWorker.objects.unscoped(OWN).filter(id__in=ids))
    scripts = dict(
        Reach.objects.unscoped(OWN)
        .filter(subject_id__in=[row.person_id for row in rows], purpose=CALL)
        .values_list("subject_id", "script")
    )
    end_reaches(subjects=[row.person_id for row in rows], purpose=CALL, reason="answered", at=at)
    again = []
    for row in rows:
        due_at = _again(row, plan, at)
        if due_at is not None:
            again.append(
                NewReach(
                    row.area,
                    "person",
                    row.person_id,
                    CALL,
                    "phone",
                    due_at,
                    row.household_id,
                    scripts.get(row.person_id, ""),
                )
            )
    open_reaches(wanted=again, at=at)


def _again(row: AwayWorker, plan: VisitPlan, at: datetime) -> datetime | None:
    if row.state not in ("returning", "undecided"):
        return None
    if row.returning_on is not None:
        return max(day_end(row.returning_on, zone_of(row.area)), at)
    return at + timedelta(hours=plan.ask_again_hours) if plan.ask_again_hours else None


def _shared(areas: list[str]) -> str:
    first, last = areas[0], areas[-1]
    length = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[:length]


_FOLLOW = """
update screening_awayworker w set state = l.outcome, returning_on = l.returning_on, told_at = l.told_at,
    where_text = case when l.where_text <> '' then l.where_text else w.where_text end,
    dependants = coalesce((select o.dependants from screening_awayoutcome o where o.away_id = w.id
        and o.dependants is not null order by o.told_at desc, o.id desc limit 1), w.dependants)
from (select distinct on (away_id) away_id, outcome, returning_on, told_at, where_text
    from screening_awayoutcome where away_id = any(%s) order by away_id, told_at desc, id desc) l
where w.id = l.away_id
"""
