"""The Python face: Kleene evaluation of a condition over the facts of one person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from shouwang.packs.conditions.facts import Context, ExposureFact, PersonFacts, TripFact
from shouwang.packs.conditions.tree import All, AnyOf, Condition, Exposure, Leaf, Not, Trip

Verdict = bool | None
"""True, False, or None: unknown, which counts as found."""

Subject = PersonFacts | TripFact | ExposureFact


def evaluate(condition: Condition, facts: Subject, ctx: Context) -> Verdict:
    """Whether `condition` holds of `facts`; None when a missing date or place leaves it open.

    Inside a quantifier `facts` is one trip or one exposure. Raises `Refused` when a named value or area does
    not exist on the context's day.
    """
    match condition:
        case All(items):
            return all_of(evaluate(item, facts, ctx) for item in items)
        case AnyOf(items):
            return any_of(evaluate(item, facts, ctx) for item in items)
        case Not(item):
            inner = evaluate(item, facts, ctx)
            return None if inner is None else not inner
        case Trip(item):
            assert isinstance(facts, PersonFacts)
            return any_of([evaluate(item, trip, ctx) for trip in facts.trips])
        case Exposure(item):
            assert isinstance(facts, PersonFacts)
            return any_of([evaluate(item, exposure, ctx) for exposure in facts.exposures])
        case Leaf():
            return leaf_verdict(condition, facts, ctx)


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Kleene "and": false if any is false, else unknown if any is unknown."""
    found = list(verdicts)
    return False if False in found else None if None in found else True


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Kleene "or": true if any is true, else unknown if any is unknown."""
    found = list(verdicts)
    return True if True in found else None if None in found else False


def within(place: str | None, codes: Iterable[str]) -> Verdict:
    """Whether a place lies in one of the divisions. One named more broadly ("42" for "4201") is unknown."""
    wanted = tuple(codes)
    if not place:
        return None if wanted else False
    if place.startswith(wanted):
        return True
    return None if any(code.startswith(place) for code in wanted) else False


def shifted(day: date, days: int) -> date:
    """`day` + `days`, held inside the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def born_by(on: date, age: int) -> date:
    """The last birth date that makes a person `age` years old on `on`; 29 February counts from 1 March."""
    year = on.year - age
    if year < 1:
        return date.min
    try:
        return on.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def leaf_verdict(leaf: Leaf, facts: Subject, ctx: Context) -> Verdict:
    """The verdict of one leaf over the subject of its level."""
    if isinstance(facts, TripFact):
        return _trip_leaf(leaf, facts, ctx)
    if isinstance(facts, ExposureFact):
        return _exposure_leaf(leaf, facts, ctx)
    match leaf.name:
        case "temperature-at-least" | "symptom-any" | "symptom-count-at-least" | "test-result-any":
            return _check_leaf(leaf, facts, ctx)
        case "days-completed" | "quorum-met" | "no-open-alert" | "tests-negative-at-least":
            return _case_leaf(leaf, facts, ctx)
        case _:
            return _person_leaf(leaf, facts, ctx)


def _trip_leaf(leaf: Leaf, trip: TripFact, ctx: Context) -> Verdict:
    match leaf.name:
        case "stayed-in":
            return within(trip.origin_code, ctx.codes(leaf.arg))
        case "returned-since":
            return _since(trip.returned_on, ctx.day(leaf.arg))
        case "returned-until":
            return _until(trip.returned_on, ctx.day(leaf.arg))
        case "returned-within-days":
            return _recent(trip.returned_on, ctx.number(leaf.arg), ctx.on)
        case "left-on-or-after":
            return _since(trip.left_on, ctx.day(leaf.arg))
        case "left-on-or-before":
            return _until(trip.left_on, ctx.day(leaf.arg))
    raise AssertionError(leaf.name)


def _exposure_leaf(leaf: Leaf, exposure: ExposureFact, ctx: Context) -> Verdict:
    match leaf.name:
        case "kind":
            return isinstance(leaf.arg, tuple) and exposure.kind in leaf.arg
        case "first-since":
            return _since(exposure.first_on, ctx.day(leaf.arg))
        case "first-within-days":
            return _recent(exposure.first_on, ctx.number(leaf.arg), ctx.on)
        case "last-since":
            return _since(exposure.last_on, ctx.day(leaf.arg))
        case "last-within-days":
            return _recent(exposure.last_on, ctx.number(leaf.arg), ctx.on)
    raise AssertionError(leaf.name)


def _person_leaf(leaf: Leaf, person: PersonFacts, ctx: Context) -> Verdict:
    born = person.birth_date
    match leaf.name:
        case "age-at-least" | "age-under":
            older = _until(born, born_by(ctx.on, ctx.number(leaf.arg)))
            return None if older is None else older == (leaf.name == "age-at-least")
        case "born-since":
            return _since(born, ctx.day(leaf.arg))
        case "born-until":
            return _until(born, ctx.day(leaf.arg))
        case "sex":
            return None if person.sex is None else person.sex in _tuple(leaf)
        case "tag-any":
            return not person.tags.isdisjoint(_tuple(leaf))
        case "lives-in":
            return within(person.area, ctx.codes(leaf.arg))
    raise AssertionError(leaf.name)


def _check_leaf(leaf: Leaf, person: PersonFacts, ctx: Context) -> Verdict:
    check = person.check
    if leaf.name == "temperature-at-least":
        return None if check.temperature is None else check.temperature >= ctx.number(leaf.arg)
    if leaf.name == "test-result-any":
        return None if check.test is None else check.test in _tuple(leaf)
    if check.symptoms is None:
        return None
    if leaf.name == "symptom-any":
        return not check.symptoms.isdisjoint(_tuple(leaf))
    return len(check.symptoms) >= ctx.number(leaf.arg)


def _case_leaf(leaf: Leaf, person: PersonFacts, ctx: Context) -> Verdict:
    case = person.case
    match leaf.name:
        case "days-completed":
            wanted = case.days_planned if leaf.arg is True else ctx.number(leaf.arg)
            return None if case.days_completed is None or wanted is None else case.days_completed >= wanted
        case "quorum-met":
            return case.quorum_met
        case "no-open-alert":
            return None if case.open_alerts is None else case.open_alerts == 0
    return None if case.tests_negative is None else case.tests_negative >= ctx.number(leaf.arg)


def _tuple(leaf: Leaf) -> tuple[str, ...]:
    assert isinstance(leaf.arg, tuple)
    return leaf.arg


def _since(day: date | None, bound: date) -> Verdict:
    return None if day is None else day >= bound


def _until(day: date | None, bound: date) -> Verdict:
    return None if day is None else day <= bound


def _recent(day: date | None, days: int, on: date) -> Verdict:
    return None if day is None else shifted(on, -days) <= day <= on
