"""Protocols of observation: anchors, stages, tests, events, release."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from shouwang.packs.schema.base import (
    AlertCondition,
    Code,
    Entry,
    LocalTime,
    PersonCondition,
    ReleaseCondition,
    Title,
)

AnchorEvent = Literal["first-exposure", "last-exposure", "day-of-return", "day-found", "day-of-discharge"]


class Anchor(Entry):
    """The day an interval is counted from: an event and an offset in days. A bare string is the event."""

    event: AnchorEvent
    offset: int = 0


def _anchor(raw: object) -> object:
    return {"event": raw} if isinstance(raw, str) else raw


AnchorField = Annotated[Anchor, BeforeValidator(_anchor)]


class Quorum(Entry):
    """At least so many different roles of a role set must have seen the person on a day."""

    roles_at_least: int = Field(ge=1)
    of: Code


class TestDuty(Entry):
    """A laboratory test due on given days of the protocol: the sample by `due`, the result some hours after it.

    An inconclusive result makes the same test due again within `repeat-within-hours`.
    """

    __test__ = False
    kind: Code
    title: Title | None = None
    days: tuple[int, ...] = Field(min_length=1)
    due: LocalTime = "24:00"
    result_within_hours: int = Field(ge=1, default=48)
    repeat_within_hours: int = Field(ge=1, default=24)
    source: str = ""
    convention: Title | None = None


Channel = Literal["visit", "phone", "video", "chat", "self", "facility"]


class Stage(Entry):
    """阶段: a stretch of days with its place, checks, channel and quorum.

    `days` is the interval [first, last], or with `sparse-days` the only days on which checks are due. `leave` must
    hold before a person leaves the stage's place for that of the next; whoever is asked to receive them answers
    within `hand-over-within-hours`.
    """

    code: Code
    title: Title
    place: Literal["home", "facility", "hospital", "anywhere"]
    days: tuple[int, int]
    sparse_days: tuple[int, ...] = ()
    checks_a_day: int = Field(ge=0, le=24)
    due: tuple[LocalTime, ...] = ()
    channel: tuple[Channel, ...] = Field(min_length=1)
    quorum: Quorum | None = None
    team: Code | None = None
    tests: tuple[TestDuty, ...] = ()
    leave: ReleaseCondition | None = None
    hand_over_within_hours: int | None = Field(default=None, ge=1)
    source: str = ""
    convention: Title | None = None


class Event(Entry):
    """Something that moves the clock or the person.

    `restart` sets day 0 anew, `extend` carries the end to `until-day`. `transfer` ends the watch because the
    person goes elsewhere (to a hospital); `reopen` ends it and opens another under `protocol`, with its own code.
    Both ask that `when` holds of a test or a check that is on record.
    """

    code: Code
    title: Title
    effect: Literal["restart", "extend", "transfer", "reopen"]
    until_day: int | None = None
    when: AlertCondition | None = None
    protocol: Code | None = None
    source: str = ""


class Exemption(Entry):
    """Who the protocol does not apply to, and why."""

    code: Code
    title: Title
    when: PersonCondition
    source: str = ""


class FoundLate(Entry):
    """What happens with someone found after the last day: a file that says so, and this many checks."""

    checks: int = Field(ge=0, default=1)
    channel: tuple[Channel, ...] = ("visit",)
    convention: Title | None = None


class Protocol(Entry):
    """规程: what is done with a person of a category, from day 0 to release.

    Days are counted from `day-zero` (its day is day 0). `first-day`, where given, is when watching begins if
    that is earlier than day 1 (measles: day 5 after the first exposure, although days count from the last).
    `restricts` says whether the person must stay somewhere; then order, evidence, review and appeal are due.
    """

    code: Code
    title: Title
    day_zero: AnchorField
    first_day: AnchorField | None = None
    when_anchor_unknown: Literal["day-found"] = "day-found"
    found_after_last_day: FoundLate = FoundLate()
    unit: Literal["person", "household", "area"] = "person"
    restricts: bool = False
    stages: tuple[Stage, ...] = Field(alias="stage", min_length=1)
    events: tuple[Event, ...] = Field(alias="event", default=())
    exemptions: tuple[Exemption, ...] = Field(alias="exemption", default=())
    release: ReleaseCondition
    legal_ground: Title | None = None
    evidence: Title | None = None
    review_after_days: int | None = Field(default=None, ge=1)
    appeal: Title | None = None
    source: str = ""
    convention: Title | None = None

    @property
    def last_day(self) -> int:
        """The last day of the last stage, counted from day 0."""
        return max(stage.days[1] for stage in self.stages)
