"""What conditions are evaluated over: plain facts of one person, and the context of the decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from shouwang.kernel.errors import Refused
from shouwang.packs.conditions.tree import Argument, Ref

if TYPE_CHECKING:
    from shouwang.packs.schema import Pack


@dataclass(frozen=True, slots=True)
class TripFact:
    """One stay elsewhere. `source` says where the fact was written ("导入第12行"), for explanations only."""

    origin_code: str | None = None
    left_on: date | None = None
    returned_on: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class ExposureFact:
    """One exposure of a kind, from its first to its last day."""

    kind: str
    first_on: date | None = None
    last_on: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """What one daily check or one test found, temperature in tenths of a degree. None: not measured, not asked."""

    temperature: int | None = None
    symptoms: frozenset[str] | None = None
    test: str | None = None
    """What a laboratory test found; None for a daily check."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Where an observation file stands when release is asked for."""

    days_completed: int | None = None
    days_planned: int | None = None
    quorum_met: bool | None = None
    open_alerts: int | None = None
    tests_negative: int | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """One person as known at an instant. `area` is the path of the place lived at, "" when unknown."""

    area: str = ""
    birth_date: date | None = None
    sex: str | None = None
    tags: frozenset[str] = frozenset()
    trips: tuple[TripFact, ...] = ()
    exposures: tuple[ExposureFact, ...] = ()
    check: CheckFacts = CheckFacts()
    case: CaseFacts = CaseFacts()
    discharges: tuple[date, ...] = ()
    """Days on which the person left hospital as cured."""


@dataclass(frozen=True, slots=True)
class Context:
    """The local day of the decision, the pack's values and areas on it, and the instant of the facts.

    `as_of` None means the facts that hold now; the Python face is handed facts already chosen.
    """

    on: date
    values: Mapping[str, int | date] = field(default_factory=dict)
    areas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    as_of: datetime | None = None

    @classmethod
    def of(cls, pack: Pack, on: date, as_of: datetime | None = None) -> Context:
        """The context of decisions under `pack` on the local day `on`."""
        return cls(on, pack.values_on(on), pack.areas_on(on), as_of)

    def number(self, arg: Argument) -> int:
        """An int argument, looked up where it names a value. Raises `Refused`."""
        found = self._resolved(arg)
        if isinstance(found, date) or not isinstance(found, int):
            raise Refused("pack-value-not-a-number", value=str(arg))
        return found

    def day(self, arg: Argument) -> date:
        """A day argument, looked up where it names a value. Raises `Refused`."""
        found = self._resolved(arg)
        if not isinstance(found, date):
            raise Refused("pack-value-not-a-day", value=str(arg))
        return found

    def codes(self, arg: Argument) -> tuple[str, ...]:
        """Division codes of a places argument: codes as they stand, names through the pack's areas."""
        found: list[str] = []
        for item in arg if isinstance(arg, tuple) else ():
            if is_division(item):
                found.append(item)
            elif item in self.areas:
                found.extend(self.areas[item])
            else:
                raise Refused("pack-area-missing", area=item)
        return tuple(dict.fromkeys(found))

    def _resolved(self, arg: Argument) -> object:
        if not isinstance(arg, Ref):
            return arg
        if arg.code not in self.values:
            raise Refused("pack-value-missing", value=arg.code, on=self.on.isoformat())
        return self.values[arg.code]


def is_division(text: str) -> bool:
    """Whether a places item is a division code rather than the name of an area."""
    return text[:2].isascii() and text[:2].isdigit()
