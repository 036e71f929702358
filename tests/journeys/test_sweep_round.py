"""Rounds as people meet them at the desk, and what crosses rooms: owners, the ladder, undoing an import."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from shouwang.journeys.sweep_round import correct_door, give_doors, open_round, record_doors
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.people.queries import people_by_ids
from shouwang.policy.actions import adopt_builtin
from shouwang.screening.actions import record_visits
from shouwang.screening.queries import (
    door,
    found_at,
    sheet_doors,
    sweep_coverage,
    sweep_owners,
    swept_people,
    visit,
    visits_of,
)
from shouwang.screening.queries import sweep as sweep_row
from shouwang.workforce.actions import NewWorker, enlist_workers
from tests.apps.sweeping import (
    CADRE,
    CLERK,
    DUE,
    EVERYWHERE,
    OPENED,
    OTHER,
    VILLAGE,
    Doors,
    found_doors,
    when,
)
from tests.apps.sweeping import TOWN as AREA
from tests.conftest import CHINA
from tests.town import FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
ROLES = ("village-cadre", "town-clerk", "district-commander")


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    return found_town(AT, roles=ROLES)


@pytest.fixture
def doors() -> Doors:
    """Two villages of doors, the pack of the town in force, its first round open."""
    doors = found_doors()
    adopt_builtin(pack_id="cn-2020-longsha", area=AREA, by=CLERK, at=when(1, 7))
    doors.sweep = open_round(area=AREA, due_on=DUE, scope=EVERYWHERE, by=CLERK, at=OPENED)
    doors.look()
    return doors


def _signed_in(town: Town, role: str = "town-clerk", place: str = "own town") -> Client:
    client = Client()
    client.force_login(town.user(role, place))
    return client


def test_doors_have_owners_by_village_and_an_owner_hands_over_with_a_reason(doors: Doors) -> None:
    workers = [
        NewWorker(area=AREA, name=name, kinds=("village-cadre",)) for name in ("向书记", "冉主任", "谭镇长")
    ]
    enlist_workers(workers=workers, area=AREA, by=CLERK, at=OPENED)
    first, second, whole = (worker.id for worker in workers)

    def give(area: str, worker: object, reason: str = "") -> None:
        give_doors(
            sweep_id=doors.sweep,
            area=area,
            worker_id=worker,  # type: ignore[arg-type]
            reason=reason,
            scope=EVERYWHERE,
            by=CLERK,
            at=when(2),
        )

    def owners() -> dict[str, tuple[str, ...]]:
        found = sweep_owners(EVERYWHERE, sweep_row(EVERYWHERE, doors.sweep))
        return {one.worker.name if one.worker else "": one.leaves for one in found}

    assert owners() == {"": (VILLAGE, OTHER)}
    give(VILLAGE, first)
    give(AREA, whole)
    assert owners() == {"向书记": (VILLAGE,), "谭镇长": (OTHER,)}
    with pytest.raises(Refused, match="reason-missing"):
        give(VILLAGE, second)
    give(VILLAGE, second, "向书记隔离")
    give(VILLAGE, second)
    assert owners() == {"冉主任": (VILLAGE,), "谭镇长": (OTHER,)}


def test_a_door_that_told_us_nothing_goes_up_the_ladder_until_it_does(doors: Doors) -> None:
    closed, opened = doors.visit("1组2号", "not-home"), doors.visit("1组9号", people=1)
    told = {"sweep_id": doors.sweep, "scope": EVERYWHERE, "by": CADRE}
    record_doors(visits=[closed, opened], at=when(2, 20), **told)  # type: ignore[arg-type]
    assert _ladder() == [("open", 1, "not-home")]
    record_doors(visits=[closed], at=when(2, 21), **told)  # type: ignore[arg-type]
    assert _ladder() == [("open", 1, "not-home")]
    again = doors.visit("1组2号", "cannot-locate", at=when(3))
    record_doors(visits=[again], at=when(3, 20), **told)  # type: ignore[arg-type]
    assert _ladder() == [("open", 2, "cannot-locate")]
    correct_door(
        visit=visit(EVERYWHERE, again.id),
        item=doors.visit("1组2号", people=2, at=when(3)),
        reason="问过邻居，找到了",
        at=when(3, 21),
        **told,  # type: ignore[arg-type]
    )
    assert _ladder() == [("reached", 0, "met")]


def _ladder() -> list[tuple[str, int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("select state, failures, last_outcome from screening_reach where purpose = 'sweep'")
        return list(cursor.fetchall())


def test_a_person_met_in_a_round_cannot_be_taken_back_with_an_import(doors: Doors) -> None:
    met, other = doors.people["1组2号"][0], doors.people["1组10号"][0]
    record_visits(
        sweep_id=doors.sweep,
        visits=[doors.visit("1组2号", people=1, named=(met,))],
        scope=EVERYWHERE,
        by=CADRE,
        at=when(2, 20),
    )
    assert swept_people(EVERYWHERE, [met, other]) == {met}


def test_a_round_without_a_pack_has_doors_that_nobody_owns() -> None:
    doors = found_doors()
    sweep = open_round(area=AREA, due_on=DUE, scope=EVERYWHERE, by=CLERK, at=OPENED)
    doors.sweep = sweep
    assert sweep_row(EVERYWHERE, sweep).role_set == ""
    (nobody,) = sweep_owners(EVERYWHERE, sweep_row(EVERYWHERE, sweep))
    assert (nobody.worker, nobody.doors) == (None, 5)


def test_the_clerk_opens_a_round_and_a_second_one_only_after_the_first_is_closed(town: Town) -> None:
    client = _signed_in(town)
    form = {"area": town_area(town), "due_on": "2020-02-08", "name": "元宵前"}
    assert client.post("/sweeps/open/", form).status_code == 422
    client.post(f"/sweeps/{town.ids['sweep']}/close/")
    answer = client.post("/sweeps/open/", form)
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "第2轮" in page
    assert "元宵前" in page
    assert "上轮漏排中已补" in page


def town_area(town: Town) -> str:
    return sweep_row(EVERYWHERE, town.ids["sweep"]).area


def test_paper_is_entered_without_scripts_too_and_each_wrong_line_says_so(town: Town) -> None:
    client = _signed_in(town, "village-cadre", "own village")
    address = f"/sweeps/{town.ids['sweep']}/entry/?area={VILLAGE}"
    (line,) = sheet_doors(EVERYWHERE, town.ids["sweep"], area=VILLAGE)
    assert str(line.id) in client.get(address).content.decode()
    visit_id = uuid7()
    form = {"v": [visit_id], "d": [line.id], "o": ["1"], "p": [""], "t": [""], "at": "2020-02-01T10:00"}
    wrong = client.post(address, form)
    assert wrong.status_code == 422
    assert "这一行看不明白" in wrong.content.decode()
    assert str(visit_id) in wrong.content.decode()  # the line keeps its id, and so its fact
    form["p"] = ["2"]
    for _ in range(2):
        assert client.post(address, form).status_code == 302
    assert [one.people for one in visits_of(EVERYWHERE, line.id)] == [2, 1]
    form["p"] = ["3"]
    told = json.loads(client.post(address, form, HTTP_ACCEPT="application/json").content)
    assert [row["saved"] for row in told["rows"]] == [False]
    assert "先前以别的内容提交过" in told["rows"][0]["told"]


def test_somebody_on_no_register_is_written_down_at_the_door(town: Town) -> None:
    client = _signed_in(town, "village-cadre", "own village")
    address = f"/sweeps/doors/{town.ids['door']}/"
    form = {
        "id": uuid7(),
        "at": "2020-02-01T17:00",
        "outcome": "met",
        "people": "",
        "named": [town.people["宋云"]],
        "found-name-0": "牟远",
        "found-phone-0": "13812345678",
    }
    assert client.post(address, form).status_code == 302
    (found,) = found_at(EVERYWHERE, town.ids["door"])
    assert [one.name for one in people_by_ids(EVERYWHERE, [found.person_id])] == ["牟远"]
    newest = visits_of(EVERYWHERE, town.ids["door"])[0]
    assert (newest.people, set(newest.named)) == (2, {town.people["宋云"], found.person_id})
    page = client.get(address).content.decode()
    assert "牟远" in page
    assert "13812345678" not in page
    assert door(EVERYWHERE, town.ids["door"]).people == 2


def test_a_visit_is_corrected_at_the_desk_and_a_reason_is_asked_for(town: Town) -> None:
    client = _signed_in(town)
    address = f"/sweeps/visits/{town.ids['visit']}/correct/"
    form = {"id": uuid7(), "at": "2020-01-31T18:00", "outcome": "withdrawn", "reason": ""}
    assert client.post(address, form).status_code == 422
    form["reason"] = "写错门"
    assert client.post(address, form).status_code == 302
    assert door(EVERYWHERE, town.ids["door"]).outcome == ""
    page = client.get(f"/sweeps/doors/{town.ids['door']}/").content.decode()
    assert "is-struck" in page
    assert "写错门" in page


MOST = {
    "/sweeps/": 11,
    "/sweeps/{sweep}/": 12,
    "/sweeps/{sweep}/?area=" + VILLAGE: 12,
    "/sweeps/{sweep}/missed/": 10,
    "/sweeps/{sweep}/entry/?area=" + VILLAGE: 9,
}
"""Page → queries, signing in and the frame of the page included, whatever the number of rows."""


def test_pages_of_rounds_take_few_queries(town: Town) -> None:
    client = _signed_in(town)
    taken = {}
    for page in MOST:
        address = page.format(**town.ids)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        taken[page] = len(queries)
    assert {page: n for page, n in taken.items() if n > MOST[page]} == {}


def test_a_village_cadre_sees_the_part_of_their_own_village_at_once(town: Town) -> None:
    page = (
        _signed_in(town, "village-cadre", "own village").get(f"/sweeps/{town.ids['sweep']}/").content.decode()
    )
    assert page.count("data-row") == 1
    found = sweep_coverage(EVERYWHERE, VILLAGE, AT, town.ids["sweep"])
    assert found is not None
    assert (found.doors, found.met) == (1, 1)
