"""Files of the same kind as the samples, in many dresses, each against its own truth."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from shouwang.screening.reading.reader import rows_of
from tests.rules.messy import Town, write

FORMS = ["xlsx", "xls", "ods", "csv/utf-8", "csv/utf-8-sig", "csv/gb18030", "csv/utf-16", "csv/utf-16-le/tab",
         "csv/gb18030/tab", "csv/utf-8/semi"]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(6))
def test_a_file_of_the_same_kind_gives_its_true_figures(form: str, seed: int, tmp_path: Path) -> None:
    town = Town(seed * 101 + len(form), form)
    path = write(town.sheets(), tmp_path / f"x.{form.partition('/')[0]}", form)
    _, summary = rows_of(path, kind="returnees", day=date(2020, 2, 3))
    truth = town.truth
    assert {
        "people": summary.people, "households": summary.households, "duplicates": summary.duplicates,
        "rejected": summary.rejected, "problems": summary.problems,
    } == {
        "people": truth.people, "households": truth.households, "duplicates": truth.duplicates,
        "rejected": truth.rejected, "problems": dict(truth.problems),
    }  # fmt: skip
    assert summary.rows == summary.accepted + summary.duplicates + summary.rejected
