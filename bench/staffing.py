"""Teams for 665 and 20,000 households × 5 roles: how long, and how far each way is from the best there is.

The whole action (read, solve, keep the proposal, accept it) is measured on the town of the samples; 20,000 households
are a district of twenty towns made up by a seed, with coordinates and without.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Literal
from uuid import UUID

from bench.table import Row
from shouwang.journeys.found_place import found_place
from shouwang.journeys.staff_households import accept_staffing, propose_staffing
from shouwang.journeys.take_in import take_in_file
from shouwang.kernel.actor import Actor
from shouwang.kernel.scope import Scope
from shouwang.observation.queries.households import open_households
from shouwang.packs.load import builtin
from shouwang.packs.schema import RoleSet
from shouwang.workforce.actions import NewWorker, enlist_workers
from shouwang.workforce.queries import staffing_proposal
from shouwang.workforce.rules import Candidate, Proposal, Target, propose_teams, staffing_flow

SCALE = int(os.environ.get("SHOUWANG_BENCH_SCALE", "1"))
LISTS: tuple[tuple[Literal["register", "returnees"], str], ...] = (
    ("register", "longsha_register.xlsx"),
    ("returnees", "longsha_hubei_returnees.xlsx"),
    ("returnees", "longsha_other_returnees_gb18030.csv"),
)
SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "longsha"
TOWN, BY, SCOPE = "500101135", Actor("bench", "bench"), Scope.everything()
AT = datetime(2020, 1, 29, 8, tzinfo=timezone(timedelta(hours=8)))
FIVE = builtin("cn-2020-longsha").role_set("five-to-one")
WIDE = 400
"""The optimum is taken over so many of the nearest: practically everybody of the town."""


def run() -> list[Row]:
    """The whole action for the town; then the solver alone, against the optimum and the plain way."""
    rows = _action()
    rows += _solver("665 × 5", 665, 1, "< 1 s", 1.0, optimum=True)
    large = 20_000 // SCALE
    rows += _solver(f"{large:,} × 5", large, max(1, large // 1000), "< 5 s", 5.0, optimum=True)
    rows += _solver(f"{large:,} × 5, no coordinates", large, max(1, large // 1000), "< 5 s", 5.0, spots=False)
    return rows


def _action() -> list[Row]:
    found_place(place_code=TOWN, pack_id="cn-2020-longsha", by=BY, at=AT - timedelta(days=9))
    homes = open_households(SCOPE, area=TOWN)
    if not homes:
        before = AT - timedelta(days=1)
        for kind, name in LISTS:
            take_in_file(kind=kind, area=TOWN, path=SAMPLES / name, file_name=name, by=BY, at=before)
        homes = open_households(SCOPE, area=TOWN)
        _enlist(homes)
    began = time.perf_counter()
    proposal = propose_staffing(area=TOWN, scope=SCOPE, by=BY, at=AT)
    proposed = time.perf_counter() - began
    summary = staffing_proposal(SCOPE, proposal).summary
    if not summary["new"]:
        return [
            Row("staff the town", "", "staffed already", True, "remove build/bench/staffing to measure again")
        ]
    began = time.perf_counter()
    done = accept_staffing(proposal_id=proposal, scope=SCOPE, by=BY, at=AT)
    accepted = time.perf_counter() - began
    note = f"{summary['new']:,} slots, gap of the plain way {_percent(summary['gap'])}; accepting {accepted:.2f} s"
    name = f"propose a team for {len(homes):,} households, read and kept"
    return [Row(name, "< 1 s", f"{proposed:.2f} s", proposed < 1 and done.filled == summary["new"], note)]


def _enlist(homes: dict[UUID, str]) -> None:
    people: list[NewWorker] = []
    for village, count in sorted(Counter(homes.values()).items()):
        people += [NewWorker(village, f"c{n}", ("village-cadre",)) for n in range(count // 25 + 1)]
        people += [NewWorker(village, f"n{n}", ("neighbour",)) for n in range(count + 5)]
        people += [NewWorker(village, f"m{n}", ("medic",)) for n in range(count // 35 + 1)]
    people += [NewWorker(TOWN, f"t{n}", ("town-cadre",)) for n in range(len(homes) // 36 + 1)]
    people += [NewWorker(TOWN, f"p{n}", ("police",)) for n in range(len(homes) // 55 + 1)]
    enlist_workers(workers=people, area=TOWN, by=BY, at=AT)


def _solver(
    name: str,
    households: int,
    towns: int,
    reach: str,
    most: float,
    *,
    optimum: bool = False,
    spots: bool = True,
) -> list[Row]:
    targets, people = _district(households, towns, spots)
    best, took = _timed(FIVE, targets, people, "flow")
    cpu = took[1]
    plain, plain_took = _timed(FIVE, targets, people, "greedy")
    comparable = len(plain.vacant) == len(best.vacant)
    gap = (plain.cost - best.cost) / best.cost if comparable else None
    note = f"CPU {cpu:.2f} s; the plain way {_percent(gap)} worse in {plain_took[0]:.2f} s; {len(best.vacant)} vacant"
    ok = took[0] < most
    if optimum:
        wide = _optimum(targets, people)
        off = best.cost / wide.cost - 1
        note += f"; {off:.4%} above the optimum"
        ok = ok and off < 0.001 and len(best.vacant) == len(wide.vacant)
    return [Row(f"solve {name}", reach + (", <= 0.1 % off" if optimum else ""), f"{took[0]:.2f} s", ok, note)]


def _timed(
    role_set: RoleSet, targets: list[Target], people: list[Candidate], method: Literal["flow", "greedy"]
) -> tuple[Proposal, tuple[float, float]]:
    """As the product does it: up to 5,000 households the gap is measured within the time."""
    began, cpu = time.perf_counter(), time.process_time()
    proposal = propose_teams(role_set, targets, people, method=method)
    return proposal, (time.perf_counter() - began, time.process_time() - cpu)


def _optimum(targets: list[Target], people: list[Candidate]) -> Proposal:
    """The same over practically everybody in reach."""
    usual = staffing_flow.nearest_of_all
    staffing_flow.nearest_of_all = lambda problem, number=WIDE: usual(problem, number)
    try:
        return propose_teams(FIVE, targets, people, method="flow", measured_up_to=0)
    finally:
        staffing_flow.nearest_of_all = usual


def _district(households: int, towns: int, spots: bool) -> tuple[list[Target], list[Candidate]]:
    """Villages at random within their towns, households and workers around them; the same each time."""
    dice = random.Random(2020)
    villages = []
    for town in range(towns):
        middle = (29.3 + dice.random() * 0.4, 105.4 + dice.random() * 0.4)
        villages += [
            (
                f"5001531{town:02d}{200 + n}",
                (middle[0] + dice.gauss(0, 0.02), middle[1] + dice.gauss(0, 0.02)),
            )
            for n in range(11)
        ]

    def near(spot: tuple[float, float]) -> tuple[float, float] | None:
        return (spot[0] + dice.gauss(0, 0.006), spot[1] + dice.gauss(0, 0.006)) if spots else None

    targets = []
    for number in range(households):
        area, spot = villages[number % len(villages)]
        targets.append(Target(str(UUID(int=number)), area, (), near(spot)))
    people: list[Candidate] = []
    each = {"town-cadre": 30, "village-cadre": 22, "medic": 30, "police": 45}
    for role, carried in each.items():
        for n in range(max(len(villages), households // carried)):
            area, spot = villages[n % len(villages)]
            people.append(Candidate(UUID(int=10**9 + len(people)), area, (role,), {}, near(spot)))
    for n in range(int(households * 1.5)):
        area, spot = villages[n % len(villages)]
        people.append(Candidate(UUID(int=10**9 + len(people)), area, ("neighbour",), {}, near(spot)))
    return targets, people


def _percent(share: object) -> str:
    return f"{share:.1%}" if isinstance(share, int | float) else "not measured"
