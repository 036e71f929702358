"""A backup nobody restored is none (LESSONS 23): the folder is copied, carried elsewhere, opened there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.homes import found_home

WRITE = """
from datetime import UTC, datetime
from shouwang.accounts.actions import create_user
from shouwang.journal.queries import event_count
from shouwang.kernel.actor import SYSTEM
from shouwang.people.actions import NewHousehold, NewIdentifier, NewPerson, admit_people
at = datetime(2020, 2, 1, 10, tzinfo=UTC)
create_user(username="ran", name="冉小琴", password="a long password", by=SYSTEM, at=at)
home = NewHousehold(area="500101135003", address="小湾村3组12号")
paper = NewIdentifier("id-18", "500101195206112650", "500***********2650")
person = NewPerson(home.area, "单田芳", "shan tian fang", "stf", household_id=home.id, identifiers=[paper])
admit_people(households=[home], people=[person], area="500101135", source="x", by=SYSTEM, at=at)
print(event_count())
"""
READ = """
from shouwang.accounts.queries import user_by_name
from shouwang.journal.queries import broken_chains, event_count
from shouwang.kernel.scope import Scope
from shouwang.people.queries import revealed, search_people
everything = Scope.everything()
(found,) = search_people(everything, "stf")
print(found.name, dict(revealed(everything, found.id))["id-18"])
print(user_by_name("ran").check_password("a long password"), broken_chains(), event_count())
"""


def _python(script: str, home: Path) -> str:
    setup = "import django\ndjango.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", setup + script],
        env=os.environ | {"SHOUWANG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "shouwang.config.settings"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_a_home_copied_while_stopped_opens_elsewhere_with_everything_in_it(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    old, backup, new = tmp_path / "old", tmp_path / "backup.tar", tmp_path / "elsewhere" / "new"
    found_home(tmp_path_factory, old)
    events = int(_python(WRITE, old))
    assert events > 2
    subprocess.run(["tar", "-C", str(old), "-cf", str(backup), "."], check=True)
    shutil.rmtree(old)
    new.mkdir(parents=True)
    subprocess.run(["tar", "-C", str(new), "-xf", str(backup)], check=True)
    assert _python(READ, new).splitlines() == ["单田芳 500101195206112650", f"True [] {events}"]


def test_without_its_keys_a_backup_gives_no_identifier_away(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path / "home"
    found_home(tmp_path_factory, home)
    _python(WRITE, home)
    (home / "keys.json").unlink()
    done = subprocess.run(["grep", "-rlE", "500101195206112650", str(home)], capture_output=True, check=False)
    assert done.returncode == 1, "an identifier lies readable on disk"
