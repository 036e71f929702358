"""The reference pages are made from the code, and say what is in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tools import reference

from shouwang.accounts.rules import PERMISSIONS, ROLES

pytestmark = pytest.mark.django_db  # column types come from the database's dialect


@pytest.fixture(scope="module")
def pages(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: object
) -> dict[str, str]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        written = reference.write(tmp_path_factory.mktemp("reference"))
    return {path.stem: Path(path).read_text() for path in written}


def test_every_page_is_written_and_says_that_it_is_generated(pages: dict[str, str]) -> None:
    assert pages.keys() == reference.PAGES.keys()
    assert all(page.startswith("<!-- generated") and page.count("\n") > 20 for page in pages.values())


def test_every_command_is_there_with_its_help(pages: dict[str, str]) -> None:
    from shouwang.cli import load_commands
    from shouwang.cli.root import root

    load_commands()
    for name in root.commands:
        assert f"## shouwang {name}\n" in pages["commands"]


def test_every_role_and_permission_is_there(pages: dict[str, str]) -> None:
    for code in (*ROLES, *PERMISSIONS):
        assert f"| {code} |" in pages["roles"]


def test_personal_fields_are_shown_with_how_long_they_are_kept(pages: dict[str, str]) -> None:
    assert "identifier, sealed; until two years after the outbreak is closed" in pages["tables"]


def test_the_schema_of_packs_reads_without_the_machinery(pages: dict[str, str]) -> None:
    assert "function" not in pages["packs"].replace("functional", "")
    assert "checks-a-day" in pages["packs"]


def test_events_of_the_journal_are_past_tense_verbs_of_a_room(pages: dict[str, str]) -> None:
    assert "`people.person.moved`" in pages["events"]
    assert "`accounts.approval.refused`" in pages["events"]
