"""Pages on which an office decides: early release by two persons, the day's report, a move, my own list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.utils import translation

from shouwang.accounts.actions import decide_approval
from shouwang.accounts.models import User
from shouwang.accounts.queries import approvals
from shouwang.kernel.actor import Actor
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import CheckCommand, answer_alert, record_checks
from shouwang.observation.queries import files_by_ids, open_alerts
from shouwang.oversight.queries import closed_report
from shouwang.people.queries import household
from shouwang.policy.queries import pack_of
from shouwang.workforce.actions import tie_user
from shouwang.workforce.queries import workers
from tests.conftest import CHINA
from tests.town import OTHER_VILLAGE, TOWN, VILLAGE, FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
EVERYTHING = Scope.everything()
DOCTOR = Actor("doctor", "熊德兰")
ROLES = ("town-commander", "town-clerk", "village-doctor", "auditor", "district-commander")


@pytest.fixture
def town() -> Iterator[Town]:
    changes = {"CLOCK": FixedClock(AT), "REQUIRE_MFA": False}
    with override_settings(**changes), translation.override("en"):
        assert settings.CLOCK.now() == AT
        founded = found_town(AT, roles=ROLES)
        for waiting in approvals(EVERYTHING, state="waiting"):
            decide_approval(approval_id=waiting.id, approve=False, by=DOCTOR, at=AT)
        yield founded


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def settle(town: Town) -> None:
    """The fever was nothing: looked after, and normal since."""
    alert = open_alerts(EVERYTHING)[0]
    answer_alert(alert_id=alert.id, answer="已排除", closes=True, scope=EVERYTHING, by=DOCTOR, at=AT)
    command = CheckCommand(uuid7(), town.ids["file"], AT, "visit", deci=365, roles=("medic",))
    record_checks(items=[command], scope=EVERYTHING, pack_of=pack_of, by=DOCTOR, at=AT)


def ask(town: Town) -> Client:
    asker = signed_in(town.user("town-commander"))
    asker.post(f"/files/{town.ids['file']}/release-early/", {"reason": "转市级医院治疗"})
    return asker


def state(town: Town) -> str:
    return files_by_ids(EVERYTHING, [town.ids["file"]])[town.ids["file"]].state


def test_an_early_release_is_asked_by_one_and_decided_by_another(town: Town) -> None:
    settle(town)
    asker = ask(town)
    ask(town)
    (request,) = approvals(EVERYTHING, state="waiting")
    own = text(asker.get("/approvals/"))
    assert "转市级医院治疗" in own
    assert "another person decides" in own
    asker.post(f"/approvals/{request.id}/", {"decision": "approve"})
    assert state(town) == "open"
    other = signed_in(town.user("district-commander", "district"))
    page = text(other.get("/approvals/"))
    assert "宋云" in page
    assert f'action="/approvals/{request.id}/"' in page
    other.post(f"/approvals/{request.id}/", {"decision": "approve"})
    assert state(town) == "released-early"
    assert "Nothing waits for you" in text(other.get("/approvals/"))


def test_an_open_alarm_is_told_beside_the_request_and_stops_it(town: Town) -> None:
    ask(town)
    (request,) = approvals(EVERYTHING, state="waiting")
    other = signed_in(town.user("district-commander", "district"))
    assert "An alarm is still open" in text(other.get("/approvals/"))
    answer = other.post(f"/approvals/{request.id}/", {"decision": "approve"}, follow=True)
    assert "An alarm is still open." in text(answer)
    assert state(town) == "open"
    assert approvals(EVERYTHING, state="waiting")[0].id == request.id


def test_refusing_says_why(town: Town) -> None:
    ask(town)
    (request,) = approvals(EVERYTHING, state="waiting")
    other = signed_in(town.user("district-commander", "district"))
    other.post(f"/approvals/{request.id}/", {"decision": "refuse", "note": " "})
    assert approvals(EVERYTHING, state="waiting") != []
    other.post(f"/approvals/{request.id}/", {"decision": "refuse", "note": "今晨仍有发热"})
    decided = next(row for row in approvals(EVERYTHING, state="refused") if row.id == request.id)
    assert decided.note == "今晨仍有发热"
    assert "今晨仍有发热" in text(other.get("/approvals/"))


def test_a_closed_day_is_corrected_as_a_revision_and_the_form_marks_it(town: Town) -> None:
    commander = signed_in(town.user("town-commander"))
    day = {"day": "2020-02-01", "area": TOWN}
    assert "not closed yet" in text(commander.get("/report/", day))
    commander.post("/report/close/", day)
    first = closed_report(EVERYTHING, TOWN, AT.date())
    assert first is not None
    settle(town)
    with override_settings(CLOCK=FixedClock(AT + timedelta(hours=2))):
        page = text(commander.get("/report/", day))
        assert "become" in page
        commander.post("/report/close/", {**day, "reason": "晚间补录一次测温"})
        again = closed_report(EVERYTHING, TOWN, AT.date())
        assert again is not None
        assert again.revision == 2
        assert again.value("done") != first.value("done")
        page = text(commander.get("/report/", day))
        assert "struck" in page
        assert "晚间补录一次测温" in page
        old = text(commander.get("/report/", {**day, "revision": "1"}))
        assert "This revision was corrected later." in old
        assert commander.get("/report/", {**day, "revision": "9"}).status_code == 404


def test_each_figure_of_the_form_opens_as_many_rows_as_it_says(town: Town) -> None:
    commander = signed_in(town.user("town-commander"))
    day = {"day": "2020-02-01", "area": TOWN}
    for _closed in (False, True):
        for code, words in (("under-observation", "宋云"), ("found-hubei", "宋云"), ("due", "check 1")):
            page = text(commander.get(f"/report/figure/{code}/", day))
            assert words in page, code
        commander.post("/report/close/", day)
    assert commander.get("/report/form.xlsx", day)["Content-Type"].endswith("sheet")
    assert commander.get("/report/form.doc", day).status_code == 404


def test_an_auditor_counts_people_and_does_not_name_them(town: Town) -> None:
    page = text(signed_in(town.user("auditor")).get("/report/figure/under-observation/"))
    assert "宋云" not in page
    assert "does not name them" in page


def test_a_doctor_with_charges_sees_their_households_and_may_look_at_the_village(town: Town) -> None:
    user = town.user("village-doctor", "own village")
    client = signed_in(user)
    assert "My " not in text(client.get("/"))
    (doctor,) = [w for w in workers(EVERYTHING, area=VILLAGE) if w.name == "熊德兰"]
    tie_user(worker_id=doctor.id, user_id=user.id, by=DOCTOR, at=AT)
    page = text(client.get("/"))
    assert "My 1 household" in page
    assert "宋云" in page
    assert "?mine=yes" in page
    assert client.get("/due/?mine=yes").status_code == 200
    assert "宋云" in text(client.get("/?whole=yes"))


def test_a_household_is_moved_from_its_page(town: Town) -> None:
    clerk = signed_in(town.user("town-clerk"))
    old = town.households["宋云"]
    assert f'value="{OTHER_VILLAGE}"' in text(clerk.get(f"/households/{old}/"))
    answer = clerk.post(
        f"/households/{old}/move/", {"area": OTHER_VILLAGE, "address": "5组8号", "reason": "投亲"}
    )
    page = text(clerk.get(answer["Location"]))
    assert "5组8号" in page
    assert "宋云" in page
    assert household(EVERYTHING, old).members == ()
    doctor = signed_in(town.user("village-doctor", "other village"))
    assert "宋云" in text(doctor.get("/"))
