"""The one folder that holds an installation: database, keys, exports (`SHOUWANG_HOME`)."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterable
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
    `paper`: seal of QR codes on papers. `device-1`: the key that phones seal to (`devices.keys`), key id 1;
    a newer one is added as `device-2` and the older still opens. A home made by an earlier release gets what it
    lacks. Losing this file loses every sealed field: back it up apart.
    """
    path = home() / "keys.json"
    if not path.exists():
        _write_keys(path, _fresh(_WANTED), is_first=True)
    found: dict[str, str] = json.loads(path.read_text())
    if missing := [name for name in _WANTED if name not in found]:
        with (path.parent / ".keys.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            found = json.loads(path.read_text())
            found |= _fresh(name for name in missing if name not in found)
            _write_keys(path, found, is_first=False)
    return found


_WANTED = ("django", "field-1", "index", "paper", "device-1")


def _fresh(names: Iterable[str]) -> dict[str, str]:
    return {name: secrets.token_hex(KEY_BYTES) for name in names}


def _write_keys(path: Path, wanted: dict[str, str], *, is_first: bool) -> None:
    draft = path.with_suffix(f".{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump(wanted, out)
        out.flush()
        os.fsync(out.fileno())
    if not is_first:
        draft.replace(path)
        return
    try:
        os.link(draft, path)  # first writer wins; a second process reads what the first made
    except FileExistsError:
        pass
    finally:
        draft.unlink()
