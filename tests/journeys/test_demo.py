"""The demonstration is built whole, and what it shows is true."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from shouwang.demo.command import villages_of
from tests.journeys.serving import held_database

EVENING = "2020-02-05T18:45+08:00"


def test_the_town_of_the_demonstration_is_built_and_holds_what_its_pages_promise(tmp_path: Path) -> None:
    environment = os.environ | {"SHOUWANG_HOME": str(tmp_path), "SHOUWANG_PG_UNSAFE": "1"}

    def shouwang(*words: str, status: int = 0) -> str:
        command = [str(Path(sys.executable).parent / "shouwang"), *words]
        done = subprocess.run(
            command, check=False, env=environment, capture_output=True, text=True, timeout=400
        )
        assert done.returncode == status, done.stderr
        return done.stdout

    with held_database(environment):
        _holds(shouwang)


def _holds(shouwang: Callable[..., str]) -> None:
    told = shouwang("demo", "--no-serve")
    for role in ("village-doctor", "town-clerk", "town-commander", "auditor", "administrator"):
        assert role in told
    assert re.search(r"/field/#enrol=[2-9A-Z]{10}$", told, re.MULTILINE), "a phone can be tried at once"
    verified = json.loads(shouwang("verify", "--at", EVENING, "--json"))
    assert verified["ok"], [check for check in verified["checks"] if not check["ok"]]
    duties = json.loads(shouwang("duties", "--place", "500101135", "--at", EVENING, "--json"))
    assert 0 < duties["late"] < duties["count"]
    report = shouwang(
        "report", "daily", "--place", "500101135", "--date", "2020-02-05", "--at", EVENING, "--json"
    )
    figures = {figure["code"]: figure["value"] for figure in json.loads(report)["figures"]}
    assert figures["found"] == 1286
    assert figures["abnormal"] == 2
    left = shouwang("close", "--place", "500101135", "--date", "2020-02-05", "--at", EVENING, status=1)
    assert re.search(r"^ +2  (包保角色空缺|Team role vacant)$", left, re.MULTILINE), left
    coverage = json.loads(shouwang("sweep", "coverage", "--place", "500101135", "--at", EVENING, "--json"))
    assert coverage["ordinal"] == 3
    assert 0 < coverage["done"] < coverage["doors"]
    grids = json.loads(shouwang("grid", "list", "--place", "500101135202", "--json"))
    assert [grid["name"] for grid in grids] == ["第一网格", "第二网格", "第三网格", "-"]
    assert all(grid["doors"] for grid in grids[:3])
    town = json.loads(shouwang("grid", "list", "--place", "500101135", "--json"))
    assert sum(village["grids"] > 0 for village in town) == 3


def test_the_villages_that_have_formed_their_groups_come_nearest_to_the_number_of_the_report() -> None:
    assert villages_of({"a": 100, "b": 119, "c": 50}, 219) == ["a", "b"]
    assert villages_of({"a": 100, "b": 300}, 219) == ["a"]
