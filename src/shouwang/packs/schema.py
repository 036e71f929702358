"""What a policy pack is made of. Dated values with unit and source, closed conditions, no code.

Every model is frozen and refuses unknown keys. Keys are kebab-case in files (`checks-a-day`) and snake_case
in Python. Later issues add kinds of entries; a default added here never changes the hash of an older pack.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal, TypeVar
from typing import Protocol as Protocol_

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
)
from pydantic_core import PydanticCustomError

from shouwang.kernel.errors import Refused
from shouwang.packs.conditions.tree import Condition, ConditionError, Level, parse, to_raw

Lang = Literal["zh-hans", "zh-hant", "en"]
LANGS: tuple[Lang, ...] = ("zh-hans", "zh-hant", "en")


def _kebab(name: str) -> str:
    return name.strip("_").replace("_", "-")


class Entry(BaseModel):
    """Any part of a pack: frozen, strict, closed."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, alias_generator=_kebab, populate_by_name=True
    )


class Texts(Entry):
    """One text in the product's languages. A bare string in a file is the zh-hans text."""

    zh_hans: str = Field(min_length=1)
    zh_hant: str | None = None
    en: str | None = None

    def text(self, lang: Lang) -> str:
        """The text in `lang`, in zh-hans where it was not translated."""
        return {"zh-hans": self.zh_hans, "zh-hant": self.zh_hant, "en": self.en}[lang] or self.zh_hans


def _texts(raw: object) -> object:
    return {"zh-hans": raw} if isinstance(raw, str) else raw


def _condition(*levels: Level) -> tuple[PlainValidator, PlainSerializer]:
    def validate(raw: object) -> Condition:
        try:
            return parse(raw, levels)
        except ConditionError as error:
            context: dict[str, Any] = {"path": error.path, **error.params}
            raise PydanticCustomError(error.code, "{path}", context) from error

    return PlainValidator(validate), PlainSerializer(to_raw)


Title = Annotated[Texts, BeforeValidator(_texts)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
"""A kebab-case code, unique in its list, stable between revisions."""
LocalTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
"""Wall-clock time in the pack's zone, "HH:MM" up to "24:00"."""
Division = Annotated[str, Field(pattern=r"^[0-9]{2,12}(-[0-9]+)*$")]
"""Division code in path form: "42" is Hubei, "4201" Wuhan, no trailing zeros."""


def _in_order(value: dict[date, Any]) -> dict[date, Any]:
    return dict(sorted(value.items()))


PersonCondition = Annotated[Condition, *_condition("person")]
AlertCondition = Annotated[Condition, *_condition("person", "check")]
ReleaseCondition = Annotated[Condition, *_condition("person", "case")]


class DatedValue(Entry):
    """A number or a day that policy may change: `from` = the day each value starts to hold."""

    code: Code
    title: Title | None = None
    unit: str
    source: str = ""
    convention: Title | None = None
    since: Annotated[dict[date, int | date], Field(alias="from", min_length=1), AfterValidator(_in_order)]


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
        dict[date, tuple[Division, ...]], Field(alias="from", min_length=1), AfterValidator(_in_order)
    ]
    order: Order | None = None


class Named(Entry):
    """A code and its title: a symptom, a tag, a rung of the ladder."""

    code: Code
    title: Title
    source: str = ""


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


AnchorEvent = Literal["first-exposure", "last-exposure", "day-of-return", "day-found"]


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
    """A laboratory test due on given days of the protocol."""

    __test__ = False
    kind: Code
    title: Title | None = None
    days: tuple[int, ...] = Field(min_length=1)
    source: str = ""


Channel = Literal["visit", "phone", "video", "chat", "self", "facility"]


class Stage(Entry):
    """阶段: a stretch of days with its place, checks, channel and quorum.

    `days` is the interval [first, last], or with `sparse-days` the only days on which checks are due.
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
    source: str = ""
    convention: Title | None = None


class Event(Entry):
    """Something that moves the clock: `restart` sets day 0 anew, `extend` carries the end to `until-day`."""

    code: Code
    title: Title
    effect: Literal["restart", "extend"]
    until_day: int | None = None
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


class Alert(Entry):
    """警报: raised in the same transaction as the check. Unanswered, it climbs after each of the minutes."""

    code: Code
    title: Title
    severity: Literal["info", "warning", "urgent"]
    when: AlertCondition
    tell: tuple[Code, ...] = Field(min_length=1)
    climb_after_minutes: tuple[int, ...] = ()
    source: str = ""
    convention: Title | None = None


class Role(Entry):
    """One role of a team. `cap` is how many targets (households) one person should carry at most."""

    code: Code
    title: Title
    cap: int | None = Field(default=None, ge=1)


class RoleSet(Entry):
    """角色组 (五包一 …): who together is responsible for one target."""

    code: Code
    title: Title
    target: Literal["person", "household", "building", "compound", "grid", "village", "town", "firm"]
    roles: tuple[Role, ...] = Field(min_length=1)
    group_name: str = ""
    source: str = ""
    convention: Title | None = None


class Choice(Entry):
    """One answer that may be chosen."""

    code: Code
    title: Title


class Question(Entry):
    """One question of a script."""

    code: Code
    text: Title
    kind: Literal["yes-no", "text", "date", "place", "temperature", "symptoms", "choice"]
    choices: tuple[Choice, ...] = ()


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


class Pack(Entry):
    """方案: everything one place decided about one disease, in one revision."""

    id: Code
    revision: str = Field(min_length=1)
    title: Title
    disease: Code
    zone: str
    about: Title | None = None
    values: tuple[DatedValue, ...] = Field(alias="value", default=())
    areas: tuple[Area, ...] = Field(alias="area", default=())
    symptoms: tuple[Named, ...] = Field(alias="symptom", default=())
    tags: tuple[Named, ...] = Field(alias="tag", default=())
    exposure_kinds: tuple[Named, ...] = Field(alias="exposure-kind", default=())
    ledgers: tuple[Ledger, ...] = Field(alias="ledger", default=())
    categories: tuple[Category, ...] = Field(alias="category", default=())
    protocols: tuple[Protocol, ...] = Field(alias="protocol", default=())
    alerts: tuple[Alert, ...] = Field(alias="alert", default=())
    role_sets: tuple[RoleSet, ...] = Field(alias="role-set", default=())
    scripts: tuple[Script, ...] = Field(alias="script", default=())
    ladder: tuple[Named, ...] = ()
    reporting: tuple[Reporting, ...] = ()
    papers: tuple[Paper, ...] = Field(alias="paper", default=())

    def value(self, code: str, *, on: date) -> int:
        """The number that holds on the local day `on`. Raises `Refused("pack-value-missing")`."""
        found = self._dated(code, on)
        if not isinstance(found, int):
            raise Refused("pack-value-not-a-number", value=code)
        return found

    def day(self, code: str, *, on: date) -> date:
        """The dated value `code` that is itself a day (`unit = "date"`)."""
        found = self._dated(code, on)
        if not isinstance(found, date):
            raise Refused("pack-value-not-a-day", value=code)
        return found

    def values_on(self, on: date) -> dict[str, int | date]:
        """Every value that holds on `on`; values that have not begun are left out."""
        held = {value.code: _held(value.since, on) for value in self.values}
        return {code: found for code, found in held.items() if found is not None}

    def areas_on(self, on: date) -> dict[str, tuple[str, ...]]:
        """Every named area as it is on `on`; before its first day an area is empty."""
        return {area.code: _held(area.since, on) or () for area in self.areas}

    def category(self, code: str) -> Category:
        """The category `code`. Raises `Refused("pack-entry-missing")`, as do the look-ups below."""
        return _by_code(self.categories, code, "category")

    def ledger(self, code: str) -> Ledger:
        """The ledger `code`."""
        return _by_code(self.ledgers, code, "ledger")

    def protocol(self, code: str) -> Protocol:
        """The protocol `code`."""
        return _by_code(self.protocols, code, "protocol")

    def role_set(self, code: str) -> RoleSet:
        """The role set `code`."""
        return _by_code(self.role_sets, code, "role-set")

    def alert(self, code: str) -> Alert:
        """The alert `code`."""
        return _by_code(self.alerts, code, "alert")

    def script(self, code: str) -> Script:
        """The script `code`."""
        return _by_code(self.scripts, code, "script")

    def paper(self, code: str) -> Paper:
        """The paper `code`."""
        return _by_code(self.papers, code, "paper")

    def symptom(self, code: str) -> Named:
        """The symptom `code`."""
        return _by_code(self.symptoms, code, "symptom")

    def by_rank(self) -> tuple[Category, ...]:
        """Categories in the order in which they claim a person."""
        return tuple(sorted(self.categories, key=lambda category: (category.rank, category.code)))

    def _dated(self, code: str, on: date) -> int | date:
        for value in self.values:
            if value.code == code and (found := _held(value.since, on)) is not None:
                return found
        raise Refused("pack-value-missing", value=code, on=on.isoformat())


_T = TypeVar("_T")


class _Coded(Protocol_):
    @property
    def code(self) -> str: ...


_C = TypeVar("_C", bound=_Coded)


def _held(since: Mapping[date, _T], on: date) -> _T | None:
    """The last entry of `since` that began on or before `on`."""
    begun = [day for day in since if day <= on]
    return since[max(begun)] if begun else None


def _by_code(entries: Iterable[_C], code: str, kind: str) -> _C:
    for entry in entries:
        if entry.code == code:
            return entry
    raise Refused("pack-entry-missing", kind=kind, entry=code)
