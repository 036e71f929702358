"""Groups by rule: formed once, kept as teams change, told by a list what to do by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from pytest_django import Settings

from shouwang.journeys.form_groups import form_household_groups, keep_groups
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.models import ObservationFile
from shouwang.outreach.actions import connect_robot, form_groups, mark_group_created, mark_members
from shouwang.outreach.models import ChatGroup, Message
from shouwang.outreach.queries import group, group_counts, group_of, group_page, rosters
from shouwang.outreach.rules import Plan
from shouwang.workforce.actions import NewAssignment, assign_many, hand_over
from shouwang.workforce.queries import team_of
from tests.apps import sending
from tests.town import TOWN, VILLAGE, Town, found_town
from tests.vendors import vendor

pytestmark = pytest.mark.django_db
ALL = Scope.everything("test")
HOUR = timedelta(hours=1)


@pytest.fixture
def town(at: datetime, settings: Settings) -> Town:
    founded = found_town(at, roles=())
    Message.objects.unscoped("what the town has already queued is not what is asked about here").delete()
    return founded


def _form(at: datetime) -> None:
    form_household_groups(area=TOWN, scope=ALL, by=SYSTEM, at=at)


def _group(town: Town) -> UUID:
    found = group_of(ALL, "household", town.households["宋云"])
    assert found is not None
    return found.id


def _told(group_id: UUID) -> list[tuple[str, str, bool, bool]]:
    return [(m.name, m.role, m.to_add, m.to_remove) for m in rosters(ALL, [group_id])[group_id]]


def test_a_group_is_formed_for_every_staffed_household_and_called_by_the_rule(
    town: Town, at: datetime
) -> None:
    ChatGroup.objects.unscoped("formed with the town").delete()
    formed = form_household_groups(area=TOWN, scope=ALL, by=SYSTEM, at=at)
    assert len(formed.new) == 1
    (row,) = group_page(ALL)
    assert row.name.endswith("防控组(宋云)")
    assert "村民委员会" not in row.name
    assert (row.state, row.wanted, row.to_do, row.leader_name, row.is_small) == (
        "to-create",
        2,
        2,
        "熊德兰",
        True,
    )
    assert _told(row.id) == [("熊德兰", "medic", True, False), ("宋云", "contact", True, False)]
    again = form_household_groups(area=TOWN, scope=ALL, by=SYSTEM, at=at + HOUR)
    assert (again.new, again.changed, again.closed) == ((), (), 0)


def test_when_the_team_changes_the_tick_says_whom_to_add_and_whom_to_remove(town: Town, at: datetime) -> None:
    _form(at)
    key = _group(town)
    mark_group_created(group_id=key, scope=ALL, by=SYSTEM, at=at)
    assert group(ALL, key).to_do == 0
    assert keep_groups(by=SYSTEM, at=at + HOUR) == 0
    (medic,) = team_of(ALL, "household", town.households["宋云"])
    hand_over(
        assignment_id=medic.assignment_id,
        to_worker=town.ids["worker"],
        reason="病了",
        by=SYSTEM,
        at=at + 2 * HOUR,
    )
    assert keep_groups(by=SYSTEM, at=at + 3 * HOUR) == 1
    assert _told(key) == [
        ("熊德兰", "medic", False, True),
        ("宋云", "contact", False, False),
        ("杨应忠", "medic", True, False),
    ]
    row = group(ALL, key)
    assert (row.to_do, row.leader_name) == (2, "杨应忠")
    (told,) = Message.objects.unscoped("test").filter(about_kind="group")
    assert (told.template, told.to_id, told.params["count"]) == ("team-changed", town.ids["worker"], "2")
    ids = [m.id for m in rosters(ALL, [key])[key]]
    assert mark_members(group_id=key, members=ids, scope=ALL, by=SYSTEM, at=at + 4 * HOUR) == 2
    assert _told(key) == [("宋云", "contact", False, False), ("杨应忠", "medic", False, False)]
    assert keep_groups(by=SYSTEM, at=at + 5 * HOUR) == 0


def test_who_comes_back_before_being_taken_out_needs_nothing_done(town: Town, at: datetime) -> None:
    _form(at)
    key = _group(town)
    mark_group_created(group_id=key, scope=ALL, by=SYSTEM, at=at)
    (medic,) = team_of(ALL, "household", town.households["宋云"])
    first = medic.worker.id
    fresh = hand_over(
        assignment_id=medic.assignment_id,
        to_worker=town.ids["worker"],
        reason="病了",
        by=SYSTEM,
        at=at + HOUR,
    )
    keep_groups(by=SYSTEM, at=at + 2 * HOUR)
    hand_over(assignment_id=fresh, to_worker=first, reason="病好了", by=SYSTEM, at=at + 3 * HOUR)
    keep_groups(by=SYSTEM, at=at + 4 * HOUR)
    assert group(ALL, key).to_do == 0
    assert [name for name, *_ in _told(key)] == ["熊德兰", "宋云"]


def test_a_worker_in_two_roles_is_one_member(town: Town, at: datetime) -> None:
    (medic,) = team_of(ALL, "household", town.households["宋云"])
    home = str(town.households["宋云"])
    second = NewAssignment(VILLAGE, medic.worker.id, "five-to-one", "neighbour", "household", home)
    assign_many(assignments=[second], area=TOWN, by=SYSTEM, at=at)
    _form(at + HOUR)
    assert group(ALL, _group(town)).wanted == 2


def test_the_robot_of_one_group_cannot_become_the_robot_of_another(
    town: Town, at: datetime, settings: Settings
) -> None:
    _form(at)
    key = _group(town)
    other = NewAssignment(
        "500101135201",
        town.ids["worker"],
        "five-to-one",
        "village-cadre",
        "household",
        str(town.households["单德明"]),
    )
    assign_many(assignments=[other], area=TOWN, by=SYSTEM, at=at)
    with vendor("wecom", k1="", k2="") as fake:
        settings.ROBOT_HOSTS = [fake.host]
        webhook = f"{fake.url}/cgi-bin/webhook/send?key=k1"
        connect_robot(group_id=key, webhook=webhook, sign="", scope=ALL, by=SYSTEM, at=at)
        assert group(ALL, key).state == "connected"
        connect_robot(group_id=key, webhook=webhook, sign="", scope=ALL, by=SYSTEM, at=at)
        second = _second_group(town, at)
        with pytest.raises(Refused, match="webhook-taken"):
            connect_robot(group_id=second, webhook=webhook, sign="", scope=ALL, by=SYSTEM, at=at)
        sending.queue(key, at, "a", to_kind="group")
        assert dict(sending.send(at).outcomes) == {"sent": 1}
        assert [d.to for d in fake.delivered] == ["k1"]
        settings.ROBOT_HOSTS = []
        with pytest.raises(Refused, match="webhook-foreign"):
            connect_robot(group_id=second, webhook=webhook, sign="", scope=ALL, by=SYSTEM, at=at)
    with pytest.raises(Refused, match="webhook-unreadable"):
        connect_robot(group_id=second, webhook="https://example.org/", sign="", scope=ALL, by=SYSTEM, at=at)


def _second_group(town: Town, at: datetime) -> UUID:
    """A group for the other family, without its having a file."""
    plan = Plan("500101135201", "household", str(town.households["单德明"]), "five-to-one", "别组", None, ())
    (key,) = form_groups(plans=[plan], ended=(), kind="household", area=TOWN, by=SYSTEM, at=at).new
    return key


def test_a_message_to_a_group_without_a_robot_waits_and_goes_when_it_is_connected(
    town: Town, at: datetime, settings: Settings
) -> None:
    _form(at)
    key = _group(town)
    sending.queue(key, at, "a", to_kind="group")
    assert sending.send(at).calls == 0
    with vendor("dingtalk", tok="SEC1") as fake:
        settings.ROBOT_HOSTS = [fake.host]
        hook = f"{fake.url}/robot/send?access_token=tok"
        connect_robot(group_id=key, webhook=hook, sign="SEC1", scope=ALL, by=SYSTEM, at=at + HOUR)
        assert dict(sending.send(at + HOUR).outcomes) == {"sent": 1}
        assert len(fake.delivered) == 1


def test_the_group_ends_with_the_last_open_file_of_the_household(town: Town, at: datetime) -> None:
    _form(at)
    ended = {"state": "transferred", "actual_ended_at": at, "end_reason": "住院"}
    ObservationFile.objects.unscoped("test").update(**ended)
    assert form_household_groups(area=TOWN, scope=ALL, by=SYSTEM, at=at + HOUR).closed == 1
    assert group_counts(ALL)["all"] == 0


def test_forming_groups_needs_the_right_to_assign_teams(town: Town, at: datetime) -> None:
    with pytest.raises(Refused, match="not-permitted"):
        form_household_groups(area=TOWN, scope=Scope("nobody", ()), by=SYSTEM, at=at)
