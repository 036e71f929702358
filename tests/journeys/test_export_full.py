"""Full numbers leave the house on two persons' word, once, for a day (ARCHITECTURE, Restrictions; LESSONS 3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from python_calamine import CalamineWorkbook

from shouwang.accounts.rules import ROLES
from shouwang.journeys.decide_request import decide_request
from shouwang.journeys.export_full import ask_full_export, take_full_export
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Grant, Scope
from shouwang.ledgers.definition import Filters
from shouwang.policy.queries import pack_in_force
from tests.conftest import CHINA
from tests.journeys.living import CLERK, EVERYTHING, ROWS, TOWN, living_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 1, 28, 9, 0, tzinfo=CHINA)
COMMANDER, DISTRICT = Actor("commander", "谭书记"), Actor("district", "区指挥长")


def scope_of(actor: Actor, role: str, area: str) -> Scope:
    return Scope(actor.id, (Grant(role, area, ROLES[role].permissions),))


MINE = scope_of(COMMANDER, "town-commander", TOWN)
THEIRS = scope_of(DISTRICT, "district-commander", "500101")


@pytest.fixture(autouse=True)
def town(tmp_path: Path) -> None:
    living_town(tmp_path, ROWS, AT)


def ask(**more: object) -> UUID:
    _, pack = pack_in_force(EVERYTHING, TOWN, AT)
    values: dict[str, object] = {
        "scope": MINE, "area": TOWN, "pack": pack, "code": "hubei", "as_of": None, "filters": Filters(),
        "search": "", "sort": None, "purpose": "核对车票", "by": COMMANDER, "at": AT,
    }  # fmt: skip
    return ask_full_export(**(values | more))  # type: ignore[arg-type]


def decide(approval: UUID, *, approve: bool = True) -> None:
    decide_request(
        approval_id=approval,
        approve=approve,
        note="同意",
        scope=THEIRS,
        by=DISTRICT,
        at=AT + timedelta(hours=1),
    )


def take(approval: UUID, out: Path, by: Actor = COMMANDER, hours: int = 2) -> None:
    take_full_export(approval_id=approval, scope=MINE, out=out, by=by, at=AT + timedelta(hours=hours))


def test_what_a_second_person_approved_is_fetched_once_with_the_full_numbers(tmp_path: Path) -> None:
    out, approval = tmp_path / "book.xlsx", ask()
    decide(approval)
    take(approval, out)
    cells = {
        str(c) for row in CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0).to_python() for c in row
    }
    assert {"13800000001", "13800000002", "13800000003"} <= cells
    with pytest.raises(Refused, match="export-taken"):
        take(approval, tmp_path / "again.xlsx")


@pytest.mark.parametrize("how", ["nobody decided", "refused", "another person", "a day later"])
def test_without_an_approval_of_ones_own_nothing_leaves(how: str, tmp_path: Path) -> None:
    approval = ask()
    if how != "nobody decided":
        decide(approval, approve=how != "refused")
    by = Actor("other", "陈副镇长") if how == "another person" else COMMANDER
    with pytest.raises(Refused, match="export-not-approved"):
        take(approval, tmp_path / "book.xlsx", by, 26 if how == "a day later" else 2)
    assert not (tmp_path / "book.xlsx").exists()


def test_who_asked_does_not_approve() -> None:
    approval = ask()
    with pytest.raises(Refused, match="second-person-needed"):
        decide_request(approval_id=approval, approve=True, note="", scope=MINE, by=COMMANDER, at=AT)


def test_a_request_carries_no_name_that_was_searched_for() -> None:
    with pytest.raises(Refused, match="export-in-full-searched"):
        ask(search="宋大超")


def test_a_clerk_cannot_even_ask() -> None:
    with pytest.raises(Refused, match="not-permitted"):
        ask(scope=scope_of(CLERK, "town-clerk", TOWN))
