"""Every case that ships with a pack holds."""

import pytest

from shouwang.packs.cases import Case, cases_of, failures
from shouwang.packs.load import builtin, builtin_ids

CASES = [(pack_id, case) for pack_id in builtin_ids() for case in cases_of(pack_id)]


@pytest.mark.parametrize(
    ("pack_id", "case"), CASES, ids=lambda item: item.case if isinstance(item, Case) else item
)
def test_the_case_holds(pack_id: str, case: Case) -> None:
    assert failures(builtin(pack_id), case) == ()


def test_every_pack_has_cases() -> None:
    assert {pack_id for pack_id, _ in CASES} == set(builtin_ids())
