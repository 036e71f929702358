# ruff: noqa: S608 - statements are made of this room's own text; every value is a parameter
"""Where fewer came than the protocol asks: the quorum of a day, over all files in sight."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from shouwang.kernel.scope import Scope
from shouwang.observation.queries.plans import columns, plans_in_force
from shouwang.observation.queries.standing import IN_FORCE
from shouwang.observation.queries.within import area_condition
from shouwang.observation.rules import IN_PERSON, slot_no


@dataclass(frozen=True, slots=True)
class QuorumGap:
    """A file on a day on which too few roles of its team came."""

    file_id: UUID
    person_id: UUID
    area: str
    owner_id: UUID
    came: int
    must: int
    household_id: UUID | None
    roles: list[str]
    """The roles of the set that were asked for."""


@dataclass(frozen=True, slots=True)
class Came:
    """Who saw a person on a day. `backed`: the roles an assignment bears out, None where nobody was assigned."""

    file_id: UUID
    taken_at: datetime
    channel: str
    by_name: str
    roles: tuple[str, ...]
    backed: tuple[str, ...] | None
    workers: tuple[UUID, ...]

    @property
    def counts(self) -> frozenset[str]:
        """The roles that count for the quorum: seen in person, and borne out where a team is assigned."""
        if self.channel not in IN_PERSON:
            return frozenset()
        return frozenset(self.roles if self.backed is None else self.backed)


def who_came(scope: Scope, files: Collection[UUID], day: date) -> dict[UUID, list[Came]]:
    """Who came to the people of these files in sight on the local day: file → visits in order. One query."""
    where, params = area_condition(scope, "f.area")
    params |= {"files": list(files), "low": slot_no(day, 0), "high": slot_no(day, 31)}
    found: dict[UUID, list[Came]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CAME.format(where=where), params)
        for file_id, at, channel, name, roles, backed, workers in cursor.fetchall():
            kept = None if backed is None else tuple(backed)
            came = Came(file_id, at, channel, name, tuple(roles), kept, tuple(workers))
            found.setdefault(file_id, []).append(came)
    return found


def quorum_gaps(scope: Scope, day: date, *, area: str | None = None, limit: int = 500) -> list[QuorumGap]:
    """Open files whose stage asks for a quorum on the local day `day` and did not have it, fewest first."""
    where, params = area_condition(scope, "f.area", area)
    must, roles = {}, []
    for key in plans_in_force(scope, area=area):
        number = (day - key.day_zero).days
        part = key.schedule(0).timetable.part(number)
        if part.quorum and number > 0 and day <= key.last_day:
            must[key] = part.quorum
            roles.append("{" + ",".join(part.roles) + "}")
    names = ("tables", "zones", "zeros", "lasts", "musts")
    params |= dict(zip(names, columns(must), strict=True))
    params |= {"roles": roles, "low": slot_no(day, 0), "high": slot_no(day, 31), "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_GAPS.format(where=where), params)
        return [QuorumGap(*row) for row in cursor.fetchall()]


_CAME = f"""
select c.file_id, c.taken_at, c.channel, coalesce(nullif(c.measured_by_name, ''), c.recorded_by_name), c.roles,
    c.vouched, c.came
from observation_dailycheck c join observation_file f on f.id = c.file_id
where c.file_id = any(%(files)s) and c.slot_no between %(low)s and %(high)s
    and c.outcome = 'done' and {{where}} and {IN_FORCE} order by c.taken_at, c.id
"""
_GAPS = f"""
select f.id, f.person_id, f.area, f.owner_id, v.came, p.must, f.household_id, p.roles::text[] from observation_file f
join unnest(%(tables)s::text[], %(zones)s::text[], %(zeros)s::date[], %(lasts)s::date[], %(musts)s::int[],
    %(roles)s::text[]) as p (timetable, zone, day_zero, last_day, must, roles)
    on f.timetable_id = p.timetable and f.zone = p.zone and f.day_zero = p.day_zero
        and coalesce(f.ordered_last_day, f.planned_last_day) = p.last_day
cross join lateral (
    select count(distinct r.role)::int as came
    from observation_dailycheck c, unnest(coalesce(c.vouched, c.roles)) as r (role)
    where c.file_id = f.id and c.slot_no between %(low)s and %(high)s and c.outcome = 'done'
        and c.channel in ('visit', 'facility') and r.role = any(p.roles::text[]) and {IN_FORCE}
) v
where f.state = 'open' and {{where}} and f.first_slot <= %(high)s and v.came < p.must
order by v.came, f.area, f.id limit %(limit)s
"""
