"""A phone in real Chromium, and the wire between it and the served site, which can be cut."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlparse
from uuid import UUID

from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from shouwang.devices.actions import make_enrol_code
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.scope import Scope
from tests.browser.conftest import SHOTS, serious

PIN = "804172"
SMALL: ViewportSize = {"width": 360, "height": 640}


class Wire:
    """A port that passes everything on to the server, until it is cut: then nobody listens there at all."""

    def __init__(self, target: str) -> None:
        found = urlparse(target)
        self.target = (found.hostname or "127.0.0.1", found.port or 80)
        self.port = 0
        self.calls: list[str] = []
        self._door: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def join(self) -> None:
        """Listen, at the same port as before."""
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", self.port))
        door.listen(64)
        self.port = door.getsockname()[1]
        self._door = door
        threading.Thread(target=self._welcome, args=(door,), daemon=True).start()

    def cut(self) -> None:
        """The server is gone for the phone: no port, every connection torn."""
        door, self._door = self._door, None
        if door is not None:
            with suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
            door.close()
        for one in list(self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _welcome(self, door: socket.socket) -> None:
        while self._door is door:
            try:
                near, _ = door.accept()
                far = socket.create_connection(self.target, timeout=30)
            except OSError:
                return
            self._open |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for one in (source, sink):
            self._open.discard(one)
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


@dataclass
class Phone:
    """One phone: its browser's storage, its open page, what went wrong on it."""

    context: BrowserContext
    wire: Wire
    page: Page = field(init=False)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = self.tab()

    @property
    def url(self) -> str:
        return self.wire.url

    def tab(self) -> Page:
        """A page whose faults are collected. What the network refuses is no fault of the app."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on(
            "console",
            lambda said: (
                self.faults.append(said.text)
                if said.type == "error" and "Failed to load resource" not in said.text
                else None
            ),
        )
        return page

    def enrol(self, code: str) -> None:
        """From the link of the QR code to the list."""
        self.page.goto(f"{self.url}/field/#enrol={code}")
        self.page.get_by_role("button", name="登记", exact=True).click()
        self.type_pin()
        self.type_pin()
        expect(self.page.get_by_test_id("unsent")).to_be_visible()
        self.until(f"({COUNT})('docs').then(held => held > 0)")  # whoever cuts the line now has the list
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def type_pin(self, pin: str = PIN) -> None:
        keys = self.page.locator(".pin-keys")
        for figure in pin:
            keys.get_by_role("button", name=figure, exact=True).click()

    def unlock(self) -> None:
        """The page is open or opened; the PIN is asked."""
        expect(self.page.get_by_test_id("locked")).to_be_visible()
        self.type_pin()
        expect(self.page.get_by_test_id("unsent")).to_be_visible()

    def restart(self, path: str = "/field/") -> None:
        """The phone is switched off and on: no page, no memory, only what is on it."""
        self.page.close()
        self.page = self.tab()
        self.page.goto(self.url + path)
        self.unlock()

    def go(self, path: str) -> None:
        self.page.evaluate("path => { location.hash = path }", path)

    def well(self, deci: int = 365) -> None:
        """A check in three taps: a likely value, no symptoms, save; and the phone has moved on."""
        was = self.page.evaluate("location.hash")
        self.page.locator(f"[data-deci='{deci}']").click()
        self.page.get_by_test_id("symptoms").get_by_role("button", name="无症状", exact=True).click()
        self.page.get_by_test_id("save").click()
        self.page.wait_for_function("was => location.hash !== was", arg=was)

    def kept(self, table: str, count: int) -> None:
        """Waits until so many rows of a table are on the disk of the phone."""
        self.until(f"({COUNT})({table!r}).then(held => held === {count})")

    def until(self, asked: str) -> None:
        """Waits until a promise says yes. (`wait_for_function` takes the promise itself for a yes.)"""
        assert self.page.evaluate(UNTIL % asked, PATIENCE * 1000), f"never: {asked}"

    def count(self, table: str) -> int:
        """Rows of a table on the disk of the phone."""
        return int(self.page.evaluate(COUNT, table))

    def shot(self, name: str) -> Path:
        SHOTS.mkdir(parents=True, exist_ok=True)
        path = SHOTS / f"field-{name}.png"
        self.page.screenshot(path=str(path))
        return path

    def look(self, name: str) -> None:
        """A picture; nothing wider than the screen; nothing that axe finds serious; no fault so far."""
        self.shot(name)
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{name}: {wide} px wider than the screen"
        found = serious(self.page)
        assert found == [], f"{name}: {found}"
        assert self.faults == [], f"{name}: {self.faults}"


COUNT = """table => new Promise(done => {
  const asked = indexedDB.open("shouwang-field");
  asked.onsuccess = () => {
    const all = asked.result.transaction(table).objectStore(table).count();
    all.onsuccess = () => { asked.result.close(); done(all.result); };
  };
})"""
"""Rows of a table on the disk of the phone."""
UNTIL = """async most => {
  for (const end = performance.now() + most; performance.now() < end; ) {
    if (await %s) return true;
  }
  return false;
}"""
PATIENCE = 30
"""Seconds."""


def enrol_code(user_id: UUID, at: datetime) -> str:
    """A code as the desk makes it."""
    return make_enrol_code(user_id=user_id, scope=Scope.everything(), by=SYSTEM, at=at).code
