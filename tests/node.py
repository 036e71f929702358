"""Node as the tests find it: the machine's own, or the one in .venv that `scripts/setup.sh` installs instead."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"


def node_env() -> dict[str, str]:
    """The environment in which `node` and `npm` are found. Where there is none, the test fails and says so."""
    beside = str(Path(sys.executable).parent)
    path = os.pathsep.join((beside, os.environ.get("PATH", os.defpath)))
    for program in ("node", "npm"):
        assert shutil.which(program, path=path), f"{program} is missing: run scripts/setup.sh"
    assert (WEB / "node_modules").is_dir(), "the front end's packages are missing: run scripts/setup.sh"
    return os.environ | {"PATH": path, "NO_COLOR": "1"}
