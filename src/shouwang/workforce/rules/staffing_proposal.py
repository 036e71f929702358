"""配人 The whole proposal: every role of the set, by the best way there is, with what the plain way would cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from shouwang.packs.schema import RoleSet
from shouwang.workforce.rules import staffing_flow as flow
from shouwang.workforce.rules.staffing import (
    Candidate,
    Chosen,
    Proposal,
    Proposed,
    RoleProblem,
    Target,
    cost_of,
    role_problems,
    solve_greedy,
    way,
)

Method = Literal["best", "flow", "greedy"]
MEASURED = 5_000
"""Up to so many targets the plain way is worked out beside the flow, to say how far it is from the best."""


def propose_teams(
    role_set: RoleSet,
    targets: Sequence[Target],
    candidates: Sequence[Candidate],
    *,
    moving: bool = False,
    method: Method = "best",
    measured_up_to: int = MEASURED,
) -> Proposal:
    """Fill every vacant role of every target with somebody near who still has room.

    With `moving`, slots that nobody fixed may change hands where that pays. `best` is the flow where the extra is
    installed, else the plain way. Deterministic: same input, same proposal. Roles are solved one after another,
    since caps are by role; nobody gets two roles at one target.
    """
    by_flow = method == "flow" or (method == "best" and flow.available())
    ordered = sorted(targets, key=lambda t: (t.area, t.id))
    serving = sorted(candidates, key=lambda c: (c.area, c.id))
    taken = {t.id: [(h.role, h.worker) for h in t.held] for t in ordered}
    slots: list[Proposed] = []
    vacant: list[tuple[str, str]] = []
    cost = plain_cost = 0
    comparable = by_flow and len(ordered) <= measured_up_to
    for role in role_set.roles:
        barred = {t: frozenset(w for r, w in held if r != role.code) for t, held in taken.items() if held}
        for problem in role_problems(role, ordered, serving, barred, moving=moving):
            chosen, plain = _solve(problem, by_flow, comparable)
            cost += cost_of(problem, chosen)
            plain_cost += cost_of(problem, plain) if comparable else 0
            comparable &= sum(map(len, chosen)) == sum(map(len, plain))
            slots += _slots(problem, chosen)
            for demand, mine in zip(problem.demands, chosen, strict=True):
                taken[demand.target.id] += [(role.code, problem.workers[w].id) for w in mine]
                vacant += [(demand.target.id, role.code)] * (demand.need - len(mine))
    measured = plain_cost if comparable else None
    return Proposal(tuple(slots), tuple(vacant), "flow" if by_flow else "greedy", cost, measured)


def _solve(problem: RoleProblem, by_flow: bool, measure: bool) -> tuple[Chosen, Chosen]:
    """(what is proposed, what the plain way would be where it is measured)"""
    if not by_flow:
        plain = solve_greedy(problem)
        return plain, plain
    if not problem.workers:
        nobody: Chosen = [[] for _ in problem.demands]
        return nobody, nobody
    near = flow.nearest_of_all(problem)
    if not measure:
        best = flow.solve_flow(problem, (), near)
        return best, best
    places, metres = near[0].tolist(), near[1].tolist()
    whole = min((row[-1] for row in places), default=0) >= 0
    listed = (
        list(zip(places, metres, strict=True))
        if whole
        else [_known(*r) for r in zip(places, metres, strict=True)]
    )
    plain = solve_greedy(problem, listed)
    return flow.solve_flow(problem, plain, near), plain


def _known(places: list[int], metres: list[int]) -> tuple[list[int], list[int]]:
    """A row without its padding."""
    number = sum(place >= 0 for place in places)
    return places[:number], metres[:number]


def _slots(problem: RoleProblem, chosen: Chosen) -> list[Proposed]:
    """Who comes, and in whose place: of those who leave a target, the first gives way to the first who comes."""
    found: list[Proposed] = []
    for demand, mine in zip(problem.demands, chosen, strict=True):
        target, role = demand.target, problem.role.code
        leaving = [worker for worker in demand.movable if worker not in mine]
        for worker in mine:
            if worker in demand.movable:
                continue
            came = problem.workers[worker]
            metres = way(target, came) or 0
            if not leaving:
                found.append(Proposed(target.id, target.area, role, came.id, metres))
                continue
            gone = problem.workers[leaving.pop(0)]
            found.append(Proposed(target.id, target.area, role, came.id, metres, gone.id, way(target, gone)))
    return found
