"""A district the size of Rongchang by SQL: 357,316 doors in 1,000 grids; and the visits of seven days to them.

In seven days of February 2020 the district counted 357,316 visits to households and 1,033,363 to people. Here
as many visits are made to as many doors: one door in twenty is met twice, one is first not at home, and two
are never visited, so that doors, people, visits and people met each time are four different figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from shouwang.kernel.ids import uuid7

if TYPE_CHECKING:  # a process that writes meanwhile imports this module before Django is set up
    from shouwang.screening.actions import NewVisit

CHINA = timezone(timedelta(hours=8))
DISTRICT = "500153"
DOORS, PERSON_VISITS, GRIDS, DAYS = 357_316, 1_033_363, 1000, 7
OPENED = datetime(2020, 2, 1, 6, 0, tzinfo=CHINA)
PER_GRID = -(-DOORS // GRIDS)
TWICE, NOT_HOME_FIRST, NEVER = 2, 1, (0, 3)
"""Of twenty doors: which is met twice, which answers at the second visit, which are never visited."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of the district: `doors` of it; people are registered (and named) in every `named_every`-th
    grid, elsewhere the paper only says how many."""

    doors: int = DOORS
    person_visits: int = PERSON_VISITS
    named_every: int = 1

    @property
    def meetings(self) -> int:
        return sum(_meetings(n) for n in range(self.doors))

    @property
    def fours(self) -> int:
        """How many meetings are with four people; the others are with three."""
        return self.person_visits - 3 * self.meetings


def smaller(scale: int, named_every: int = 1) -> Size:
    """The same district, so many times smaller."""
    return Size(DOORS // scale, PERSON_VISITS // scale, named_every)


def seed(size: Size) -> None:
    """Places, dwellings, households and people of a database that has none of this district."""
    params = {"doors": size.doors, "grid": PER_GRID, "every": size.named_every, "at": OPENED}
    with connection.cursor() as cursor:
        for statement in _STATEMENTS:
            cursor.execute(statement, params)
        cursor.execute("analyze places_dwelling; analyze people_household; analyze people_person")


def visits(size: Size, doors: dict[int, UUID]) -> Iterator[NewVisit]:
    """Every visit of the seven days, day by day and grid by grid, as papers come in."""
    from shouwang.screening.actions import (
        NewVisit,
    )  # a process that writes meanwhile imports this before set-up

    fours = size.fours
    met = 0
    for day in range(DAYS):
        for n in range(day, size.doors, DAYS):
            kind = n % 20
            if kind in NEVER:
                continue
            at = OPENED + timedelta(days=day, hours=2 + n % 10)
            if kind == NOT_HOME_FIRST:
                yield NewVisit(uuid7(), doors[n], at, "not-home")
                at += timedelta(minutes=90)
            people = 4 if met < fours else 3
            for _ in range(2 if kind == TWICE else 1):
                met += 1
                yield NewVisit(uuid7(), doors[n], at, "met", people, named_people(size, n))
                at += timedelta(minutes=30)


def named_people(size: Size, n: int) -> tuple[UUID, ...]:
    """Who is registered behind a door, and so named when met: three people, or nobody."""
    if n // PER_GRID % size.named_every:
        return ()
    return tuple(UUID(f"00000002-0000-7000-8000-{n * 3 + k:012x}") for k in range(3))


def _meetings(n: int) -> int:
    kind = n % 20
    return 0 if kind in NEVER else 2 if kind == TWICE else 1


def doors_by_number(sweep: UUID) -> dict[int, UUID]:
    """Which door of the round is the n-th of the district."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select ('x' || right(replace(dwelling_id::text, '-', ''), 8))::bit(32)::int, id"
            " from screening_sweepdoor where sweep_id = %s",
            [sweep],
        )
        return dict(cursor.fetchall())


def _uuid(kind: int, number: str) -> str:
    return f"('{kind:08x}-0000-7000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid"


_VILLAGE = "'500153' || lpad((1 + g / 50)::text, 3, '0') || lpad((200 + g / 2 %% 25)::text, 3, '0')"
_GRID = f"{_VILLAGE} || '-00' || (1 + g %% 2)"
_OF = _GRID.replace("g ", "(n / %(grid)s) ")
_STATEMENTS = [
    """insert into places_place (id, code, path, name, level, kind, zone)
    values (gen_random_uuid(), '500153', '500153', '荣昌区', 'county', 'official', 'Asia/Shanghai')
    on conflict do nothing""",
    f"""insert into places_place (id, code, path, name, level, kind, zone)
    select distinct on (v) gen_random_uuid(), v, v, '村' || right(v, 6), 'village', 'official', 'Asia/Shanghai'
    from (select {_VILLAGE} as v from generate_series(0, (%(doors)s - 1) / %(grid)s) g) x
    on conflict do nothing""",
    f"""insert into places_place (id, path, name, level, kind, zone)
    select gen_random_uuid(), {_GRID}, '网格' || g, 'grid', 'grid', 'Asia/Shanghai'
    from generate_series(0, (%(doors)s - 1) / %(grid)s) g on conflict do nothing""",
    f"""insert into places_dwelling (id, place_id, area, group_name, door, address_key)
    select {_uuid(3, "n")}, p.id, p.path, (n %% 12 + 1) || '组', n / 12 || '号', (n %% 12 + 1) || '组' || n / 12
    from generate_series(0, %(doors)s - 1) n join places_place p on p.path = {_OF}""",
    f"""insert into people_household (id, area, dwelling_id, number, head_name, address, address_key, recorded_at)
    select {_uuid(1, "n")}, {_OF}, {_uuid(3, "n")}, '', '户主' || n, (n %% 12 + 1) || '组' || n / 12 || '号',
        (n %% 12 + 1) || '组' || n / 12, %(at)s
    from generate_series(0, %(doors)s - 1) n""",
    f"""insert into people_person (id, area, household_id, name, sort_key, initials, sex, birth_date, relation,
        recorded_at)
    select {_uuid(2, "n * 3 + k")}, {_OF}, {_uuid(1, "n")}, '居民' || n * 3 + k, 'ju min', 'jm', 'm',
        date '1940-01-01' + (n * 37 %% 29000), '', %(at)s
    from generate_series(0, %(doors)s - 1) n cross join generate_series(0, 2) k
    where n / %(grid)s %% %(every)s = 0""",
]
