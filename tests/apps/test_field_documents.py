"""What a telephone in the field must know: whose, how much, and in the shapes that sync.md promises."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from shouwang.accounts.queries import scope_of
from shouwang.journeys.field_changes.documents import Documents, documents
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import CheckCommand, record_checks
from shouwang.policy.queries import pack_of
from tests.apps.field_patch import families, serve
from tests.conftest import ROOT
from tests.town import OTHER_VILLAGE, Town, found_town

pytestmark = pytest.mark.django_db
PAGE = (ROOT / "docs" / "reference" / "sync.md").read_text(encoding="utf-8")


@pytest.fixture
def town(settings: Settings, at: datetime) -> Town:
    return found_town(at, roles=("village-doctor", "village-cadre", "town-clerk", "auditor"))


def held(town: Town, role: str, place: str, at: datetime) -> Documents:
    user = town.user(role, place)
    return documents(scope_of(user.pk, at), user.as_actor(), at)


def doc(told: Documents, key: str) -> dict[str, Any]:
    return dict(told.docs[key])


def test_documents_have_exactly_the_fields_of_the_page(town: Town, at: datetime) -> None:
    told = held(town, "village-doctor", "own village", at)
    kinds = {key.partition("/")[0] for key in told.docs}
    assert kinds == {"me", "pack", "home", "file", "sweep", "door", "post", "place"}
    for kind in sorted(kinds):
        (row,) = re.findall(rf"^\| `{kind}(?:/[^|]*)?` \| `(\{{[^`]*\}})`", PAGE, re.MULTILINE)
        promised = _outer(row)
        for key, one in told.docs.items():
            if key.partition("/")[0] == kind:
                assert set(one) == promised, key


def _outer(shape: str) -> set[str]:
    """`{a, b: {c, d}, e}` without what lies deeper: a, b, e."""
    depth, kept = 0, []
    for sign in shape:
        depth += sign in "{["
        if depth == 1 and sign not in "{}[]":
            kept.append(sign)
        depth -= sign in "}]"
    return {part.partition(":")[0].removesuffix(" or null").strip() for part in "".join(kept).split(",")}


def test_a_village_doctor_holds_the_watched_of_the_village_and_may_ring_them(
    town: Town, at: datetime
) -> None:
    told = held(town, "village-doctor", "own village", at)
    home = doc(told, f"home/{town.households['宋云']}")
    assert (home["head"], home["address"], home["place"], home["telephone"]) == (
        *("宋云", "3组15号", "沙包村"),
        "13812345671",
    )
    assert told.rung == {f"home/{town.households['宋云']}"}
    file = doc(told, f"file/{town.ids['file']}")
    assert (file["name"], file["day_no"], file["born"], file["home"]) == ("宋云", 9, "1952-06-11", home["id"])
    assert file["last"] == {
        "at": "2020-02-01T09:00:00+08:00",
        "deci": 379,
        "abnormal": True,
        "outcome": "done",
    }
    assert [slot["at"][:16] for slot in file["due"]] == [
        "2020-02-01T20:00",
        "2020-02-02T12:00",
        "2020-02-02T20:00",
    ]
    assert len(set(file["stage"].values())) == 3


def test_who_works_further_up_sees_the_number_masked(town: Town, at: datetime) -> None:
    told = held(town, "town-clerk", "own town", at)
    assert doc(told, f"home/{town.households['宋云']}")["telephone"] == "138****5671"
    assert told.rung == frozenset()


@pytest.mark.parametrize(("role", "place"), [("village-cadre", "other village"), ("auditor", "district")])
def test_nobody_holds_what_lies_out_of_sight(town: Town, at: datetime, role: str, place: str) -> None:
    told = held(town, role, place, at)
    assert not [key for key in told.docs if key.startswith(("home/", "file/", "post/"))]
    assert "宋云" not in str(told.docs)


def test_a_worker_with_households_of_their_own_holds_only_those(town: Town, at: datetime) -> None:
    mine, other = families(2, at - timedelta(days=1))
    actor = serve(town, at - timedelta(hours=1), homes=[mine])
    told = documents(scope_of(actor.id, at), actor, at)
    assert [key for key in told.docs if key.startswith("home/")] == [f"home/{mine}"]
    assert other not in {UUID(key[5:]) for key in told.docs if key.startswith("home/")}
    assert told.rung == {f"home/{mine}"}


def test_who_was_seen_and_is_not_due_again_stays_for_the_day_and_stands_as_done(
    town: Town, at: datetime
) -> None:
    item = CheckCommand(uuid7(), town.ids["file"], at, "visit", deci=366, roles=("medic",))
    record_checks(items=[item], scope=Scope.everything(), pack_of=pack_of, by=SYSTEM, at=at)
    told = held(town, "village-doctor", "own village", at + timedelta(minutes=1))
    file = doc(told, f"file/{town.ids['file']}")
    assert (file["done_today"], file["last"]["deci"]) == (True, 366)
    assert [slot["at"][:10] for slot in file["due"]] == ["2020-02-02", "2020-02-02"]
    assert doc(told, f"home/{town.households['宋云']}")["walk"] == 1, "the order stands still"


def test_an_alarm_says_what_to_do_and_whom_to_ring(town: Town, at: datetime) -> None:
    pack = doc(held(town, "village-doctor", "own village", at), "pack")
    assert "戴上口罩" in pack["do"]["fever"]["zh-Hans"]
    assert {one["telephone"] for one in pack["ring"]} >= {"13800000001"}
    assert pack["alerts"][0]["when"] == {
        "any": [{"temperature-at-least": "fever-line"}, {"symptom-any": ["fever", "cough", "fatigue"]}]
    }
    assert pack["values"][0]["from"] == {"2020-01-01": 373}
    assert "convention" not in str(pack)


def test_the_cap_holds_and_says_how_many_stayed_behind(
    town: Town, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    families(12, at - timedelta(days=1))
    narrow = pack_of(town.ids["revision"]).field.model_copy(update={"households_most": 10})
    monkeypatch.setattr("shouwang.journeys.field_changes.patch._limits", lambda _: narrow)
    told = held(town, "village-doctor", "own village", at)
    assert len([key for key in told.docs if key.startswith("home/")]) == 10
    assert told.homes_left == 3


def test_queries_do_not_grow_with_the_patch(town: Town, at: datetime) -> None:
    def count() -> int:
        held(town, "village-doctor", "own village", at)
        with CaptureQueriesContext(connection) as queries:
            held(town, "village-doctor", "own village", at)
        return len(queries)

    few = count()
    families(25, at - timedelta(days=1))
    assert count() == few
    assert few <= 31


def test_the_other_village_stays_there(town: Town, at: datetime) -> None:
    homes = families(2, at - timedelta(days=1), area=OTHER_VILLAGE)
    told = held(town, "village-doctor", "own village", at)
    assert not {f"home/{home}" for home in homes} & told.docs.keys()
