"""From rows to a plan: who is known, who is new, what each row adds. Reads only; writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.people.matching import Candidate, Match, Matches, known_digests, match_people
from shouwang.people.sealed import blind
from shouwang.places.gazetteer import resolve
from shouwang.places.queries import village_index
from shouwang.places.rules import read_address
from shouwang.screening.models import ImportBatch, ImportRow, Trip
from shouwang.screening.reading import PersonFields, Problem, Reading, ReadRow, TripFields
from shouwang.screening.rules import Outcome, Receipt, TripKey, receipt_of

OWN = "rows of people this import was matched with"
REPORTED_ELSEWHERE = frozenset({"address-unclear", "origin-unclear"})
"""Problems of understanding, not of the file: on the to-verify list, not in the receipt's codes."""


@dataclass(slots=True)
class Planned:
    """One row and what is to become of it."""

    row: ReadRow
    id: UUID = field(default_factory=uuid7)
    state: str = "rejected"
    person_id: UUID | None = None
    area: str = ""
    group: str = ""
    door: str = ""
    address_key: str = ""
    is_new: bool = False
    match: Match | None = None
    problems: tuple[Problem, ...] = ()
    origin_code: str | None = None
    adds_trip: bool = False
    new_papers: bool = False
    new_telephones: tuple[str, ...] = ()
    corrects_row: UUID | None = None

    @property
    def who(self) -> PersonFields:
        """The person of a usable row."""
        assert self.row.person is not None
        return self.row.person

    @property
    def trip(self) -> TripFields | None:
        return self.row.trip

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes for the receipt."""
        return tuple(p.code for p in self.problems if p.code not in REPORTED_ELSEWHERE)


@dataclass(slots=True)
class Plan:
    """Every counted row of a file, and persons known before whose paper somebody else now claims."""

    rows: list[Planned]
    claimed: dict[UUID, str]
    """Person known before → the area of that person: to be verified as well."""
    households_before: dict[str, UUID]
    """Household key of the file → the one household that its known members live in."""

    def receipt(self) -> Receipt:
        return receipt_of(
            Outcome(one.state, one.person_id, one.row.household, one.codes if one.state == "accepted" else ())
            for one in self.rows
        )

    def figures(self) -> dict[str, int]:
        """The preview: new, known, repeats, to verify, not usable, and what could not be placed."""
        usable = [one for one in self.rows if one.state == "accepted"]
        return {
            "new": sum(one.is_new for one in usable),
            "known": sum(not one.is_new for one in usable),
            "repeats": sum(one.state == "duplicate" for one in self.rows),
            "to_verify": sum(bool(one.problems) for one in usable),
            "not_usable": sum(one.state == "rejected" for one in self.rows),
            "unplaced": sum(any(p.code == "address-unclear" for p in one.problems) for one in usable),
            "origin_unclear": sum(any(p.code == "origin-unclear" for p in one.problems) for one in usable),
            "trips": sum(one.adds_trip for one in usable),
        }


def make_plan(batch: ImportBatch, reading: Reading) -> Plan:
    """Place, match and compare every row of a reading."""
    rows = [
        Planned(row, problems=row.problems, area=batch.area)
        for row in reading.rows()
        if row.kind in ("data", "repeat", "reject")
    ]
    people = [one for one in rows if one.row.kind == "data"]
    _place(people, batch.area)
    matches = match_people(_candidate(at, one) for at, one in enumerate(people))
    claimed = _identify(people, matches)
    _corrections(rows)
    _compare(people)
    _repeats(rows)
    _same_person_twice(people)
    return Plan(rows, claimed, _known_households(people))


def _place(people: Sequence[Planned], batch_area: str) -> None:
    villages = village_index(Scope.everything(), batch_area)
    paths = frozenset(villages.values())
    for one in people:
        who = one.who
        reading = read_address(_written(who), villages)
        by_code = who.division_code if who.division_code in paths else None
        area = by_code or reading.area or villages.get(who.village)
        one.group, one.door, one.address_key = reading.group, reading.door, reading.address_key
        one.area = area or batch_area
        if area is None and (who.village or who.address) and len(batch_area) < 12:
            one.problems += (Problem("address-unclear", "address", _written(who)),)
        if one.trip is not None and one.trip.origin_text:
            one.origin_code = resolve(one.trip.origin_text, near=batch_area).code
            if one.origin_code is None:
                one.problems += (Problem("origin-unclear", "origin", one.trip.origin_text),)


def _written(who: PersonFields) -> str:
    if who.village and who.address.startswith(who.village):
        return who.address
    group = "" if who.group and who.door.startswith(who.group) else who.group
    return f"{who.village}{group}{who.door}{who.address}"


def _candidate(key: int, one: Planned) -> Candidate:
    who = one.who
    return Candidate(key, who.name, who.id_value, who.id_ok, who.telephones, one.area, one.address_key)


def _identify(people: Sequence[Planned], matches: Matches) -> dict[UUID, str]:
    """Give every row its person; returns the persons whose number somebody else now claims."""
    claimed: dict[UUID, str] = {}
    for key, one in enumerate(people):
        one.match = matches.same.get(key)
        one.person_id = one.match.person_id if one.match else uuid7()
        one.is_new = one.match is None
        one.state = "accepted"
        if one.match is not None:
            one.area = one.match.area
        if key in matches.conflicts and not any(p.code == "id-conflict" for p in one.problems):
            one.problems += (Problem("id-conflict", "id_no", one.who.id_raw),)
        if key in matches.conflicts:
            claimed |= dict.fromkeys(matches.conflicts[key], one.area)
        if key in matches.unclear:
            one.problems += (Problem("match-unclear", "name", one.who.name),)
    return claimed


def _corrections(rows: Sequence[Planned]) -> None:
    """Rows that came back from a correction spreadsheet are about the person of the row they correct."""
    wanted: dict[UUID, Planned] = {}
    for one in rows:
        if one.row.key and one.row.kind != "reject" and (key := _uuid(one.row.key)):
            wanted[key] = one
    if not wanted:
        return
    before = ImportRow.objects.unscoped(OWN).filter(id__in=wanted).values_list("id", "person_id", "area")
    for row_id, person_id, area in before:
        one = wanted[row_id]
        one.corrects_row = row_id
        if person_id is not None:
            other = one.match is not None and one.match.person_id != person_id
            one.person_id, one.area, one.is_new, one.state = person_id, area, False, "accepted"
            one.match = Match(person_id, None, area, "paper")
            one.problems = tuple(p for p in one.problems if p.code not in ("id-conflict", "match-unclear"))
            if other:
                one.problems += (Problem("id-conflict", "id_no", one.who.id_raw),)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text.strip())
    except ValueError:
        return None


def _compare(people: Sequence[Planned]) -> None:
    """What each known person's row adds; a row that adds nothing is a repeat."""
    known = {one.person_id for one in people if not one.is_new and one.person_id}
    papers, telephones = known_digests(known)
    trips = _trips_of(known)
    for one in people:
        if one.is_new or one.person_id is None:
            one.adds_trip = one.trip is not None
            continue
        who, person = one.who, one.person_id
        one.new_papers = bool(who.id_value) and (person, blind(who.id_value, "national-id")) not in papers
        one.new_telephones = tuple(
            number for number in who.telephones if (person, blind(number, "telephone")) not in telephones
        )
        if one.trip is not None:
            one.adds_trip = trip_key(one) not in trips.get(person, frozenset())
        if not (one.new_papers or one.new_telephones or one.adds_trip):
            one.state = "duplicate"


def trip_key(one: Planned) -> TripKey:
    """The journey of a row, as compared."""
    assert one.trip is not None
    return TripKey.of(one.origin_code, one.trip.origin_text, one.trip.returned_on, one.trip.returned_raw)


def _trips_of(people: set[UUID]) -> dict[UUID, set[TripKey]]:
    found: dict[UUID, set[TripKey]] = {}
    rows = Trip.objects.unscoped(OWN).filter(person_id__in=people, superseded_at__isnull=True)
    for person, code, text, day, raw in rows.values_list(
        "person_id", "origin_code", "origin_text", "returned_on", "returned_raw"
    ):
        found.setdefault(person, set()).add(TripKey.of(code, text, day, raw))
    return found


def _repeats(rows: Sequence[Planned]) -> None:
    """Rows that repeat a row of the same file are about the same person."""
    by_ref = {(one.row.sheet, one.row.row_no): one for one in rows}
    for one in rows:
        if one.row.kind == "repeat" and one.row.repeats is not None:
            first = by_ref[one.row.repeats]
            one.state, one.person_id, one.area = "duplicate", first.person_id, first.area
            one.match, one.problems = first.match, ()


def _same_person_twice(people: Sequence[Planned]) -> None:
    """Two rows that turned out to be one registered person: the later one adds only what is new."""
    seen: dict[UUID, set[TripKey]] = {}
    for one in people:
        if one.person_id is None or one.is_new or one.corrects_row:
            continue
        told = seen.setdefault(one.person_id, set())
        key = trip_key(one) if one.trip is not None else TripKey("", "")
        if key in told and one.state == "accepted":
            one.state, one.adds_trip = "duplicate", False
        told.add(key)


def _known_households(people: Sequence[Planned]) -> dict[str, UUID]:
    """Where known members of a household of the file live, when that is one household."""
    homes: dict[str, set[UUID]] = {}
    for one in people:
        if one.match is not None and one.match.household_id is not None:
            homes.setdefault(one.row.household, set()).add(one.match.household_id)
    return {key: next(iter(found)) for key, found in homes.items() if len(found) == 1}


Progress = Callable[[int, int], None]
"""Called with (rows done, rows in all)."""


def no_progress(done: int, total: int) -> None:
    """Nobody watches."""


def never() -> bool:
    """Nobody cancels."""
    return False
