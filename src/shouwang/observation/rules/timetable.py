"""时刻表: which checks a protocol asks for on which of its days. No dates yet: those come with a schedule.

A timetable is named by the hash of its content, so that files opened under two revisions which ask for
the same share one, and it is kept with the files: what was due can be told for ever without fetching the
pack.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shouwang.kernel.canon import content_hash
from shouwang.packs.plan import Plan, due_on, spread
from shouwang.packs.schema import Pack, Protocol, Stage

FOUND_LATE = "found-late"
"""Stage code of someone found after the last day."""

KEY_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Beat:
    """One check of a day: due at `minute` of the local day (1440 is 24:00), in a stage, by its channels."""

    minute: int
    stage: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A stage as the timetable needs it: its days, and how many different of which roles must visit a day."""

    code: str
    place: str
    first: int
    last: int
    quorum: int = 0
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TestBeat:
    """One laboratory test: on which day, of which kind, sampled by `minute` of the local day, in which stage."""

    __test__ = False
    day_no: int
    kind: str
    minute: int
    stage: str


@dataclass(frozen=True, slots=True, eq=False)
class Timetable:
    """What is due on every day: `days[i]` is day `first + i`; and the tests, by their day.

    Each end of `days` holds one day more than the stages. Whatever comes before is as the first: nothing
    is due, unless the protocol begins to watch before its first stage. Whatever comes after (an
    extension) is as the last.
    """

    key: str
    first: int
    days: tuple[tuple[Beat, ...], ...]
    parts: tuple[Part, ...]
    tests: tuple[TestBeat, ...] = ()

    def beats(self, day_no: int) -> tuple[Beat, ...]:
        """The checks of day `day_no`, by their time."""
        return self.days[min(max(day_no - self.first, 0), len(self.days) - 1)]

    def part(self, day_no: int) -> Part:
        """The stage of day `day_no`; before the first it is the first, after the last the last."""
        for part in self.parts:
            if day_no <= part.last:
                return part
        return self.parts[-1]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Timetable) and other.key == self.key

    def __hash__(self) -> int:
        return hash(self.key)

    def plain(self) -> dict[str, Any]:
        """The content, as JSON keeps it. Without tests nothing is said of them, so that older keys stay."""
        tests = [[t.day_no, t.kind, t.minute, t.stage] for t in self.tests]
        return ({"tests": tests} if tests else {}) | {
            "first": self.first,
            "days": [[[b.minute, b.stage, list(b.channels)] for b in day] for day in self.days],
            "parts": [[p.code, p.place, p.first, p.last, p.quorum, list(p.roles)] for p in self.parts],
        }

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> Timetable:
        """The timetable of `plain()`."""
        days = tuple(tuple(Beat(m, s, tuple(c)) for m, s, c in day) for day in plain["days"])
        parts = tuple(Part(c, p, f, la, q, tuple(r)) for c, p, f, la, q, r in plain["parts"])
        tests = tuple(TestBeat(*test) for test in plain.get("tests", ()))
        return cls(content_hash(dict(plain))[:KEY_DIGITS], plain["first"], days, parts, tests)


def timetable_of(protocol: Protocol, pack: Pack, *, late: bool = False) -> Timetable:
    """The timetable of a protocol; `late` the one of people found after its last day."""
    if late:
        days: tuple[tuple[Beat, ...], ...] = (_late_day(protocol),)
        parts: tuple[Part, ...] = (Part(FOUND_LATE, protocol.stages[0].place, 0, 0),)
        first = 0
        tests: tuple[TestBeat, ...] = ()
    else:
        stages = sorted(protocol.stages, key=lambda stage: stage.days)
        first = stages[0].days[0] - 1
        before = _day(protocol, first) if protocol.first_day is not None else ()
        days = (before, *(_day(protocol, n) for n in range(first + 1, protocol.last_day + 2)))
        parts = tuple(_part(stage, pack) for stage in stages)
        tests = tuple(sorted(_tests(stages), key=lambda test: (test.day_no, test.minute, test.kind)))
    return Timetable.of_plain(Timetable("", first, days, parts, tests).plain())


def _tests(stages: Iterable[Stage]) -> Iterator[TestBeat]:
    for stage in stages:
        for duty in stage.tests:
            for day in duty.days:
                yield TestBeat(day, duty.kind, _minute(duty.due), stage.code)


def _day(protocol: Protocol, number: int) -> tuple[Beat, ...]:
    zero = date(2000, 1, 1)
    open_ended = Plan(protocol.code, zero, date.min, date.max, date.min, "in-time")
    due = due_on(protocol, open_ended, zero + timedelta(days=number))
    return tuple(Beat(_minute(d.at), d.stage, d.channels) for d in due)


def _late_day(protocol: Protocol) -> tuple[Beat, ...]:
    late = protocol.found_after_last_day
    return tuple(Beat(_minute(at), FOUND_LATE, late.channel) for at in spread((), late.checks))


def _part(stage: Stage, pack: Pack) -> Part:
    quorum = stage.quorum
    roles = tuple(role.code for role in pack.role_set(quorum.of).roles) if quorum else ()
    return Part(stage.code, stage.place, *stage.days, quorum.roles_at_least if quorum else 0, roles)


def _minute(local: str) -> int:
    hours, minutes = local.split(":")
    return int(hours) * 60 + int(minutes)
