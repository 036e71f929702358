"""`shouwang sweep` for scripts: a round opened, a CSV of visits taken in once, coverage and differences told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from shouwang.cli import load_commands
from shouwang.cli.root import root
from tests.apps.sweeping import OTHER, TOWN, VILLAGE, found_doors

pytestmark = pytest.mark.django_db


def _run(*words: str) -> Result:
    load_commands()
    return CliRunner().invoke(root, ["sweep", *words, "--at", "2020-02-03T20:00+08:00"])


@pytest.fixture
def opened() -> str:
    found_doors()
    load_commands()
    told = CliRunner().invoke(
        root, ["sweep", "open", "--place", TOWN, "--due", "2020-02-08", "--at", "2020-02-01T08:00+08:00"]
    )
    assert told.exit_code == 0, told.output
    return told.output.strip()


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    file = tmp_path / "visits.csv"
    file.write_text(
        "place,number,visited_at,outcome,people,note\n"
        f"{VILLAGE},1,2020-02-02T09:00+08:00,1,2,\n"
        f"{VILLAGE},2,2020-02-02T09:10+08:00,not-home,,邻居说去了镇上\n"
        f"{OTHER},2,2020-02-02T10:00+08:00,4,,\n",
        encoding="utf-8-sig",
    )
    return file


def test_a_file_of_visits_is_taken_in_once(opened: str, paper: Path) -> None:
    for _ in range(2):
        told = _run("record", str(paper), "--place", TOWN, "--json")
        assert told.exit_code == 0, told.output
        assert json.loads(told.output) == {"rows": 3, "recorded": 3, "refused": []}
    far = json.loads(_run("coverage", "--place", TOWN, "--json").output)
    assert (far["sweep"], far["doors"], far["done"], far["missed"], far["unvisited"]) == (opened, 5, 2, 3, 2)
    assert (far["people"], far["visits"], far["person_visits"]) == (2, 3, 2)


def test_rows_that_cannot_be_taken_are_named_and_the_others_stand(opened: str, paper: Path) -> None:
    assert opened
    with paper.open("a", encoding="utf-8") as stream:
        stream.write(
            f"{VILLAGE},99,2020-02-02T09:00+08:00,1,2,\n{VILLAGE},3,昨天,1,2,\n{VILLAGE},3,2020-02-02T11:00+08:00,2,4,\n"
        )
    told = _run("record", str(paper), "--place", TOWN, "--json")
    assert told.exit_code == 1
    assert json.loads(told.stdout) == {
        "rows": 6,
        "recorded": 3,
        "refused": [
            {"row": 5, "code": "door-not-found"},
            {"row": 6, "code": "visit-unreadable"},
            {"row": 7, "code": "visit-people-not-met"},
        ],
    }


def test_a_difference_is_named_until_the_round_is_counted_again(opened: str, paper: Path) -> None:
    _run("record", str(paper), "--place", TOWN)
    assert _run("differences").exit_code == 0
    with connection.cursor() as cursor:
        cursor.execute("update screening_sweepleaf set visits = 40 where area = %s", [VILLAGE])
    told = _run("differences")
    assert told.exit_code == 1
    assert f"{opened} {VILLAGE} leaf" in told.output
    assert _run("differences", opened, "--again").exit_code == 0
