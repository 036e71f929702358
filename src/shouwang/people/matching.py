"""Finding the same person again, many at once: by paper, by telephone, by door; never by the name alone.

Reads everywhere, not within a scope: a person is one person wherever they are registered (LESSONS 12).
Callers are actions that write people; what is found here is never shown to anybody out of scope.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from django.db import connection

from shouwang.people.sealed import blind
from shouwang.places.queries import villages_around

How = Literal["paper", "telephone", "dwelling"]


@dataclass(slots=True)
class Candidate:
    """Somebody read from a list. `paper` is the normalised number as written ("" when there is none)."""

    key: int
    name: str
    paper: str = ""
    paper_ok: bool = False
    telephones: Sequence[str] = ()
    area: str = ""
    address_key: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The person that a candidate is, and by what."""

    person_id: UUID
    household_id: UUID | None
    area: str
    how: How


@dataclass(slots=True)
class Matches:
    """`same`: candidate key → person. `conflicts`: the same valid paper under another name: key → those
    persons. `unclear`: keys that several persons fit."""

    same: dict[int, Match] = field(default_factory=dict)
    conflicts: dict[int, tuple[UUID, ...]] = field(default_factory=dict)
    unclear: set[int] = field(default_factory=set)


def match_people(candidates: Iterable[Candidate]) -> Matches:
    """Match candidates against everybody who is registered, in a handful of statements.

    First the paper: the same valid number and name (or one of them without a name) is the same person, the
    same valid number under another name is a conflict. Then the name together with a telephone, then with a
    door, unless both sides have a valid paper and they differ.
    """
    found = Matches()
    with connection.cursor() as cursor:
        cursor.execute(
            """create temporary table people_candidate (key integer, name text, paper bytea, paper_ok boolean,
            area text, address_key text) on commit drop;
            create temporary table people_candidate_phone (key integer, digest bytea) on commit drop"""
        )
        many = list(candidates)
        _copy_in(many)
        cursor.execute("analyze people_candidate; analyze people_candidate_phone")
        cursor.execute(_plan_for(len(many)))
        cursor.execute(_BY_PAPER)
        _take_papers(cursor.fetchall(), found)
        for how, statement in (("telephone", _BY_TELEPHONE), ("dwelling", _BY_DWELLING)):
            cursor.execute(statement)
            _take_rest(cursor.fetchall(), how, found)  # type: ignore[arg-type]
        cursor.execute("set local enable_nestloop to default; set local enable_seqscan to default")
        cursor.execute("drop table people_candidate, people_candidate_phone")
    return found


def known_digests(people: Collection[UUID]) -> tuple[set[tuple[UUID, bytes]], set[tuple[UUID, bytes]]]:
    """(person, digest) of the papers and of the telephones that these persons have now."""
    both = []
    with connection.cursor() as cursor:
        for table in ("people_identifier", "people_telephone"):
            cursor.execute(
                f"select person_id, digest from {table} where person_id = any(%s) and superseded_at is null",  # noqa: S608
                [list(people)],
            )
            both.append({(person, bytes(digest)) for person, digest in cursor.fetchall()})
    return both[0], both[1]


FEW = 2000
"""Up to so many candidates are looked up one by one; more are hashed against everybody."""


def _plan_for(candidates: int) -> str:
    """The shape of the joins, said outright: right after a bulk load (or its rollback) the planner knows
    nothing of the register, and a nested scan of 42,000 by 42,000 rows ran for minutes."""
    return f"set local enable_{'seqscan' if candidates <= FEW else 'nestloop'} to off"


_VALID_PAPER = """left join people_identifier o on o.person_id = p.id and o.superseded_at is null
        and o.problem = ''"""
_NOT_CONTRADICTED = "not coalesce(c.paper_ok and o.digest <> c.paper, false)"
_BY_PAPER = """
    select c.key, c.name, c.paper_ok, p.id, p.household_id, p.area, p.name
    from people_candidate c
    join people_identifier i on i.digest = c.paper and i.superseded_at is null
    join people_person p on p.id = i.person_id and p.merged_into_id is null
    where c.paper is not null and (c.paper_ok or p.name = c.name)
    order by c.key, p.id"""
_BY_TELEPHONE = f"""
    select distinct c.key, p.id, p.household_id, p.area
    from people_candidate c
    join people_candidate_phone f on f.key = c.key
    join people_telephone t on t.digest = f.digest and t.superseded_at is null
    join people_person p on p.id = t.person_id and p.merged_into_id is null and p.name = c.name
    {_VALID_PAPER}
    where c.name <> '' and {_NOT_CONTRADICTED}
    order by c.key, p.id"""  # noqa: S608 - no value in it
_BY_DWELLING = f"""
    with stands as materialized (
        select a.area, a.area as path from (select distinct area from people_candidate) a
        union select a.area, p.path from (select distinct area from people_candidate) a
        join places_place p on p.path ~>=~ (a.area || '-') and p.path ~<~ (a.area || '.'))
    select distinct c.key, p.id, p.household_id, p.area
    from people_candidate c join stands s on s.area = c.area
    join people_household h on h.area = s.path and h.address_key = c.address_key
    join people_person p on p.household_id = h.id and p.merged_into_id is null and p.name = c.name
    {_VALID_PAPER}
    where c.name <> '' and c.address_key <> '' and {_NOT_CONTRADICTED}
    order by c.key, p.id"""  # noqa: S608 - no value in it


def _copy_in(candidates: Sequence[Candidate]) -> None:
    """A door is looked for in the whole village: it may have been put into a grid since the list was made."""
    village = villages_around({c.area for c in candidates if c.address_key})
    with connection.cursor() as cursor:
        with cursor.copy("copy people_candidate from stdin") as stream:
            for c in candidates:
                paper = blind(c.paper, "national-id") if c.paper else None
                stream.write_row(
                    (c.key, c.name, paper, c.paper_ok, village.get(c.area, c.area), c.address_key)
                )
        with cursor.copy("copy people_candidate_phone from stdin") as stream:
            for c in candidates:
                for number in c.telephones:
                    stream.write_row((c.key, blind(number, "telephone")))


def _take_papers(rows: Sequence[tuple[int, str, bool, UUID, UUID | None, str, str]], found: Matches) -> None:
    others: dict[int, list[UUID]] = {}
    for key, said, paper_ok, person, household, area, name in rows:
        if said == name or (paper_ok and not (said and name)):
            found.same.setdefault(key, Match(person, household, area, "paper"))
        elif paper_ok:
            others.setdefault(key, []).append(person)
    found.conflicts = {key: tuple(people) for key, people in others.items() if key not in found.same}


def _take_rest(rows: Sequence[tuple[int, UUID, UUID | None, str]], how: How, found: Matches) -> None:
    fits: dict[int, list[Match]] = {}
    for key, person, household, area in rows:
        if key not in found.same and key not in found.conflicts:
            fits.setdefault(key, []).append(Match(person, household, area, how))
    for key, matches in fits.items():
        if len({match.person_id for match in matches}) == 1:
            found.same[key] = matches[0]
            found.unclear.discard(key)
        else:
            found.unclear.add(key)
