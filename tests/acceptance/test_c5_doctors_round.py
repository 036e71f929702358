"""C5 Village doctor's round: 34 households, 64 people; telephone at 06:30, the walk, medicine by 22:00; on paper."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from time import perf_counter
from uuid import UUID

import pypdf
import pytest

from shouwang.journeys.day_round import (
    DayRound,
    Walker,
    day_round,
    promised_today,
    put_on_paper,
    tonight,
)
from shouwang.journeys.enter_sheet import enter_sheet
from shouwang.journeys.round_paper import sheet_pdf
from shouwang.observation.actions import CheckCommand, record_checks
from shouwang.observation.queries import round_sheet
from shouwang.observation.rules import Typed
from shouwang.places.actions import locate_dwelling
from shouwang.workforce.rules import natural_key
from tests.acceptance.conftest import CLERK, DOCTOR, EVERYTHING, LongshaTown, when
from tests.acceptance.watching import rows

DAWN = when("01-30 06:10")
AREA = "500101135204"
HOUSEHOLDS, PEOPLE = 34, 64


@dataclass(frozen=True)
class Patch:
    """The doctor's patch: 34 households of one village, 64 people under observation in them."""

    walker: Walker
    files: tuple[UUID, ...]


@pytest.fixture
def patch(town: LongshaTown) -> Patch:
    """34 households of the village in which 64 people are watched, chosen from the town's own."""
    found = rows(
        "select household_id, array_agg(id order by id) from observation_file"
        " where state = 'open' and area = %s and household_id is not null group by 1 order by count(*) desc, 1",
        AREA,
    )
    homes = [(UUID(str(home)), tuple(UUID(str(one)) for one in files)) for home, files in found]
    chosen = next(_choices(homes))
    files = tuple(one for _, members in chosen for one in members)
    return Patch(Walker(None, "谢兵", tuple(sorted(home for home, _ in chosen)), {}), files)


def _choices(homes: list[tuple[UUID, tuple[UUID, ...]]]) -> Iterator[list[tuple[UUID, tuple[UUID, ...]]]]:
    """Windows over the households, the largest first, until 34 of them hold 64 people."""
    best: dict[tuple[int, int], list[int]] = {(0, 0): []}
    for n, (_, files) in enumerate(homes):
        for (count, people), picked in list(best.items()):
            key = (count + 1, people + len(files))
            if key[0] <= HOUSEHOLDS and key[1] <= PEOPLE:
                best.setdefault(key, [*picked, n])
    yield [homes[n] for n in best[HOUSEHOLDS, PEOPLE]]


def plan(patch: Patch, at: datetime = DAWN, **more: object) -> DayRound:
    return day_round(EVERYTHING, at, walker=patch.walker, households=patch.walker.households, **more)  # type: ignore[arg-type]


def on_map(patch: Patch) -> None:
    """Doors scattered up the valley by group and number; the farthest is about an hour's walk away."""
    doors = rows(
        "select d.id, h.address from people_household h join places_dwelling d on d.id = h.dwelling_id"
        " where h.id = any(%s)",
        list(patch.walker.households),
    )
    for dwelling, address in doors:
        group, number = (int(part or 0) for part in address.removesuffix("号").split("组"))
        spot = (29.600 + group * 0.0021 + number % 7 * 0.0004, 105.600 + number % 11 * 0.0011)
        locate_dwelling(dwelling_id=dwelling, position=spot, by=CLERK, at=DAWN)


def test_everybody_is_rung_from_half_past_six_in_the_order_of_the_walk(patch: Patch) -> None:
    told = plan(patch)
    assert (len(told.calls), told.people) == (HOUSEHOLDS, PEOPLE)
    assert told.calls[0].ring_at == (6 * 60 + 30) * 60
    assert [home.ring_at for home in told.calls] == [23400 + 60 * n for n in range(HOUSEHOLDS)]
    rung = [home.id for home in told.calls if home.leg]
    assert rung == [home.id for home in told.doors]
    assert {home.id for home in told.calls} == set(patch.walker.households)


def test_without_coordinates_the_doors_follow_group_and_number(patch: Patch) -> None:
    told = plan(patch)
    keys = [natural_key(home.address) for home in told.doors]
    assert keys in (sorted(keys), sorted(keys, reverse=True))


def test_with_coordinates_the_walk_is_the_shortest_and_found_at_once(patch: Patch) -> None:
    on_map(patch)
    plan(patch)
    begun = perf_counter()
    told = plan(patch)
    took = perf_counter() - begun
    assert took < 3, "a machine much slower than ours; make bench tells the truth"
    assert told.has_map
    assert told.walk.gap_percent <= 3
    for before, after in zip(told.walk.legs, told.walk.legs[1:], strict=False):
        assert after.arrive == before.begin + before.stop.service + after.walk


def test_promised_hours_are_kept_and_remembered(patch: Patch) -> None:
    on_map(patch)
    first = plan(patch)
    early, late = first.doors[-1].id, first.doors[0].id
    promised = {early: (9 * 3600, 9 * 3600 + 1800), late: (11 * 3600, 11 * 3600 + 1800)}
    told = plan(patch, promised=promised)
    assert told.walk.late == 0
    begun = {home.id: home.leg.begin for home in told.doors if home.leg}
    for home, (opens, closes) in promised.items():
        assert opens <= begun[home] <= closes
    put_on_paper(EVERYTHING, told, walker=patch.walker, by=DOCTOR, at=DAWN)
    assert promised_today(EVERYTHING, DAWN, walker=patch.walker) == promised


def test_the_paper_is_one_a4_in_the_order_of_the_walk_and_comes_back_whole(
    patch: Patch, town: LongshaTown
) -> None:
    told = plan(patch)
    sheet = put_on_paper(EVERYTHING, told, walker=patch.walker, by=DOCTOR, at=DAWN)
    made = sheet_pdf(EVERYTHING, sheet, rights=EVERYTHING, by=DOCTOR, at=DAWN)
    (page,) = pypdf.PdfReader(io.BytesIO(made)).pages
    said = "".join(page.extract_text().split())
    for home in told.in_order:
        assert home.address in said
        assert all(person.name in said for _, person in home.people)
    lines = round_sheet(EVERYTHING, sheet).lines
    assert len(lines) == PEOPLE
    printed = [home for home, _ in groupby(line.household_id for line in lines)]
    assert printed == [home.id for home in told.in_order]
    noon = when("01-30 13:00")
    typed = {line.number: Typed("365", "", "0930") for line in lines}
    typed[7] = Typed("1", "", "0930")
    typed[9] = Typed("366", "", "0930", "降压药没了，晚上送")
    begun = perf_counter()
    entered = enter_sheet(sheet_id=sheet, typed=typed, scope=EVERYTHING, by=CLERK, at=noon)
    assert perf_counter() - begun < 5
    assert (entered.recorded, dict(entered.wrong)) == (PEOPLE, {})
    again = enter_sheet(sheet_id=sheet, typed=typed, scope=EVERYTHING, by=CLERK, at=noon + timedelta(hours=1))
    assert (again.recorded, again.replayed) == (0, PEOPLE)
    count = "select count(*) from observation_dailycheck where file_id = any(%s) and local_day = '2020-01-30'"
    assert rows(count, list(patch.files)) == [(PEOPLE,)]
    evening = tonight(EVERYTHING, when("01-30 21:00"), households=patch.walker.households)
    assert [remark.note for home in evening for remark in home.remarks] == ["降压药没了，晚上送"]


def test_who_was_seen_is_off_the_next_round_until_the_evening(patch: Patch, town: LongshaTown) -> None:
    at = when("01-30 10:00")
    items = [
        CheckCommand(UUID(int=n + 1), one, at, "visit", deci=365) for n, one in enumerate(patch.files[:10])
    ]
    record_checks(items=items, scope=EVERYTHING, pack_of=town.pack_of, by=DOCTOR, at=at)
    told = plan(patch, when("01-30 11:00"))
    due = {duty.file_id: duty.due_at for home in told.calls for duty, _ in home.people}
    assert all(due[one] > when("01-30 12:00") for one in patch.files[:10] if one in due)
    assert told.people <= PEOPLE
