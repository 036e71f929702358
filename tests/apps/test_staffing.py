"""A staffing proposal is kept as it was computed, and what no longer holds when it is accepted is left."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from shouwang.journeys.staff_households import (
    Staffed,
    accept_staffing,
    proposal_standing,
    propose_staffing,
    staff_households,
)
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Grant, Scope
from shouwang.workforce.actions import (
    NewAssignment,
    NewWorker,
    assign_many,
    begin_absence,
    drop_proposal,
    enlist_workers,
    fix_assignment,
)
from shouwang.workforce.queries import (
    load_changes,
    proposal_slots,
    slot_tallies,
    slots_left,
    staffing_proposal,
    team_of,
)
from tests.town import OTHER_VILLAGE, TOWN, VILLAGE, Town, found_town

pytestmark = pytest.mark.django_db
ALL = Scope.everything()


@pytest.fixture
def town(at: datetime) -> Town:
    """Song's household has a medic; the village cadre is 杨应忠; nobody else serves yet."""
    return found_town(at, roles=())


def _enlist(at: datetime, name: str, kind: str, area: str = VILLAGE) -> UUID:
    worker = NewWorker(area=area, name=name, kinds=(kind,))
    enlist_workers(workers=[worker], area=area, by=SYSTEM, at=at)
    return worker.id


def _propose(at: datetime, *, moving: bool = False) -> UUID:
    return propose_staffing(area=TOWN, moving=moving, scope=ALL, by=SYSTEM, at=at)


def _accept(proposal: UUID, at: datetime, slots: list[int] | None = None) -> Staffed:
    return accept_staffing(proposal_id=proposal, slots=slots, scope=ALL, by=SYSTEM, at=at)


def _team(town: Town) -> dict[str, str]:
    return {m.role: m.worker.name for m in team_of(ALL, "household", town.households["宋云"])}


def test_a_proposal_changes_nothing_until_it_is_accepted(town: Town, at: datetime) -> None:
    _enlist(at, "谭警官", "police")
    proposal = _propose(at)
    assert _team(town) == {"medic": "熊德兰"}
    row = staffing_proposal(ALL, proposal)
    assert (row.summary["new"], row.summary["vacant"], row.summary["kept"], row.summary["method"]) == (
        *(2, 2, 1),
        "flow",
    )
    done = _accept(proposal, at)
    assert (done.filled, done.stale, len(done.vacant), done.files_handed_over) == (2, 0, 2, 1)
    assert _team(town) == {"medic": "熊德兰", "village-cadre": "杨应忠", "police": "谭警官"}
    assert staffing_proposal(ALL, proposal).closed_at == at
    with pytest.raises(Refused, match="proposal-closed"):
        _accept(proposal, at)


def test_part_of_it_may_be_accepted_and_the_rest_later(town: Town, at: datetime) -> None:
    _enlist(at, "谭警官", "police")
    proposal = _propose(at)
    police = slots_left(ALL, proposal, role="police")
    assert _accept(proposal, at, police).filled == 1
    assert set(_team(town)) == {"medic", "police"}
    assert staffing_proposal(ALL, proposal).closed_at is None
    assert _accept(proposal, at).filled == 1
    assert staffing_proposal(ALL, proposal).closed_at == at


def test_who_has_left_fallen_ill_or_been_chosen_meanwhile_is_said_and_left(town: Town, at: datetime) -> None:
    police = _enlist(at, "谭警官", "police")
    spare = _enlist(at, "何警官", "police", OTHER_VILLAGE)
    proposal = _propose(at)
    assert not proposal_standing(ALL, staffing_proposal(ALL, proposal), at).changed
    begin_absence(worker_id=police, stand_in_id=spare, kind="ill", reason="发热", by=SYSTEM, at=at)
    home = str(town.households["宋云"])
    other = _enlist(at, "李支书", "village-cadre")
    chosen = NewAssignment(VILLAGE, other, "five-to-one", "village-cadre", "household", home, is_fixed=True)
    assign_many(assignments=[chosen], area=TOWN, by=SYSTEM, at=at)
    standing = proposal_standing(ALL, staffing_proposal(ALL, proposal), at)
    assert (standing.changed, standing.stale, standing.left) == (True, 2, 2)
    done = _accept(proposal, at)
    assert (done.filled, done.stale) == (0, 2)
    assert _team(town) == {"medic": "熊德兰", "village-cadre": "李支书"}
    assert len(proposal_slots(ALL, proposal, show="stale")) == 2


def test_a_worker_who_filled_up_meanwhile_gets_no_more(town: Town, at: datetime) -> None:
    neighbour = _enlist(at, "王邻居", "neighbour")
    proposal = _propose(at)
    elsewhere = NewAssignment(VILLAGE, neighbour, "five-to-one", "neighbour", "household", "another")
    assign_many(assignments=[elsewhere], area=TOWN, by=SYSTEM, at=at)
    done = _accept(proposal, at)
    assert (done.filled, done.stale) == (1, 1)
    assert "neighbour" not in _team(town)


def test_rebalancing_moves_what_nobody_fixed_and_the_old_row_names_the_new(town: Town, at: datetime) -> None:
    far = _enlist(at, "远村干部", "village-cadre", OTHER_VILLAGE)
    home = str(town.households["宋云"])
    row = NewAssignment(VILLAGE, far, "five-to-one", "village-cadre", "household", home)
    assign_many(assignments=[row], area=TOWN, by=SYSTEM, at=at)
    (member,) = [m for m in team_of(ALL, "household", home) if m.role == "village-cadre"]
    fix_assignment(assignment_id=member.assignment_id, is_fixed=True, by=SYSTEM, at=at)
    assert proposal_slots(ALL, _propose(at, moving=True), show="moved") == []
    fix_assignment(assignment_id=member.assignment_id, is_fixed=False, by=SYSTEM, at=at)
    proposal = _propose(at, moving=True)
    (move,) = proposal_slots(ALL, proposal, show="moved")
    assert (move.worker, move.moved_from, move.metres, move.metres_before) == (
        "杨应忠",
        "远村干部",
        300,
        5000,
    )
    later = at + timedelta(hours=1)
    assert _accept(proposal, later).moved == 1
    assert _team(town)["village-cadre"] == "杨应忠"
    with connection.cursor() as cursor:
        cursor.execute(
            "select a.until, a.ended_reason, n.since, w.name from workforce_assignment a"
            " join workforce_assignment n on n.id = a.handed_to_id join workforce_worker w on w.id = n.worker_id"
            " where a.id = %s",
            [member.assignment_id],
        )
        assert cursor.fetchall() == [(later, "rebalanced", later, "杨应忠")]


def test_loads_before_and_after_and_the_ways_stand_in_the_proposal(town: Town, at: datetime) -> None:
    proposal = _propose(at)
    (change,) = load_changes(ALL, proposal)
    assert (change.worker, change.role, change.before, change.after) == ("杨应忠", "village-cadre", 0, 1)
    tally = {t.role: (t.new, t.moved, t.vacant, t.metres) for t in slot_tallies(ALL, proposal)}
    assert tally["village-cadre"] == (1, 0, 0, 300)
    assert tally["police"] == (0, 0, 1, 0)


def test_the_database_keeps_a_proposal_as_it_was_computed(town: Town, at: datetime) -> None:
    del town
    proposal = _propose(at)
    for sql in (
        "update workforce_slot set metres = 1 where proposal_id = %s",
        "delete from workforce_slot where proposal_id = %s",
        "update workforce_proposal set basis = '' where id = %s",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [proposal])
    drop_proposal(proposal_id=proposal, by=SYSTEM, at=at)
    with pytest.raises(Refused, match="proposal-closed"):
        drop_proposal(proposal_id=proposal, by=SYSTEM, at=at)


def test_without_the_extra_the_plain_way_is_taken_and_says_so(
    town: Town, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shouwang.workforce.rules.staffing_flow.find_spec", lambda name: None)
    summary = staffing_proposal(ALL, _propose(at)).summary
    assert (summary["method"], summary["gap"], summary["new"]) == ("greedy", None, 1)
    assert staff_households(area=TOWN, scope=ALL, by=SYSTEM, at=at).filled == 1
    assert set(_team(town)) == {"medic", "village-cadre"}


def test_a_proposal_of_another_town_does_not_exist(town: Town, at: datetime) -> None:
    del town
    proposal = _propose(at)
    other = Scope("u", (Grant("town-clerk", "500101134", frozenset({"team.assign"})),))
    with pytest.raises(Refused, match="proposal-not-found"):
        staffing_proposal(other, proposal)
    with pytest.raises(Refused, match="proposal-not-found"):
        accept_staffing(proposal_id=proposal, scope=other, by=SYSTEM, at=at)
    village = Scope("u", (Grant("village-cadre", VILLAGE, frozenset({"team.view"})),))
    with pytest.raises(Refused, match="not-permitted"):
        propose_staffing(area=VILLAGE, scope=village, by=SYSTEM, at=at)
