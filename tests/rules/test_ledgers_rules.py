from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.ledgers.rules import HEAD_ROWS, MAX_SHEET_ROWS, SHEET_CAPACITY, neutralised, sheets


@pytest.mark.parametrize("text", ["=1", "+86", "-", "@x", "\tx", "\r=1", "  =1", "\u3000=1", "＝1"])
def test_text_that_begins_like_a_formula_is_made_text(text: str) -> None:
    assert neutralised(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "宋云", "3-1", "O'Neil", "500***********2650", "a=b"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert neutralised(text) == text


@given(st.text())
def test_nothing_neutralised_begins_like_a_formula(text: str) -> None:
    assert not neutralised(text).lstrip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    "total", [0, 1, 65_535, 65_536, 65_537, SHEET_CAPACITY, SHEET_CAPACITY + 1, 1_048_577]
)
def test_every_row_is_on_exactly_one_sheet(total: int) -> None:
    bounds = list(sheets(total))
    assert sum(end - first for first, end in bounds) == total
    assert all(end - first + HEAD_ROWS <= MAX_SHEET_ROWS for first, end in bounds)
    assert [first for first, _ in bounds][1:] == [end for _, end in bounds][:-1]
