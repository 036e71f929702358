from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import SHOTS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def look(page: Page, name: str, size: str) -> None:
    """No fault in the console, nothing sideways, axe finds nothing serious. Keeps a picture for people."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}-{size}.png", full_page=True)
    assert page.faults == []  # type: ignore[attr-defined]
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{name} scrolls sideways by {wider} px"
    found = [
        (v["id"], [n["html"][:120] for n in v["nodes"]][:3])
        for v in Axe().run(page).response["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    assert found == []


def test_the_door_is_legible_and_clean(visitor: Page, live_server: LiveServer, size: str) -> None:
    visitor.goto(f"{live_server.url}/account/login/")
    assert visitor.get_by_role("button", name="登录").is_visible()
    look(visitor, "login", size)
