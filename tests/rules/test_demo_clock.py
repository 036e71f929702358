"""The demonstration's own time, for its pages and for commands on its home."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from shouwang.config.clock import OFFSET_FILE, clock_of


@pytest.fixture(autouse=True)
def _nothing_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOUWANG_CLOCK_OFFSET", raising=False)


def test_an_installation_lives_in_real_time(tmp_path: Path) -> None:
    assert clock_of(tmp_path).offset == timedelta(0)


def test_a_command_on_the_demonstration_s_home_is_of_its_time(tmp_path: Path) -> None:
    (tmp_path / OFFSET_FILE).write_text("-212371200.5")
    assert clock_of(tmp_path).offset == timedelta(seconds=-212371200.5)


def test_what_a_process_was_told_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / OFFSET_FILE).write_text("-5")
    monkeypatch.setenv("SHOUWANG_CLOCK_OFFSET", "60")
    assert clock_of(tmp_path).offset == timedelta(seconds=60)
