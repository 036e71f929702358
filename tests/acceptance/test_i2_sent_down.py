"""I2 Sent down: 244 cadres and 465 medics in the villages of a district: who, where, under whom, since when; where
somebody is missing, and who carries too much."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import cycle

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouwang.journeys.send_down import send_down
from shouwang.kernel.scope import Grant, Scope
from shouwang.packs.load import builtin
from shouwang.packs.schema import Pack
from shouwang.places.actions import load_divisions
from shouwang.places.queries import subtree
from shouwang.workforce.actions import NewAssignment, NewWorker, assign_many, enlist_workers, put_team_on
from shouwang.workforce.queries import (
    Serving,
    kept_targets,
    leaders_of,
    overloads,
    serving_page,
    serving_tally,
    shortfalls,
    team_targets,
)
from tests.acceptance.conftest import CLERK, EVERYTHING, when

pytestmark = pytest.mark.django_db
DISTRICT = "500153"
AT = when("02-05 09:00")
CADRES, MEDICS = 244, 465
UNITS = ("区财政局", "区教委", "区人民医院", "区中医院", "区农业农村委")


@pytest.fixture
def pack() -> Pack:
    return builtin("cn-2020-longsha")


@pytest.fixture
def villages(db: None) -> list[str]:
    """116 villages and communities of the district get a team each: two cadres, four medics, one who leads."""
    load_divisions(county=DISTRICT, by=CLERK, at=AT)
    found = [place.path for place in subtree(EVERYTHING, DISTRICT, level="village")][:116]
    assert len(found) == 116
    for village in found:
        put_team_on(
            area=village,
            target_kind="village",
            target_id=village,
            role_set="sent-down",
            name=village,
            unit=UNITS[int(village) % len(UNITS)],
            by=CLERK,
            at=AT,
        )
    return found


def _send(villages: list[str], role: str, number: int, at: datetime = AT) -> list[NewWorker]:
    """Spread people over the villages in turn, each from a unit."""
    people = [
        NewWorker(village, f"{role}{n}", (role,), unit=UNITS[n % len(UNITS)])
        for n, village in zip(range(number), cycle(villages), strict=False)
    ]
    enlist_workers(workers=people, area=DISTRICT, by=CLERK, at=at)
    slots = [NewAssignment(w.area, w.id, "sent-down", role, "village", w.area) for w in people]
    assert assign_many(assignments=slots, area=DISTRICT, by=CLERK, at=at) == number
    return people


def _everybody(scope: Scope, **asked: str) -> list[Serving]:
    """Every page of the list, fifty at a time."""
    found: list[Serving] = []
    after = ""
    while page := serving_page(scope, kinds=["village"], after=after, limit=50, **asked):
        found += page
        after = page[-1].cursor
    return found


@pytest.fixture
def sent(villages: list[str]) -> list[str]:
    _send(villages, "team-leader", 110)
    _send(villages, "sent-cadre", CADRES)
    _send(villages, "sent-medic", MEDICS)
    return villages


def test_who_serves_where_under_whom_since_when(sent: list[str], pack: Pack) -> None:
    everybody = _everybody(EVERYTHING)
    assert Counter(row.role for row in everybody) == {
        **{"team-leader": 110, "sent-cadre": CADRES, "sent-medic": MEDICS}
    }
    assert len({row.assignment_id for row in everybody}) == len(everybody) == 819
    assert {row.since for row in everybody} == {AT}
    leaders = leaders_of(EVERYTHING, {one.code: one for one in pack.role_sets}, everybody)
    led = sent[:110]
    for row in everybody:
        if row.role == "team-leader":
            assert row.assignment_id not in leaders
        elif row.area in led:
            assert leaders[row.assignment_id] == f"team-leader{led.index(row.area)}"
        else:
            assert leaders[row.assignment_id] is None
    tally = {t.role: t.people for t in serving_tally(EVERYTHING, kinds=["village"])}
    assert tally == {"team-leader": 110, "sent-cadre": CADRES, "sent-medic": MEDICS}


def test_a_page_is_one_query_and_a_unit_has_its_own_people(sent: list[str]) -> None:
    del sent
    with CaptureQueriesContext(connection) as seen:
        assert len(serving_page(EVERYTHING, kinds=["village"], limit=51)) == 51
    assert len(seen) == 1
    hospital = _everybody(EVERYTHING, unit="区人民医院")
    assert {row.unit for row in hospital} == {"区人民医院"}
    assert len(hospital) == sum(
        1 for number in (110, CADRES, MEDICS) for n in range(number) if n % len(UNITS) == 2
    )
    pairs = team_targets(EVERYTHING, unit="区财政局", limit=200)
    assert all(int(row.target_id) % len(UNITS) == 0 for row in pairs)


def test_the_gaps_are_exactly_those_who_are_missing(sent: list[str], pack: Pack) -> None:
    with CaptureQueriesContext(connection) as seen:
        short = shortfalls(EVERYTHING, pack.role_sets, kept_targets(EVERYTHING))
    assert len(seen) == 2
    missing = Counter[str]()
    for row in short:
        missing[row.role] += row.missing
    assert missing["team-leader"] == 116 - 110
    assert missing["sent-medic"] == 0 + sum(max(0, 4 - _dealt(MEDICS, i)) for i in range(116))
    assert missing["sent-cadre"] == sum(max(0, 2 - _dealt(CADRES, i)) for i in range(116))
    assert [row.since for row in short] == sorted(row.since for row in short)
    assert {row.target_id for row in short if row.role == "team-leader"} == set(sent[110:])


def _dealt(people: int, place: int) -> int:
    """How many of `people` dealt in turn come to one of 116 villages."""
    return people // 116 + (place < people % 116)


def test_who_serves_two_villages_where_one_is_the_cap_is_overloaded(sent: list[str], pack: Pack) -> None:
    assert overloads(EVERYTHING, pack.role_sets) == []
    (tired,) = _send(sent, "sent-medic", 1)
    second = NewAssignment(sent[7], tired.id, "sent-down", "sent-medic", "village", sent[7])
    assign_many(assignments=[second], area=DISTRICT, by=CLERK, at=AT)
    (found,) = overloads(EVERYTHING, pack.role_sets)
    assert (found.worker_id, found.carried, found.cap, found.unit) == (tired.id, 2, 1, "区财政局")


def test_a_pasted_list_is_taken_in_whole_or_not_at_all(villages: list[str], pack: Pack) -> None:
    team = pack.role_set("sent-down")
    lines = [f"{villages[n % 116]}\t下沉{n}\t下沉干部\t{UNITS[n % 5]}\t1380000{n:04d}" for n in range(CADRES)]
    bad = [
        *lines,
        f"{villages[0]},无此岗位,厨师,区教委",
        "",
        "没有这个村,李四,下沉干部",
        f"{villages[1]},,下沉干部",
    ]
    bad += [f"{villages[0]},王五,下沉干部,区教委,138,备注"]
    told = send_down(lines="\n".join(bad), role_set=team, area=DISTRICT, scope=EVERYTHING, by=CLERK, at=AT)
    assert [(line.number, line.field, line.value, line.code) for line in told.refused] == [
        (245, "role", "厨师", "role-not-in-team"),
        (247, "village", "没有这个村", "place-unknown"),
        (248, "name", "", "name-missing"),
        (249, "", "备注", "line-too-wide"),
    ]
    assert (told.people, told.places, serving_page(EVERYTHING)) == (0, 0, [])
    sent = send_down(lines="\n".join(lines), role_set=team, area=DISTRICT, scope=EVERYTHING, by=CLERK, at=AT)
    assert (sent.people, sent.places) == (CADRES, 116)
    assert len(_everybody(EVERYTHING)) == CADRES


def test_a_village_sees_its_own_and_nobody_elses(sent: list[str]) -> None:
    own = Scope("u", (Grant("village-cadre", sent[3], frozenset({"team.view"})),))
    assert {row.area for row in _everybody(own)} == {sent[3]}
    assert [row.target_id for row in team_targets(own)] == [sent[3]]
