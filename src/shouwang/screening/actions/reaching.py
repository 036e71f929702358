"""Noting attempts, set-based: the facts are appended, and where each subject stands follows in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from django.db import connection, transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.packs.schema import Pack
from shouwang.screening.models import ReachAttempt
from shouwang.screening.rules import CLOSED, FAILED, REACH_OUTCOMES, REACHED, Step, steps_of

OWN = "the rows are reached through scope by the caller"
CHANNELS = frozenset({"door", "form", "phone", "appointment"})
KINDS = frozenset({"person", "household", "dwelling", "arrival"})
RECORD = "reach.record"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to reach somebody. `id` is the client's; the same id with the same content is one fact.

    `household_id`: whose door or telephone it is, where known. `corrects` names an attempt that was wrong.
    """

    id: UUID
    area: str
    subject_kind: str
    subject_id: UUID
    purpose: str
    channel: str
    outcome: str
    tried_at: datetime
    household_id: UUID | None = None
    note: str = ""
    corrects: UUID | None = None
    reason: str = ""

    def digest(self) -> UUID:
        """The hash of the content."""
        content = (
            *(self.subject_kind, self.subject_id.int, self.purpose, self.channel, self.outcome),
            *(self.tried_at.timestamp(), self.note, self.corrects, self.reason),
        )
        return UUID(bytes=blake2b(repr(content).encode(), digest_size=16).digest())


@dataclass(frozen=True, slots=True)
class Noted:
    """How many attempts were new, and how many subjects now wait for the next channel."""

    fresh: int
    waiting: int


def note_attempts(attempts: Sequence[Attempt], *, pack: Pack, area: str, by: Actor, at: datetime) -> Noted:
    """Append many attempts and move every subject on its ladder, inside the caller's action (which journals).

    Two statements, however many. `area`: the place the lot belongs to; every attempt lies within it. Refuses
    `attempt-unreadable` (channel, outcome, kind, area or a time after `at`), `reason-missing`, `fact-differs`
    (same id, other content), `attempt-not-found` (what is corrected is another's or is corrected already).
    """
    for one in attempts:
        _must_read(one, area, at)
    if not attempts:
        return Noted(0, 0)
    fresh = _append(attempts, by, at)
    if len(fresh) < len({one.id for one in attempts}):
        _must_be_replays([one for one in attempts if one.id not in fresh])
    waiting = _follow([one for one in attempts if one.id in fresh], steps_of(pack), at) if fresh else 0
    return Noted(len(fresh), waiting)


@transaction.atomic
def record_attempt(*, attempt: Attempt, pack: Pack, scope: Scope, by: Actor, at: datetime) -> Noted:
    """Note one attempt. Refuses `not-permitted` and what `note_attempts` refuses; sent again it is one fact."""
    if not scope.allows(RECORD, attempt.area):
        raise Refused("not-permitted")
    noted = note_attempts([attempt], pack=pack, area=attempt.area, by=by, at=at)
    if noted.fresh:
        append_event(
            verb="screening.attempt.corrected" if attempt.corrects else "screening.attempt.recorded",
            subject=(attempt.subject_kind, attempt.subject_id),
            area=attempt.area,
            by=by,
            at=at,
            payload={"channel": attempt.channel, "outcome": attempt.outcome, "purpose": attempt.purpose},
        )
    return noted


def _must_read(one: Attempt, area: str, at: datetime) -> None:
    fields = (
        ("channel", one.channel in CHANNELS),
        ("outcome", one.outcome in REACH_OUTCOMES),
        ("subject", one.subject_kind in KINDS and bool(one.purpose)),
        ("area", one.area.startswith(area)),
        ("time", one.tried_at <= at),
    )
    for name, is_right in fields:
        if not is_right:
            raise Refused("attempt-unreadable", field=name)
    if one.corrects is not None and not one.reason.strip():
        raise Refused("reason-missing")


def _append(attempts: Sequence[Attempt], by: Actor, at: datetime) -> set[UUID]:
    corrected = {one.corrects: one for one in attempts if one.corrects is not None}
    if corrected:
        held = ReachAttempt.objects.unscoped(OWN).filter(id__in=corrected)
        there = {row.id: row for row in held}
        taken = dict(
            ReachAttempt.objects.unscoped(OWN)
            .filter(corrects_id__in=corrected)
            .values_list("corrects_id", "id")
        )
        for old, one in corrected.items():
            row = there.get(old)
            if row is None or row.subject_id != one.subject_id or row.purpose != one.purpose:
                raise Refused("attempt-not-found")
            if taken.get(old, one.id) != one.id:
                raise Refused("attempt-not-found")
    with connection.cursor() as cursor:
        cursor.execute(
            _APPEND,
            [
                *(by.id, by.name, at),
                [one.id for one in attempts],
                [one.area for one in attempts],
                [one.subject_kind for one in attempts],
                [one.subject_id for one in attempts],
                [one.purpose for one in attempts],
                [one.channel for one in attempts],
                [one.outcome for one in attempts],
                [one.tried_at for one in attempts],
                [one.note for one in attempts],
                [one.digest() for one in attempts],
                [one.corrects for one in attempts],
                [one.reason for one in attempts],
            ],
        )
        return {row[0] for row in cursor.fetchall()}


def _must_be_replays(waiting: Sequence[Attempt]) -> None:
    held = ReachAttempt.objects.unscoped(OWN).filter(id__in=[one.id for one in waiting])
    digests = dict(held.values_list("id", "digest"))
    for one in waiting:
        if digests.get(one.id) != one.digest():
            raise Refused("fact-differs", id=str(one.id))


def _follow(fresh: Sequence[Attempt], steps: Sequence[Step], at: datetime) -> int:
    subjects = list({(one.subject_id, one.purpose, one.subject_kind): one for one in fresh}.values())
    return follow(
        [one.subject_id for one in subjects],
        [one.purpose for one in subjects],
        [one.subject_kind for one in subjects],
        [one.household_id for one in subjects],
        steps,
        at,
    )


def follow(
    subjects: Sequence[UUID],
    purposes: Sequence[str],
    kinds: Sequence[str],
    households: Sequence[UUID | None],
    steps: Sequence[Step],
    at: datetime,
) -> int:
    """Let what stands follow from the attempts again, inside the caller's action. How many are waiting."""
    with connection.cursor() as cursor:
        cursor.execute(
            _FOLLOW,
            {
                "subjects": list(subjects),
                "purposes": list(purposes),
                "kinds": list(kinds),
                "households": list(households),
                "ids": [uuid7() for _ in subjects],
                "failed": sorted(FAILED),
                "closed": sorted(CLOSED),
                "reached": sorted(REACHED),
                "channels": [step.channel for step in steps],
                "afters": [step.after_failures for step in steps],
                "withins": [step.within_hours for step in steps],
                "nots": [" ".join(sorted(step.not_after)) for step in steps],
                "at": at,
            },
        )
        return int(cursor.rowcount)


_APPEND = """
insert into screening_reachattempt (id, area, subject_kind, subject_id, purpose, channel, outcome, tried_at, note,
    digest, corrects_id, reason, by_id, by_name, recorded_at)
select i.*, b.* from (values (%s, %s, %s::timestamptz)) b,
    unnest(%s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::text[], %s::text[],
    %s::text[], %s::timestamptz[], %s::text[], %s::uuid[], %s::uuid[], %s::text[]) i
on conflict (id) do nothing returning id
"""
_FOLLOW = """
with touched as (
    select * from unnest(%(subjects)s::uuid[], %(purposes)s::text[], %(kinds)s::text[], %(households)s::uuid[],
        %(ids)s::uuid[]) t (subject_id, purpose, subject_kind, household_id, fresh_id)
), steps as (
    select ord - 1 as idx, s.channel, s.after, s.within, string_to_array(s.nots, ' ') as nots
    from unnest(%(channels)s::text[], %(afters)s::int[], %(withins)s::int[], %(nots)s::text[])
        with ordinality s (channel, after, within, nots, ord)
), tried as (
    select a.*, t.household_id as home, t.fresh_id,
        row_number() over (partition by a.subject_id, a.purpose, a.subject_kind
            order by a.tried_at desc, a.id desc) as rn
    from touched t join screening_reachattempt a using (subject_id, purpose, subject_kind)
    where not exists (select 1 from screening_reachattempt c where c.corrects_id = a.id)
), told as (
    select subject_id, purpose, subject_kind,
        coalesce(min(rn) filter (where outcome <> all(%(failed)s::text[])) - 1, max(rn))::int as failures,
        max(outcome) filter (where rn = 1) as outcome, max(channel) filter (where rn = 1) as channel,
        max(tried_at) filter (where rn = 1) as tried_at, max(area) filter (where rn = 1) as area,
        (array_agg(home))[1] as home, (array_agg(fresh_id))[1] as fresh_id
    from tried group by 1, 2, 3
), judged as (
    select t.*, r.id as old, r.repeat_hours, p.until_at,
        t.outcome = any(%(closed)s::text[]) as is_closed, t.outcome = any(%(reached)s::text[]) as is_reached,
        coalesce((select max(idx) from steps where after <= t.failures), 0) as here
    from told t
    left join screening_reach r using (subject_id, purpose, subject_kind)
    left join screening_appointment p on p.id = r.appointment_id
), next as (
    select j.*, s.channel as next_channel, s.within,
        (select channel from steps where idx = 0) as first_channel,
        exists (select 1 from steps) as has_steps
    from judged j left join lateral (
        select channel, within from steps where j.outcome <> all(nots)
        order by idx < j.here, case when idx >= j.here then idx else -idx end limit 1) s on true
), final as (
    select coalesce(old, fresh_id) as id, n.*,
        case when is_closed then 'closed'
            when is_reached and (repeat_hours is null or not has_steps) then 'reached' else 'open' end as state,
        case when is_closed then '' when is_reached then
                case when repeat_hours is null or not has_steps then '' else first_channel end
            when until_at is not null then 'appointment' else coalesce(next_channel, '') end as channel_now,
        case when is_closed then null when is_reached then
                case when has_steps then tried_at + make_interval(hours => repeat_hours) end
            when until_at is not null then until_at
            else tried_at + make_interval(hours => within) end as due
    from next n
)
insert into screening_reach as r (id, area, subject_kind, subject_id, household_id, purpose, script, state, failures,
    next_channel, next_due_at, last_channel, last_outcome, last_at, claimed_by_id, claimed_by_name, recorded_at,
    end_reason)
select id, area, subject_kind, subject_id, home, purpose, '', state, case when state = 'open' then failures else 0 end,
    channel_now, due, channel, outcome, tried_at, '', '', %(at)s, '' from final order by subject_id, purpose
on conflict (subject_id, purpose, subject_kind) do update set
    area = case when starts_with(r.area, excluded.area || '-') then r.area else excluded.area end,
    household_id = coalesce(excluded.household_id, r.household_id), state = excluded.state,
    failures = excluded.failures, next_channel = excluded.next_channel, next_due_at = excluded.next_due_at,
    last_channel = excluded.last_channel, last_outcome = excluded.last_outcome, last_at = excluded.last_at,
    claimed_by_id = '', claimed_by_name = '', claim_until = null
where r.state <> 'ended'
"""
