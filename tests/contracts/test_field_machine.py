"""The long run of the machine that lives random lives over the phone's store and engine (web/packages/sync/test)."""

from __future__ import annotations

import subprocess

import pytest

from tests.node import WEB, node_env

RUNS = 2000


@pytest.mark.nightly
@pytest.mark.xdist_group("node")
def test_thousands_of_lives_of_a_phone_lose_nothing() -> None:
    done = subprocess.run(
        [
            "npm",
            "--prefix",
            str(WEB),
            "--silent",
            "test",
            "--",
            "--project",
            "@shouwang/sync",
            "test/machine",
        ],
        env=node_env() | {"CI": "true", "FIELD_MACHINE_RUNS": str(RUNS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "2 passed" in done.stdout
