"""An abnormal check alarms at once, a missed one within a minute; nobody is without an owner."""

from __future__ import annotations

import pytest
from django.db import transaction

from shouwang.journeys.escalate import escalate
from shouwang.kernel.actor import SYSTEM
from shouwang.observation.actions import answer_alert
from shouwang.observation.models import Alert, DailyCheck
from shouwang.observation.queries import figures, late_count, late_files, open_alerts, verify_checks
from tests.apps.observing import DOCTOR, EVERYWHERE, check, make_ground, open_some, record, when

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("deci", "symptoms", "alarmed"),
    [
        (373, (), True),
        (372, (), False),
        (365, ("cough",), True),
        (365, ("fatigue",), True),
        (None, (), False),
    ],
)
def test_fever_cough_and_fatigue_are_reported_at_once(
    deci: int | None, symptoms: tuple[str, ...], alarmed: bool
) -> None:
    [one] = open_some(make_ground(1))
    receipt = record([check(one, when(1, 10), deci, symptoms=symptoms)], when(1, 10, 1))[0]
    assert (receipt.alerts == ("fever",)) is alarmed
    assert len(open_alerts(EVERYWHERE)) == int(alarmed)


def test_the_alert_and_its_check_are_one_transaction() -> None:
    [one] = open_some(make_ground(1))
    with transaction.atomic():
        record([check(one, when(1, 10), 390)], when(1, 10, 1))
        assert Alert.objects.unscoped("test").count() == 1
        transaction.set_rollback(True)
    assert DailyCheck.objects.unscoped("test").count() == Alert.objects.unscoped("test").count() == 0


def test_a_missed_check_is_visible_within_a_minute_of_its_deadline_and_its_owner_is_named() -> None:
    ground = make_ground(34)
    files = open_some(ground)
    record([check(f, when(1, 10)) for f in files[1:]], when(1, 10, 1))
    assert late_count(EVERYWHERE, when(1, 12)).number == 0
    [late] = late_files(EVERYWHERE, when(1, 12, 1))
    assert (late.file_id, late.owner_id, late.late_seconds) == (files[0], ground.owner, 60)


def test_an_alert_nobody_answers_climbs_and_shows_its_age() -> None:
    [one] = open_some(make_ground(1))
    record([check(one, when(1, 10), 385)], when(1, 10))
    assert [a.level for a in escalate(by=SYSTEM, at=when(1, 10, 30))] == [1]
    assert figures(EVERYWHERE, when(1, 10, 40), zone="Asia/Shanghai").oldest_alert_at == when(1, 10)
    [alert] = open_alerts(EVERYWHERE)
    answer_alert(alert_id=alert.id, answer="已送发热门诊", scope=EVERYWHERE, by=DOCTOR, at=when(1, 10, 50))
    assert escalate(by=SYSTEM, at=when(1, 12)) == []
    assert all(proved.ok for proved in verify_checks(when(1, 12)))
