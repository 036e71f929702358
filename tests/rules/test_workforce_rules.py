"""Who gets a vacant role: near, balanced, never above the cap; by the flow and by the plain way alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Literal
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shouwang.packs.load import builtin
from shouwang.workforce.rules import Candidate, Held, Proposal, Target, propose_teams
from shouwang.workforce.rules.staffing import (
    Demand,
    RoleProblem,
    cost_of,
    metres_between,
    solve_greedy,
)
from shouwang.workforce.rules.staffing_flow import nearest_of_all, solve_flow

PACK = builtin("cn-2020-longsha")
FIVE = PACK.role_set("five-to-one")
WATCH = PACK.role_set("village-watch")
HELP = PACK.role_set("five-help-one")
NEAR, FAR, ELSEWHERE = "500101135003", "500101135200", "500101136001"
Method = Literal["flow", "greedy"]
both = pytest.mark.parametrize("method", ["flow", "greedy"])


def _cadre(number: int, area: str = NEAR, carried: int = 0) -> Candidate:
    return Candidate(UUID(int=number), area, ("village-cadre",), {"village-cadre": carried})


@both
def test_the_cadre_of_the_village_comes_before_a_less_loaded_one_from_elsewhere(method: Method) -> None:
    people = [_cadre(1, FAR), _cadre(2, NEAR, 20)]
    proposal = propose_teams(WATCH, [Target("1", NEAR)], people, method=method)
    assert [slot.worker for slot in proposal.slots] == [UUID(int=2)]


@both
def test_work_is_balanced_among_the_near(method: Method) -> None:
    homes = [Target(str(n), NEAR) for n in range(10)]
    proposal = propose_teams(WATCH, homes, [_cadre(1), _cadre(2, carried=4)], method=method)
    assert Counter(slot.worker.int for slot in proposal.slots) == {1: 7, 2: 3}


@both
def test_nobody_is_loaded_above_the_cap_and_what_is_left_is_vacant(method: Method) -> None:
    cap = WATCH.roles[0].cap
    assert cap is not None
    homes = [Target(str(n), NEAR) for n in range(cap + 5)]
    proposal = propose_teams(WATCH, homes, [_cadre(1)], method=method)
    assert (len(proposal.slots), len(proposal.vacant)) == (cap, 5)


@both
@pytest.mark.parametrize("moving", [False, True])
def test_what_was_chosen_by_hand_stays(method: Method, moving: bool) -> None:
    home = Target("1", NEAR, (Held("village-cadre", UUID(int=1)),))
    proposal = propose_teams(WATCH, [home], [_cadre(1, FAR, 60), _cadre(2)], moving=moving, method=method)
    assert (proposal.slots, proposal.vacant) == ((), ())


def test_where_it_pays_a_household_changes_hands_and_the_plain_way_leaves_it() -> None:
    home = Target("1", NEAR, (Held("village-cadre", UUID(int=1), is_fixed=False),))
    people = [_cadre(1, FAR, 1), _cadre(2)]
    best = propose_teams(WATCH, [home], people, moving=True, method="flow")
    assert [(s.worker.int, s.moved_from, s.metres_before) for s in best.slots] == [(2, UUID(int=1), 5000)]
    assert propose_teams(WATCH, [home], people, moving=True, method="greedy").slots == ()
    assert propose_teams(WATCH, [home], people, moving=False, method="flow").slots == ()


def test_where_it_saves_little_people_keep_whom_they_know() -> None:
    home = Target("1", NEAR, (Held("village-cadre", UUID(int=1), is_fixed=False),))
    people = [_cadre(1, NEAR, 12), _cadre(2)]
    assert propose_teams(WATCH, [home], people, moving=True, method="flow").slots == ()


def test_who_carries_too_much_keeps_it_where_nobody_else_has_room() -> None:
    homes = [Target(str(n), NEAR, (Held("village-cadre", UUID(int=1), is_fixed=False),)) for n in range(70)]
    alone = propose_teams(WATCH, homes, [_cadre(1, NEAR, 70)], moving=True, method="flow")
    assert (alone.slots, alone.vacant) == ((), ())
    helped = propose_teams(WATCH, homes, [_cadre(1, NEAR, 70), _cadre(2, FAR)], moving=True, method="flow")
    assert len(helped.slots) >= 10
    assert {slot.worker.int for slot in helped.slots} == {2}


@both
def test_coordinates_count_where_both_are_known(method: Method) -> None:
    home = Target("1", NEAR, position=(29.40, 105.59))
    close = Candidate(UUID(int=1), FAR, ("village-cadre",), {}, (29.401, 105.59))
    same_village = Candidate(UUID(int=2), NEAR, ("village-cadre",), {}, (29.45, 105.59))
    (slot,) = propose_teams(WATCH, [home], [close, same_village], method=method).slots
    assert (slot.worker.int, slot.metres) == (1, 111)


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert metres_between((29.0, 105.0), (30.0, 105.0)) == 110_574
    assert metres_between((29.4, 105.59), (29.4, 105.59)) == 0


@both
def test_nobody_takes_two_roles_at_one_door(method: Method) -> None:
    everything = Candidate(UUID(int=1), NEAR, tuple(role.code for role in FIVE.roles), {})
    proposal = propose_teams(FIVE, [Target("1", NEAR)], [everything], method=method)
    assert (len(proposal.slots), len(proposal.vacant)) == (1, 4)


@both
def test_five_neighbours_are_five_different_people(method: Method) -> None:
    people = [Candidate(UUID(int=n), NEAR, ("neighbour",), {}) for n in range(7)]
    proposal = propose_teams(HELP, [Target("1", NEAR)], people, method=method)
    assert len({slot.worker for slot in proposal.slots}) == len(proposal.slots) == 5
    assert proposal.vacant == (("1", "cadre"), ("1", "cadre"))


AREAS = [NEAR, FAR, ELSEWHERE]
KINDS = [role.code for role in FIVE.roles]
spots = st.one_of(
    st.none(), st.tuples(st.floats(29.3, 29.5), st.floats(105.5, 105.7)).map(lambda p: (p[0], p[1]))
)
people_strategy = st.lists(
    st.tuples(
        st.sampled_from([NEAR, FAR, "500101135", "500101"]),
        st.sets(st.sampled_from(KINDS)),
        st.integers(0, 61),
        spots,
    ),
    max_size=8,
)
homes_strategy = st.lists(
    st.tuples(st.sampled_from(AREAS), spots, st.sets(st.integers(0, 7)), st.booleans()), max_size=30
)


def _town(
    homes: list[tuple[str, tuple[float, float] | None, set[int], bool]],
    people: list[tuple[str, set[str], int, tuple[float, float] | None]],
) -> tuple[list[Target], list[Candidate]]:
    held: Counter[tuple[int, str]] = Counter()
    targets = []
    for n, (area, spot, holders, fixed) in enumerate(homes):
        mine: list[Held] = []
        for worker in sorted(holders):
            free = sorted(people[worker][1] - {h.role for h in mine}) if worker < len(people) else []
            if free:
                mine.append(Held(free[0], UUID(int=worker), fixed))
                held[worker, free[0]] += 1
        targets.append(Target(f"{n:03d}", area, tuple(mine), spot))
    workers = [
        Candidate(UUID(int=n), area, tuple(sorted(kinds)), {k: carried + held[n, k] for k in kinds}, spot)
        for n, (area, kinds, carried, spot) in enumerate(people)
    ]
    return targets, workers


def _proves(proposal: Proposal, targets: list[Target], workers: list[Candidate]) -> None:
    """Every slot filled once or vacant, fixed kept, nobody new above a cap, nobody twice at a door."""
    teams = {t.id: [(h.role, h.worker) for h in t.held] for t in targets}
    load = {(w.id, role): n for w in workers for role, n in w.load.items()}
    caps = {role.code: role.cap or 10**9 for role in FIVE.roles}
    for slot in proposal.slots:
        if slot.moved_from is not None:
            teams[slot.target].remove((slot.role, slot.moved_from))
            load[slot.moved_from, slot.role] -= 1
    for slot in proposal.slots:
        teams[slot.target].append((slot.role, slot.worker))
        load[slot.worker, slot.role] = load.get((slot.worker, slot.role), 0) + 1
    for slot in proposal.slots:
        assert load[slot.worker, slot.role] <= caps[slot.role]
    for target in targets:
        mine = teams[target.id]
        for held in target.held:
            assert not held.is_fixed or (held.role, held.worker) in mine
        assert len({worker for _, worker in mine}) == len(mine)
        missing = [role for t, role in proposal.vacant if t == target.id]
        for role in FIVE.roles:
            assert sum(r == role.code for r, _ in mine) + missing.count(role.code) >= role.count


@settings(max_examples=60, deadline=None)
@given(homes_strategy, people_strategy, st.booleans())
def test_every_way_keeps_caps_and_what_is_fixed(homes: list, people: list, moving: bool) -> None:  # type: ignore[type-arg]
    targets, workers = _town(homes, people)
    for method in ("flow", "greedy"):
        proposal = propose_teams(FIVE, targets, workers, moving=moving, method=method)
        _proves(proposal, targets, workers)
        again = propose_teams(FIVE, targets[::-1], workers[::-1], moving=moving, method=method)
        assert (again.slots, again.vacant) == (proposal.slots, proposal.vacant)


ONE = FIVE.model_copy(update={"roles": (FIVE.roles[1],)})


@settings(max_examples=80, deadline=None)
@given(homes_strategy, people_strategy)
def test_the_flow_fills_as_many_and_never_costs_more_than_the_plain_way(homes: list, people: list) -> None:  # type: ignore[type-arg]
    targets, workers = _town(homes, people)
    for moving in (False, True):
        best = propose_teams(ONE, targets, workers, moving=moving, method="flow")
        plain = propose_teams(ONE, targets, workers, moving=moving, method="greedy")
        assert len(best.vacant) <= len(plain.vacant)
        if len(best.vacant) == len(plain.vacant):
            assert best.cost <= plain.cost
            assert best.greedy_cost is not None
            assert best.gap is not None
            assert best.gap >= 0


@both
def test_whoever_serves_a_door_of_another_town_may_stay_and_gives_way_to_the_district(
    method: Method,
) -> None:
    role = WATCH.roles[0].code
    home = Target("1", ELSEWHERE, (Held(role, UUID(int=1), is_fixed=False),))
    stranger = Candidate(UUID(int=1), NEAR, (role,), {role: 1})
    alone = propose_teams(WATCH, [home], [stranger], moving=True, method=method)
    assert (alone.slots, alone.vacant) == ((), ())
    beside = Candidate(UUID(int=2), "500101", (role,), {})
    both = propose_teams(WATCH, [home], [stranger, beside], moving=True, method=method)
    came = [(slot.worker.int, slot.moved_from) for slot in both.slots]
    assert came == ([(2, UUID(int=1))] if method == "flow" else []), "the plain way moves nobody"


TWO = FIVE.model_copy(update={"roles": (FIVE.roles[1].model_copy(update={"count": 2, "cap": 1}),)})
"""One role with two people at each door and a cap that is soon reached."""


def test_who_holds_two_doors_above_the_cap_keeps_both_and_fills_no_door_twice() -> None:
    role = TWO.roles[0].code
    held = (Held(role, UUID(int=1), is_fixed=False),)
    homes = [Target("a", NEAR, held), Target("b", NEAR, held)]
    alone = propose_teams(
        TWO, homes, [Candidate(UUID(int=1), NEAR, (role,), {role: 2})], moving=True, method="flow"
    )
    assert alone.slots == ()
    assert alone.vacant == (("a", role), ("b", role)), "one place at each door is vacant, and none is lost"


def test_who_stays_above_the_cap_is_given_no_new_door_in_the_place_of_an_old_one() -> None:
    role = TWO.roles[0].model_copy(update={"cap": 2})
    pairs = TWO.model_copy(update={"roles": (role,)})
    both_doors = tuple(Held(role.code, UUID(int=n), is_fixed=False) for n in (1, 2))
    homes = [Target("a", NEAR), Target("b", NEAR, both_doors), Target("c", NEAR, both_doors)]
    carried = {1: 3, 2: 3, 3: 0}
    workers = [Candidate(UUID(int=n), NEAR, (role.code,), {role.code: load}) for n, load in carried.items()]
    found = propose_teams(pairs, homes, workers, moving=True, method="flow")
    assert {slot.worker.int for slot in found.slots} == {3}, "the two who carry three get nothing new"
    assert found.vacant == (("a", role.code),)


def test_no_door_loses_its_only_neighbour_to_a_nearer_one_that_has_nobody() -> None:
    role = FIVE.roles[4].model_copy(update={"cap": 1})
    kin = FIVE.model_copy(update={"roles": (role,)})
    served = Target("a", FAR, (Held(role.code, UUID(int=1), is_fixed=False),))
    neighbour = Candidate(UUID(int=1), NEAR, (role.code,), {role.code: 1})
    found = propose_teams(kin, [served, Target("b", NEAR)], [neighbour], moving=True, method="flow")
    assert (found.slots, found.vacant) == ((), (("b", role.code),))


small_homes = st.lists(st.sets(st.integers(0, 2), max_size=2), min_size=1, max_size=3)


@settings(max_examples=150, deadline=None)
@example([set(), {0, 1}, {0, 1}], [(NEAR, 1), (NEAR, 1), (NEAR, 0)], 2)
@given(small_homes, st.lists(st.tuples(st.sampled_from([NEAR, FAR]), st.integers(0, 2)), min_size=1, max_size=3),
       st.integers(1, 2))  # fmt: skip
def test_with_caps_passed_already_the_flow_is_the_best_of_all_choices(
    homes: list[set[int]], people: list[tuple[str, int]], cap: int
) -> None:
    role = TWO.roles[0].model_copy(update={"cap": cap})
    mine = [tuple(w for w in sorted(holders) if w < len(people)) for holders in homes]
    held = Counter(worker for holders in mine for worker in holders)
    workers = tuple(Candidate(UUID(int=n), area, (role.code,), {}) for n, (area, _) in enumerate(people))
    demands = tuple(Demand(Target(str(n), NEAR), 2, holders) for n, holders in enumerate(mine))
    problem = RoleProblem(role, demands, workers, tuple(base for _, base in people))
    every = [list(_choices(demand, len(workers))) for demand in demands]
    room = {n: max(problem.room(n), held[n]) for n in range(len(workers))}
    every_one = [list(map(list, chosen)) for chosen in product(*every) if _is_allowed(problem, chosen, room)]
    most = max(sum(map(len, chosen)) for chosen in every_one)
    allowed = [c for c in every_one if all(len(c[n]) >= len(holders) for n, holders in enumerate(mine))]
    cheapest = min(cost_of(problem, chosen) for chosen in allowed if sum(map(len, chosen)) == most)
    plain = solve_greedy(problem)
    best = solve_flow(problem, plain, nearest_of_all(problem))
    assert (sum(map(len, best)), cost_of(problem, best)) == (most, cheapest)
    assert (sum(map(len, plain)), -cost_of(problem, plain)) <= (most, -cheapest) or sum(
        map(len, plain)
    ) < most


def _choices(demand: Demand, workers: int) -> Iterator[tuple[int, ...]]:
    for many in range(demand.need + 1):
        yield from combinations(range(workers), many)


def _is_allowed(problem: RoleProblem, chosen: Sequence[tuple[int, ...]], room: dict[int, int]) -> bool:
    """Nobody new above the cap: a worker carries what the cap lets, or no more than is held and only of that."""
    for worker, most in room.items():
        doors = [i for i, mine in enumerate(chosen) if worker in mine]
        fresh = [i for i in doors if worker not in problem.demands[i].movable]
        if len(doors) > most or (fresh and len(doors) > problem.room(worker)):
            return False
    return True
