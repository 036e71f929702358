"""Real pages in real Chromium: built assets, a served site, a signed-in person."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

expect.set_options(timeout=30_000)  # two cores, and often somebody else at work on them
ROOT = Path(__file__).resolve().parent.parent.parent
SHOTS = ROOT / "build" / "shots"
PROGRAM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu"]
"""Debian's Chromium paints by way of a graphics card, and where there is none plays one: a third of each page."""
SIZES = {"wide": {"width": 1366, "height": 768}, "narrow": {"width": 360, "height": 740}}


def serious(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds serious or critical on a page: the rule, and the first three places.

    The page sends that alone; all of axe's findings, with what passed, are megabytes from a process to another.
    """
    page.evaluate(AXE_SCRIPT)
    found: list[tuple[str, list[str]]] = page.evaluate(_SERIOUS)
    return found


_SERIOUS = """axe.run({resultTypes: ["violations"], preload: false}).then(told => told.violations
    .filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => [one.id, one.nodes.slice(0, 3).map(node => node.html.slice(0, 160))]))"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as play:
        yield play.chromium.launch(executable_path=PROGRAM, args=FLAGS)


@pytest.fixture(params=list(SIZES))
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def window(chromium: Browser, size: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=SIZES[size], locale="zh-CN", timezone_id="Asia/Shanghai")
    yield context
    context.close()
    settle_down()


def settle_down() -> None:
    """Until the server has answered what a window or a phone still asked: the tables are emptied after this."""
    pause = threading.Event()
    for _ in range(600):
        if not any("process_request" in one.name for one in threading.enumerate()):
            return
        pause.wait(0.05)


@pytest.fixture
def signed_in(window: BrowserContext, live_server: LiveServer) -> Callable[[object], Page]:
    """Sign a user in without the door, and return a page whose faults are collected on `page.faults`."""

    def go(user: object) -> Page:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        window.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        return _watched(window.new_page())

    return go


@pytest.fixture
def visitor(window: BrowserContext) -> Page:
    return _watched(window.new_page())


def _watched(page: Page) -> Page:
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.faults = faults  # type: ignore[attr-defined]
    return page


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    """The assets, where set-up has not made them yet."""
    manifest = ROOT / "src" / "shouwang" / "desk" / "static" / "built" / "manifest.json"
    if not manifest.exists():
        subprocess.run(["npm", "run", "build"], cwd=ROOT / "web", check=True)
