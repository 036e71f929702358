"""The front end's own tests are part of the suite."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.node import WEB, node_env

REPORTERS = ("--reporter=default", "--reporter=json", "--outputFile.json=../build/vitest.json")


@pytest.mark.xdist_group("node")
def test_the_tests_of_the_front_end_pass() -> None:
    done = subprocess.run(
        ["npm", "--prefix", str(WEB), "--silent", "test", "--", *REPORTERS],
        env=node_env() | {"CI": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    told = json.loads((WEB.parent / "build" / "vitest.json").read_text())
    assert told["numPassedTests"] == told["numTotalTests"], "a test of the front end was skipped"
    files = {result["name"] for result in told["testResults"]}
    written = {str(file) for file in WEB.glob("*/*/test/**/*.test.ts")}
    assert written <= files, "a test file of the front end did not run"
