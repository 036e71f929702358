"""The policy room: two persons, frozen content, the pack in force here and then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from shouwang.journal.queries import broken_chains, events_about
from shouwang.kernel.actor import SYSTEM, Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Grant, Scope
from shouwang.packs.load import PackInvalid, builtin, builtin_source, pack_hash
from shouwang.policy.actions import adopt_builtin, adopt_revision, approve_revision, propose_revision
from shouwang.policy.models import PackRevision
from shouwang.policy.queries import (
    original_text,
    pack_in_force,
    pack_of,
    revision,
    revision_in_force,
    revisions,
    revisions_in_force,
)

pytestmark = pytest.mark.django_db

TOWN, VILLAGE = "500101135", "500101135003"
LI = Actor("li", "李书记")
WANG = Actor("wang", "王主任")
ALL = Scope.everything()
TEXT = builtin_source("cn-2020-longsha")
STRICTER = TEXT.replace(b"2020-01-01 = 373", b"2020-01-01 = 373, 2020-02-05 = 370")


def scope_of(area: str) -> Scope:
    return Scope("someone", (Grant("village-cadre", area, frozenset({"pack.view"})),))


def test_a_place_is_founded_with_a_shipped_pack(at: datetime) -> None:
    row = adopt_builtin(pack_id="cn-2020-longsha", area=TOWN, by=LI, at=at)
    assert (row.state, row.proposed_by, row.approved_by) == ("adopted", "system", "li")
    assert row.content_hash == pack_hash(builtin("cn-2020-longsha"))
    assert pack_of(row.id) == builtin("cn-2020-longsha")
    assert original_text(ALL, row.id) == TEXT.decode()
    assert [e.verb for e in events_about(ALL, "pack-revision", [str(row.id)])] == ["policy.revision.adopted"]
    with pytest.raises(Refused, match="pack-in-force"):
        adopt_builtin(pack_id="cn-2020-rongchang", area=TOWN, by=LI, at=at)


def test_founded_today_it_holds_for_the_days_that_are_replayed() -> None:
    adopt_builtin(pack_id="cn-2020-longsha", area=TOWN, by=SYSTEM, at=datetime(2026, 11, 21, tzinfo=UTC))
    assert revision_in_force(ALL, VILLAGE, datetime(2020, 1, 21, tzinfo=UTC)) is not None
    assert revision_in_force(ALL, VILLAGE, datetime(2019, 12, 1, tzinfo=UTC)) is None


def test_a_revision_needs_a_second_person_and_then_holds(at: datetime) -> None:
    first = adopt_builtin(pack_id="cn-2020-longsha", area=TOWN, by=LI, at=at - timedelta(days=9))
    key = propose_revision(original=STRICTER, area=TOWN, reason="line lowered", by=LI, at=at)
    with pytest.raises(Refused, match="revision-closed"):
        adopt_revision(revision_id=key, by=LI, at=at)
    with pytest.raises(Refused, match="second-person-needed"):
        approve_revision(revision_id=key, by=LI, at=at)
    approve_revision(revision_id=key, by=WANG, at=at)
    adopted = adopt_revision(revision_id=key, by=LI, at=at, in_force_from=at + timedelta(hours=6))
    found = [
        revision_in_force(ALL, VILLAGE, moment)
        for moment in (at, at + timedelta(hours=6) - timedelta(seconds=1), at + timedelta(hours=6))
    ]
    assert [row.id for row in found if row] == [first.id, first.id, key]
    assert adopted.approved_by_name == "王主任"
    assert revision(ALL, first.id).state == "retired"
    assert [e.verb for e in events_about(ALL, "pack-revision", [str(key)])] == [
        "policy.revision.adopted",
        "policy.revision.approved",
        "policy.revision.proposed",
    ]
    assert broken_chains() == []


def test_the_database_itself_refuses_the_proposer_as_second_person(at: datetime) -> None:
    key = propose_revision(original=TEXT, area=TOWN, reason="first", by=LI, at=at)
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        PackRevision.objects.unscoped("attack").filter(id=key).update(state="approved", approved_by="li")


@pytest.mark.parametrize(
    "change",
    ["source = '{}'", "content_hash = 'x'", "area = ''", "state = 'proposed'", "in_force_from = now()"],
)
def test_an_adopted_revision_is_immutable(change: str, at: datetime) -> None:
    adopt_builtin(pack_id="cn-2020-longsha", area=TOWN, by=LI, at=at)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE policy_packrevision SET {change}")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM policy_packrevision")


def test_proposed_content_is_frozen_before_it_is_approved(at: datetime) -> None:
    propose_revision(original=TEXT, area=TOWN, reason="first", by=LI, at=at)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE policy_packrevision SET source = '{}'")


def test_refusals_of_a_proposal(at: datetime) -> None:
    adopt_builtin(pack_id="cn-2020-longsha", area=TOWN, by=LI, at=at)
    with pytest.raises(PackInvalid) as caught:
        propose_revision(
            original=TEXT.replace(b'protocol = "home-14"', b'protocol = "home-41"'),
            area=TOWN, reason="typo", by=LI, at=at,
        )  # fmt: skip
    assert caught.value.problems[0].path == "category[1].protocol"
    with pytest.raises(Refused, match="reason-missing"):
        propose_revision(original=STRICTER, area=TOWN, reason=" ", by=LI, at=at)
    with pytest.raises(Refused, match="revision-unchanged"):
        propose_revision(original=b"# remark\n" + TEXT, area=TOWN, reason="same", by=LI, at=at)
    key = propose_revision(original=STRICTER, area=TOWN, reason="line", by=LI, at=at)
    approve_revision(revision_id=key, by=WANG, at=at)
    with pytest.raises(Refused, match="in-force-in-the-past"):
        adopt_revision(revision_id=key, by=LI, at=at, in_force_from=at - timedelta(days=1))


def test_the_nearest_place_decides_and_each_disease_has_its_own(at: datetime) -> None:
    wide = adopt_builtin(pack_id="cn-2020-rongchang", area="5001", by=LI, at=at)
    near = adopt_builtin(pack_id="cn-2020-longsha", area=TOWN, by=LI, at=at)
    measles = adopt_builtin(pack_id="measles", area=TOWN, by=LI, at=at)
    assert [row.id for row in revisions_in_force(ALL, VILLAGE, at)] == [near.id, measles.id]
    found = revision_in_force(ALL, "500102001", at)
    assert found is not None
    assert found.id == wide.id
    other = revision_in_force(ALL, VILLAGE, at, "measles")
    assert other is not None
    assert other.id == measles.id
    assert pack_in_force(ALL, VILLAGE, at)[1].id == "cn-2020-longsha"


def test_a_village_reads_the_rules_of_its_town_and_not_those_of_another(at: datetime) -> None:
    row = adopt_builtin(pack_id="cn-2020-longsha", area=TOWN, by=LI, at=at)
    assert [r.id for r in revisions(scope_of(VILLAGE))] == [row.id]
    assert revision_in_force(scope_of(VILLAGE), VILLAGE, at) is not None
    assert revisions(scope_of("500102")) == []
    assert revision_in_force(scope_of("500102"), VILLAGE, at) is None
    with pytest.raises(Refused, match="revision-not-found"):
        revision(scope_of("500102"), row.id)
    with pytest.raises(Refused, match="no-pack-in-force"):
        pack_in_force(scope_of("500102"), "500102", at)
