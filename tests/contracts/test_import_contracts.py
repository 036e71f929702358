"""Each contract of the linter is attacked: an import that it must forbid is planted, and it must say no."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.source import PACKAGE, ROOT

ALL = ("floors", "pure", "rules", "own-models", "room")


class House:
    """A copy of the source that a test may spoil; it is as before when the test is over."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._before: dict[Path, bytes | None] = {}

    def plant(self, module: str, line: str) -> None:
        """A line at the end of a module, which is made where there is none."""
        path = self.root / "src" / "shouwang" / f"{module}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        front = path.parent / "__init__.py"
        if not front.exists():
            self._write(front, b"")
        self._write(path, (path.read_bytes() if path.exists() else b"") + f"\n{line}\n".encode())

    def _write(self, path: Path, text: bytes) -> None:
        self._before.setdefault(path, path.read_bytes() if path.exists() else None)
        path.write_bytes(text)

    def mend(self) -> None:
        """Every planted line is gone."""
        for path, text in self._before.items():
            path.unlink() if text is None else path.write_bytes(text)
            if not any(path.parent.iterdir()):
                path.parent.rmdir()
        self._before.clear()

    def lint(self, *contracts: str) -> subprocess.CompletedProcess[str]:
        """What the linter says. It remembers what modules import that were not written since."""
        wanted = [part for contract in contracts for part in ("--contract", contract)]
        return subprocess.run(
            [str(Path(sys.executable).parent / "lint-imports"), "--cache-dir", "seen", "--no-logo", *wanted],
            cwd=self.root,
            env=os.environ | {"PYTHONPATH": f"{self.root / 'src'}:{self.root}"},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The source, and what the linter reads beside it."""
    root = tmp_path_factory.mktemp("house")
    shutil.copytree(
        PACKAGE,
        root / "src" / "shouwang",
        ignore=lambda folder, names: [
            n for n in names if n in ("__pycache__", "static", "locale", "node_modules") or n.endswith(".gz")
        ],
    )
    shutil.copytree(ROOT / "tools", root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    return House(root)


@pytest.fixture
def house(copied: House) -> Iterator[House]:
    """The copy, mended after the test."""
    yield copied
    copied.mend()


def test_the_house_as_it_is_keeps_every_contract(house: House) -> None:
    done = house.lint()
    assert done.returncode == 0, done.stdout
    assert f"{len(ALL)} kept, 0 broken" in done.stdout


def test_no_import_is_ever_excused() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert {contract["id"] for contract in settings["contracts"]} == set(ALL)
    for contract in settings["contracts"]:
        assert not {"ignore_imports", "allow_indirect_imports", "exhaustive_ignores"} & contract.keys()


@pytest.mark.parametrize(
    ("contract", "module", "line"),
    [
        pytest.param("floors", "people/planted", "import shouwang.observation", id="looking-up"),
        pytest.param("floors", "kernel/planted", "import shouwang.packs", id="kernel-looking-up"),
        pytest.param("floors", "journeys/planted", "import shouwang.desk", id="story-reaching-an-interface"),
        pytest.param("floors", "ledgers/planted", "import shouwang.journeys", id="ledger-reaching-a-story"),
        pytest.param("floors", "access/planted", "import shouwang.cases", id="wing-to-wing"),
        pytest.param("floors", "outreach/planted", "import shouwang.assistance", id="wing-to-wing-again"),
        pytest.param("floors", "desk/planted", "import shouwang.fieldapi", id="interface-to-interface"),
        pytest.param("floors", "attic/planted", "X = 1", id="package-without-a-floor"),
        pytest.param("pure", "kernel/planted", "import django", id="kernel-with-django"),
        pytest.param("pure", "packs/planted", "from django.db import models", id="packs-with-django"),
        pytest.param("pure", "packs/planted", "import psycopg", id="packs-with-a-database"),
        pytest.param("rules", "people/rules", "from django.db.models import Q", id="rules-with-django"),
        pytest.param("rules", "attic/rules", "import psycopg", id="rules-of-a-room-made-tomorrow"),
        pytest.param("own-models", "desk/planted", "from shouwang.people.models import Person", id="page"),
        pytest.param("own-models", "observation/planted", "import shouwang.people.models", id="room-above"),
        pytest.param("own-models", "attic/planted", "from shouwang.people import models", id="new-room"),
        pytest.param("room", "people/models", "import shouwang.people.queries", id="models-to-queries"),
        pytest.param("room", "people/queries", "import shouwang.people.actions", id="queries-to-actions"),
        pytest.param("room", "accounts/rules", "import shouwang.accounts.models", id="rules-to-models"),
        pytest.param("room", "accounts/actions", "import shouwang.accounts.admin", id="actions-to-admin"),
    ],
)
def test_a_planted_import_breaks_its_contract(house: House, contract: str, module: str, line: str) -> None:
    if line.endswith(".admin"):
        house.plant("accounts/admin", "X = 1")
    house.plant(module, line)
    done = house.lint(contract)
    assert done.returncode == 1, f"{contract} let {line!r} in {module} pass\n{done.stdout}"
    assert "1 broken" in done.stdout


@pytest.mark.parametrize(
    ("contract", "module", "through"),
    [
        ("pure", "kernel/planted", "kernel/between"),
        ("pure", "packs/planted", "packs/between"),
        ("rules", "workforce/rules", "workforce/between"),
        ("rules", "journal/rules", "journal/between"),
    ],
)
def test_django_reached_through_another_module_is_found(
    house: House, contract: str, module: str, through: str
) -> None:
    house.plant(through, "from django.utils import timezone")
    house.plant(module, f"import shouwang.{through.replace('/', '.')}")
    done = house.lint(contract)
    assert done.returncode == 1, done.stdout


def test_a_queries_module_that_reaches_actions_through_a_third_is_found(house: House) -> None:
    house.plant("people/between", "import shouwang.people.actions")
    house.plant("people/queries", "import shouwang.people.between")
    assert house.lint("room").returncode == 1
