from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Grant, Scope
from shouwang.packs.load import builtin
from shouwang.packs.schema import RoleSet
from shouwang.workforce.actions import (
    NewAssignment,
    NewWorker,
    assign_many,
    discharge_worker,
    end_assignment,
    enlist_workers,
    ensure_duty_desk,
    hand_over,
    hand_over_all,
)
from shouwang.workforce.queries import (
    Kept,
    charges_of,
    duty_desk,
    loads,
    owners_for,
    shortfalls,
    team_of,
    teams_of,
    worker_of_user,
    workers,
)
from tests.apps.returnees import OTHER_VILLAGE, TOWN, VILLAGE

pytestmark = pytest.mark.django_db
ALL = Scope.everything()
FIVE = ["town-cadre", "village-cadre", "medic", "police", "neighbour"]


@pytest.fixture
def five() -> RoleSet:
    return builtin("cn-2020-longsha").role_set("five-to-one")


def _enlist(at: datetime, name: str = "杨应忠", kind: str = "village-cadre", area: str = VILLAGE) -> UUID:
    worker = NewWorker(area=area, name=name, kinds=(kind,))
    enlist_workers(workers=[worker], area=area, by=SYSTEM, at=at)
    return worker.id


def _assign(worker: UUID, homes: list[UUID], at: datetime, role: str = "village-cadre") -> int:
    rows = [NewAssignment(VILLAGE, worker, "five-to-one", role, "household", str(home)) for home in homes]
    return assign_many(assignments=rows, area=TOWN, by=SYSTEM, at=at)


def test_an_assignment_says_who_in_which_role_since_when(at: datetime) -> None:
    home, cadre = uuid7(), _enlist(at)
    assert _assign(cadre, [home], at) == 1
    assert _assign(cadre, [home], at) == 0
    (member,) = team_of(ALL, "household", home)
    assert (member.worker.name, member.role, member.role_set, member.since) == (
        *("杨应忠", "village-cadre", "five-to-one"),
        at,
    )


def test_teams_of_many_households_are_one_query(at: datetime) -> None:
    homes = [uuid7() for _ in range(20)]
    _assign(_enlist(at), homes, at)
    with CaptureQueriesContext(connection) as seen:
        teams = teams_of(ALL, "household", homes)
    assert (len(teams), len(seen)) == (20, 1)
    assert [(load.role, load.targets) for load in loads(ALL)] == [("village-cadre", 20)]


def test_an_ended_assignment_leaves_a_vacancy(at: datetime, five: RoleSet) -> None:
    home = uuid7()
    _assign(_enlist(at), [home], at)
    _assign(_enlist(at, "陈医生", "medic"), [home], at, "medic")
    cadre = next(m for m in team_of(ALL, "household", home) if m.role == "village-cadre")
    end_assignment(assignment_id=cadre.assignment_id, reason="调离", by=SYSTEM, at=at + timedelta(days=1))
    kept = Kept("household", str(home), five.code, VILLAGE, at)
    empty = [v.role for v in sorted(shortfalls(ALL, [five], [kept]), key=lambda v: FIVE.index(v.role))]
    assert empty == ["town-cadre", "village-cadre", "police", "neighbour"]
    with pytest.raises(Refused, match="assignment-not-found"):
        end_assignment(assignment_id=cadre.assignment_id, reason="又", by=SYSTEM, at=at)
    with pytest.raises(Refused, match="reason-missing"):
        end_assignment(assignment_id=cadre.assignment_id, reason=" ", by=SYSTEM, at=at)


def test_one_household_is_handed_over_with_a_record(at: datetime) -> None:
    home, first, second = uuid7(), _enlist(at), _enlist(at, "李接手")
    _assign(first, [home], at)
    (member,) = team_of(ALL, "household", home)
    hand_over(assignment_id=member.assignment_id, to_worker=second, reason="轮换", by=SYSTEM, at=at)
    assert [m.worker.name for m in team_of(ALL, "household", home)] == ["李接手"]
    assert charges_of(ALL, first) == []


def test_a_leaver_hands_over_everything_before_leaving(at: datetime) -> None:
    leaver, heir, homes = _enlist(at), _enlist(at, "李接手"), [uuid7() for _ in range(3)]
    _assign(leaver, homes, at)
    _assign(heir, homes[:1], at)
    with pytest.raises(Refused, match="assignments-open"):
        discharge_worker(worker_id=leaver, reason="调离", by=SYSTEM, at=at)
    with pytest.raises(Refused, match="hand-over-to-self"):
        hand_over_all(from_worker=leaver, to_worker=leaver, reason="调离", by=SYSTEM, at=at)
    later = at + timedelta(days=2)
    assert hand_over_all(from_worker=leaver, to_worker=heir, reason="调离", by=SYSTEM, at=later) == 3
    for home in homes:
        assert [m.worker.name for m in team_of(ALL, "household", home)] == ["李接手"]
    discharge_worker(worker_id=leaver, reason="调离", by=SYSTEM, at=later)
    assert [w.name for w in workers(ALL)] == ["李接手"]


def test_where_nobody_is_assigned_the_duty_desk_owns(at: datetime) -> None:
    with pytest.raises(Refused, match="no-duty-desk"):
        duty_desk(ALL, VILLAGE)
    desk = ensure_duty_desk(area=TOWN, name="值班室", by=SYSTEM, at=at)
    assert ensure_duty_desk(area=TOWN, name="值班室", by=SYSTEM, at=at) == desk
    staffed, bare, cadre = uuid7(), uuid7(), _enlist(at)
    _assign(cadre, [staffed], at)
    owners = owners_for(ALL, [staffed, bare, None], area=VILLAGE)
    assert owners == {staffed: cadre, bare: desk, None: desk}


def test_a_team_of_another_village_does_not_exist(at: datetime) -> None:
    home = uuid7()
    _assign(_enlist(at), [home], at)
    other = Scope("u", (Grant("village-cadre", OTHER_VILLAGE, frozenset({"team.view"})),))
    assert team_of(other, "household", home) == []
    assert loads(other) == []
    assert workers(other) == []
    assert worker_of_user(other, uuid7()) is None
