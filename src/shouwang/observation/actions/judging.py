"""Judging checks in memory: may it be recorded, which slot it fills, what it raises, what is next."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shouwang.kernel.days import local_day
from shouwang.observation.actions.commands import (
    CHANNELS,
    OUTCOMES,
    SEEN,
    CheckCommand,
    FileState,
    PackOf,
)
from shouwang.observation.actions.vouching import Teams
from shouwang.observation.rules import (
    PLAUSIBLE,
    THERMOMETERS,
    WITNESSES,
    Due,
    Raised,
    implausible_witness,
    must_know_person,
    next_due,
    not_yet,
    raise_alerts,
    slot_at,
    slot_day,
    slots_on,
)
from shouwang.packs.conditions import CheckFacts, Context, PersonFacts
from shouwang.packs.schema import Pack


@dataclass(frozen=True, slots=True)
class Judged:
    """A check that may be recorded, and what follows from it. `moves`: somebody was seen."""

    command: CheckCommand
    digest: str
    file: FileState
    slot: int
    late: bool
    raised: tuple[Raised, ...]
    due: Due
    moves: bool
    roles: tuple[str, ...] = ()
    vouched: tuple[str, ...] | None = None


class Book:
    """One pack put ready for a call: its words, and the alerts already worked out for equal findings."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.symptoms = frozenset(symptom.code for symptom in pack.symptoms)
        self.roles = frozenset(role.code for group in pack.role_sets for role in group.roles)
        self.must_know_person = must_know_person(pack)
        self._contexts: dict[date, Context] = {}
        self._raised: dict[tuple[date, int | None, tuple[str, ...], UUID | None], tuple[Raised, ...]] = {}

    def raised(self, day: date, c: CheckCommand, person: PersonFacts, person_id: UUID) -> tuple[Raised, ...]:
        key = (day, c.deci, c.symptoms, person_id if self.must_know_person else None)
        found = self._raised.get(key)
        if found is None:
            ctx = self._contexts.get(day)
            if ctx is None:
                ctx = self._contexts[day] = Context.of(self.pack, day)
            facts = PersonFacts(
                area=person.area,
                birth_date=person.birth_date,
                sex=person.sex,
                tags=person.tags,
                check=CheckFacts(c.deci, frozenset(c.symptoms)),
            )
            found = self._raised[key] = raise_alerts(self.pack, facts, ctx)
        return found


NOBODY = PersonFacts()


class Judge:
    """Judges the checks of one call against the files they name."""

    def __init__(
        self,
        files: dict[UUID, FileState],
        people: dict[UUID, PersonFacts],
        books: dict[UUID, Book],
        *,
        signed: Collection[tuple[UUID, date]],
        areas: tuple[str, ...],
        at: datetime,
        teams: Teams,
    ) -> None:
        self.files, self.people, self.books, self.signed = files, people, books, signed
        self.areas, self.at, self.teams = areas, at, teams

    def judge(self, command: CheckCommand, digest: str, stood_at: int | None = None) -> Judged | str:
        """The check with what follows from it, or the code of its refusal.

        `stood_at`: the slot of the check that this one corrects; it stays where it stood.
        """
        file = self.files.get(command.file_id)
        if file is None or not file.area.startswith(self.areas):
            return "file-not-found"
        book = self.books[file.revision_id]
        taken = command.taken_at
        if code := _implausible(command, book) or self._untimely(command, file):
            return code
        schedule = file.schedule
        slot = stood_at if stood_at is not None else command.slot
        if slot is None:
            slot = slot_at(schedule, taken)
        elif stood_at is None and (code := not_yet(schedule, slot, taken)):
            return code
        day = slot_day(slot)
        if not command.reason and (file.id, day) in self.signed:
            return "day-signed"
        done = command.outcome == "done"
        late = done and any(s.no == slot and taken > s.deadline for s in slots_on(schedule, day))
        raised: tuple[Raised, ...] = ()
        if done:
            person = self.people.get(file.person_id, NOBODY)
            raised = book.raised(local_day(taken, schedule.zone), command, person, file.person_id)
        due = next_due(schedule, slot)
        came = self.teams.vouch(command, file)
        return Judged(command, digest, file, slot, late, raised, due, done, came.roles, came.vouched)

    def _untimely(self, command: CheckCommand, file: FileState) -> str:
        taken = command.taken_at
        if taken > self.at:
            return "taken-in-future"
        if file.state != "open" and (file.ended_at is None or taken > file.ended_at):
            return "file-closed"
        schedule = file.schedule
        day = local_day(taken, schedule.zone)
        early = day < schedule.day_zero and day < slot_day(schedule.first_slot)
        return "before-day-zero" if early else ""


def books_for(files: Iterable[FileState], pack_of: PackOf) -> dict[UUID, Book]:
    """The packs of these files, each once."""
    return {revision: Book(pack_of(revision)) for revision in {file.revision_id for file in files}}


def _implausible(c: CheckCommand, book: Book) -> str:
    done = c.outcome == "done"
    wrong = (
        ("channel-unknown", c.channel not in CHANNELS),
        ("outcome-unknown", c.outcome not in OUTCOMES),
        ("seen-unknown", c.seen not in SEEN),
        ("temperature-impossible", c.deci is not None and c.deci not in PLAUSIBLE),
        ("symptom-unknown", bool(c.symptoms) and not book.symptoms.issuperset(c.symptoms)),
        ("role-unknown", bool(c.roles) and not book.roles.issuperset(c.roles)),
        ("nobody-seen", done and c.seen == "nobody"),
        ("nobody-measured", not done and (c.deci is not None or bool(c.symptoms))),
        ("thermometer-unknown", bool(c.thermometer) and c.thermometer not in THERMOMETERS),
        ("witness-unknown", bool(c.witness) and c.witness not in WITNESSES),
        ("witness-impossible", implausible_witness(c.channel, c.witness)),
    )
    return next((code for code, found in wrong if found), "")
