"""Entries of a pack: values, areas, categories, ledgers, alerts, role sets, scripts, papers."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from shouwang.packs.schema.base import (
    AlertCondition,
    Code,
    Division,
    Entry,
    LocalTime,
    PersonCondition,
    Title,
    in_order,
)


class DatedValue(Entry):
    """A number or a day that policy may change: `from` = the day each value starts to hold."""

    code: Code
    title: Title | None = None
    unit: str
    source: str = ""
    convention: Title | None = None
    since: Annotated[dict[date, int | date], Field(alias="from", min_length=1), AfterValidator(in_order)]


class Order(Entry):
    """The written order that a restriction rests on. It always ends by itself."""

    number: str = Field(min_length=1)
    issued_by: str = Field(min_length=1)
    legal_ground: str = Field(min_length=1)
    expires: date


class Area(Entry):
    """A named set of division codes, by date."""

    code: Code
    title: Title | None = None
    source: str = ""
    since: Annotated[
        dict[date, tuple[Division, ...]], Field(alias="from", min_length=1), AfterValidator(in_order)
    ]
    order: Order | None = None


class Named(Entry):
    """A code and its title: a symptom, a tag, a rung of the ladder."""

    code: Code
    title: Title
    source: str = ""


class LadderStep(Entry):
    """联系梯次: the channel to try after so many failures, and within how many hours of the last attempt.

    `not-after`: outcomes after which it makes no sense (no call after a wrong number).
    """

    channel: Literal["door", "form", "phone", "appointment"]
    title: Title
    after_failures: int = Field(ge=0, le=50)
    within_hours: int = Field(ge=1, le=24 * 30)
    not_after: tuple[Code, ...] = ()
    source: str = ""
    convention: Title | None = None


class Category(Entry):
    """类别: a kind of person found. The first by `rank` whose condition is not false is the person's."""

    code: Code
    title: Title
    rank: int = Field(ge=0)
    when: PersonCondition
    ledgers: tuple[Code, ...] = ()
    protocol: Code | None = None
    team: Code | None = None
    order: Order | None = None
    source: str = ""
    convention: Title | None = None


class Sort(Entry):
    """One key of a ledger's default order."""

    column: Code
    descending: bool = False


class Ledger(Entry):
    """台账: a definition over the one person table. It holds everyone of its kind, still observed or not.

    Without `when` it holds everyone of the categories that name it.
    """

    code: Code
    title: Title
    when: PersonCondition | None = None
    columns: tuple[Code, ...] = ()
    sort: tuple[Sort, ...] = ()
    source: str = ""
    convention: Title | None = None


class Alert(Entry):
    """警报: raised in the same transaction as the check. Unanswered, it climbs after each of the minutes."""

    code: Code
    title: Title
    severity: Literal["info", "warning", "urgent"]
    when: AlertCondition
    tell: tuple[Code, ...] = Field(min_length=1)
    do: Title | None = None
    """What whoever stands at the door does at once, before anybody answers."""
    climb_after_minutes: tuple[int, ...] = ()
    source: str = ""
    convention: Title | None = None


class Role(Entry):
    """One role of a team. `cap` is how many targets (households) one person should carry at most.

    `count` people are wanted in it; they serve under whoever holds the role `under` at the same target.
    """

    code: Code
    title: Title
    cap: int | None = Field(default=None, ge=1)
    count: int = Field(default=1, ge=1, le=200)
    under: Code | None = None


class Watch(Entry):
    """值守 How a target is kept round the clock: when shifts begin, and how many people are on duty at once."""

    starts: tuple[LocalTime, ...] = Field(min_length=1)
    people: int = Field(default=1, ge=1)
    late_after_minutes: int = Field(default=15, ge=0)
    """A shift not begun, or not handed over, so long after its hour is an alarm."""


Target = Literal[
    "person",
    "household",
    "building",
    "compound",
    "post",
    "site",
    "firm",
    "grid",
    "village",
    "town",
    "area",
]
"""What a team can be responsible for. `area` is any place of the tree."""


class RoleSet(Entry):
    """角色组 (五包一 …): who together is responsible for one target."""

    code: Code
    title: Title
    target: Target
    roles: tuple[Role, ...] = Field(min_length=1)
    group_name: str = ""
    watch: Watch | None = None
    source: str = ""
    convention: Title | None = None


class Choice(Entry):
    """One answer that may be chosen."""

    code: Code
    title: Title


class Effect(Entry):
    """作用: what an answer becomes besides a statement. No code of its own: one of the facts of the house.

    `answer`: the answers that have it; none named = any answer but "no", "unknown" and nothing. `kind` says
    which: the kind of an exposure, the outcome of a worker away, the code on the to-verify list. `day` names the
    question whose answer is its day, `place` the one that says where. `check` is a check by telephone of an open
    file, with the alarms that the pack raises. `visits`: those left at home are to be visited.
    """

    answer: tuple[Code, ...] = ()
    fact: Literal["trip", "exposure", "check", "verify", "away", "visits"]
    kind: Code | None = None
    day: Code | None = None
    place: Code | None = None


class Asked(Entry):
    """When a question is asked at all: after one of these answers to an earlier one; none named = any answer
    but "no", "unknown" and nothing."""

    question: Code
    answer: tuple[Code, ...] = ()


class Question(Entry):
    """One question of a script."""

    code: Code
    text: Title
    kind: Literal["yes-no", "text", "date", "place", "temperature", "symptoms", "choice"]
    choices: tuple[Choice, ...] = ()
    only_after: Asked | None = None
    effects: tuple[Effect, ...] = Field(alias="effect", default=())


class Script(Entry):
    """话术: questions asked in order, by telephone or at the door."""

    code: Code
    title: Title
    questions: tuple[Question, ...] = Field(alias="question", min_length=1)
    source: str = ""
    convention: Title | None = None


class Reporting(Entry):
    """A report that is due every day: the local period it covers and its hour."""

    code: Code
    title: Title
    period: tuple[LocalTime, LocalTime] = ("00:00", "24:00")
    due: LocalTime
    source: str = ""
    convention: Title | None = None


class Paper(Entry):
    """文书: the wording of a printed paper. `{name}` and other fields are filled by the interface."""

    code: Code
    title: Title
    body: Title
    source: str = ""
