"""The product's settings on a database of the tests' own.

pytest-django reads the settings before any conftest; without this module the tests would open the home of
whoever runs them.
"""

import os
import sys
from pathlib import Path

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
"""A run starts some hundred processes. Where the machine forbids Python to keep what it compiled, each of them would
compile a thousand modules: two seconds of its three."""

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("SHOUWANG_HOME", str(ROOT / "build" / "test-home"))
os.environ.setdefault("SHOUWANG_PG_UNSAFE", "1")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in the test's thread

from shouwang.config.settings import *  # noqa: E402, F403 - after the environment is set

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""Every test's town has users; argon2 costs a tenth of a second for each. What the product hashes with has a test of
its own."""
