"""What makes the ninth day worth looking at: two fevers, a refusal, a household that moved, the office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from shouwang.accounts.queries import user_by_name
from shouwang.demo.clock import PRESENT
from shouwang.demo.days import SCOPE, special
from shouwang.journeys.move_household import move_household
from shouwang.kernel.actor import Actor
from shouwang.ledgers.actions import export_ledger
from shouwang.observation.actions import answer_alert, ask_early_release
from shouwang.observation.queries import Duty, duties, files_by_ids, open_alerts
from shouwang.observation.queries.households import open_households
from shouwang.people.actions import reveal_person
from shouwang.places.queries import children
from shouwang.policy.queries import pack_in_force
from shouwang.workforce.actions import end_assignment
from shouwang.workforce.queries import WorkerRow, teams_of


def tell_stories(area: str, village: str, doctors: dict[str, WorkerRow], clerk: Actor) -> None:
    """Record the stories of the present day on people whose morning check is still owed."""
    doctor = doctors[village]
    mine = _owed(village)
    _fever(mine[0], doctor, PRESENT - timedelta(minutes=45), 382, ("fever", "fatigue"))
    special(
        mine[1].file_id,
        PRESENT - timedelta(hours=2),
        doctor,
        deci=None,
        outcome="refused",
        note="开门后不愿量体温,已约明早村干部同去",
    )
    other = next(path for path in sorted(doctors) if path != village)
    answered = PRESENT - timedelta(hours=7)
    _fever(_owed(other)[0], doctors[other], answered, 376, ("cough",))
    for alert in open_alerts(SCOPE, area=other):
        answer_alert(
            alert_id=alert.id,
            answer="已转区医院发热门诊,车队接走,结果未回",
            scope=SCOPE,
            by=Actor(str(doctors[other].id), doctors[other].name),
            at=answered + timedelta(minutes=22),
        )
    _move_household(area, _owed(village)[-1], village, clerk)
    _neighbours_leave(other, clerk)
    _office(area, village, clerk)


def _neighbours_leave(village: str, clerk: Actor) -> None:
    """Two households are without the neighbour who watches: a vacancy is an alarm that grows old."""
    homes = open_households(SCOPE, area=village)
    watching = [m for _, team in sorted(teams_of(SCOPE, "household", homes).items()) for m in team]
    left = [member for member in watching if member.role == "neighbour"][: len(LEFT)]
    for member, (reason, days) in zip(left, LEFT, strict=True):
        at = PRESENT - timedelta(days=days, hours=3)
        end_assignment(assignment_id=member.assignment_id, reason=reason, by=clerk, at=at)


LEFT = (("到县医院照顾住院的父亲", 0), ("本人也从外地返回,转为观察对象", 1))
"""Why a neighbour no longer watches, and how many days ago that was."""


def _owed(village: str) -> Sequence[Duty]:
    """Visits of the village still owed, the late ones first."""
    owed = duties(SCOPE, PRESENT, area=village, limit=1000)
    return [duty for duty in owed if duty.kind == "check" and duty.channel == "visit"]


def _fever(duty: Duty, doctor: WorkerRow, at: datetime, deci: int, symptoms: tuple[str, ...]) -> None:
    special(duty.file_id, at, doctor, deci=deci, symptoms=symptoms)


def _office(area: str, village: str, clerk: Actor) -> None:
    """What an auditor finds: an export, a number revealed, a request that waits for a second person."""
    _, pack = pack_in_force(SCOPE, area, PRESENT)
    morning = PRESENT - timedelta(hours=9)
    with TemporaryDirectory() as folder:
        export_ledger(
            scope=SCOPE,
            pack=pack,
            code="hubei",
            on=PRESENT.date(),
            out=Path(folder) / "hubei.xlsx",
            area=area,
            purpose="报区指挥部核对人数",
            by=clerk,
            at=morning,
        )
    feverish = open_alerts(SCOPE, area=village)[0]
    asked = _owed(village)[1]
    reveal_person(
        scope=SCOPE,
        person_id=files_by_ids(SCOPE, [feverish.file_id])[feverish.file_id].person_id,
        purpose="发热，核对电话通知家属",
        by=_of("epi", "程静"),
        at=PRESENT - timedelta(minutes=15),
    )
    ask_early_release(
        file_id=asked.file_id,
        reason="配偶病危住院，请求提前解除前往陪护",
        scope=SCOPE,
        by=_of("district", "牟文华"),  # a clerk has not the right to ask
        at=PRESENT - timedelta(minutes=50),
    )


def _of(username: str, name: str) -> Actor:
    """The very log-in of that name: whoever asked must not be offered to decide it."""
    log_in = user_by_name(username)
    return Actor(str(log_in.id) if log_in else f"demo-{username}", name)


def _move_household(area: str, duty: Duty, village: str, clerk: Actor) -> None:
    """A household of the village goes to live with relatives in another one."""
    if duty.household_id is None:
        return
    target = next(place.path for place in children(SCOPE, area) if place.path != village)
    move_household(
        household_id=duty.household_id,
        area=target,
        address="3组21号(亲戚家)",
        since=PRESENT.date(),
        reason="投亲暂住,已与对方村交接",
        scope=SCOPE,
        by=clerk,
        at=PRESENT - timedelta(hours=4),
    )
