"""Gaps in words: who, where, what about it; three queries, however many lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.desk.packwords import language
from shouwang.desk.words import CHANNELS, Text, problem_words
from shouwang.kernel.scope import Scope
from shouwang.oversight.rules import GapRow
from shouwang.packs.schema import Pack
from shouwang.people.queries import HouseholdRow, PersonRow, households_by_ids, people_by_ids
from shouwang.screening.queries import DoorRow, doors_by_ids
from shouwang.workforce.queries import workers_by_ids

_DETAILS: Mapping[str, Mapping[str, Text]] = {
    "door-missed": {
        "unvisited": _("nobody has been there"),
        "not-home": _("not at home"),
        "refused": _("refused"),
        "cannot-locate": _("door not found"),
    },
    "notice-not-served": {"not-issued": _("not issued"), "not-served": _("not served")},
    "reach-due": CHANNELS,
    "chain-broken": {
        "household": _("household"),
        "grid": _("grid"),
        "village": _("village"),
        "street": _("town"),
        "district": _("district"),
    },
}


@dataclass(frozen=True, slots=True)
class GapLine:
    """One gap as a list shows it."""

    row: GapRow
    person: PersonRow | None
    home: HouseholdRow | None
    detail: str
    owner: str
    door: DoorRow | None = None
    """Of a round, where the gap is a door."""

    @property
    def address(self) -> str:
        """The door it is about."""
        if self.person and self.person.address:
            return self.person.address
        if self.door:
            return self.door.address
        return self.home.address if self.home else ""

    @property
    def who(self) -> str:
        """Whom it is about: the person, whose household, whose door."""
        if self.person:
            return self.person.name
        return self.door.head_name if self.door else self.home.head_name if self.home else ""


def lines_of(scope: Scope, rows: Sequence[GapRow], pack: Pack | None) -> list[GapLine]:
    """These gaps with their people, households and owners, as far as they are in sight."""
    ids = [row.person_id for row in rows if row.person_id]
    people = {person.id: person for person in people_by_ids(scope, ids)} if ids else {}
    wanted = [row.household_id for row in rows if row.household_id and not row.person_id]
    homes = {home.id: home for home in households_by_ids(scope, wanted)} if wanted else {}
    missed = [UUID(row.key) for row in rows if row.kind == "door-missed"]
    doors = doors_by_ids(scope, missed) if missed else {}
    workers = workers_by_ids(scope, [row.owner_id for row in rows if row.owner_id])
    return [
        GapLine(
            row,
            people.get(row.person_id) if row.person_id else None,
            homes.get(row.household_id) if row.household_id else None,
            detail_words(row, pack),
            workers[row.owner_id].name if row.owner_id and row.owner_id in workers else "",
            doors.get(UUID(row.key)) if row.kind == "door-missed" else None,
        )
        for row in rows
    ]


def detail_words(row: GapRow, pack: Pack | None) -> str:
    """What about it: the role, the alarm, the check, the problem, in the language of the page."""
    if row.kind == "check-missed" and row.detail.isdigit():
        return gettext("check {n}").format(n=int(row.detail) + 1)
    if row.kind == "to-verify":
        return problem_words(row.detail)
    if row.kind in ("sample-missed", "result-overdue"):
        return titles_of_tests(pack).get(row.detail, row.detail.upper())
    if row.kind in _DETAILS:
        return str(_DETAILS[row.kind].get(row.detail, row.detail))
    return _in_pack(row, pack) if pack else row.detail


def titles_of_tests(pack: Pack | None) -> dict[str, str]:
    """Kind of laboratory test → what the pack calls it."""
    tests = [test for p in (pack.protocols if pack else ()) for stage in p.stages for test in stage.tests]
    return {test.kind: test.title.text(language()) for test in tests if test.title}


def _in_pack(row: GapRow, pack: Pack) -> str:
    """What the pack calls it."""
    titles = {
        "role-vacant": {role.code: role.title for team in pack.role_sets for role in team.roles},
        "alarm-open": {alert.code: alert.title for alert in pack.alerts},
    }.get(row.kind) or {
        **{stage.code: stage.title for protocol in pack.protocols for stage in protocol.stages},
        **{category.code: category.title for category in pack.categories},
    }
    title = titles.get(row.detail)
    return title.text(language()) if title else row.detail
