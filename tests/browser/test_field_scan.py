"""The field app's scanner in real Chromium: a camera films a code as the desk prints it, under the field policy."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import segno
from playwright.sync_api import Playwright, expect, sync_playwright

from tests.node import WEB, node_env

CODE = "https://shouwang.example/field/#enrol=K7M2PX9QRT"
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; media-src 'self' blob:; connect-src 'self'"
)
WIDTH, HEIGHT, MODULE = 640, 480, 8

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("node")]


class Strict(SimpleHTTPRequestHandler):
    """The built page, under the policy of the field app (fieldapi), with everything that was asked for noted."""

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


@pytest.fixture(scope="module")
def play() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


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
        "--no-sandbox",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={recording}",
    ]


def scanned(
    play: Playwright, address: str, args: list[str], *, lost: str = ""
) -> tuple[str, str, list[str], list[str]]:
    """What the page told in the end, whether the camera is still on, faults of the page, all that it fetched.

    `lost`: what the network does not deliver.
    """
    browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=args)
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
        expect(output).not_to_be_empty(timeout=20_000)
        return output.inner_text(), output.get_attribute("data-camera") or "", faults, fetched
    finally:
        browser.close()


def test_the_camera_reads_the_code_of_the_desk_and_is_off_again(
    play: Playwright, page_of_the_scanner: str, tmp_path: Path
) -> None:
    recording = film(CODE, tmp_path / "code.y4m")
    told, state, faults, fetched = scanned(play, page_of_the_scanner, camera(recording))
    assert (told, state) == (CODE, "off")
    assert faults == []
    ours = page_of_the_scanner.removesuffix("scanner.html")
    assert all(url.startswith(ours) for url in fetched), "the decoder came from elsewhere"
    assert any(url.endswith(".wasm") for url in fetched)


def test_without_a_camera_it_says_so(play: Playwright, page_of_the_scanner: str) -> None:
    args = ["--no-sandbox", "--use-fake-ui-for-media-stream"]
    told, state, faults, _ = scanned(play, page_of_the_scanner, args)
    assert (told, state, faults) == ("camera-missing", "off", [])


def test_a_camera_that_is_not_allowed_says_so(play: Playwright, page_of_the_scanner: str) -> None:
    args = ["--no-sandbox", "--use-fake-device-for-media-stream", "--deny-permission-prompts"]
    told, state, faults, _ = scanned(play, page_of_the_scanner, args)
    assert (told, state, faults) == ("camera-refused", "off", [])


def test_without_a_network_for_the_decoder_the_camera_is_off_again(
    play: Playwright, page_of_the_scanner: str, tmp_path: Path
) -> None:
    recording = film(CODE, tmp_path / "code.y4m")
    told, state, _, _ = scanned(play, page_of_the_scanner, camera(recording), lost="**/*.wasm")
    assert (told, state) == ("decoder-not-loaded", "off")
