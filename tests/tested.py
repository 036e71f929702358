"""A person of the small town under double-14: with tests, a result, and a request to receive her at home."""

from __future__ import annotations

from datetime import timedelta

from shouwang.journeys.send_on import send_on
from shouwang.kernel.actor import SYSTEM, Actor
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import (
    CheckCommand,
    NewFile,
    ResultCommand,
    SampleCommand,
    open_files,
    record_check,
    record_result,
    record_sample,
)
from shouwang.observation.models import HandOverRequest
from shouwang.observation.rules import plan_file
from shouwang.packs.conditions import PersonFacts
from shouwang.policy.actions import adopt_builtin
from shouwang.policy.queries import pack_of
from tests.town import OTHER_VILLAGE, VILLAGE, Town

ELSEWHERE = "500153"
"""Where the pack is in force; the file was opened under it before she came home."""


def add_tested(town: Town) -> None:
    """谭玉兰 came from a site three days ago; her first test was negative, the next waits for its result.

    Adds `tested` (her file), `sample` (the test that waits), `fact` (the result) and `request` to the town's ids.
    """
    found = town.at - timedelta(days=3)
    by, everything = Actor("medic", "熊德兰"), Scope.everything()
    adopted = adopt_builtin(
        pack_id="cn-2020-rongchang", area=ELSEWHERE, by=SYSTEM, at=found - timedelta(days=9)
    )
    pack, person = pack_of(adopted.id), town.people["谭玉兰"]
    plan = plan_file(
        pack.protocol("double-14"), PersonFacts(area=VILLAGE), found, pack, evidence="登记", reason="湖北来荣"
    )
    file = NewFile(
        person_id=person,
        area=VILLAGE,
        owner_id=town.ids["worker"],
        plan=plan,
        pack_id=pack.id,
        revision_id=adopted.id,
        category="hubei",
        household_id=town.households["宋云"],
    )
    open_files(files=[file], by=SYSTEM, at=found)
    asked = {"scope": everything, "pack_of": pack_of, "by": by}
    for label, hours in (("RC0001", 1), ("RC0002", 70)):
        at = found + timedelta(hours=hours)
        sample = record_sample(
            item=SampleCommand(uuid7(), file.id, "pcr", at, label=label),
            at=at,
            **asked,  # type: ignore[arg-type]
        )
        town.ids |= {"sample": sample.duty_id}
        if label == "RC0001":
            result = ResultCommand(uuid7(), sample.duty_id, "negative", at + timedelta(hours=20))
            record_result(item=result, at=at + timedelta(hours=20), **asked)  # type: ignore[arg-type]
            town.ids |= {"fact": result.id}
    request = HandOverRequest.objects.create(
        file_id=file.id,
        area=VILLAGE,
        from_area=OTHER_VILLAGE,
        from_owner_id=town.ids["worker"],
        from_stage="facility",
        to_stage="home",
        reason="集中期满",
        asked_at=town.at - timedelta(hours=2),
        asked_by="site",
        asked_by_name="余敏",
        answer_by=town.at + timedelta(hours=10),
    )
    town.ids |= {"tested": file.id, "request": request.id}


def find_and_send_on(town: Town) -> None:
    """谭玉兰's second test is positive, and she coughs; she goes to hospital."""
    asked = {
        "scope": Scope.everything(),
        "pack_of": pack_of,
        "by": SYSTEM,
        "at": town.at - timedelta(minutes=30),
    }
    result = ResultCommand(uuid7(), town.ids["sample"], "positive", town.at - timedelta(hours=1))
    record_result(item=result, **asked)  # type: ignore[arg-type]
    cough = CheckCommand(
        uuid7(), town.ids["tested"], town.at - timedelta(hours=1), "visit", deci=376, symptoms=("cough",)
    )
    record_check(item=cough, **asked)  # type: ignore[arg-type]
    send_on(
        file_id=town.ids["tested"],
        event="tested-positive",
        to="区人民医院",
        reason="核酸阳性",
        scope=Scope.everything(),
        by=SYSTEM,
        at=town.at - timedelta(minutes=10),
    )
