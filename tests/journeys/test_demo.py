"""The demonstration is built whole, and what it shows is true."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shouwang.demo.command import villages_of
from shouwang.demo.protocols import own_revision
from shouwang.packs.load import builtin, check_raw
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
        town = _asked(environment)
        _lives_by_double_14(town)
        _has_people_to_reach(town)


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


QUESTIONS = """
import json
from dataclasses import asdict
from datetime import datetime, timedelta
from shouwang.cli.root import ready
ready()
from shouwang.demo.build import SCOPE
from shouwang.demo.clock import PRESENT
from shouwang.desk.teams import slots
from shouwang.observation.queries import files_by_ids, laboratory_tests
from shouwang.policy.queries import pack_of, revisions
from shouwang.screening.queries import away_figures, reach_counts, reaches
from shouwang.workforce.queries import roster_gaps, rosters, shift_notes, shifts_between
from shouwang.workforce.queries import team_of, team_targets, workers_by_ids
tests = {what: laboratory_tests(SCOPE, what, PRESENT) for what in ("due", "late", "awaited", "found")}
files = files_by_ids(SCOPE, {row.file_id for rows in tests.values() for row in rows})
(site,) = team_targets(SCOPE, kinds=["site"])
(watch,) = rosters(SCOPE)
shifts = shifts_between(SCOPE, watch.since, PRESENT, roster_ids=[watch.id])[watch.id]
now = revisions(SCOPE, state="adopted")[0]
team = team_of(SCOPE, "site", site.target_id)
on_duty = workers_by_ids(SCOPE, [shifts[-1].worker_id])[shifts[-1].worker_id]
print(json.dumps({
    "tests": {what: len(rows) for what, rows in tests.items()},
    "protocols": sorted(file.protocol for file in files.values()),
    "at_site": sum(file.area == site.target_id for file in files.values()),
    "vacant_at_site": [slot.role for slot in slots(team, pack_of(now.id).role_set("site-watch")) if not slot.member],
    "shifts": [[bool(one.begun_at), bool(one.handed_over_at)] for one in shifts],
    "notes": len(shift_notes(SCOPE, watch.id)),
    "on_duty_has_log_in": on_duty.user_id is not None,
    "gaps": len(roster_gaps(SCOPE, watch, until=PRESENT + timedelta(days=1))),
    "gaps_ahead": len(roster_gaps(SCOPE, watch, until=PRESENT + timedelta(days=7))),
    "revision": [now.proposed_by_name, now.approved_by_name],
    "away": asdict(away_figures(SCOPE, None, PRESENT)),
    "calls": len(reaches(SCOPE, channel="phone", purpose="away", limit=50)),
    "unmet": {channel: n for channel, (n, late) in reach_counts(SCOPE, PRESENT).items() if n},
}, ensure_ascii=False))
"""
"""What the demonstration holds of tests, sites and watches has no command of its own."""


def _asked(environment: dict[str, str]) -> dict[str, Any]:
    told = subprocess.run(
        [sys.executable, "-c", QUESTIONS],
        check=False,
        env=environment | {"SHOUWANG_DEMO": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert told.returncode == 0, told.stderr
    answers: dict[str, Any] = json.loads(told.stdout)
    return answers


def _lives_by_double_14(town: dict[str, Any]) -> None:
    """A site with people, tests at every step, somebody still to be taken there, a convalescent; a watch."""
    assert town["tests"] == {"due": 1, "late": 0, "awaited": 2, "found": 1}
    assert town["protocols"] == ["double-14"] * 4
    assert town["at_site"] == 2, "and two at home, one of them to be taken there"
    assert town["vacant_at_site"] == []
    assert town["shifts"][-1] == [True, False], "somebody is on duty and has not handed over"
    assert all(both == [True, True] for both in town["shifts"][:-1])
    assert town["notes"] >= len(town["shifts"])
    assert town["on_duty_has_log_in"], "whoever is on duty can be logged in as, and hand over"
    assert (town["gaps"], town["gaps_ahead"] > 0) == (0, True)
    assert town["revision"] == ["冉晓梅", "谭正国"]


def _has_people_to_reach(town: dict[str, Any]) -> None:
    """Workers away: some stay, one comes home, a family to visit; whoever has not been asked stands on the call
    list. Doors that were not opened stand on the other lists."""
    figures = town["away"]
    assert (figures["listed"], figures["not_asked"], figures["left_at_home"]) == (12, 6, 1)
    assert (figures["deferred"], figures["returning"], figures["undecided"]) == (4, 1, 1)
    assert town["calls"] >= figures["not_asked"], town
    assert {"form", "phone"} <= set(town["unmet"]), town["unmet"]


def test_the_towns_own_revision_adds_the_double_14_and_is_a_pack_without_fault() -> None:
    raw = own_revision("cn-2020-longsha")
    pack, problems = check_raw(raw)
    assert pack is not None
    assert problems == ()
    assert {"double-14", "convalescent", "re-positive"} <= {one.code for one in pack.protocols}
    assert [one.protocol for one in pack.categories if one.code == "contact"] == ["double-14"]
    shipped = builtin("cn-2020-longsha")
    assert {one.code for one in shipped.categories} < {one.code for one in pack.categories}
    assert pack.ledgers == shipped.ledgers


def test_the_villages_that_have_formed_their_groups_come_nearest_to_the_number_of_the_report() -> None:
    assert villages_of({"a": 100, "b": 119, "c": 50}, 219) == ["a", "b"]
    assert villages_of({"a": 100, "b": 300}, 219) == ["a"]
