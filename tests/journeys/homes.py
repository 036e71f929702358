"""A founded installation for whoever needs one: `shouwang init` is run once in a run, as somebody types it; every test
gets a copy of the home it made. The workers of a run share it.

What is copied is a home whose database was stopped cleanly, as in a backup of the folder (`test_restore`).
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from tests.journeys.serving import House

PLACE = "500101135"
SHOUWANG = Path(sys.executable).parent / "shouwang"


@dataclass(frozen=True)
class Founding:
    """How `shouwang init` ended."""

    status: int
    out: str
    err: str


def found_home(factory: pytest.TempPathFactory, home: Path) -> Founding:
    """Put a founded installation where there is none yet; what its `init` said."""
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    first, said = shared / "founded", shared / "founded.json"
    with (shared / "founded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            said.write_text(json.dumps(asdict(_found(first))), encoding="utf-8")
    home.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["cp", "-a", str(first), str(home)], check=True
    )  # -a: the server of root's home is not root's
    return Founding(**json.loads(said.read_text(encoding="utf-8")))


def _found(home: Path) -> Founding:
    """Nothing is killed while it is made, so that it need not be durable."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SHOUWANG", "DJANGO", "DATABASE"))}
    done = subprocess.run(
        [SHOUWANG, "init", "--place", PLACE],
        env=kept | {"SHOUWANG_HOME": str(home), "SHOUWANG_PG_UNSAFE": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Founding(done.returncode, done.stdout, done.stderr)


def a_house(factory: pytest.TempPathFactory, name: str) -> House:
    """A founded installation with processes of its own."""
    home = factory.mktemp(name) / "home"
    founding = found_home(factory, home)
    assert founding.status == 0, founding.err
    return House(home)
