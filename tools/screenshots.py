"""Makes the pictures of the README from the demonstration as it runs: `python tools/screenshots.py URL HOME`.

Start `make demo` first; HOME is the folder the demonstration lives in (its log-ins are kept there).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
DESK, PHONE = (1366, 768), (360, 740)
SHOTS = (
    ("commander", DESK, "/", "today-commander"),
    ("doctor", PHONE, "/", "today-doctor-phone"),
    ("clerk", DESK, "/ledgers/hubei/", "ledger"),
    ("clerk", DESK, "person", "person"),
    ("clerk", DESK, "/report/", "report"),
    ("commander", DESK, "/sweeps/", "sweep"),
)


def main(url: str, home: Path) -> None:
    """Log in as each person and take each page at its size, in Chinese."""
    password = json.loads((home / "demo.json").read_text())["password"]
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for who, (width, height), path, name in SHOTS:
            context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
            page = context.new_page()
            _log_in(page, url, who, password)
            page.goto(url + (path if path.startswith("/") else "/ledgers/hubei/?late=1"))
            if path == "person":
                page.click("table a[href^='/people/']")
                page.wait_for_load_state()
            if name == "sweep":
                page.click("table a[href^='/sweeps/']")
                page.wait_for_load_state()
            page.screenshot(path=str(PICTURES / f"{name}.png"))
            context.close()
        browser.close()


def _log_in(page: Page, url: str, who: str, password: str) -> None:
    page.goto(f"{url}/account/login/")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
