"""The one folder that holds an installation: database, keys, exports (`SHOUWANG_HOME`)."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

import platformdirs

KEY_BYTES = 32


def home() -> Path:
    """The installation's folder, made if it is not there (owner may read, others may pass)."""
    named = os.environ.get("SHOUWANG_HOME")
    folder = Path(named) if named else Path(platformdirs.user_data_dir("shouwang", appauthor=False))
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def keys() -> dict[str, str]:
    """The installation's secrets (hex), made at first use and readable by the owner alone.

    `django`: signing. `field-1`: AES-256 of personal fields, key id 1. `index`: HMAC of blind indexes.
    `paper`: seal of QR codes on papers. Losing this file loses every sealed field: back it up apart.
    """
    path = home() / "keys.json"
    wanted = ("django", "field-1", "index", "paper")
    if not path.exists():
        fresh = {name: secrets.token_hex(KEY_BYTES) for name in wanted}
        draft = path.with_suffix(f".{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            json.dump(fresh, out)
        try:
            os.link(draft, path)  # first writer wins; a second process reads what the first made
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    found: dict[str, str] = json.loads(path.read_text())
    return found
