"""I1 Task force 工作专班: sixteen people in six groups on a compound, round the clock, handed over, not worn out."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from shouwang.journeys.guard_household import end_team, fill_roster, watch_target
from shouwang.journeys.stand_in import stand_in
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Grant, Scope
from shouwang.workforce.actions import (
    NewAssignment,
    NewShift,
    NewWorker,
    assign_many,
    end_assignment,
    enlist_workers,
    give_shifts,
    pair_unit,
    put_team_on,
)
from shouwang.workforce.queries import (
    kept_targets,
    leaders_of,
    roster,
    roster_alarms,
    roster_gaps,
    rosters,
    rosters_of_team,
    serving_page,
    shortfalls,
    team_of,
    team_target,
    team_targets,
    worn_out,
)
from tests.acceptance.conftest import CLERK, EVERYTHING, TOWN, LongshaTown, when

AT = when("01-29 08:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
COMPOUND = "阳光小区"
GROUPS = {"coordination": 2, "supplies": 4, "medical": 3, "liaison": 3, "cleaning": 2, "security": 2}
MOST, REST = timedelta(hours=12), timedelta(hours=6)


@pytest.fixture
def force(town: LongshaTown) -> tuple[UUID, dict[str, list[UUID]]]:
    """The team on the compound and its sixteen people by group."""
    team = put_team_on(
        area=TOWN,
        target_kind="compound",
        role_set="task-force",
        name=COMPOUND,
        unit="区教委",
        by=CLERK,
        at=AT,
    )
    people = {
        role: [NewWorker(TOWN, f"{role}{n}", (role,), unit="区教委") for n in range(number)]
        for role, number in GROUPS.items()
    }
    enlist_workers(workers=[w for group in people.values() for w in group], area=TOWN, by=CLERK, at=AT)
    assert {r.code: r.count for r in town.pack.role_set("task-force").roles} == GROUPS
    return team, {role: [w.id for w in group] for role, group in people.items()}


def _assign(team: UUID, people: dict[str, list[UUID]]) -> None:
    row = team_target(EVERYTHING, team)
    slots = [
        NewAssignment(row.area, worker, row.role_set, role, row.target_kind, row.target_id)
        for role, group in people.items()
        for worker in group
    ]
    assert assign_many(assignments=slots, area=TOWN, by=CLERK, at=AT) == 16


def _missing(town: LongshaTown) -> dict[str, int]:
    return {s.role: s.missing for s in shortfalls(EVERYTHING, town.pack.role_sets, kept_targets(EVERYTHING))}


def test_sixteen_people_in_six_groups_and_each_who_is_missing_counts(
    town: LongshaTown, force: tuple[UUID, dict[str, list[UUID]]]
) -> None:
    team, people = force
    assert _missing(town) == GROUPS
    _assign(team, people)
    assert _missing(town) == {}
    row = team_target(EVERYTHING, team)
    members = team_of(EVERYTHING, "compound", row.target_id)
    assert len({member.worker.id for member in members}) == 16
    supplier = next(m for m in members if m.role == "supplies")
    end_assignment(assignment_id=supplier.assignment_id, reason="调回", by=CLERK, at=AT + DAY)
    (short,) = shortfalls(EVERYTHING, town.pack.role_sets, kept_targets(EVERYTHING))
    assert (short.role, short.missing, short.since, short.name) == ("supplies", 1, AT + DAY, COMPOUND)


def test_the_five_groups_serve_under_those_who_coordinate(
    town: LongshaTown, force: tuple[UUID, dict[str, list[UUID]]]
) -> None:
    _assign(*force)
    serving = serving_page(EVERYTHING, kinds=["compound"])
    sets = {one.code: one for one in town.pack.role_sets}
    leaders = leaders_of(EVERYTHING, sets, serving)
    assert len(serving) == 16
    assert len(leaders) == 14
    assert set(leaders.values()) <= {"coordination0", "coordination1"}


def test_the_compound_is_kept_round_the_clock_by_two_and_an_empty_place_is_seen(
    town: LongshaTown, force: tuple[UUID, dict[str, list[UUID]]]
) -> None:
    del town
    team, people = force
    _assign(team, people)
    watch = watch_target(team_id=team, since=AT, until=AT + 3 * DAY, scope=EVERYTHING, by=CLERK, at=AT)
    row = roster(EVERYTHING, watch)
    assert (row.people, row.name) == (2, COMPOUND)
    everybody = [worker for group in people.values() for worker in group]
    with pytest.raises(Refused, match="roster-needs-people"):
        fill_roster(
            roster=row, people=everybody[:1], since=AT, until=AT + DAY, scope=EVERYTHING, by=CLERK, at=AT
        )
    made = fill_roster(
        roster=row, people=everybody, since=AT, until=AT + 3 * DAY, scope=EVERYTHING, by=CLERK, at=AT
    )
    assert made == 2 * 9
    assert roster_gaps(EVERYTHING, row, until=AT + 9 * DAY) == []
    again = fill_roster(
        roster=row, people=everybody, since=AT, until=AT + 3 * DAY, scope=EVERYTHING, by=CLERK, at=AT
    )
    assert again == 0
    assert worn_out(EVERYTHING, AT, AT + 3 * DAY, most=MOST, least_rest=REST) == []
    assert [r.id for r in rosters(EVERYTHING)] == [watch]


def test_somebody_too_long_on_duty_is_flagged_by_the_packs_hours(
    town: LongshaTown, force: tuple[UUID, dict[str, list[UUID]]]
) -> None:
    team, people = force
    _assign(team, people)
    watch = watch_target(team_id=team, since=AT, until=None, scope=EVERYTHING, by=CLERK, at=AT)
    tired, fresh = people["security"]
    shifts = [NewShift(tired, AT, AT + 8 * HOUR), NewShift(tired, AT + 8 * HOUR, AT + 16 * HOUR)]
    shifts += [NewShift(fresh, AT, AT + 8 * HOUR), NewShift(fresh, AT + 16 * HOUR, AT + 24 * HOUR)]
    give_shifts(roster_id=watch, shifts=shifts, by=CLERK, at=AT)
    values = town.pack.values_on(AT.date())
    most, rest = values["most-hours-in-a-row"], values["least-hours-of-rest"]
    assert (most, rest) == (12, 6)
    ((stretch, name),) = worn_out(EVERYTHING, AT, AT + DAY, most=MOST, least_rest=REST)
    assert (stretch.worker, name, stretch.on_duty) == (tired, "security0", timedelta(hours=16))
    missing = [(a.kind, a.missing) for a in roster_alarms(EVERYTHING, AT)]
    assert ("gap", 1) in missing


def test_who_falls_ill_is_replaced_in_team_and_shifts_at_once(
    town: LongshaTown, force: tuple[UUID, dict[str, list[UUID]]]
) -> None:
    team, people = force
    _assign(team, people)
    watch = watch_target(team_id=team, since=AT, until=AT + DAY, scope=EVERYTHING, by=CLERK, at=AT)
    row = roster(EVERYTHING, watch)
    fill_roster(
        roster=row, people=people["medical"], since=AT, until=AT + DAY, scope=EVERYTHING, by=CLERK, at=AT
    )
    spare = NewWorker(TOWN, "备勤", ("medical",))
    enlist_workers(workers=[spare], area=TOWN, by=CLERK, at=AT)
    stand_in(
        worker_id=people["medical"][0],
        stand_in_id=spare.id,
        kind="ill",
        reason="发热",
        scope=EVERYTHING,
        by=CLERK,
        at=AT,
    )
    assert _missing(town) == {}
    assert roster_gaps(EVERYTHING, row, until=AT + DAY) == []
    assert sum(member.stands_in for member in serving_page(EVERYTHING, kinds=["compound"])) == 1


def test_a_unit_is_paired_with_the_compound_and_an_earlier_pairing_stays_on_record(
    town: LongshaTown, force: tuple[UUID, dict[str, list[UUID]]]
) -> None:
    team, people = force
    _assign(team, people)
    fresh = pair_unit(team_id=team, unit="区财政局", reason="轮换", by=CLERK, at=AT + DAY)
    assert [t.id for t in team_targets(EVERYTHING, unit="区财政局")] == [fresh]
    assert team_targets(EVERYTHING, unit="区教委") == []
    assert team_target(EVERYTHING, team).unit == "区教委"
    assert _missing(town) == {}
    opened = watch_target(team_id=fresh, since=AT + DAY, until=None, scope=EVERYTHING, by=CLERK, at=AT + DAY)
    again = pair_unit(team_id=fresh, unit="区审计局", reason="轮换", by=CLERK, at=AT + DAY)
    assert rosters_of_team(EVERYTHING, [again])[again].id == opened, "the watch goes on under the new pairing"
    freed = end_team(team_id=again, reason="解封", scope=EVERYTHING, by=CLERK, at=AT + 2 * DAY)
    assert freed == 16
    assert team_targets(EVERYTHING) == []
    assert rosters_of_team(EVERYTHING, [again]) == {}
    row = team_target(EVERYTHING, again)
    assert (row.until, row.ended_reason) == (AT + 2 * DAY, "解封")
    with pytest.raises(Refused, match="team-not-found"):
        end_team(team_id=again, reason="解封", scope=EVERYTHING, by=CLERK, at=AT + 3 * DAY)


def test_of_another_town_nothing_of_it_exists(
    town: LongshaTown, force: tuple[UUID, dict[str, list[UUID]]]
) -> None:
    del town
    team, people = force
    _assign(team, people)
    other = Scope("u", (Grant("town-clerk", "500101134", frozenset({"team.assign", "team.view"})),))
    assert serving_page(other) == []
    assert team_targets(other) == []
    with pytest.raises(Refused, match="team-not-found"):
        watch_target(team_id=team, since=AT, until=None, scope=other, by=CLERK, at=AT)
