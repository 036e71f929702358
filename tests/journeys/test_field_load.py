"""A tenth of a district's morning, through the server as it is shipped: 500 phones × 60 checks (issue 4 §3).

Correctness only; how fast it is belongs to `python -m bench field`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.journeys.serving import House

EVENTS = 500 * 60


@pytest.mark.xdist_group("field-load")
def test_a_tenth_of_a_district_is_stored_once_and_whole(tmp_path: Path) -> None:
    house = House(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "bench.field.tenth"],
        env=house.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["met"]["statuses"]["200"] == EVENTS / 20
    assert told["met"]["receipts"] == {"done": EVENTS}
    assert told["met"]["without_retry_after"] == 0
    assert told["proof"]["ok"], told["proof"]
    assert told["proof"]["note"].startswith(f"{EVENTS:,} acknowledged, {EVENTS:,} stored, 0 stored and never")
