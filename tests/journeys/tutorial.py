"""Reading a tutorial page: its commands in order, what it shows of their output, its steps on pages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_STEP = re.compile(r"^```console\n(?P<block>.*?)^```$|^<!-- page: (?P<page>[a-z-]+) -->$", re.M | re.S)


@dataclass(frozen=True, slots=True)
class Command:
    """One line after `$`, and the output that the page shows below it ("..." stands for anything)."""

    line: str
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Something done in the browser; the test that runs the page knows how."""

    name: str


def steps(text: str) -> Iterator[Command | Page]:
    """Every step of a page, in order."""
    for found in _STEP.finditer(text):
        if found["page"]:
            yield Page(found["page"])
            continue
        line, shown = "", []
        for row in [*found["block"].splitlines(), "$ "]:
            if not row.startswith("$ "):
                shown.append(row.strip())
                continue
            if line:
                yield Command(line, tuple(shown))
            line, shown = row[2:].strip(), []


def missing(shown: tuple[str, ...], output: str) -> str | None:
    """The first line that the page shows and the output has not, in this order; None when all are there.

    Lines are compared without indentation and closing comma. Between "..." anything may stand; lines that
    follow each other on the page need not follow each other in the output.
    """
    rows = iter([_bare(row) for row in output.splitlines()])
    for wanted in shown:
        if wanted in ("", "..."):
            continue
        if not any(row == _bare(wanted) for row in rows):
            return wanted
    return None


def _bare(row: str) -> str:
    return row.strip().rstrip(",")


def run(command: Command, folder: Path, environment: dict[str, str]) -> str:
    """Run one command as a reader would; returns stdout, raises with stderr when it fails."""
    scripts = Path(sys.executable).parent
    done = subprocess.run(
        ["bash", "-c", command.line],
        cwd=folder,
        env=os.environ | environment | {"PATH": f"{scripts}:{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode != 0:
        raise AssertionError(f"$ {command.line}\nstatus {done.returncode}\n{done.stderr[-2000:]}")
    return done.stdout
