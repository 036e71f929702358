# ruff: noqa: S608 - table names come from code, everything asked is a parameter
"""A ledger as SQL: who stands in it, now or as of a past moment, under filters, in an order.

Never a copied list: the pack's condition compiled over the person table. As of a past moment the trips, tags
and residences known then are looked at, so that yesterday's ledger opens as it was.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Any

from shouwang.kernel.errors import Refused
from shouwang.ledgers.fetching import areas_sql
from shouwang.packs.classify import category_sql, ledger_condition
from shouwang.packs.conditions import Context, Params, compile_candidates_sql, compile_found_sql
from shouwang.packs.schema import Pack, Sort
from shouwang.people.sealed import blind

TAIL_LENGTH = 4
DOOR_DIGITS = 5
"""So many digits and fewer may also be a door or a house number."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Chips above a ledger; what is None does not filter."""

    village: str | None = None
    """Path of a place."""
    category: str | None = None
    to_verify: bool | None = None
    """True: with something on the to-verify list; False: without."""
    stage: str | None = None
    """Code of the stage of an open observation file."""
    late_at: datetime | None = None
    """With an open file whose next duty is over at this instant."""
    watched: bool | None = None
    """True: with an open observation file; False: without."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to a ledger. `as_of` None is "as things stand"; `areas` is what the asker may see."""

    pack: Pack
    code: str
    areas: tuple[str, ...]
    on: date
    as_of: datetime | None = None
    area: str | None = None
    origin: str | None = None
    filters: Filters = Filters()
    search: str = ""
    sort: tuple[Sort, ...] | None = None
    watch_areas: tuple[str, ...] = ()
    """Where the asker may see observation files."""

    @property
    def context(self) -> Context:
        return Context.of(self.pack, self.on, self.as_of)


_SORTS = {
    "name": "p.sort_key",
    "household": "coalesce(h.number, '')",
    "address": "(p.area || ' ' || coalesce(h.address_key, ''))",
    "village": "p.area",
    "origin": "coalesce((SELECT max(t.origin_code) FROM screening_trip t WHERE {held}), '')",
    "returned-on": (
        "coalesce((SELECT max(t.returned_on) FROM screening_trip t WHERE {held}), 'infinity')::text"
    ),
    "age": "coalesce(p.birth_date, '-infinity')::text",
    "sex": "p.sex::text",
    "category": "coalesce({category}, '')",
}
"""Columns that a ledger can be sorted by. An unknown return date sorts as the latest: it wants attention."""


class Book:
    """The SQL of one question: `source` (FROM and WHERE) over the person alias `p`, with its parameters."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.params: Params = {}
        self._numbers: Iterator[int] = count()
        self._ctx = asked.context
        self.source = self._source()

    def page(self, after: str | None, limit: int) -> tuple[str, Params]:
        """Ids in order, with the values of the sort keys, `limit` + 1 of them, after the cursor."""
        keys = self._keys()
        columns = ", ".join(key for key, _ in keys)
        where = f" AND {self._beyond(keys, after)}" if after else ""
        order = ", ".join(f"{key} {'DESC' if down else 'ASC'}" for key, down in keys)
        sql = f"SELECT p.id, {columns} {self.source}{where} ORDER BY {order} LIMIT {self._param(limit + 1)}"
        return sql, self.params

    def ids(self) -> tuple[str, Params]:
        """Every id in order."""
        order = ", ".join(f"{key} {'DESC' if down else 'ASC'}" for key, down in self._keys())
        return f"SELECT p.id {self.source} ORDER BY {order}", self.params

    def people(self) -> tuple[str, Params]:
        """Id and area of everyone, by area: for counts and reports, which need no order of the pack's."""
        return f"SELECT p.id, p.area {self.source} ORDER BY p.area, p.id", self.params

    def capped_count(self, cap: int) -> tuple[str, Params]:
        """How many, counted no further than `cap` + 1."""
        return f"SELECT count(*) FROM (SELECT 1 {self.source} LIMIT {self._param(cap + 1)}) x", self.params

    def totals(self) -> tuple[str, Params]:
        """People, and the households that have at least one of them (a person without one counts as one)."""
        return f"SELECT count(*), count(DISTINCT coalesce(p.household_id, p.id)) {self.source}", self.params

    def _source(self) -> str:
        asked = self.asked
        tests = [self._within(asked.areas)]
        if asked.area is not None:
            tests.append(self._within((asked.area,)))
        if asked.filters.village is not None:
            tests.append(self._within((asked.filters.village,)))
        tests.append(self._in_ledger())
        if asked.origin:
            tests.append(self._from(asked.origin))
        if asked.filters.category is not None:
            tests.append(f"{self._category()} = {self._param(asked.filters.category)}")
        if asked.filters.to_verify is not None:
            tests.append(("" if asked.filters.to_verify else "NOT ") + self._to_verify())
        tests += self._watched()
        if asked.search.strip():
            tests.append(self._matches(asked.search.strip()))
        people = "people_person" if asked.as_of is None else self._people_then()
        alive = "p.merged_into_id IS NULL AND " if asked.as_of is None else ""
        return (
            f"FROM {people} p LEFT JOIN people_household h ON h.id = p.household_id"
            f" WHERE {alive}{' AND '.join(tests)}"
        )

    def _people_then(self) -> str:
        """People as they were known at the instant, living where they were known to live."""
        at = self._param(self.asked.as_of)
        return (
            "(SELECT q.id, r.area, r.household_id, q.name, q.sort_key, q.initials, q.birth_date, q.sex"
            " FROM people_residence r JOIN people_person q ON q.id = r.person_id"
            f" WHERE r.recorded_at <= {at} AND (r.superseded_at IS NULL OR r.superseded_at > {at})"
            f" AND q.recorded_at <= {at} AND q.merged_into_id IS NULL)"
        )

    def _in_ledger(self) -> str:
        condition = ledger_condition(self.asked.pack, self.asked.code)
        found, params = compile_found_sql(condition, self._ctx, prefix="w")
        self.params |= params
        cheap = compile_candidates_sql(condition, self._ctx, prefix="n")
        if cheap is None:
            return found
        self.params |= cheap[1]
        return f"{cheap[0]} AND {found}"

    def _within(self, prefixes: tuple[str, ...]) -> str:
        if "" in prefixes:
            return "TRUE"
        tests = [f"p.area LIKE {self._param(prefix + '%')}" for prefix in prefixes]
        return f"({' OR '.join(tests)})" if tests else "FALSE"

    def _from(self, origin: str) -> str:
        return (
            "p.id IN (SELECT t.person_id FROM screening_trip t"
            f" WHERE t.origin_code LIKE {self._param(origin + '%')} AND {self.held('t')})"
        )

    def _to_verify(self) -> str:
        at = self.asked.as_of
        still = "y.resolved_at IS NULL"
        if at is not None:
            then = self._param(at)
            still = f"y.recorded_at <= {then} AND (y.resolved_at IS NULL OR y.resolved_at > {then})"
        return f"EXISTS (SELECT 1 FROM screening_verifyitem y WHERE y.person_id = p.id AND {still})"

    def _watched(self) -> list[str]:
        """Filters that ask the observation files: as they stand now, also in a ledger of the past."""
        filters, tests = self.asked.filters, []
        areas, params = areas_sql("f.area", self.asked.watch_areas, "watch")
        file = f"SELECT 1 FROM observation_file f WHERE f.person_id = p.id AND f.state = 'open' AND {areas}"
        if filters.stage is not None:
            tests.append(f"EXISTS ({file} AND f.stage = {self._param(filters.stage)})")
        if filters.late_at is not None:
            tests.append(f"EXISTS ({file} AND f.next_due_at < {self._param(filters.late_at)})")
        if filters.watched is not None:
            tests.append(f"{'' if filters.watched else 'NOT '}EXISTS ({file})")
        if tests:
            self.params |= params
        return tests

    def held(self, alias: str) -> str:
        """Rows of `alias` that hold at the moment asked about."""
        if self.asked.as_of is None:
            return f"{alias}.superseded_at IS NULL"
        at = self._param(self.asked.as_of)
        return (
            f"{alias}.recorded_at <= {at} AND ({alias}.superseded_at IS NULL OR {alias}.superseded_at > {at})"
        )

    def _category(self) -> str:
        code, _, params = category_sql(self.asked.pack, self._ctx)
        self.params |= params
        return code

    def _matches(self, wanted: str) -> str:
        """Name, pinyin initials, a full id or its last four, a telephone or its last four, a door."""
        compact = "".join(wanted.split()).upper().replace("-", "")
        begins, holds = self._param(_like(wanted) + "%"), self._param("%" + _like(wanted) + "%")
        if compact.rstrip("X").isdigit():
            return self._matches_number(compact, holds)
        if wanted.isascii():
            letters = self._param(_like("".join(wanted.split()).lower()) + "%")
            spelled = self._param(_like(wanted.lower()) + "%")
            return (
                f"(p.initials LIKE {letters} OR p.sort_key LIKE {spelled} OR p.name ILIKE {begins}"
                f" OR {self._by_paper([compact])} OR h.address LIKE {holds})"
            )
        return f"(p.name LIKE {begins} OR h.address LIKE {holds} OR h.head_name LIKE {begins})"

    def _matches_number(self, compact: str, holds: str) -> str:
        tests = [self._by_paper([compact]), self._by_telephone([compact, f"+86{compact}"])]
        if len(compact) == TAIL_LENGTH:
            paper = self._param(blind(compact, "national-id-tail"))
            telephone = self._param(blind(compact, "telephone-tail"))
            tests.append(f"p.id IN (SELECT person_id FROM people_identifier WHERE tail_digest = {paper})")
            tests.append(f"p.id IN (SELECT person_id FROM people_telephone WHERE tail_digest = {telephone})")
        if len(compact) <= DOOR_DIGITS:
            tests.append(f"h.address LIKE {holds}")
        return f"({' OR '.join(tests)})"

    def _by_paper(self, values: list[str]) -> str:
        digests = self._param([blind(value, "national-id") for value in values])
        return f"p.id IN (SELECT person_id FROM people_identifier WHERE digest = ANY({digests}::bytea[]))"

    def _by_telephone(self, values: list[str]) -> str:
        digests = self._param([blind(value, "telephone") for value in values])
        return f"p.id IN (SELECT person_id FROM people_telephone WHERE digest = ANY({digests}::bytea[]))"

    def _keys(self) -> list[tuple[str, bool]]:
        wanted = self.asked.sort
        if wanted is None:
            wanted = self.asked.pack.ledger(self.asked.code).sort or (Sort(column="name"),)
        keys = [(self._key(sort.column), sort.descending) for sort in wanted if sort.column in _SORTS]
        return [*keys, ("p.id", False)]

    def _key(self, column: str) -> str:
        sql = _SORTS[column]
        if "{held}" in sql:
            return sql.replace("{held}", f"t.person_id = p.id AND {self.held('t')}")
        return sql.replace("{category}", self._category()) if "{category}" in sql else sql

    def _beyond(self, keys: list[tuple[str, bool]], after: str) -> str:
        values = opened(after)
        if len(values) != len(keys):
            raise Refused("cursor-invalid")
        names = [self._param(value) for value in values]
        names[-1] += "::uuid"
        if not any(down for _, down in keys):
            return f"({', '.join(key for key, _ in keys)}) > ({', '.join(names)})"
        tests = []
        for index, (key, down) in enumerate(keys):
            same = [f"{keys[i][0]} = {names[i]}" for i in range(index)]
            tests.append("(" + " AND ".join([*same, f"{key} {'<' if down else '>'} {names[index]}"]) + ")")
        return f"({' OR '.join(tests)})"

    def _param(self, value: object) -> str:
        name = f"q_{next(self._numbers)}"
        self.params[name] = value
        return f"%({name})s"


def cursor(values: tuple[Any, ...]) -> str:
    """The keyset cursor after a row with these sort values."""
    return base64.urlsafe_b64encode(json.dumps([str(value) for value in values]).encode()).decode()


def opened(text: str) -> list[str]:
    """The sort values in a cursor. Refuses `cursor-invalid`."""
    try:
        values = json.loads(base64.urlsafe_b64decode(text.encode()))
    except ValueError as error:
        raise Refused("cursor-invalid") from error
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise Refused("cursor-invalid")
    return values


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
