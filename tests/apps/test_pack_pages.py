"""Whose word a pack is: the pages name the person, and say in words what nobody proposed in person."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from pytest_django import Settings

from shouwang.desk.actors import actor_words
from shouwang.kernel.actor import Actor
from shouwang.packs.load import builtin_source
from shouwang.policy.actions import propose_revision
from tests.conftest import CHINA
from tests.town import TOWN, FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
STRICTER = builtin_source("cn-2020-longsha").replace(b"2020-01-01 = 373", b"2020-01-01 = 372")


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    return found_town(AT, roles=("town-clerk", "town-commander"))


@pytest.fixture
def commander(town: Town) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.user("town-commander"))
    return client


def test_the_pack_a_place_was_founded_with_is_said_to_be_shipped(town: Town, commander: Client) -> None:
    row = commander.get("/packs/").content.decode().split("<tbody>")[1]
    assert "随软件提供" in row
    page = commander.get(f"/packs/{town.ids['revision']}/").content.decode()
    assert "随软件提供，建站时启用" in page
    for raw in ("system", "founding"):
        assert raw not in row
        assert raw not in page.split('<dl class="facts">')[1].split("</dl>")[0]


def test_a_revision_that_a_person_proposed_bears_the_persons_name_everywhere(
    town: Town, commander: Client
) -> None:
    clerk = town.user("town-clerk")
    key = propose_revision(
        original=STRICTER, area=TOWN, reason="按区指挥部通知", by=Actor(str(clerk.pk), clerk.name), at=AT
    )
    for address in ("/packs/", f"/packs/{key}/", "/approvals/"):
        page = commander.get(address).content.decode().split('<main id="main">')[1]
        assert clerk.name in page, address
    facts = commander.get(f"/packs/{key}/").content.decode().split('<dl class="facts">')[1].split("</dl>")[0]
    assert "按区指挥部通知" in facts
    assert "随软件提供" not in facts


def test_who_is_no_person_is_said_in_words_and_a_person_by_name() -> None:
    assert actor_words("谭正国") == "谭正国"
    assert [actor_words(name) for name in ("system", "command line")] == ["系统自动", "服务器命令行"]
