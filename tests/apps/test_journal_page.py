from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import Settings

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from tests.conftest import CHINA
from tests.town import FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
PERSON, OTHER = UUID("01a203bc-8adc-716f-9ad9-e7a622cb77e5"), UUID("01a203bc-8adc-716f-9ad9-e7a622aa0001")
EPI = Actor("e", "程静")


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    return found_town(AT, roles=("auditor", "administrator", "town-commander"))


def _page(town: Town, role: str, address: str) -> str:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.user(role, "own town"))
    return client.get(address).content.decode()


def _reveal(person: UUID, at: datetime, purpose: str = "核对流调信息") -> None:
    append_event(
        verb="people.person.revealed",
        subject=("person", person),
        area="500101135003",
        by=EPI,
        at=at,
        payload={"purpose": purpose},
    )


def test_an_auditor_follows_one_person_through_the_journal(town: Town) -> None:
    _reveal(PERSON, AT - timedelta(hours=1))
    _reveal(OTHER, AT - timedelta(hours=2))
    page = _page(town, "auditor", "/journal/?group=reads")
    assert "CB77E5" in page
    assert "AA0001" in page
    assert "<dt>用途</dt><dd>核对流调信息</dd>" in page
    about = _page(town, "auditor", f"/journal/?about=person~{PERSON}")
    assert "只看：人 CB77E5" in about
    assert "AA0001" not in about


def test_an_auditor_opens_the_journal_of_one_day(town: Town) -> None:
    _reveal(PERSON, AT - timedelta(days=1, hours=18))  # at midnight, when that day begins
    _reveal(OTHER, AT - timedelta(hours=18))
    page = _page(town, "auditor", "/journal/?day=2020-01-31&group=reads")
    assert "CB77E5" in page
    assert "AA0001" not in page


def test_an_auditor_sees_at_once_for_what_a_number_was_opened(town: Town) -> None:
    _reveal(PERSON, AT - timedelta(hours=1))
    assert "核对流调信息" in _page(town, "auditor", "/")


def test_an_administrator_sees_who_was_given_which_role(town: Town) -> None:
    page = _page(town, "administrator", "/")
    assert "镇指挥长" in page.split("角色的授予与收回")[1]


def test_what_one_clerk_released_in_a_minute_is_one_line_for_the_commander(town: Town) -> None:
    for n in range(30):
        append_event(
            verb="observation.file.released",
            subject=("file", UUID(int=n)),
            area=f"5001011350{n % 3 + 1:02d}",
            by=Actor("c", "冉晓梅"),
            at=AT - timedelta(hours=9),
        )
    page = _page(town, "town-commander", "/")
    assert page.count("冉晓梅 已解除") == 1
    assert "× 30" in page
    assert "多处" in page
