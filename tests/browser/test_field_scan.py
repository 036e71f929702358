"""The field app's scanner in real Chromium: a camera films a code as the desk shows it, and a phone enrols by it.

Also what WeChat's browser is told, and that nothing is left in it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import segno
from playwright.sync_api import Browser, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from shouwang.devices.actions import make_enrol_code
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.scope import Scope
from tests.browser.conftest import FLAGS, PROGRAM
from tests.browser.test_pages import AT, town  # noqa: F401 - the fixture
from tests.node import WEB, node_env
from tests.town import Town

CODE = "https://shouwang.example/field/#enrol=K7M2PX9QRT"
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; media-src 'self' blob:; connect-src 'self'"
)
WIDTH, HEIGHT, MODULE = 640, 480, 8
SMALL: ViewportSize = {"width": 360, "height": 640}

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("node")]


class Strict(SimpleHTTPRequestHandler):
    """The built page, under the policy of the field app."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".wasm": "application/wasm"}

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""


@pytest.fixture(scope="module")
def page_of_the_scanner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page that scans, built as the app is built."""
    built = tmp_path_factory.mktemp("scanner")
    page = WEB / "packages" / "ui" / "test"
    command = [
        "npx",
        "--no-install",
        "vite",
        "build",
        str(page),
        "--outDir",
        str(built),
        "--logLevel",
        "error",
    ]
    (built / "vite.config.mjs").write_text(
        'export default { build: { rolldownOptions: { input: "scanner.html" }, assetsInlineLimit: 0 } };'
    )
    config = ["--config", str(built / "vite.config.mjs")]
    done = subprocess.run(
        command + config, cwd=WEB, env=node_env(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Strict, directory=str(built)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/scanner.html"
    server.shutdown()


def film(text: str, path: Path) -> Path:
    """A film of one frame (Y4M) as Chromium takes it for a camera's picture: a code on a grey wall."""
    luma = bytearray(b"\xa0" * (WIDTH * HEIGHT))
    matrix = segno.make(text, error="m").matrix
    side = len(matrix) * MODULE
    left, top = (WIDTH - side) // 2, (HEIGHT - side) // 2
    for y in range(-4 * MODULE, side + 4 * MODULE):
        for x in range(-4 * MODULE, side + 4 * MODULE):
            inside = 0 <= y < side and 0 <= x < side
            dark = inside and matrix[y // MODULE][x // MODULE]
            luma[(top + y) * WIDTH + left + x] = 40 if dark else 220
    chroma = b"\x80" * (WIDTH * HEIGHT // 2)
    path.write_bytes(
        f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip C420jpeg\nFRAME\n".encode() + bytes(luma) + chroma
    )
    return path


def camera(recording: Path) -> list[str]:
    """Chromium with a camera that shows the recording, and a person who allows it."""
    return [
        *FLAGS,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={recording}",
    ]


def scanned(
    chromium: Browser, address: str, args: list[str], *, lost: str = ""
) -> tuple[str, str, list[str], list[str]]:
    """What the page told in the end, whether the camera is still on, faults of the page, all that it fetched.

    `lost`: what the network does not deliver.
    """
    browser = chromium.browser_type.launch(executable_path=PROGRAM, args=args)
    try:
        page = browser.new_page()
        faults: list[str] = []
        fetched: list[str] = []
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: fetched.append(request.url))
        if lost:
            page.route(lost, lambda route: route.abort())
        page.goto(address)
        output = page.locator("output")
        expect(output).not_to_be_empty(timeout=60_000)
        return output.inner_text(), output.get_attribute("data-camera") or "", faults, fetched
    finally:
        browser.close()


def test_the_camera_reads_the_code_of_the_desk_and_is_off_again(
    chromium: Browser, page_of_the_scanner: str, tmp_path: Path
) -> None:
    recording = film(CODE, tmp_path / "code.y4m")
    told, state, faults, fetched = scanned(chromium, page_of_the_scanner, camera(recording))
    assert (told, state) == (CODE, "off")
    assert faults == []
    ours = page_of_the_scanner.removesuffix("scanner.html")
    assert all(url.startswith(ours) for url in fetched), "the decoder came from elsewhere"
    assert any(url.endswith(".wasm") for url in fetched)


def test_without_a_camera_it_says_so(chromium: Browser, page_of_the_scanner: str) -> None:
    args = [*FLAGS, "--use-fake-ui-for-media-stream"]
    told, state, faults, _ = scanned(chromium, page_of_the_scanner, args)
    assert (told, state, faults) == ("camera-missing", "off", [])


def test_a_camera_that_is_not_allowed_says_so(chromium: Browser, page_of_the_scanner: str) -> None:
    args = [*FLAGS, "--use-fake-device-for-media-stream", "--deny-permission-prompts"]
    told, state, faults, _ = scanned(chromium, page_of_the_scanner, args)
    assert (told, state, faults) == ("camera-refused", "off", [])


def test_without_a_network_for_the_decoder_the_camera_is_off_again(
    chromium: Browser, page_of_the_scanner: str, tmp_path: Path
) -> None:
    recording = film(CODE, tmp_path / "code.y4m")
    told, state, _, _ = scanned(chromium, page_of_the_scanner, camera(recording), lost="**/*.wasm")
    assert (told, state) == ("decoder-not-loaded", "off")


WECHAT = (
    "Mozilla/5.0 (Linux; Android 9; HMA-AL00) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/66.0.3359.126 MQQBrowser/6.2 TBS/045111 Mobile Safari/537.36 MicroMessenger/7.0.10.1580(0x27000A5F) "
    "Process/tools NetType/4G Language/zh_CN ABI/arm64"
)
KEPT = """async () => [
    ...(await indexedDB.databases()).map(found => found.name),
    ...(await caches.keys()),
    ...(await navigator.serviceWorker.getRegistrations()).map(found => found.scope),
    ...Object.keys(localStorage),
    document.cookie,
].filter(Boolean)"""


@pytest.mark.django_db(transaction=True)
def test_a_phone_enrols_by_the_code_on_the_desks_screen(
    chromium: Browser,
    town: Town,  # noqa: F811 - the fixture
    live_server: LiveServer,
    tmp_path: Path,
) -> None:
    doctor = town.user("village-doctor", "own village")
    made = make_enrol_code(user_id=doctor.pk, scope=Scope.everything(), by=SYSTEM, at=AT)
    recording = film(f"{live_server.url}/field/#enrol={made.code}", tmp_path / "desk.y4m")
    browser = chromium.browser_type.launch(executable_path=PROGRAM, args=camera(recording))
    try:
        context = browser.new_context(viewport=SMALL, locale="zh-CN", timezone_id="Asia/Shanghai")
        context.clock.install(time=AT)
        page = context.new_page()
        page.goto(f"{live_server.url}/field/")
        page.get_by_role("button", name="扫二维码").click()
        expect(page.locator("input[name=code]")).to_have_value(made.code, timeout=60_000)
        page.get_by_role("button", name="登记", exact=True).click()
        expect(page.get_by_role("heading", name="设一个6位口令")).to_be_visible()
    finally:
        browser.close()


def test_wechats_browser_is_sent_elsewhere_and_keeps_nothing(
    chromium: Browser, live_server: LiveServer
) -> None:
    context = chromium.new_context(viewport=SMALL, locale="zh-CN", user_agent=WECHAT)
    page = context.new_page()
    page.goto(f"{live_server.url}/field/#enrol=K7M2PX9QRT")
    expect(page.locator("[data-testid=elsewhere]")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(KEPT) == []
    assert "#enrol=K7M2PX9QRT" in page.locator(".address").inner_text(), "the link to copy has lost its code"
    context.close()
