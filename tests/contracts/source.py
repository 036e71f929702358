"""The source as the contracts read it: files, syntax trees, rooms, floors."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "src" / "shouwang"


@cache
def python_files() -> tuple[Path, ...]:
    """Every module of the product but migrations."""
    return tuple(sorted(p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


@cache
def floors() -> tuple[tuple[str, ...], ...]:
    """The floors from top to bottom, as pyproject.toml names them; wings share one."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    contract = next(c for c in settings["contracts"] if c["id"] == "floors")
    return tuple(tuple(room.strip() for room in layer.split("|")) for layer in contract["layers"])


def floor_of(room: str) -> int:
    """0 is the top."""
    return next(i for i, rooms in enumerate(floors()) if room in rooms)


def room_of(path: Path) -> str:
    """The room a file lies in; "" for the package itself."""
    inside = path.relative_to(PACKAGE).parts
    return inside[0] if len(inside) > 1 else ""


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tracked() -> Iterator[Path]:
    """Every file that git keeps, or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.split("\0"):
        if name and (ROOT / name).is_file():
            yield ROOT / name


def actions_files() -> Iterator[Path]:
    """`actions.py` of every room, or the modules of the package `actions`."""
    for path in python_files():
        inside = path.relative_to(PACKAGE).parts
        if len(inside) > 1 and (inside[1] == "actions.py" or inside[1] == "actions"):
            yield path


def docstrings(module: ast.Module) -> set[int]:
    """Identities of the constants that are documentation, not values."""
    found: set[int] = set()
    for node in ast.walk(module):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            found |= {
                id(s.value) for s in body if isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant)
            }
    return found
