"""Real phones for tests: the client's own code in a node process, driven by JSON lines (web/packages/sync/harness)."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

BUILT = ROOT / "build" / "harness" / "phone.mjs"
SOURCES = ROOT / "web" / "packages"


@cache
def program() -> Path:
    """The client as one file, built again where its sources are newer."""
    parts = (SOURCES / "store" / "src", SOURCES / "sync" / "src", SOURCES / "sync" / "harness")
    newest = max(path.stat().st_mtime for part in parts for path in part.rglob("*") if path.is_file())
    if not BUILT.exists() or BUILT.stat().st_mtime < newest:
        npm = shutil.which("npm")
        assert npm, "no npm: run scripts/setup.sh"
        command = [npm, "--prefix", "web", "run", "--silent", "harness", "-w", "@shouwang/sync"]
        subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    return BUILT


class Refusal(Exception):
    """The client said no; `code` says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code} {message}".strip())
        self.code = code


class Harness:
    """The node process; as many phones as wanted, by name."""

    def __init__(self, base: str) -> None:
        node = shutil.which("node")
        assert node, "no node: run scripts/setup.sh"
        self.process = subprocess.Popen(
            [node, str(program()), base], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, op: str, phone: str, **more: Any) -> Any:
        """One operation; what it came to. Raises `Refusal`."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"op": op, "phone": phone} | more) + "\n")
        self.process.stdin.flush()
        told = json.loads(self.process.stdout.readline())
        if not told["ok"]:
            raise Refusal(told["code"], told.get("message", ""))
        return told.get("result")

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=20)
