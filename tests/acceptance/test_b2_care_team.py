"""B2 Care team: every household its five, near and balanced, in one action; a vacancy is an alarm; nothing is lost
when somebody leaves or falls ill."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest

from shouwang.desk.teams import slots
from shouwang.journeys.replace_worker import replace_worker
from shouwang.journeys.staff_households import (
    accept_staffing,
    household_role_set,
    proposal_standing,
    propose_staffing,
)
from shouwang.journeys.stand_in import come_back, stand_in
from shouwang.kernel.errors import Refused
from shouwang.observation.queries.households import households_watched_since, open_households
from shouwang.workforce.actions import NewAssignment as Slot
from shouwang.workforce.actions import NewWorker, assign_many, begin_absence, enlist_workers
from shouwang.workforce.queries import (
    Kept,
    Shortfall,
    proposal_slots,
    shortfalls,
    slots_left,
    staffing_proposal,
    teams_of,
)
from tests.acceptance.conftest import CLERK, EVERYTHING, TOWN, LongshaTown, when
from tests.acceptance.watching import rows

AT = when("01-29 08:00")
HOUSEHOLDS = 665
FIVE = ("town-cadre", "village-cadre", "medic", "police", "neighbour")


def enlist(homes: dict[UUID, str]) -> None:
    """Each village its cadres and neighbours, the town its cadres, medics and police: enough, and not much more."""
    people: list[NewWorker] = []
    for village, count in sorted(Counter(homes.values()).items()):
        people += [
            NewWorker(village, f"村干部{village}{n}", ("village-cadre",)) for n in range(count // 25 + 1)
        ]
        people += [NewWorker(village, f"邻居{village}{n}", ("neighbour",)) for n in range(count + 2)]
        people += [NewWorker(village, f"医生{village}{n}", ("medic",)) for n in range(count // 35 + 1)]
    people += [NewWorker(TOWN, f"镇干部{n}", ("town-cadre",)) for n in range(len(homes) // 36 + 1)]
    people += [NewWorker(TOWN, f"民警{n}", ("police",)) for n in range(len(homes) // 55 + 1)]
    enlist_workers(workers=people, area=TOWN, by=CLERK, at=AT)


@pytest.fixture
def homes(town: LongshaTown) -> dict[UUID, str]:
    """The 665 households of the report among those of the town that are watched over."""
    found = open_households(EVERYTHING, area=TOWN)
    assert len(found) >= HOUSEHOLDS, len(found)
    enlist(found)
    return found


def _vacant(town: LongshaTown) -> list[Shortfall]:
    role_set = household_role_set(town.pack)
    kept = [
        Kept("household", str(home), role_set.code, area, since)
        for home, (area, since) in households_watched_since(EVERYTHING, area=TOWN).items()
    ]
    return shortfalls(EVERYTHING, town.pack.role_sets, kept)


def _propose(*, moving: bool = False) -> UUID:
    return propose_staffing(area=TOWN, moving=moving, scope=EVERYTHING, by=CLERK, at=AT)


def test_every_household_has_its_five_near_and_below_the_caps_in_one_action(
    town: LongshaTown, homes: dict[UUID, str]
) -> None:
    assert len(_vacant(town)) == 5 * len(homes)
    proposal = _propose()
    summary = staffing_proposal(EVERYTHING, proposal).summary
    assert (summary["new"], summary["vacant"], summary["method"]) == (5 * len(homes), 0, "flow")
    assert isinstance(summary["gap"], float)
    assert summary["gap"] >= 0
    assert len(_vacant(town)) == 5 * len(homes)
    done = accept_staffing(proposal_id=proposal, scope=EVERYTHING, by=CLERK, at=AT)
    assert (done.filled, done.stale, done.vacant) == (5 * len(homes), 0, ())
    assert _vacant(town) == []
    five = household_role_set(town.pack)
    for home, team in teams_of(EVERYTHING, "household", homes).items():
        assert sorted(member.role for member in team) == sorted(FIVE), home
        assert [slot.role for slot in slots(team, five) if slot.member is None] == [], home
        wheres = {member.role: member.worker.area for member in team}
        assert all(where.startswith(TOWN) for where in wheres.values())
        assert wheres["village-cadre"] == wheres["medic"] == wheres["neighbour"] == homes[UUID(home)]
    caps = {role.code: role.cap for role in five.roles}
    loads = rows(
        "select role, worker_id, count(*) from workforce_assignment where until is null"
        " and target_kind = 'household' group by 1, 2"
    )
    assert all(count <= caps[role] for role, _, count in loads)
    police = [count for role, _, count in loads if role == "police"]
    assert max(police) - min(police) <= 2


def test_every_file_of_a_staffed_household_is_its_cadres(town: LongshaTown, homes: dict[UUID, str]) -> None:
    del town
    accept_staffing(proposal_id=_propose(), scope=EVERYTHING, by=CLERK, at=AT)
    owners = rows(
        "select count(*) filter (where w.kinds ? 'village-cadre'), count(*) from observation_file f"
        " join workforce_worker w on w.id = f.owner_id where f.state = 'open' and f.household_id is not null"
    )
    assert owners[0][0] == owners[0][1] >= len(homes)


def test_a_vacant_role_is_an_alarm_that_grows_old_and_a_filled_one_is_none(
    town: LongshaTown, homes: dict[UUID, str]
) -> None:
    accept_staffing(proposal_id=_propose(), scope=EVERYTHING, by=CLERK, at=AT)
    first, second = sorted(homes)[:2]
    for home, role, hours in ((second, "medic", 2), (first, "police", 5)):
        rows(
            "update workforce_assignment set until = %s, ended_reason = '调离' where until is null"
            " and target_id = %s and role = %s returning id",
            *(AT + timedelta(hours=hours), str(home), role),
        )
    vacant = _vacant(town)
    assert [(v.target_id, v.role, v.since) for v in vacant] == [
        (str(second), "medic", AT + timedelta(hours=2)),
        (str(first), "police", AT + timedelta(hours=5)),
    ]
    done = accept_staffing(
        proposal_id=propose_staffing(area=TOWN, scope=EVERYTHING, by=CLERK, at=AT + timedelta(hours=6)),
        scope=EVERYTHING,
        by=CLERK,
        at=AT + timedelta(hours=6),
    )
    assert done.filled == 2
    assert _vacant(town) == []


def test_choices_made_by_hand_stay_and_the_rest_is_found_around_them(
    town: LongshaTown, homes: dict[UUID, str]
) -> None:
    five = household_role_set(town.pack)
    cadre = UUID(
        str(rows("select id from workforce_worker where kinds ? 'town-cadre' order by name limit 1")[0][0])
    )
    by_hand = sorted(homes)[:30]
    slots = [Slot(homes[h], cadre, five.code, "town-cadre", "household", str(h), True) for h in by_hand]
    assign_many(assignments=slots, area=TOWN, by=CLERK, at=AT)
    for moving in (False, True):
        proposal = _propose(moving=moving)
        assert proposal_slots(EVERYTHING, proposal, show="moved", limit=10_000) == []
        lines = proposal_slots(EVERYTHING, proposal, role="town-cadre", limit=10_000)
        assert {x.target_id for x in lines} == {str(home) for home in homes} - {str(home) for home in by_hand}
        load = [line for line in lines if line.worker_id == cadre]
        assert len(load) <= 10


def test_part_is_accepted_village_by_village_and_what_has_changed_is_said(
    town: LongshaTown, homes: dict[UUID, str]
) -> None:
    proposal = _propose()
    village = Counter(homes.values()).most_common(1)[0][0]
    part = slots_left(EVERYTHING, proposal, area=village)
    done = accept_staffing(proposal_id=proposal, slots=part, scope=EVERYTHING, by=CLERK, at=AT)
    assert done.filled == 5 * list(homes.values()).count(village)
    line = proposal_slots(EVERYTHING, proposal, role="police", limit=10_000)[-1]
    police = proposal_slots(EVERYTHING, proposal, role="police", limit=10_000)
    other = next(s.worker_id for s in police if s.worker_id != line.worker_id)
    assert line.worker_id is not None
    assert other is not None
    begin_absence(worker_id=line.worker_id, stand_in_id=other, kind="ill", reason="发热", by=CLERK, at=AT)
    gone = sum(s.worker_id == line.worker_id and s.area != village for s in police)
    standing = proposal_standing(EVERYTHING, staffing_proposal(EVERYTHING, proposal), AT)
    assert (standing.changed, standing.left) == (True, 5 * len(homes) - len(part))
    assert standing.stale >= gone > 0
    rest = accept_staffing(proposal_id=proposal, scope=EVERYTHING, by=CLERK, at=AT)
    assert rest.stale == standing.stale
    assert rest.filled == standing.left - standing.stale
    assert len(_vacant(town)) == rest.stale


def test_a_leavers_households_and_files_go_to_a_colleague_with_a_record(
    town: LongshaTown, homes: dict[UUID, str]
) -> None:
    accept_staffing(proposal_id=_propose(), scope=EVERYTHING, by=CLERK, at=AT)
    leaver, heir, carried = _two_cadres()
    later = AT + timedelta(days=1)
    moved = replace_worker(
        worker_id=leaver, successor_id=heir, reason="调离", scope=EVERYTHING, by=CLERK, at=later
    )
    assert moved >= carried > 0
    assert _vacant(town) == []
    record = rows(
        "select count(*), count(distinct a.target_id) from workforce_assignment a join workforce_assignment n"
        " on n.id = a.handed_to_id and n.worker_id = %s and n.target_id = a.target_id and n.since = a.until"
        " where a.worker_id = %s and a.ended_reason = '调离'",
        *(heir, leaver),
    )
    assert record == [(carried, carried)]
    assert len(homes) == len(teams_of(EVERYTHING, "household", homes))


def test_somebody_stands_in_for_the_ill_and_hands_back_when_they_return(
    town: LongshaTown, homes: dict[UUID, str]
) -> None:
    accept_staffing(proposal_id=_propose(), scope=EVERYTHING, by=CLERK, at=AT)
    ill, other, carried = _two_cadres()
    before = _held(ill), _held(other)
    done, files = stand_in(
        worker_id=ill, stand_in_id=other, kind="ill", reason="发热", scope=EVERYTHING, by=CLERK, at=AT
    )
    assert (done.assignments, _held(ill), len(_held(other))) == (carried, set(), carried + len(before[1]))
    assert files >= carried
    assert _vacant(town) == []
    assert all(str(s.worker_id) != str(ill) for s in proposal_slots(EVERYTHING, _propose(), limit=10_000))
    with pytest.raises(Refused, match="worker-absent"):
        stand_in(worker_id=ill, stand_in_id=other, kind="ill", reason="又", scope=EVERYTHING, by=CLERK, at=AT)
    back, returned = come_back(worker_id=ill, scope=EVERYTHING, by=CLERK, at=AT + timedelta(days=3))
    assert (back.assignments, returned) == (carried, files)
    assert (_held(ill), _held(other)) == before
    assert len(homes) == len(teams_of(EVERYTHING, "household", homes))


def _two_cadres() -> tuple[UUID, UUID, int]:
    """Two village cadres of one village, and how many households the first carries."""
    found = rows(
        "select a.worker_id, o.id, count(*) from workforce_assignment a join workforce_worker w on w.id = a.worker_id"
        " join workforce_worker o on o.area = w.area and o.id <> w.id and o.kinds ? 'village-cadre'"
        " where a.role = 'village-cadre' and a.until is null group by 1, 2 order by 3 desc, 1, 2 limit 1"
    )
    return UUID(str(found[0][0])), UUID(str(found[0][1])), found[0][2]


def _held(worker: UUID) -> set[str]:
    return {
        target
        for (target,) in rows(
            "select target_id from workforce_assignment where worker_id = %s and until is null", worker
        )
    }
