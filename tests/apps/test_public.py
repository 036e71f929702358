from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client

from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.outreach import actions, queries
from shouwang.outreach.rules import CertificateContent, make_token
from shouwang.public import limits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _unhurried() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def _paper(at: datetime) -> UUID:
    return actions.issue_paper(
        content=CertificateContent(
            office="龙沙镇领导小组",
            name="宋大超",
            id_number="500101198806112650",
            address="安坪村3组",
            start=date(2020, 1, 20),
            last=date(2020, 2, 2),
            released_on=date(2020, 2, 3),
            legal_ground="某法",
            appeal="镇办",
        ),
        subject=("observation-file", uuid7()),
        area="500101135003",
        zone="Asia/Shanghai",
        by=SYSTEM,
        at=at,
    )


def _address(paper: UUID) -> str:
    return "/p/v/" + queries.token_of(Scope.everything(), paper)


def test_a_stranger_reads_that_a_paper_is_genuine_and_no_more(client: Client, at: datetime) -> None:
    response = client.get(_address(_paper(at)), headers={"accept-language": "zh-cn"})
    said = response.content.decode()
    assert response.status_code == 200
    for told in ("真实有效", "宋*超", "500101135 医观解〔2020〕0001号", "龙沙镇领导小组", "2020-02-01"):
        assert told in said
    for kept in ("宋大超", "500101198806112650", "安坪村"):
        assert kept not in said


@pytest.mark.parametrize(
    ("language", "told"), [("zh-hans", "真实有效"), ("zh-hant", "真實有效"), ("en", "Genuine")]
)
def test_the_page_speaks_three_languages_without_script_or_cookie(
    client: Client, at: datetime, language: str, told: str
) -> None:
    response = client.get(_address(_paper(at)) + f"?lang={language}")
    said = response.content.decode()
    assert told in said
    assert f'<html lang="{language}">' in said
    assert "<script" not in said
    assert "style=" not in said
    assert not response.cookies
    assert len(response.content) < 4000


def test_a_revoked_paper_says_so(client: Client, at: datetime) -> None:
    paper = _paper(at)
    actions.revoke_paper(paper_id=paper, reason="x", by=SYSTEM, at=at)
    response = client.get(_address(paper) + "?lang=zh-hans")
    assert "已作废" in response.content.decode()


def test_unknown_malformed_and_forged_look_exactly_alike(client: Client, at: datetime) -> None:
    paper = _paper(at)
    tokens = [make_token(paper, b"\0" * 32), make_token(uuid7(), b"\0" * 32), "x", "a" * 40, "%E9" * 9, "-"]
    answers = [client.get(f"/p/v/{token}?lang=zh-hans") for token in tokens]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert "查无此文书" in answers[0].content.decode()


def test_a_code_typed_with_gaps_and_capitals_is_understood(client: Client, at: datetime) -> None:
    paper = _paper(at)
    token = queries.token_of(Scope.everything(), paper).upper()
    response = client.get("/p/v/", {"code": f"{token[:10]} {token[10:20]}-{token[20:]}", "lang": "en"})
    assert response.status_code == 302
    assert "Genuine" in client.get(response["Location"]).content.decode()


def test_an_address_that_tries_many_tokens_is_told_to_wait(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ASKS_A_MINUTE", 3)
    codes = [client.get("/p/v/x").status_code for _ in range(5)]
    assert codes == [404, 404, 404, 429, 429]
    assert client.get("/p/v/x")["Retry-After"] == "60"
    assert Client(REMOTE_ADDR="10.0.0.9").get("/p/v/x").status_code == 404


def test_nothing_about_a_paper_is_kept_on_the_way(client: Client, at: datetime) -> None:
    response = client.get(_address(_paper(at)))
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert client.post(_address(_paper(at))).status_code == 405
