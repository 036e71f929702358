"""Nobody answered: who is told, in which order, at which minute; what a failure leaves; missed checks."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from shouwang.journeys import escalate as journey
from shouwang.journeys.escalate import escalate
from shouwang.journeys.prove_chains import orphan_counts, orphans
from shouwang.journeys.verify_house import verify_house
from shouwang.kernel.actor import SYSTEM
from shouwang.observation.actions import Owed, answer_alert
from shouwang.observation.queries import TellingRow, ladders, missed_of_files, open_alerts, tellings_of_files
from shouwang.packs.load import builtin_source
from shouwang.policy.actions import adopt_revision, approve_revision, propose_revision
from shouwang.workforce.actions import (
    NewAssignment,
    NewHead,
    NewWorker,
    appoint_heads,
    assign_many,
    enlist_workers,
)
from tests.conftest import CHINA
from tests.journeys.living import CLERK, DOCTOR, EVERYTHING, ROWS, TOWN, bring, file_of, found_town, measure

pytestmark = pytest.mark.django_db
FOUND = datetime(2020, 1, 26, 9, tzinfo=CHINA)
NOON = datetime(2020, 1, 27, 12, tzinfo=CHINA)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def file_id(tmp_path: Path) -> UUID:
    """宋大超, back from Wuhan, whose household has a medic and nobody else; the town has its head."""
    found_town(FOUND)
    bring(tmp_path, tuple(row.replace("安坪村", "红鹤村") for row in ROWS), FOUND)
    file = file_of("宋大超")
    medic, head = NewWorker(file.area, "冉医生", ("medic",)), NewWorker(TOWN, "谭镇长", ("town-cadre",))
    enlist_workers(workers=[medic, head], area=TOWN, by=CLERK, at=FOUND)
    made = NewAssignment(file.area, medic.id, "five-to-one", "medic", "household", str(file.household_id))
    assign_many(assignments=[made], area=TOWN, by=CLERK, at=FOUND)
    appoint_heads(heads=[NewHead(TOWN, "chain", "town-head", head.id)], reason="", by=CLERK, at=FOUND)
    return file.id


def _fever(file_id: UUID, at: datetime = NOON) -> UUID:
    assert measure(file_id, at, 388).code == ""
    return open_alerts(EVERYTHING)[0].id


def _told(alert: UUID) -> list[tuple[int, str, str, str]]:
    return [(t.step, t.outcome, t.level, t.worker_name) for t in _ladder(alert)]


def _ladder(alert: UUID) -> list[TellingRow]:
    return ladders(EVERYTHING, [alert]).get(alert, [])


def test_an_alert_is_told_at_once_and_climbs_by_the_clock_past_vacant_levels(file_id: UUID) -> None:
    alert = _fever(file_id)
    assert escalate(by=SYSTEM, at=NOON) == []
    opening = [(0, "told", "household", "冉医生"), (0, "vacant", "household", "")]
    assert _told(alert) == opening
    assert escalate(by=SYSTEM, at=NOON + 29 * MINUTE) == []
    assert [c.level for c in escalate(by=SYSTEM, at=NOON + 30 * MINUTE)] == [1]
    first = [*opening, (1, "vacant", "village", ""), (1, "told", "street", "谭镇长")]
    assert _told(alert) == first
    assert [c.level for c in escalate(by=SYSTEM, at=NOON + 60 * MINUTE)] == [2]
    assert _told(alert) == [*first, (2, "told", "desk", "龙沙镇值班台")]
    assert escalate(by=SYSTEM, at=NOON + timedelta(days=2)) == []
    assert [t.due_at for t in _ladder(alert)][-1] == NOON + 60 * MINUTE


def test_an_answer_ends_the_climb(file_id: UUID) -> None:
    alert = _fever(file_id)
    escalate(by=SYSTEM, at=NOON)
    answer_alert(
        alert_id=alert, answer="已送医", scope=EVERYTHING, by=DOCTOR, at=NOON + 5 * MINUTE, closes=False
    )
    assert escalate(by=SYSTEM, at=NOON + timedelta(hours=5)) == []
    assert {t.step for t in _ladder(alert)} == {0}


def test_after_a_night_without_a_tick_every_step_is_told_in_order_with_the_time_it_was_due(
    file_id: UUID,
) -> None:
    alert = _fever(file_id)
    morning = NOON + timedelta(hours=18)
    assert [(c.level, c.climbs) for c in escalate(by=SYSTEM, at=morning)] == [(2, 2)]
    rows = _ladder(alert)
    assert [t.step for t in rows] == [0, 0, 1, 1, 2]
    assert {t.at for t in rows} == {morning}
    assert [t.due_at for t in rows if t.outcome == "told"] == [NOON, NOON + 30 * MINUTE, NOON + 60 * MINUTE]


def test_what_was_told_stands_on_the_person_s_file_and_cannot_be_changed(file_id: UUID) -> None:
    _fever(file_id)
    escalate(by=SYSTEM, at=NOON + 30 * MINUTE)
    assert len(tellings_of_files(EVERYTHING, [file_id])[file_id]) == 4
    for statement in (
        "update observation_telling set worker_name = '别人'",
        "delete from observation_telling",
    ):
        with (
            pytest.raises(DatabaseError, match="never changed"),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute(statement)


def test_an_alert_that_cannot_be_told_is_put_off_and_holds_up_nobody(
    file_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault in one of them, planted where lines are made."""
    poisoned = _fever(file_id)
    other = file_of("冉光明").id
    assert measure(other, NOON + MINUTE, 391).code == ""
    healthy = next(a.id for a in open_alerts(EVERYTHING) if a.file_id == other)
    right = journey._ladder

    def wrong(one: Owed, *rest: object) -> object:
        if one.id == poisoned:
            raise RuntimeError("planted")
        return right(one, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(journey, "_ladder", wrong)
    escalate(by=SYSTEM, at=NOON + 2 * MINUTE)
    assert _told(healthy)
    assert _told(poisoned) == []
    monkeypatch.undo()
    escalate(by=SYSTEM, at=NOON + 2 * MINUTE)
    assert _told(poisoned) == [], "not before its time"
    escalate(by=SYSTEM, at=NOON + 4 * MINUTE)
    assert _told(poisoned)


MISSED = """
[missed]
tell = ["medic"]
tell-after-minutes = 60
climb-after-minutes = [120]
convention = { zh-hans = "示例", zh-hant = "示例", en = "an example" }
"""


def test_a_missed_check_is_told_and_climbs_where_the_pack_says_so_and_ends_with_the_check(
    file_id: UUID, tmp_path: Path
) -> None:
    text = builtin_source("cn-2020-longsha").decode().replace('revision = "2020-02-19"', 'revision = "x"')
    original = (text + MISSED).encode()
    proposed = propose_revision(original=original, area=TOWN, reason="试", by=CLERK, at=FOUND + MINUTE)
    approve_revision(revision_id=proposed, by=DOCTOR, at=FOUND + MINUTE)
    adopt_revision(revision_id=proposed, by=DOCTOR, at=FOUND + MINUTE)
    bring(
        tmp_path,
        ("单小芳,女,,13800000009,红鹤村3组127号,武汉市,2020-01-25,宋大超\n",),
        FOUND + 5 * MINUTE,
        "b.csv",
    )
    file = file_of("单小芳")
    due = file.next_due_at
    assert due is not None
    escalate(by=SYSTEM, at=due + 59 * MINUTE)
    assert missed_of_files(EVERYTHING, [file.id]) == []
    escalate(by=SYSTEM, at=due + 60 * MINUTE)
    escalate(by=SYSTEM, at=due + 61 * MINUTE)
    [missed] = missed_of_files(EVERYTHING, [file.id])
    assert missed.told_steps == 1
    escalate(by=SYSTEM, at=due + 120 * MINUTE)
    [missed] = missed_of_files(EVERYTHING, [file.id])
    assert (missed.told_steps, missed.is_open) == (2, True)
    assert _told(missed.id)[-1][1] == "told"
    measure(file.id, due + 130 * MINUTE)
    assert [c for c in escalate(by=SYSTEM, at=due + timedelta(days=3)) if c.id == missed.id] == []


def test_somebody_watched_over_by_a_worker_who_left_is_an_orphan_and_verify_fails(file_id: UUID) -> None:
    assert orphan_counts(EVERYTHING, NOON) == {"place": 0, "household": 0, "person": 0}
    with connection.cursor() as cursor:
        cursor.execute("update workforce_worker set until = %s where kinds @> '[\"duty-desk\"]'", [NOON])
    found = orphans(EVERYTHING, "person", NOON)
    assert {o.broken_at for o in found} == {"owner"}
    assert [c.name for c in verify_house(NOON) if not c.ok] == ["chain.no-person-alone"]
