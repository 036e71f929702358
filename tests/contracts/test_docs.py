"""The pages: links lead somewhere, both languages are there, decisions are listed."""

from __future__ import annotations

import re
from pathlib import Path

from tests.contracts.source import ROOT, named, tracked

_LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def _pages() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md"]


def test_a_link_between_pages_leads_somewhere() -> None:
    broken = [
        f"{named(page)}: {target}"
        for page in _pages()
        for target in _LINK.findall(page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert not broken, ", ".join(broken)


def test_every_page_for_people_is_there_in_both_languages() -> None:
    docs = ROOT / "docs"
    chinese = {p.relative_to(docs / "zh") for p in (docs / "zh").rglob("*.md")}
    english = {p.relative_to(docs / "en") for p in (docs / "en").rglob("*.md")}
    assert chinese == english
    assert len(chinese) >= 6


def test_every_decision_is_in_the_list_and_every_reference_to_one_exists() -> None:
    folder = ROOT / "docs" / "adr"
    listed = set(_LINK.findall((folder / "README.md").read_text()))
    numbers = {p.name[:4] for p in folder.glob("0*.md")}
    assert listed == {p.name for p in folder.glob("0*.md")}
    for path in (ROOT / "src").rglob("*.py"):
        for number in re.findall(r"ADR (\d{4})", path.read_text()):
            assert number in numbers, f"{named(path)}: ADR {number}"


def test_every_role_has_its_page() -> None:
    for role in ("village-doctor", "town-clerk", "commander", "administrator"):
        assert (ROOT / "docs" / "zh" / "how-to" / f"{role}.md").exists()


def test_commands_shown_to_people_exist() -> None:
    """`make X` and `shouwang X` on a page are targets and commands there are, or that issue 2 promises."""
    from shouwang.cli import load_commands
    from shouwang.cli.root import root

    load_commands()
    promised = {"demo", "serve", "import", "ledger", "classify", "duties", "report", "pack", "verify", "init"}
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    pages = [p for p in _pages() if p.parts[-2] != "docs"]
    for page in pages:
        text = page.read_text()
        for command in re.findall(r"^(?: {4}|\$ )(?:\S*/)?shouwang ([a-z]+)", text, re.M):
            assert command in root.commands.keys() | promised, f"{named(page)}: shouwang {command}"
        for target in re.findall(r"^ {4}make ([a-z-]+)", text, re.M):
            assert target in targets, f"{named(page)}: make {target}"
