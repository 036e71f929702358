"""Cases of a pack: small YAML files that a non-programmer reads and that run as tests.

Each case tells a person's facts and the day found, and what the pack should make of them: category, ledgers,
calendar, stage and due times of named days, alerts of named checks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from pydantic import Field

from shouwang.kernel.canon import canonical
from shouwang.packs.classify import alerts_of, classify, exempt, ledgers_of, relevant
from shouwang.packs.conditions import CheckFacts, Context, ExposureFact, PersonFacts, TripFact
from shouwang.packs.load import data_folder, parse_text
from shouwang.packs.plan import due_on, plan_for, protocol_of, stage_on, tests_on
from shouwang.packs.schema import Entry, Pack


class CaseTrip(Entry):
    """A stay elsewhere; what is not written is not known."""

    origin: str | None = Field(alias="from", default=None)
    left: date | None = None
    returned: date | None = None


class CaseExposure(Entry):
    """An exposure; what is not written is not known."""

    kind: str
    first: date | None = None
    last: date | None = None


class CasePerson(Entry):
    """The facts of the case's person."""

    area: str = ""
    born: date | None = None
    sex: str | None = None
    tags: tuple[str, ...] = ()
    trips: tuple[CaseTrip, ...] = ()
    exposures: tuple[CaseExposure, ...] = ()
    discharged: tuple[date, ...] = ()

    def facts(self) -> PersonFacts:
        """The same as the conditions read it."""
        return PersonFacts(
            self.area,
            self.born,
            self.sex,
            frozenset(self.tags),
            tuple(TripFact(trip.origin, trip.left, trip.returned) for trip in self.trips),
            tuple(ExposureFact(item.kind, item.first, item.last) for item in self.exposures),
            discharges=self.discharged,
        )


class CaseDay(Entry):
    """What a day of the calendar should hold."""

    stage: str | None = None
    due: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()


class CaseCheck(Entry):
    """A check, or a laboratory test, and the alerts that it should raise."""

    temperature: int | None = None
    symptoms: tuple[str, ...] | None = None
    test: str | None = None
    alerts: tuple[str, ...] = ()


class Expected(Entry):
    """What the pack should make of the person. Only what is written is compared."""

    category: str | None
    certain: bool | None = None
    ledgers: tuple[str, ...] | None = None
    exempt: str | None = None
    found: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    days: dict[date, CaseDay] = {}


class Case(Entry):
    """One case: its sentence, the facts, the day found, the expectation."""

    case: str
    found: date
    person: CasePerson
    expect: Expected
    checks: tuple[CaseCheck, ...] = ()


def cases_of(pack_id: str) -> tuple[Case, ...]:
    """The cases that ship with a pack."""
    folder = data_folder(pack_id).joinpath("cases")
    texts = [file.read_bytes() for file in sorted(folder.iterdir(), key=lambda f: f.name)]
    return tuple(Case.model_validate_json(canonical(raw)) for text in texts for raw in _listed(text))


def failures(pack: Pack, case: Case) -> tuple[str, ...]:
    """What came out otherwise than expected, one line each; empty when the case holds."""
    return tuple(f"{case.case}: {line}" for line in _failures(pack, case))


def _failures(pack: Pack, case: Case) -> Iterator[str]:
    facts, expect = case.person.facts(), case.expect
    ctx = Context.of(pack, case.found)
    found = classify(pack, facts, ctx)
    yield from _differs("category", expect.category, found.category)
    if expect.certain is not None:
        yield from _differs("certain", expect.certain, found.certain)
    if expect.ledgers is not None:
        yield from _differs("ledgers", expect.ledgers, ledgers_of(pack, facts, ctx))
    yield from _calendar(pack, case, found.category, facts, ctx)
    for check in case.checks:
        symptoms = None if check.symptoms is None else frozenset(check.symptoms)
        checked = replace(facts, check=CheckFacts(check.temperature, symptoms, check.test))
        raised = tuple(alert.code for alert in alerts_of(pack, checked, ctx))
        yield from _differs(
            f"alerts of {check.temperature} {check.symptoms} {check.test}", check.alerts, raised
        )


def _calendar(
    pack: Pack, case: Case, category: str | None, facts: PersonFacts, ctx: Context
) -> Iterator[str]:
    expect, protocol = case.expect, protocol_of(pack, category)
    if protocol is None or category is None:
        return
    yield from _differs("exempt", expect.exempt, exempt(pack, protocol.code, facts, ctx))
    mattering = relevant(pack.category(category).when, facts, ctx)
    plan = plan_for(protocol, mattering, case.found)
    for name, wanted, got in (
        ("found", expect.found, plan.found),
        ("first-day", expect.first_day, plan.first_day),
        ("last-day", expect.last_day, plan.last_day),
    ):
        if wanted is not None:
            yield from _differs(name, wanted, got)
    for day, wanted_day in expect.days.items():
        stage = stage_on(protocol, plan, day)
        due = tuple(item.at for item in due_on(protocol, plan, day))
        yield from _differs(f"stage on {day}", wanted_day.stage, stage.code if stage else None)
        yield from _differs(f"due on {day}", wanted_day.due, due)
        yield from _differs(f"tests on {day}", wanted_day.tests, tests_on(protocol, plan, day))


def _differs(name: str, wanted: object, got: object) -> Iterator[str]:
    if wanted != got:
        yield f"{name}: expected {wanted}, got {got}"


def _listed(text: bytes) -> list[object]:
    raw = parse_text(text)
    assert isinstance(raw, list), "a case file is a list of cases"
    return raw
