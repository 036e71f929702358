"""C5 on the telephone: 34 households, 64 people, from `GET changes`: who is rung first, then the doors as one walks."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouwang.accounts.actions import create_user, grant_role
from shouwang.devices.queries import DeviceRow, device
from shouwang.journeys.field_changes import Changes, pull_changes
from shouwang.observation.actions import CheckCommand, record_checks
from shouwang.workforce.actions import NewAssignment, NewWorker, assign_many, enlist_workers
from tests.acceptance.conftest import CLERK, DOCTOR, EVERYTHING, TOWN, LongshaTown, when
from tests.acceptance.test_c5_doctors_round import AREA, DAWN, HOUSEHOLDS, PEOPLE, Patch, on_map, patch, plan
from tests.acceptance.watching import rows
from tests.phones import enrolled_phone

__all__ = ["patch"]
MOST_BYTES, MOST_SECONDS = 300_000, 2.0


@dataclass(frozen=True)
class Held:
    """What a telephone holds after its first pull."""

    row: DeviceRow
    cursor: str
    docs: dict[str, dict[str, Any]]

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [doc for key, doc in self.docs.items() if key.startswith(f"{kind}/")]


def doctor_with(homes: list[UUID], name: str) -> DeviceRow:
    """A village doctor who answers for these households, with a telephone."""
    at = when("01-29 09:00")
    user = create_user(username=name, name=name, password="correct horse battery", by=CLERK, at=at)
    grant_role(user_id=user.id, role="village-doctor", area=TOWN, by=CLERK, at=at)
    worker = NewWorker(area=TOWN, name=name, kinds=("medic",), telephone="13900000000", user_id=user.id)
    enlist_workers(workers=[worker], area=TOWN, by=CLERK, at=at)
    slots = [NewAssignment(AREA, worker.id, "five-to-one", "medic", "household", str(one)) for one in homes]
    assign_many(assignments=slots, area=TOWN, by=CLERK, at=at)
    return device(EVERYTHING, UUID(enrolled_phone(user.id, at).device))


def sent(answer: Changes) -> bytes:
    """The answer as it goes over the wire."""
    return gzip.compress(msgspec.json.encode(answer), compresslevel=5)


def pulled(row: DeviceRow) -> Held:
    answer = pull_changes(device=row, cursor="", at=DAWN)
    return Held(row, answer.cursor, {one.key: msgspec.json.decode(one.doc) for one in answer.docs})


@pytest.fixture
def held(patch: Patch) -> Held:
    return pulled(doctor_with(list(patch.walker.households), "谢兵"))


def test_the_telephone_holds_the_whole_round_and_nobody_else(held: Held, patch: Patch) -> None:
    homes, files = held.of("home"), held.of("file")
    assert (len(homes), len(files)) == (HOUSEHOLDS, PEOPLE)
    assert {UUID(home["household"]) for home in homes} == set(patch.walker.households)
    assert {UUID(file["id"]) for file in files} == set(patch.files)
    assert held.docs["me"]["counts"] == {"households": HOUSEHOLDS, "people": PEOPLE, "doors": 0}
    assert all(file["due"] for file in files)


def test_calls_come_first_then_the_doors_in_walking_order(held: Held) -> None:
    homes = sorted(held.of("home"), key=lambda home: int(home["call"]))
    assert [home["call"] for home in homes] == list(range(1, HOUSEHOLDS + 1))
    assert [home["ring_at"] for home in homes] == [23400 + 60 * n for n in range(HOUSEHOLDS)]
    walked = [home["walk"] for home in homes if home["walk"]]
    assert walked == list(range(1, len(walked) + 1))
    assert all(home["walk"] is None for home in homes[: HOUSEHOLDS - len(walked)])


def test_on_a_map_the_walk_is_hardly_longer_than_the_best(held: Held, patch: Patch) -> None:
    on_map(patch)
    best = plan(patch).walk
    homes = pulled(held.row).of("home")
    ends = max(home["begin"] for home in homes if home["begin"])
    begins = min(home["begin"] for home in homes if home["begin"])
    legs = [leg.begin for leg in best.legs]
    assert ends - begins <= (max(legs) - min(legs)) * 1.15


def test_every_household_with_a_number_can_be_rung(held: Held) -> None:
    told = [home["telephone"] for home in held.of("home") if home["telephone"]]
    assert told
    assert all("*" not in number for number in told)


def test_a_check_moves_on_one_file_and_the_order_stands(held: Held, patch: Patch, town: LongshaTown) -> None:
    at = when("01-30 08:00")
    item = CheckCommand(UUID(int=7), patch.files[0], at, "visit", deci=365)
    record_checks(items=[item], scope=EVERYTHING, pack_of=town.pack_of, by=DOCTOR, at=at)
    answer = pull_changes(device=held.row, cursor=held.cursor, at=at)
    assert [one.key for one in answer.docs] == [f"file/{patch.files[0]}"]
    assert answer.gone == []


def test_two_hundred_households_are_small_and_quick(town: LongshaTown) -> None:
    found = rows(
        "select household_id from observation_file where state = 'open' and household_id is not null"
        " group by 1 order by count(*) desc, 1 limit 200"
    )
    row = doctor_with([UUID(str(one)) for (one,) in found], "向医生")
    pull_changes(device=row, cursor="", at=DAWN)
    begun, wall = process_time(), perf_counter()
    answer = pull_changes(device=row, cursor="", at=DAWN)
    body = sent(answer)
    took, wall = process_time() - begun, perf_counter() - wall
    print(
        f"200 households: {len(answer.docs)} documents, {len(body)} bytes, {wall:.3f} s, {took:.3f} of them computing"
    )
    assert sum(one.key.startswith("home/") for one in answer.docs) == len(found) == 200
    assert len(body) < MOST_BYTES
    assert took < MOST_SECONDS


def test_queries_are_the_same_for_one_household_and_for_two_hundred(held: Held, town: LongshaTown) -> None:
    home = [UUID(held.of("home")[0]["household"])]
    one = doctor_with(home, "一户")
    counts = []
    for row in (one, held.row):
        pull_changes(device=row, cursor="", at=DAWN)
        with CaptureQueriesContext(connection) as queries:
            pull_changes(device=row, cursor="", at=DAWN)
        counts.append(len(queries))
    assert counts[0] == counts[1]
