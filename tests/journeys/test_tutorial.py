"""The tutorial is true: its commands are run as they stand, against an empty home, and show what it shows."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.journeys.serving import held_database
from tests.journeys.tutorial import Command, Page, missing, run, steps

PAGES = {language: ROOT / "docs" / language / "tutorial.md" for language in ("zh", "en")}

ON_PAGES: dict[str, Callable[[Path], None]] = {}
"""What `<!-- page: … -->` does, by name: the same action as the page's button, on the tutorial's home."""


def _steps(language: str) -> list[Command | Page]:
    return list(steps(PAGES[language].read_text()))


def test_both_languages_have_the_same_steps() -> None:
    assert _steps("zh") == _steps("en")
    assert len(_steps("zh")) > 8


def test_a_newcomer_gets_from_the_spreadsheet_to_the_certificate(tmp_path: Path) -> None:
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    environment = {"SHOUWANG_HOME": str(tmp_path / "home")}
    quick = environment | {"SHOUWANG_PG_UNSAFE": "1"}
    with held_database(os.environ | quick):
        for step in _steps("zh"):
            if isinstance(step, Page):
                ON_PAGES[step.name](tmp_path / "home")
                continue
            output = run(step, tmp_path, quick)
            lacking = missing(step.shown, output)
            assert lacking is None, (
                f"$ {step.line}\nthe page shows {lacking!r}, but it printed\n{output[:2000]}"
            )
            if "23:59" in step.line:
                assert "release-refused" in output, "the page says that it says why"
    for made in ("certificate.pdf", "person.pdf"):
        assert (tmp_path / made).read_bytes().startswith(b"%PDF-")


PAGE = """
```console
$ echo '{'; echo '  "rows": 3,'; echo '}'
...
"rows": 3
...
$ true
```
<!-- page: record-a-check -->
```python
$ not this
```
"""


def test_a_page_is_read_in_order() -> None:
    first, second, third = steps(PAGE)
    assert isinstance(first, Command)
    assert first.shown == ("...", '"rows": 3', "...")
    assert second == Command("true", ())
    assert third == Page("record-a-check")


def test_a_line_that_is_not_printed_is_found(tmp_path: Path) -> None:
    first = next(steps(PAGE))
    assert isinstance(first, Command)
    assert missing(first.shown, run(first, tmp_path, {})) is None
    assert missing(("...", '"rows": 4'), run(first, tmp_path, {})) == '"rows": 4'
    assert missing(("}", "{"), run(first, tmp_path, {})) == "{"


def test_a_command_that_fails_fails_the_tutorial(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="status 3"):
        run(Command("echo gone >&2; exit 3", ()), tmp_path, {})
