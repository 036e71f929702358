"""How the field app is served: under a policy of its own, kept by the phone, small enough for a village line."""

from __future__ import annotations

import gzip
import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def page() -> str:
    return Client().get("/field/").content.decode()


def test_the_page_needs_no_log_in_and_runs_under_its_own_policy() -> None:
    answer = Client().get("/field/")
    assert answer.status_code == 200
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy
    assert "connect-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    assert answer["X-Frame-Options"] == "DENY"


def test_nothing_stands_in_the_page_itself() -> None:
    html = page()
    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
    assert "<style" not in html
    assert re.findall(r"\s(?:style|on[a-z]+)=", html) == []


def test_every_file_the_page_names_is_served_and_kept_for_ever() -> None:
    named = re.findall(r'(?:src|href)="(/field/[^"]+)"', page())
    assert any("assets/" in name for name in named)
    for name in named:
        answer = Client().get(name)
        assert answer.status_code == 200, name
        if "/assets/" in name:
            assert "immutable" in answer["Cache-Control"]


def test_the_service_worker_is_never_kept_and_may_watch_over_the_app() -> None:
    answer = Client().get("/field/sw.js")
    assert answer.status_code == 200
    assert answer["Service-Worker-Allowed"] == "/field/"
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Type"].startswith("text/javascript")
    assert Client().get("/field/sw.js", headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_files_are_the_same_for_every_language_and_session() -> None:
    assert Client().get("/field/", headers={"accept-language": "en"})["Vary"] == "Accept-Encoding"


def test_a_phone_on_a_thin_line_gets_it_packed() -> None:
    plain = Client().get("/field/sw.js")
    packed = Client().get("/field/sw.js", headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content)


@pytest.mark.parametrize("path", ["../urls.py", "..%2furls.py", "assets/none.js", "assets", "%2e%2e/site.py"])
def test_nothing_but_the_build_is_served(path: str) -> None:
    assert Client().get(f"/field/{path}").status_code == 404


def test_only_reading_is_answered() -> None:
    assert Client().post("/field/").status_code == 405
