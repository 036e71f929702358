"""The commands of the house exist, the help lists them, and the build server accepts no skipped test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.source import ROOT

TARGETS = ("setup", "demo", "test", "test-nightly", "check", "bench", "docs", "clean")


@pytest.mark.parametrize("target", TARGETS)
def test_the_target_exists(target: str) -> None:
    done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_make_alone_lists_the_targets() -> None:
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert all(f"make {target}" in done.stdout for target in TARGETS)


@pytest.mark.parametrize("script", ["scripts/setup.sh", "scripts/check.sh", ".ci/run"])
def test_the_script_is_executable_and_reads_as_bash(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    subprocess.run(["bash", "-n", script], cwd=ROOT, check=True)


SKIPPING = {
    "a-test": "import pytest\n@pytest.mark.skip(reason='no browser here')\ndef test_x(): pass\n",
    "in-a-test": "import pytest\ndef test_x(): pytest.skip('no browser here')\n",
    "a-module": "import pytest\npytest.importorskip('no_such_module')\ndef test_x(): pass\n",
}


@pytest.mark.parametrize("body", SKIPPING.values(), ids=SKIPPING.keys())
@pytest.mark.parametrize(("ci", "status"), [("true", False), ("", True)], ids=["on-ci", "at-a-desk"])
def test_a_skipped_test_fails_on_the_build_server_and_only_there(
    tmp_path: Path, body: str, ci: str, status: bool
) -> None:
    (tmp_path / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
    (tmp_path / "test_x.py").write_text(f"def test_y(): pass\n{body}")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        env=os.environ
        | {"CI": ci, "PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode in (0, 5)) is status, done.stdout  # 5: nothing left to run
    assert ("skipped on the build server: " in done.stdout) is not status
