# ruff: noqa: S608 - table names come from code, everything asked is a parameter
"""Rows of a ledger: for people already found, everything a line shows. Seven queries, however many people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from shouwang.classification import queries as classification
from shouwang.kernel.areas import VILLAGE_DIGITS
from shouwang.kernel.decision import Reason
from shouwang.ledgers.definition import Asked
from shouwang.ledgers.fetching import fetch
from shouwang.ledgers.watch import Watch, watches
from shouwang.packs.classify import classify, ledger_condition
from shouwang.packs.conditions import (
    All,
    AnyOf,
    Condition,
    Context,
    Not,
    Params,
    PersonFacts,
    Trip,
    TripFact,
    Vocabulary,
    compile_sql,
    evaluate,
    reason_words,
)
from shouwang.packs.schema import Lang
from shouwang.places.queries import names_of

ALWAYS = datetime.max.replace(tzinfo=UTC)
"""As things stand: every row that is not superseded holds then."""

_HELD = "{0}.recorded_at <= %(at)s AND ({0}.superseded_at IS NULL OR {0}.superseded_at > %(at)s)"
_PEOPLE = f"""
SELECT p.id, coalesce(r.area, p.area), coalesce(v.name, ''), p.name, p.sex, p.birth_date, p.relation,
    coalesce(i.masked, ''), coalesce(f.masked, ''), h.id, coalesce(h.head_name, ''), coalesce(h.address, ''),
    ARRAY(SELECT DISTINCT y.code FROM screening_verifyitem y WHERE y.person_id = p.id
        AND y.recorded_at <= %(at)s AND (y.resolved_at IS NULL OR y.resolved_at > %(at)s) ORDER BY y.code)
FROM people_person p
LEFT JOIN LATERAL (SELECT d.area, d.household_id FROM people_residence d WHERE d.person_id = p.id
    AND {_HELD.format("d")} ORDER BY d.recorded_at DESC LIMIT 1) r ON TRUE
LEFT JOIN people_household h ON h.id = CASE WHEN r.area IS NULL THEN p.household_id ELSE r.household_id END
LEFT JOIN places_place v ON v.path = left(coalesce(r.area, p.area), %(digits)s)
LEFT JOIN LATERAL (SELECT d.masked FROM people_identifier d WHERE d.person_id = p.id
    AND {_HELD.format("d")} ORDER BY d.recorded_at, d.id LIMIT 1) i ON TRUE
LEFT JOIN LATERAL (SELECT d.masked FROM people_telephone d WHERE d.person_id = p.id
    AND {_HELD.format("d")} ORDER BY d.recorded_at, d.id LIMIT 1) f ON TRUE
WHERE p.id = ANY(%(ids)s)"""
_TRIPS = f"""
SELECT d.person_id, d.origin_code, d.origin_text, d.left_on, d.returned_on, d.returned_state, d.returned_raw
FROM screening_trip d WHERE d.person_id = ANY(%(ids)s) AND {_HELD.format("d")} ORDER BY d.id"""


@dataclass(frozen=True, slots=True)
class TripShown:
    """The trip a ledger's row tells of. `returned_on` None: the raw state says why it is not known."""

    origin_code: str | None
    origin_text: str
    left_on: date | None
    returned_on: date | None
    returned_state: str
    returned_raw: str
    """The return date as it was written."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One person in a ledger, identifiers masked."""

    person_id: UUID
    area: str
    village: str
    """Name of the village."""
    name: str
    sex: str
    birth_date: date | None
    relation: str
    id_masked: str
    phone_masked: str
    household_id: UUID | None
    head_name: str
    address: str
    category: str | None
    certain: bool
    reasons: tuple[Reason, ...]
    trip: TripShown | None
    to_verify: tuple[str, ...]
    """Codes of what must still be verified about the person."""
    watch: Watch | None = None
    """Day n of m, last reading, owner, where there is a file that the asker may see."""

    def why(self, lang: Lang, vocabulary: Vocabulary) -> str:
        """The first reason, in a few words."""
        return reason_words(self.reasons[0], lang, vocabulary) if self.reasons else ""

    def as_dict(self) -> dict[str, object]:
        """Plain data for scripts; identifiers stay masked."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def rows_of(asked: Asked, ids: Sequence[UUID]) -> tuple[LedgerRow, ...]:
    """The rows of these people, in this order. `asked` says as of when."""
    if not ids:
        return ()
    at = asked.as_of or ALWAYS
    people = {row[0]: row for row in fetch(_PEOPLE, {"ids": list(ids), "at": at, "digits": VILLAGE_DIGITS})}
    trips: dict[UUID, list[TripShown]] = {}
    for person_id, *trip in fetch(_TRIPS, {"ids": list(ids), "at": at}):
        trips.setdefault(person_id, []).append(TripShown(*trip))
    facts = classification.facts_among(ids, at)
    watched = watches(ids, asked.watch_areas, on=asked.on, as_of=at)
    told = _Teller(asked)
    return tuple(told.row(people[i], facts[i], trips.get(i, []), watched.get(i)) for i in ids if i in people)


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


class _Teller:
    """Puts what was read about one person into a row."""

    def __init__(self, asked: Asked) -> None:
        self.pack = asked.pack
        self.ctx: Context = asked.context
        self.telling = telling(ledger_condition(asked.pack, asked.code))

    def row(
        self, person: tuple[Any, ...], facts: PersonFacts, trips: list[TripShown], watch: Watch | None
    ) -> LedgerRow:
        judged = classify(self.pack, facts, self.ctx)
        trip = self._trip(facts, trips)
        told = (judged.category, judged.certain, judged.reasons, trip, tuple(person[12]), watch)
        values: list[Any] = [*person[:12], *told]
        return LedgerRow(*values)

    def _trip(self, facts: PersonFacts, trips: list[TripShown]) -> TripShown | None:
        """The latest trip for which the person stands in this ledger; one without a date counts as latest."""

        def weight(pair: tuple[TripShown, TripFact]) -> tuple[bool, date]:
            trip, fact = pair
            tells = any(evaluate(item, fact, self.ctx) is not False for item in self.telling)
            return tells or not self.telling, trip.returned_on or date.max

        shown = sorted(zip(trips, facts.trips, strict=True), key=weight)
        return shown[-1][0] if shown else None


def telling(condition: Condition) -> tuple[Condition, ...]:
    """What a condition asks of one and the same trip: a trip for which that is not false is worth showing."""
    match condition:
        case Trip(item):
            return (item,)
        case All(items) | AnyOf(items):
            return tuple(found for item in items for found in telling(item))
        case Not(item):
            return telling(item)
    return ()


def telling_sql(asked: Asked) -> tuple[str, Params]:
    """The same as a boolean over the trip alias `t`."""
    params: Params = {}
    tests = []
    for index, item in enumerate(telling(ledger_condition(asked.pack, asked.code))):
        sql, more = compile_sql(item, asked.context, prefix=f"s{index}")
        params |= more
        tests.append(f"({sql} IS NOT FALSE)")
    return f"({' OR '.join(tests) or 't.id IS NOT NULL'})", params


def vocabulary(asked: Asked, rows: Sequence[LedgerRow]) -> Vocabulary:
    """Names for the codes in the reasons of these rows."""
    codes = {
        str(reason.params["origin"]) for row in rows for reason in row.reasons if reason.params.get("origin")
    }
    names = names_of(sorted(codes))
    return Vocabulary.of(asked.pack, asked.on, place=lambda code: names.get(code, code))
