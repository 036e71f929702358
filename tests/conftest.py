"""The ground of every test: a PostgreSQL of its own under `build/`, a fixed instant, named characters."""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("SHOUWANG_HOME", str(ROOT / "build" / "test-home"))
os.environ.setdefault("SHOUWANG_PG_UNSAFE", "1")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in the test's thread

CHINA = timezone(timedelta(hours=8))
SAMPLES = ROOT / "samples" / "longsha"


@pytest.fixture
def at() -> datetime:
    """The evening of 1 February 2020 in Longsha."""
    return datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
