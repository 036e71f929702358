"""docs/SYSTEMS.md claims nothing that no test proves."""

from __future__ import annotations

import re

import pytest

from tests.contracts.source import ROOT

_ROW = re.compile(r"^\| ([A-LX]\d) ([^|]+?) \| (\w+) \| (.+?) \| (.*?) ?\|$", re.M)
_SIZES = {
    "A": 8,
    "B": 4,
    "C": 8,
    "D": 6,
    "E": 2,
    "F": 5,
    "G": 5,
    "H": 4,
    "I": 2,
    "J": 5,
    "K": 8,
    "L": 2,
    "X": 7,
}


def rows() -> list[tuple[str, str, str]]:
    """(row, state, test) of every row of the page."""
    text = (ROOT / "docs" / "SYSTEMS.md").read_text()
    return [(row, state, test) for row, _name, state, _works, test in _ROW.findall(text)]


def unproven(claims: list[tuple[str, str, str]], tests: set[str]) -> list[str]:
    """Rows that say works without a test file of their name that the row links to."""
    return [
        row
        for row, state, test in claims
        if state == "works"
        and not any(name.startswith(f"test_{row.lower()}_") and name in test for name in tests)
    ]


def _acceptance_tests() -> set[str]:
    return {path.name for path in (ROOT / "tests" / "acceptance").glob("test_*.py")}


def test_the_page_has_every_row_once() -> None:
    wanted = [f"{letter}{number}" for letter, size in _SIZES.items() for number in range(1, size + 1)]
    assert len(wanted) == 66
    assert [row for row, _, _ in rows()] == wanted


def test_a_state_is_one_of_three() -> None:
    assert {state for _, state, _ in rows()} <= {"works", "partly", "absent"}


def test_a_row_that_works_names_its_acceptance_test() -> None:
    assert not unproven(rows(), _acceptance_tests())


@pytest.mark.parametrize(
    ("claim", "tests", "found"),
    [
        (("A2", "works", ""), set(), ["A2"]),
        (("A2", "works", "tests/acceptance/test_a2_ledgers.py"), set(), ["A2"]),
        (("A2", "works", ""), {"test_a2_ledgers.py"}, ["A2"]),
        (("A2", "works", "tests/acceptance/test_a2_ledgers.py"), {"test_a2_ledgers.py"}, []),
        (("A2", "partly", ""), set(), []),
    ],
)
def test_a_boast_is_found(claim: tuple[str, str, str], tests: set[str], found: list[str]) -> None:
    assert unproven([claim], tests) == found


def test_an_acceptance_test_is_named_after_its_row() -> None:
    known = {row.lower() for row, _, _ in rows()}
    for name in _acceptance_tests():
        assert name.split("_")[1] in known, name
