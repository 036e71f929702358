"""Pure decisions of the import: states, what counts as the same journey, what a vehicle is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_VEHICLE = re.compile(
    r"(?<![A-Z0-9])([GDCZTKYL]\d{1,4}|[A-Z0-9]{2}\d{3,4}"
    r"|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]\s?[A-Z0-9]{5,6})(?![A-Z0-9])"
)

NEXT_STATES: dict[str, frozenset[str]] = {
    "read": frozenset({"read", "previewed", "running", "cancelled", "failed"}),
    "previewed": frozenset({"read", "previewed", "running", "cancelled", "failed"}),
    "running": frozenset({"committed", "cancelled", "failed"}),
    "failed": frozenset({"previewed", "running", "cancelled"}),
    "committed": frozenset({"undone"}),
    "cancelled": frozenset(),
    "undone": frozenset(),
}
"""What may become of a batch. A failed one may be tried again: nothing of it was written. One whose worker was
killed stays `running`, held by nobody, until it is taken up again (`after_interruption`)."""

MOST_ATTEMPTS = 3
"""How often a commit is begun before it is given up: our choice; a file that kills its worker each time must
not do so for ever."""


def after_interruption(*, attempts: int, has_content: bool, cancelled: bool) -> str:
    """What becomes of a batch whose worker was killed after `attempts` beginnings; `running`: it is begun again."""
    if cancelled:
        return "cancelled"
    return "running" if has_content and attempts < MOST_ATTEMPTS else "failed"


def may_become(state: str, wanted: str) -> bool:
    """Whether a batch in `state` may go on to `wanted`."""
    return wanted in NEXT_STATES.get(state, frozenset())


@dataclass(frozen=True, slots=True)
class TripKey:
    """What makes two tellings one journey: from where, back when (or the words of it)."""

    origin: str
    returned: str

    @classmethod
    def of(cls, origin_code: str | None, origin_text: str, returned_on: date | None, raw: str) -> TripKey:
        return cls(
            origin_code or origin_text.strip(), returned_on.isoformat() if returned_on else raw.strip()
        )


def vehicle_in(transport: str) -> str:
    """The train, flight or number plate in "自驾 鄂A12345", "动车D2216"; "" when there is none."""
    found = _VEHICLE.search(transport.upper())
    return found.group(1).replace(" ", "") if found else ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The account of an import. Always `rows == accepted + duplicates + rejected`."""

    rows: int
    accepted: int
    duplicates: int
    rejected: int
    with_problems: int
    problems: dict[str, int]
    people: int
    households: int

    def as_dict(self) -> dict[str, object]:
        """The report that a script gets."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row, as far as the receipt is concerned."""

    state: str
    person: object
    household: str
    codes: tuple[str, ...]


def receipt_of(outcomes: Iterable[Outcome]) -> Receipt:
    """Count. Problems are counted on accepted rows only; people and households over all usable rows."""
    states: Counter[str] = Counter()
    problems: Counter[str] = Counter()
    people: set[object] = set()
    households: set[str] = set()
    troubled = 0
    for one in outcomes:
        states[one.state] += 1
        if one.state == "rejected":
            continue
        people.add(one.person)
        if one.household:
            households.add(one.household)
        if one.state == "accepted":
            problems.update(one.codes)
            troubled += bool(one.codes)
    return Receipt(
        rows=sum(states.values()),
        accepted=states["accepted"],
        duplicates=states["duplicate"],
        rejected=states["rejected"],
        with_problems=troubled,
        problems=dict(sorted(problems.items())),
        people=len(people),
        households=len(households),
    )
