"""`shouwang grid`: dividing from a list as an office keeps it, and what each village is divided into."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from shouwang.cli import load_commands
from shouwang.cli.root import root
from tests.apps.sweeping import TOWN, VILLAGE, found_doors

pytestmark = pytest.mark.django_db


def run(*words: str, status: int = 0) -> Any:
    load_commands()
    done = CliRunner().invoke(root, ["grid", *words, "--json"])
    assert done.exit_code == status, (done.output, done.exception)
    return json.loads(done.stdout)


def test_a_list_divides_and_what_it_did_not_take_is_exit_status_1(tmp_path: Path) -> None:
    found_doors()
    file = tmp_path / "网格.csv"
    file.write_bytes(
        "村,网格,组或门牌\n沙包村,第一网格,1组1-9号\n沙包村,第二网格,1组10号\n".encode("gb18030")
    )
    at = ("--at", "2020-02-01T18:00+08:00")
    done = run("divide", str(file), "--place", TOWN, *at)
    assert done == {"lines": 2, "grids": 2, "doors": 3, "unchanged": 0, "refused": []}
    rows = run("list", "--place", VILLAGE)
    assert [(row["name"], row["doors"]) for row in rows] == [
        ("第一网格", 2),
        ("第二网格", 1),
        ("-", 0),
    ]
    town = {row["place"]: row for row in run("list", "--place", TOWN)}
    assert (town[VILLAGE]["grids"], town[VILLAGE]["doors"], town[VILLAGE]["in_no_grid"]) == (2, 3, 0)
    file.write_text("沙包村,第一网格,8组\n", "utf-8")
    wrong = run("divide", str(file), "--place", TOWN, *at, status=1)
    assert wrong["refused"] == [{"line": 1, "village": "沙包村", "code": "no-doors-chosen"}]
