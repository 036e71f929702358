from __future__ import annotations

from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shouwang.packs.load import builtin
from shouwang.workforce.rules import Candidate, Target, propose_teams, vacant_roles

FIVE = builtin("cn-2020-longsha").role_set("five-to-one")
WATCH = builtin("cn-2020-longsha").role_set("village-watch")
NEAR, FAR = "500101135003", "500101135200"


def _cadre(number: int, area: str = NEAR, carried: int = 0) -> Candidate:
    return Candidate(UUID(int=number), area, ("village-cadre",), {"village-cadre": carried})


def test_a_team_of_five_with_two_lacks_three() -> None:
    assert vacant_roles(FIVE, ["medic", "police"]) == ("town-cadre", "village-cadre", "neighbour")


def test_the_cadre_of_the_village_comes_before_a_less_loaded_one_from_elsewhere() -> None:
    proposal = propose_teams(WATCH, [Target("1", NEAR)], [_cadre(1, FAR), _cadre(2, NEAR, 20)])
    assert [slot.worker for slot in proposal.slots] == [UUID(int=2)]


def test_work_is_balanced_among_the_near() -> None:
    homes = [Target(str(n), NEAR) for n in range(10)]
    proposal = propose_teams(WATCH, homes, [_cadre(1), _cadre(2, carried=4)])
    assert Counter(slot.worker.int for slot in proposal.slots) == {1: 7, 2: 3}


def test_nobody_is_loaded_above_the_cap_and_what_is_left_is_vacant() -> None:
    cap = WATCH.roles[0].cap
    assert cap is not None
    homes = [Target(str(n), NEAR) for n in range(cap + 5)]
    proposal = propose_teams(WATCH, homes, [_cadre(1)])
    assert (len(proposal.slots), len(proposal.vacant)) == (cap, 5)


def test_who_is_there_already_stays() -> None:
    proposal = propose_teams(WATCH, [Target("1", NEAR, frozenset({"village-cadre"}))], [_cadre(1)])
    assert (proposal.slots, proposal.vacant) == ((), ())


@given(
    st.lists(st.sampled_from([NEAR, FAR, "500101136001"]), max_size=40),
    st.lists(
        st.tuples(
            st.sampled_from([NEAR, FAR, "500101135"]),
            st.sets(st.sampled_from([role.code for role in FIVE.roles])),
            st.integers(0, 41),
        ),
        max_size=8,
    ),
)
def test_every_role_of_every_household_is_either_filled_once_or_vacant(
    homes: list[str], people: list[tuple[str, set[str], int]]
) -> None:
    targets = [Target(str(n), area) for n, area in enumerate(homes)]
    workers = [
        Candidate(UUID(int=n), area, tuple(sorted(kinds)), dict.fromkeys(kinds, carried))
        for n, (area, kinds, carried) in enumerate(people)
    ]
    proposal = propose_teams(FIVE, targets, workers)
    filled = [(slot.target, slot.role) for slot in proposal.slots]
    assert sorted([*filled, *proposal.vacant]) == sorted((t.id, r.code) for t in targets for r in FIVE.roles)
    caps = {role.code: role.cap for role in FIVE.roles}
    for (worker, role), count in Counter((s.worker.int, s.role) for s in proposal.slots).items():
        assert workers[worker].load[role] + count <= (caps[role] or 10**9)
