"""`shouwang serve`: answers, stops cleanly, and after kill -9 goes on with nothing lost (issue 2 §1)."""

from __future__ import annotations

import json
from pathlib import Path

import psutil
import pytest

from tests.conftest import SAMPLES
from tests.journeys.homes import a_house
from tests.journeys.living import HEADER, ROWS
from tests.journeys.serving import House, kill, until

PEOPLE = 1046
"""In the sample list of Hubei returnees (TRUTH.json)."""

QUEUE = """
from pathlib import Path
from datetime import datetime, timezone
from shouwang.kernel.actor import Actor
from shouwang.journeys.later import import_later
from shouwang.screening.actions import preview_import, read_file
by, at = Actor("clerk", "周敏"), datetime(2020, 2, 1, 10, tzinfo=timezone.utc)
path = Path({path!r})
batch, _ = read_file(kind="returnees", area="500101135", path=path, file_name=path.name, by=by, at=at)
preview_import(batch_id=batch, by=by, at=at)
import_later(batch, by_id=by.id, by_name=by.name, at=at)
print(batch)
"""


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """An installation of Longsha town, used by all of these tests in turn."""
    return a_house(tmp_path_factory, "house")


def proves(house: House) -> bool:
    told = json.loads(house.run("verify", "--json", "--at", "2020-02-01T20:00+08:00"))
    return bool(told["ok"])


def test_it_answers_and_stops_with_everything_it_started(house: House) -> None:
    with house.serving() as served:
        served.worker()
        all_of_it = served.everyone()
        assert len(all_of_it) >= 4
        assert served.stop() == 0
        _, alive = psutil.wait_procs(all_of_it, timeout=20)
        assert alive == [], "left running"
        assert house.postgres() is None


def test_killed_outright_it_starts_again_with_nothing_lost(house: House, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text(HEADER + "".join(ROWS), encoding="utf-8")
    with house.serving() as served:
        house.run(
            "import", "returnees", str(rows), "--place", "500101135", "--at", "2020-02-01T09:00+08:00"
        )  # acknowledged: the command came back
        served.kill()
        assert not house.answers()
    with house.serving() as served:
        assert house.ask("select count(*) from people_person") == len(ROWS)
        assert house.ask("select count(*) from observation_file where state = 'open'") == len(ROWS)
        assert proves(house)
        assert served.stop() == 0


def test_a_parent_killed_alone_leaves_no_child_on_the_port(house: House) -> None:
    with house.serving() as served:
        children = served.parent.children(recursive=True)
        kill(served.parent)
        psutil.wait_procs(children, timeout=30)
        assert not any(child.is_running() for child in children)
    with house.serving() as served:
        assert served.stop() == 0


def test_an_import_whose_worker_is_killed_is_taken_up_again_and_done_once(house: House) -> None:
    state = "select state from screening_importbatch where id = '{}'"
    with house.serving() as served:
        before = house.ask("select count(*) from people_person")
        with house.locking("screening_trip") as awaited:  # people are written, their journeys are not
            batch = house.script(QUEUE.format(path=str(SAMPLES / "longsha_hubei_returnees.xlsx")))
            until(awaited, 60, "the import in the middle")
            worker = served.worker()
            for process in [worker, *worker.children(recursive=True)]:
                kill(process)
            assert house.ask(state.format(batch)) == "running"
            assert house.ask("select count(*) from people_person") == before, "half an import is there"
        followed = f"select followed_up_at is not null from screening_importbatch where id = '{batch}'"
        until(lambda: house.ask(followed), 180, f"taken up again\n{house.log()}")
        assert house.ask(state.format(batch)) == "committed"
        assert house.ask("select count(*) from people_person") == before + PEOPLE
        assert house.ask(f"select attempts from screening_importbatch where id = '{batch}'") == 2
        once = (
            "select count(*) from (select 1 from observation_file group by person_id having count(*) > 1) d"
        )
        assert house.ask(once) == 0
        assert proves(house)
        assert served.stop() == 0


def test_an_import_queued_while_nothing_runs_is_done_when_it_runs_again(house: House, tmp_path: Path) -> None:
    rows = tmp_path / "later.csv"
    rows.write_text(HEADER + ROWS[2].replace("冉光明", "冉光亮").replace("0003", "0009"), encoding="utf-8")
    batch = house.script(QUEUE.format(path=str(rows)))
    with house.serving() as served:
        followed = f"select followed_up_at is not null from screening_importbatch where id = '{batch}'"
        until(lambda: house.ask(followed), 60, f"the queued import\n{house.log()}")
        assert served.stop() == 0
