"""A1 Sweeps: a round has an area, a due date and owners; each door ends somehow; coverage counts distinct doors
and distinct people, and visits apart from them; missed doors are a list; the earlier visit stays.

At the size of the town (12,733 households) through the house's own import, and at the size of the district of
the report: 357,316 visits to households and 1,033,363 to people in seven days.
"""

from __future__ import annotations

import io
from datetime import date, timedelta
from itertools import islice

import pypdf
import pytest
from bench.seed_sweep import (
    DISTRICT,
    DOORS,
    NEVER,
    OPENED,
    PERSON_VISITS,
    Size,
    doors_by_number,
    seed,
    visits,
)
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from shouwang.accounts.actions import create_user, grant_role
from shouwang.accounts.models import User
from shouwang.journeys.sweep_round import give_doors, open_round, record_doors
from shouwang.journeys.sweep_sheets import print_sheets
from shouwang.journeys.verify_house import verify_house
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.ids import uuid7
from shouwang.places.queries import grid_doors, group_counts, subtree
from shouwang.screening.actions import (
    NewFound,
    NewVisit,
    begin_sweep,
    close_sweep,
    correct_visit,
    record_visits,
)
from shouwang.screening.queries import (
    DoorRow,
    coverage_by,
    found_at,
    missed_doors,
    open_sweep,
    sheet_doors,
    sweep_coverage,
    sweep_days,
    sweep_owners,
    verify_sweeps,
    visits_of,
)
from shouwang.screening.queries import sweep as sweep_row
from shouwang.workforce.actions import NewWorker, enlist_workers
from tests.acceptance.conftest import CADRE, CLERK, EVERYTHING, TOWN, LongshaTown, when
from tests.town import FixedClock

FIRST = when("01-29 08:00")
DUE = date(2020, 2, 3)
CALL = 5000


def _doors(sweep: object, area: str = TOWN, limit: int = 50_000) -> list[DoorRow]:
    return sheet_doors(EVERYTHING, sweep, area=area, limit=limit)  # type: ignore[arg-type]


def test_a_town_is_swept_three_times_and_nothing_that_was_missed_is_forgotten(town: LongshaTown) -> None:
    first = open_round(area=TOWN, due_on=DUE, scope=EVERYTHING, by=CLERK, at=FIRST)
    doors = _doors(first)
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(distinct dwelling_id) from people_household where dwelling_id is not null"
        )
        (dwellings,) = cursor.fetchone()
    assert len(doors) >= dwellings > 10_000  # 12,733 households, some behind one door
    assert len({(door.area, door.number) for door in doors}) == len(doors)

    villages = sorted({door.area for door in doors})
    owners = _owners(first, villages[:-1])
    day = FIRST + timedelta(hours=9)
    lot = [door for door in doors if door.area in villages[: len(villages) // 2]]
    told = [_visit(door, n, day) for n, door in enumerate(lot)]
    receipts = []
    for start in range(0, len(told), CALL):
        receipts += record_doors(
            sweep_id=first, visits=told[start : start + CALL], scope=EVERYTHING, by=CADRE, at=day
        )
    assert {receipt.status for receipt in receipts} == {"recorded"}
    far = sweep_coverage(EVERYTHING, TOWN, day, first)
    assert far is not None
    outcomes = [visit.outcome for visit in told]
    assert (far.doors, far.visits) == (len(doors), len(told))
    assert far.done == sum(outcome in ("met", "vacant", "moved") for outcome in outcomes)
    assert far.people == far.person_visits == sum(visit.people for visit in told)
    assert len(missed_doors(EVERYTHING, first, limit=50_000)) == far.missed == far.doors - far.done

    row = sweep_row(EVERYTHING, first)
    idle = [one for one in sweep_owners(EVERYTHING, row) if one.is_idle]
    assert {one.worker.name for one in idle if one.worker} == set(owners[len(villages) // 2 :])
    unowned = [one for one in sweep_owners(EVERYTHING, row) if one.worker is None]
    assert [one.leaves for one in unowned] == [(villages[-1],)]

    close_sweep(sweep_id=first, scope=EVERYTHING, by=CLERK, at=day + timedelta(hours=1))
    opened = day + timedelta(hours=2)
    second = open_round(area=TOWN, due_on=DUE, scope=EVERYTHING, by=CLERK, at=opened)
    again = sweep_coverage(EVERYTHING, TOWN, opened, second)
    assert again is not None
    assert (again.doors, again.carried, again.carried_done) == (far.doors, far.missed, 0)
    carried = missed_doors(EVERYTHING, second, carried=True, limit=50_000)
    met = [NewVisit(uuid7(), door.id, opened, "met", 1) for door in carried[:CALL]]
    record_doors(sweep_id=second, visits=met, scope=EVERYTHING, by=CADRE, at=opened)
    close_sweep(sweep_id=second, scope=EVERYTHING, by=CLERK, at=opened + timedelta(hours=1))
    third = open_round(
        area=TOWN, due_on=DUE, only_left=True, scope=EVERYTHING, by=CLERK, at=opened + timedelta(hours=2)
    )
    assert {(d.area, d.number) for d in _doors(third)} <= {(d.area, n) for d in doors for n in range(9999)}
    assert len(_doors(third)) == again.doors - len(met)
    assert [check.name for check in verify_house(opened + timedelta(hours=3)) if not check.ok] == []


def _visit(door: DoorRow, n: int, at: object) -> NewVisit:
    outcome = ("met", "met", "not-home", "met", "vacant", "met", "refused", "met", "cannot-locate", "moved")[
        n % 10
    ]
    people = max(1, door.known) if outcome == "met" else 0
    return NewVisit(uuid7(), door.id, at, outcome, people)  # type: ignore[arg-type]


def _owners(sweep: object, villages: list[str]) -> list[str]:
    """An owner for each village; returns their names in the order of the villages."""
    people = [
        NewWorker(area=village, name=f"包片干部{n}", kinds=("village-cadre",))
        for n, village in enumerate(villages)
    ]
    enlist_workers(workers=people, area=TOWN, by=CLERK, at=FIRST)
    for one in people:
        give_doors(
            sweep_id=sweep,  # type: ignore[arg-type]
            area=one.area,
            worker_id=one.id,
            reason="",
            scope=EVERYTHING,
            by=CLERK,
            at=FIRST,
        )
    return [one.name for one in people]


def test_a_village_divided_on_the_page_is_swept_by_grid_with_an_owner_for_each(town: LongshaTown) -> None:
    village = _doors_by_village()[0]
    cadres = [NewWorker(area=village, name=f"网格员{n}", kinds=("village-cadre",)) for n in range(3)]
    enlist_workers(workers=cadres, area=TOWN, by=CLERK, at=FIRST)
    clerk = create_user(username="clerk", name="冉晓梅", password="correct horse", by=CLERK, at=FIRST)
    grant_role(user_id=clerk.id, role="town-clerk", area=TOWN, by=CLERK, at=FIRST)
    with override_settings(CLOCK=FixedClock(FIRST), REQUIRE_MFA=False):
        client = Client()
        client.force_login(clerk)
        page, grids = f"/grids/{village}/", []
        for name in ("第一网格", "第二网格", "第三网格"):
            grids.append(client.post(f"{page}add/", {"name": name})["Location"].split("into=")[1])
        groups = [one.group for one in group_counts(EVERYTHING, village)]
        for n, group in enumerate(groups):
            sent = {"group": group, "into": grids[n % 3], "loose": "yes"}
            assert client.post(f"{page}range/", sent).status_code == 302
        client.post("/sweeps/open/", {"area": TOWN, "due_on": DUE.isoformat()})
        sweep = open_sweep(EVERYTHING, TOWN)
        assert sweep is not None
        for grid, cadre in zip(grids, cadres, strict=True):
            sent = {"area": grid, "worker": str(cadre.id)}
            assert client.post(f"/sweeps/{sweep.id}/owner/", sent).status_code == 302
    leaves = coverage_by(EVERYTHING, sweep.id, area=village, limit=100)
    assert {leaf.area for leaf in leaves} == set(grids)
    assert sum(leaf.doors for leaf in leaves) == sum(grid_doors(EVERYTHING, village).values())
    owners = sweep_owners(EVERYTHING, sweep, area=village)
    assert {one.worker.name: one.leaves for one in owners if one.worker} == {
        cadre.name: (grid,) for cadre, grid in zip(cadres, grids, strict=True)
    }
    at = FIRST + timedelta(hours=9)
    told = [_visit(door, n, at) for n, door in enumerate(_doors(sweep.id, grids[0]))]
    record_doors(sweep_id=sweep.id, visits=told, scope=EVERYTHING, by=CADRE, at=at)
    idle = {
        one.worker.name
        for one in sweep_owners(EVERYTHING, sweep, area=village)
        if one.worker and not one.visits
    }
    assert idle == {"网格员1", "网格员2"}
    assert [check.name for check in verify_house(at) if not check.ok] == []


def _doors_by_village() -> list[str]:
    return [place.path for place in subtree(EVERYTHING, TOWN, level="village")]


def test_paper_goes_out_25_doors_a_page_and_comes_back_once(town: LongshaTown) -> None:
    sweep = open_round(area=TOWN, due_on=DUE, scope=EVERYTHING, by=CLERK, at=FIRST)
    village = _doors(sweep, limit=1)[0].area
    doors = _doors(sweep, village)
    made = print_sheets(sweep_id=sweep, area=village, missed=False, scope=EVERYTHING, by=CLERK, at=FIRST)
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    assert len(pages) == -(-len(doors) // 25)
    assert [round(float(side)) for side in pages[0].mediabox[2:]] == [595, 842]
    for number, page in enumerate(pages):
        text = "".join(page.extract_text().split())
        assert "第1轮入户排查登记表" in text
        held = doors[number * 25 : number * 25 + 25]
        assert all(door.head_name.split("、")[0] in text for door in held)
        assert text.count("见到") >= 2
    at = FIRST + timedelta(hours=8)
    paper = [_visit(door, n, at) for n, door in enumerate(doors[:25])]
    statuses = [
        {r.status for r in record_visits(sweep_id=sweep, visits=paper, scope=EVERYTHING, by=CADRE, at=at)}
        for _ in range(2)
    ]
    assert statuses == [{"recorded"}, {"replayed"}]


def test_whoever_is_on_no_register_is_never_lost_and_a_correction_keeps_the_earlier_visit(
    town: LongshaTown,
) -> None:
    sweep = open_round(area=TOWN, due_on=DUE, scope=EVERYTHING, by=CLERK, at=FIRST)
    door = next(door for door in _doors(sweep, limit=100) if door.known >= 2)
    at = FIRST + timedelta(hours=8)
    visit = NewVisit(uuid7(), door.id, at, "met", 1, found=(NewFound(note="女,约六十岁,投亲"),))
    record_visits(sweep_id=sweep, visits=[visit], scope=EVERYTHING, by=CADRE, at=at)
    (found,) = found_at(EVERYTHING, door.id)
    assert found.is_new
    right = NewVisit(uuid7(), door.id, at, "met", 3, (found.person_id,))
    correct_visit(
        visit_id=visit.id,
        item=right,
        reason="漏记两人",
        scope=EVERYTHING,
        by=CADRE,
        at=at + timedelta(hours=1),
    )
    held = visits_of(EVERYTHING, door.id)
    assert [(one.people, one.reason, one.corrected_by) for one in held] == [
        (3, "漏记两人", None),
        (1, "", right.id),
    ]
    far = sweep_coverage(EVERYTHING, TOWN, at, sweep)
    assert far is not None
    assert (far.people, far.visits, far.person_visits) == (3, 1, 3)


@pytest.fixture
def commander() -> User:
    user = create_user(username="district", name="指挥长", password="correct horse", by=SYSTEM, at=OPENED)
    grant_role(user_id=user.id, role="district-commander", area=DISTRICT, by=SYSTEM, at=OPENED)
    return user


def test_the_seven_days_of_a_district_are_counted_and_its_page_stays_fast(db: None, commander: User) -> None:
    """One in twenty grids names whom it met; the others count, as paper does. The bench names everybody."""
    size = Size(named_every=20)
    assert (size.doors, size.person_visits) == (DOORS, PERSON_VISITS) == (357_316, 1_033_363)
    seed(size)
    sweep = begin_sweep(area=DISTRICT, due_on=date(2020, 2, 9), scope=EVERYTHING, by=SYSTEM, at=OPENED)
    evening = OPENED + timedelta(days=8)
    flow = visits(size, doors_by_number(sweep))
    number = person_visits = 0
    last: list[NewVisit] = []
    while batch := list(islice(flow, CALL)):
        receipts = record_visits(sweep_id=sweep, visits=batch, scope=EVERYTHING, by=SYSTEM, at=evening)
        assert not any(receipt.code for receipt in receipts)
        number, person_visits, last = number + len(batch), person_visits + sum(v.people for v in batch), batch
    assert abs(number - 357_316) < 20
    assert person_visits == 1_033_363
    far = sweep_coverage(EVERYTHING, DISTRICT, evening, sweep)
    assert far is not None
    assert (far.doors, far.visits, far.person_visits) == (DOORS, number, person_visits)
    never = sum(n % 20 in NEVER for n in range(DOORS))
    assert (far.missed, far.unvisited, far.done) == (never, never, DOORS - never)
    assert far.people < far.person_visits  # one door in twenty was met twice, and its people are the same
    assert sum(day.visits for day in sweep_days(EVERYTHING, sweep)) == number
    assert len(coverage_by(EVERYTHING, sweep, limit=2000)) == far.leaves == 999
    _page_holds_still(commander, sweep, last)
    assert [proof.name for proof in verify_sweeps() if not proof.ok] == []


def _page_holds_still(commander: User, sweep: object, last: list[NewVisit]) -> None:
    """The district's page while papers of 25 doors come in: counters, never the visits themselves.

    The number of its statements is what keeps it fast at any size; how long they take, `make bench` measures.
    """
    at = OPENED + timedelta(days=8, hours=1)
    client = Client()
    with override_settings(CLOCK=FixedClock(at), REQUIRE_MFA=False):
        client.force_login(commander)
        client.get(f"/sweeps/{sweep}/")  # templates and words are read once by the process
        for n in range(3):
            paper = [NewVisit(uuid7(), one.door_id, at, "met", 3) for one in last[n * 25 : n * 25 + 25]]
            record_visits(sweep_id=sweep, visits=paper, scope=EVERYTHING, by=SYSTEM, at=at)  # type: ignore[arg-type]
            with CaptureQueriesContext(connection) as statements:
                answer = client.get(f"/sweeps/{sweep}/")
            assert answer.status_code == 200
            assert len(statements) <= 12
            assert not any("screening_doorvisit" in one["sql"] for one in statements.captured_queries)
