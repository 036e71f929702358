"""Log-ins, grants in time, and the second person."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from shouwang.accounts.actions import (
    APPROVAL_LIVES,
    ask_approval,
    create_user,
    decide_approval,
    end_grant,
    grant_role,
)
from shouwang.accounts.models import Approval
from shouwang.accounts.queries import (
    approval,
    approvals,
    needs_second_factor,
    scope_of,
    user_by_name,
    users_with_roles,
)
from shouwang.accounts.rules import PERMISSIONS, ROLES
from shouwang.config import settings as product
from shouwang.journal.queries import events_about
from shouwang.kernel.actor import SYSTEM, Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Grant, Scope

pytestmark = pytest.mark.django_db

TOWN, VILLAGE, NEXT_VILLAGE = "500101135", "500101135003", "500101135200"
CLERK, CHIEF = Actor("clerk", "冉小琴"), Actor("chief", "杨应忠")


def _user(at: datetime, username: str = "ran") -> UUID:
    return create_user(username=username, name="冉小琴", password="a long password", by=SYSTEM, at=at).id


def _asked(at: datetime, area: str = VILLAGE) -> UUID:
    return ask_approval(
        kind="early-release",
        permission="observation.release-early",
        area=area,
        subject=("file", "1"),
        payload={"file": "1", "ends": "2020-02-03"},
        reason="去世",
        by=CLERK,
        at=at,
    )


def _refusal(code: str):  # type: ignore[no-untyped-def]
    return pytest.raises(Refused, match=f"^{code}")


def test_a_log_in_name_is_given_once(at: datetime) -> None:
    _user(at)
    with _refusal("username-taken"):
        _user(at)


def test_a_password_is_kept_by_argon2_only(at: datetime, settings: Settings) -> None:
    """As the product hashes; the tests themselves do not, for the sake of time."""
    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS
    _user(at)
    user = user_by_name("ran")
    assert user is not None
    assert user.password.startswith("argon2$")
    assert user.check_password("a long password")


def test_a_new_log_in_sees_nothing(at: datetime) -> None:
    assert scope_of(_user(at), at).areas == ()


def test_a_grant_holds_from_its_instant_until_the_instant_it_ends(at: datetime) -> None:
    user = _user(at)
    grant_role(user_id=user, role="village-doctor", area=VILLAGE, by=SYSTEM, at=at)
    ended = at + timedelta(days=3)
    end_grant(user_id=user, role="village-doctor", area=VILLAGE, by=SYSTEM, at=ended)
    instant = timedelta(microseconds=1)
    assert scope_of(user, at - instant).areas == ()
    assert scope_of(user, at).areas == (VILLAGE,)
    assert scope_of(user, ended - instant).areas == (VILLAGE,)
    assert scope_of(user, ended).areas == ()


def test_a_role_given_twice_is_one_grant_and_one_event(at: datetime) -> None:
    user = _user(at)
    for _ in range(2):
        grant_role(user_id=user, role="town-clerk", area=TOWN, by=SYSTEM, at=at)
    events = events_about(Scope.everything(), "user", [str(user)])
    assert [e.verb for e in events].count("accounts.role.granted") == 1


def test_a_role_that_does_not_exist_is_refused(at: datetime) -> None:
    with _refusal("role-unknown"):
        grant_role(user_id=_user(at), role="king", area="", by=SYSTEM, at=at)


def test_a_grant_that_is_not_there_cannot_end(at: datetime) -> None:
    with _refusal("grant-not-found"):
        end_grant(user_id=_user(at), role="town-clerk", area=TOWN, by=SYSTEM, at=at)


def test_two_grants_add_up_each_with_its_own_permissions(at: datetime) -> None:
    user = _user(at)
    grant_role(user_id=user, role="village-doctor", area=VILLAGE, by=SYSTEM, at=at)
    grant_role(user_id=user, role="auditor", area=TOWN, by=SYSTEM, at=at)
    scope = scope_of(user, at)
    assert scope.areas == (TOWN,)
    assert scope.allows("observation.record", VILLAGE)
    assert not scope.allows("observation.record", NEXT_VILLAGE)
    assert scope.allows("journal.view", NEXT_VILLAGE)


def test_a_desk_role_needs_a_second_factor_and_a_field_role_does_not(at: datetime) -> None:
    user = _user(at)
    grant_role(user_id=user, role="village-cadre", area=VILLAGE, by=SYSTEM, at=at)
    assert not needs_second_factor(scope_of(user, at))
    grant_role(user_id=user, role="town-clerk", area=TOWN, by=SYSTEM, at=at)
    assert needs_second_factor(scope_of(user, at))


def test_log_ins_of_another_town_are_not_listed(at: datetime) -> None:
    here, there = _user(at, "here"), _user(at, "there")
    grant_role(user_id=here, role="town-clerk", area=TOWN, by=SYSTEM, at=at)
    grant_role(user_id=there, role="town-clerk", area="500102101", by=SYSTEM, at=at)
    clerk = Scope("u", (Grant("town-commander", TOWN, frozenset({"user.manage"})),))
    assert [row.username for row in users_with_roles(clerk, at)] == ["here"]


def test_every_role_has_a_description_and_only_permissions_that_exist() -> None:
    for role in ROLES.values():
        assert role.description
        assert role.permissions <= PERMISSIONS.keys()


def test_every_permission_is_given_by_some_role() -> None:
    assert set().union(*(role.permissions for role in ROLES.values())) == PERMISSIONS.keys()


def test_one_person_alone_never_decides(at: datetime) -> None:
    asked = _asked(at)
    with _refusal("second-person-needed"):
        decide_approval(approval_id=asked, approve=True, by=CLERK, at=at)
    assert approval(Scope.everything(), asked).state == "waiting"


def test_the_second_person_gets_the_payload_as_it_was_asked(at: datetime) -> None:
    payload = decide_approval(approval_id=_asked(at), approve=True, by=CHIEF, at=at)
    assert payload == {"file": "1", "ends": "2020-02-03"}


def test_a_request_is_decided_once(at: datetime) -> None:
    asked = _asked(at)
    decide_approval(approval_id=asked, approve=False, note="不同意", by=CHIEF, at=at)
    with _refusal("approval-closed"):
        decide_approval(approval_id=asked, approve=True, by=CHIEF, at=at)


def test_a_request_lapses_at_its_hour_even_if_no_job_ran(at: datetime) -> None:
    asked = _asked(at)
    with _refusal("approval-lapsed"):
        decide_approval(approval_id=asked, approve=True, by=CHIEF, at=at + APPROVAL_LIVES)
    almost = at + APPROVAL_LIVES - timedelta(microseconds=1)
    decide_approval(approval_id=asked, approve=True, by=CHIEF, at=almost)


def test_a_payload_changed_after_it_was_asked_is_not_approved(at: datetime) -> None:
    asked = _asked(at)
    with connection.cursor() as cursor:
        cursor.execute('update accounts_approval set payload = \'{"file": "2"}\' where id = %s', [asked])
    with _refusal("payload-changed"):
        decide_approval(approval_id=asked, approve=True, by=CHIEF, at=at)


def test_the_database_refuses_one_person_as_both(at: datetime) -> None:
    asked = _asked(at)
    rows = Approval.objects.unscoped("an attack").filter(id=asked)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(decided_by=CLERK.id, state="approved")


def test_a_request_without_a_reason_is_refused(at: datetime) -> None:
    with _refusal("reason-missing"):
        ask_approval(
            kind="export",
            permission="ledger.export-full",
            area=TOWN,
            subject=("ledger", "hubei"),
            payload={},
            reason="  ",
            by=CLERK,
            at=at,
        )


def test_a_request_of_another_village_does_not_exist(at: datetime) -> None:
    asked = _asked(at)
    other = Scope("u", (Grant("town-commander", NEXT_VILLAGE, frozenset({"approval.decide"})),))
    assert approvals(other) == []
    with _refusal("approval-not-found"):
        approval(other, asked)
    assert [row.id for row in approvals(Scope.everything(), state="waiting")] == [asked]


def test_a_request_that_never_was_is_not_found(at: datetime) -> None:
    with _refusal("approval-not-found"):
        decide_approval(approval_id=uuid7(), approve=True, by=CHIEF, at=at)


def test_asking_and_deciding_are_in_the_journal_without_the_payload(at: datetime) -> None:
    asked = _asked(at)
    decide_approval(approval_id=asked, approve=True, by=CHIEF, at=at + timedelta(minutes=1))
    events = events_about(Scope.everything(), "approval", [str(asked)])
    assert [e.verb for e in events] == ["accounts.approval.approved", "accounts.approval.asked"]
    assert all(set(e.payload) == {"kind", "payload_hash"} for e in events)
