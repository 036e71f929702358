"""缺口 Everything that can be left undone or incomplete, as data: one definition each.

The evening's close-out lists the kinds of work that a day leaves; the three clears check the criteria that a
pack names. Both are gaps: a list that should be empty, with its definition, its unit and what it is a share of.
Another kind is one entry here and one statement in `queries/gaps`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from shouwang.packs.schema import Pack

Unit = Literal["check", "file", "alarm", "role", "person", "value", "task", "door", "call", "test", "place"]


@dataclass(frozen=True, slots=True)
class Gap:
    """One kind: its code, title and definition (English msgids), unit, and the base it is a share of.

    `daily`: a day's close-out asks for it; the others are only checked by the three clears.
    """

    code: str
    title: str
    definition: str
    unit: Unit
    of: str = ""
    daily: bool = False


GAPS: tuple[Gap, ...] = (
    Gap(
        "alarm-open",
        "Alarms not settled",
        "Alarms raised and not closed: nobody answered, or what was done is not finished.",
        "alarm",
        daily=True,
    ),
    Gap(
        "check-missed",
        "Checks not done today",
        "Checks that the protocols ask for on this day and at which the person was not seen.",
        "check",
        daily=True,
    ),
    Gap(
        "sample-missed",
        "Samples not taken",
        "Laboratory tests of open files whose sample was to be taken by the end of this day and is not.",
        "test",
        daily=True,
    ),
    Gap(
        "result-overdue",
        "Results overdue",
        "Samples taken whose result was to be here by the end of this day and is not.",
        "test",
        daily=True,
    ),
    Gap(
        "release-overdue",
        "Releases overdue",
        "Open files whose last day is over: to be released, or extended with a reason.",
        "file",
        of="files",
        daily=True,
    ),
    Gap(
        "notice-not-served",
        "Notices not served",
        "Open files that restrict, without a notice, or with one that has not reached the person.",
        "file",
        of="restricted",
        daily=True,
    ),
    Gap(
        "role-vacant",
        "Roles vacant",
        "Roles that the pack puts on a household under observation and nobody fills.",
        "role",
        of="roles",
        daily=True,
    ),
    Gap(
        "task-open",
        "Tasks not done",
        "Tasks of the evening meeting whose hour is over by the end of this day, neither done nor dropped.",
        "task",
        daily=True,
    ),
    Gap(
        "door-missed",
        "Doors of the round not settled",
        "Doors knocked at today without an answer, and all that told nothing when the round is due.",
        "door",
        of="doors",
        daily=True,
    ),
    Gap(
        "reach-due",
        "Calls and visits due, nobody reached",
        "People and households somebody had to reach by the end of this day, and has not.",
        "call",
        daily=True,
    ),
    Gap(
        "appointment-open",
        "Appointments without an end",
        "Appointments whose time is over and of which nobody wrote whether they were kept.",
        "call",
        daily=True,
    ),
    Gap(
        "to-verify",
        "Values to verify",
        "Values of a person's data that somebody must look into and nobody has.",
        "value",
        daily=True,
    ),
    Gap(
        "uncertain",
        "Classified on an unknown",
        "People found because a date or place is unknown: it must be asked.",
        "person",
        of="listed",
    ),
    Gap(
        "facts-newer",
        "Facts newer than the classification",
        "People of whom a journey or contact was recorded after they were last classified.",
        "person",
        of="listed",
    ),
    Gap(
        "no-identity",
        "Without a valid identity paper",
        "Listed people without any identity number that stands unchallenged.",
        "person",
        of="listed",
    ),
    Gap(
        "no-telephone",
        "Without a telephone",
        "Listed people of whose household no valid telephone is known.",
        "person",
        of="listed",
    ),
    Gap(
        "no-household",
        "Without a household",
        "Listed people who belong to no household: nobody knows which door.",
        "person",
        of="listed",
    ),
    Gap(
        "unwatched",
        "To be watched over, without a file",
        "People of a category with a protocol of whom no observation file was ever opened.",
        "person",
        of="listed",
    ),
    Gap(
        "silent-a-day",
        "Unseen for a day",
        "Open files whose next check has been overdue for 24 hours or more.",
        "file",
        of="files",
    ),
    Gap(
        "review-overdue",
        "Reviews overdue",
        "Open files that restrict and whose day of review is over.",
        "file",
        of="restricted",
    ),
    Gap(
        "order-expired",
        "Orders expired",
        "Open files that restrict and whose order has expired: they bind nobody any more.",
        "file",
        of="restricted",
    ),
    Gap(
        "chain-broken",
        "Broken chains of responsibility",
        "Places and households for which some level of the chain that the pack asks for has nobody.",
        "place",
    ),
    Gap(
        "owner-desk",
        "Without a named owner",
        "Open files that the duty desk answers for: no person does.",
        "file",
        of="files",
    ),
    Gap(
        "owner-left",
        "Owner has left",
        "Open files whose owner serves no more.",
        "file",
        of="files",
    ),
)
"""In the order of a close-out: what burns first."""

BY_CODE: Mapping[str, Gap] = {gap.code: gap for gap in GAPS}
DAILY: tuple[Gap, ...] = tuple(gap for gap in GAPS if gap.daily)
BASES: Mapping[str, str] = {
    "files": "open files",
    "restricted": "open files that restrict",
    "listed": "listed people",
    "roles": "roles of households under observation",
    "doors": "doors of the round under way",
}
"""What gaps are shares of, in words (English msgids)."""


@dataclass(frozen=True, slots=True)
class GapMoment:
    """For which place and local day a gap is asked, as known at an instant, under which pack."""

    area: str
    day: date
    zone: str
    as_of: datetime
    pack: Pack | None = None


@dataclass(frozen=True, slots=True)
class GapRow:
    """One thing on the list. `key` names it in its kind; `since` from when it waits, where that is known.

    `detail` is a code (a role, a kind of problem), of a task its text; it is never frozen.
    """

    kind: str
    key: str
    area: str
    person_id: UUID | None = None
    household_id: UUID | None = None
    file_id: UUID | None = None
    owner_id: UUID | None = None
    since: datetime | None = None
    detail: str = ""


def rolled_up(leaves: Mapping[str, int], places: tuple[str, ...]) -> dict[str, int]:
    """Counts by path of the leaves, summed to these places; what lies in none of them is under ""."""
    summed = dict.fromkeys((*places, ""), 0)
    for area, number in leaves.items():
        home = next((place for place in places if area.startswith(place)), "")
        summed[home] += number
    return summed
