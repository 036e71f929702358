"""Doors and a post on the phone; names, ages and lists as they really are; a phone that dies while saving."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, Playwright, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from shouwang.journeys.sweep_round import open_round
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.names import initials, sort_key
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import NewFile, open_files
from shouwang.observation.rules import plan_file
from shouwang.packs.conditions import PersonFacts, TripFact
from shouwang.people.actions import NewHousehold, NewPerson, NewTelephone, admit_people
from shouwang.policy.queries import pack_of
from shouwang.screening.actions import NewPost, open_posts
from shouwang.workforce.actions import NewAssignment, NewWorker, assign_many, enlist_workers
from tests.browser.conftest import FLAGS, PROGRAM, settle_down
from tests.browser.fielding import SMALL, Phone, Wire, enrol_code
from tests.conftest import CHINA
from tests.town import TOWN, VILLAGE, FixedClock, Town, found_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MORNING = datetime(2020, 2, 5, 6, 30, tzinfo=CHINA)
LONG = "阿卜杜热合曼·买买提伊明·艾合买提江·吐尔逊古丽·阿不都克里木·买买提"
ALL = Scope.everything()
SAVED_AND_GONE = "() => { document.querySelector('.save .van-button').click(); location.hash = '/post'; }"


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(MORNING), False
    call_command("createcachetable", verbosity=0)
    return found_town(MORNING, roles=("village-doctor", "village-cadre"), is_busy=False)


@pytest.fixture
def phone(chromium: Browser, live_server: LiveServer) -> Iterator[Phone]:
    wire = Wire(live_server.url)
    context = chromium.new_context(
        viewport=SMALL, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
    )
    context.clock.install(time=MORNING)
    yield Phone(context, wire)
    context.close()
    wire.cut()
    settle_down()


def rows(question: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return [tuple(row) for row in cursor.fetchall()]


def send(phone: Phone) -> None:
    phone.go("/me")
    phone.page.get_by_test_id("send").click()
    expect(phone.page.get_by_test_id("unsent").first).to_contain_text("都已发出")


def test_doors_and_arrivals_without_a_network(phone: Phone, town: Town) -> None:
    if not rows("select 1 from screening_sweep where closed_at is null"):
        open_round(area=VILLAGE, due_on=date(2020, 2, 9), scope=ALL, by=SYSTEM, at=MORNING)
    open_posts(posts=[NewPost(VILLAGE, "高速路口", "road")], area=TOWN, scope=ALL, by=SYSTEM, at=MORNING)
    phone.enrol(enrol_code(town.user("village-cadre", "own village").id, MORNING))
    page = phone.page
    before = rows("select count(*) from screening_doorvisit")[0][0]
    phone.wire.cut()
    phone.go("/doors")
    page.get_by_role("button", name="已办完").click()
    phone.look("doors")
    page.locator("a[href^='#/door/']").first.click()
    page.get_by_test_id("visits").get_by_role("button", name="见到人").click()
    page.get_by_test_id("add-found").click()
    page.get_by_label("姓名").fill("何小满")
    page.get_by_label("从哪来、哪天到").fill("武汉，1月20日")
    phone.look("door")
    expect(page.get_by_test_id("save")).to_be_enabled()
    page.evaluate(SAVED_AND_GONE)  # to a screen that was never open yet: they stay there
    expect(page.get_by_test_id("unsent").first).to_contain_text("未发 1")
    expect(page.get_by_label("车牌")).to_be_visible()
    assert page.evaluate("location.hash") == "#/post"
    started = time.monotonic()
    page.get_by_label("车牌").fill("渝C12345")
    page.get_by_label("姓名").fill("向春生")
    page.get_by_label("从哪来").fill("武汉")
    page.get_by_label("到哪里").fill("沙包")
    page.locator(".places .pick").first.click()
    page.locator("[data-deci='366']").click()
    first = time.monotonic() - started
    phone.look("post")
    page.get_by_test_id("save").click()
    expect(page.get_by_label("姓名")).to_have_value("")
    expect(page.get_by_label("车牌")).to_have_value("渝C12345")
    page.get_by_label("姓名").fill("向冬梅")
    page.locator("[data-deci='365']").click()
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("unsent").first).to_contain_text("未发 3")
    assert first < 15
    phone.wire.join()
    send(phone)
    assert rows("select count(*) from screening_doorvisit")[0][0] == before + 1
    assert rows(
        "select name, plate, deci from screening_arrival where plate = '渝C12345' order by deci desc"
    ) == [
        ("向春生", "渝C12345", 366),
        ("向冬梅", "渝C12345", 365),
    ]
    assert rows("select distinct status from devices_command") == [("done",)]


def _many(town: Town, count: int) -> None:
    """Households of one, among them a name of 40 characters, no telephone, an infant, no address."""
    user = town.user("village-doctor", "own village")
    doctor = NewWorker(VILLAGE, "谢兵", ("medic",), "13800000009", "村卫生室", user_id=user.id)
    enlist_workers(workers=[doctor], area=TOWN, by=SYSTEM, at=MORNING)
    homes, people = [], []
    for n in range(count):
        name = LONG if n == 0 else f"周{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{'子丑寅卯辰巳午未申酉戌亥'[n % 12]}"
        home = NewHousehold(VILLAGE, "" if n == 2 else f"9组{n + 1}号", f"9-{n + 1}", head_name=name)
        homes.append(home)
        people.append(
            NewPerson(
                area=VILLAGE,
                name=name,
                sort_key=sort_key(name),
                initials=initials(name),
                household_id=home.id,
                birth_date=date(2019, 11, 3) if n == 1 else date(1970, 1, 1),
                telephones=[] if n < 3 else [NewTelephone(f"+861391234{n:04d}", f"139****{n:04d}")],
            )
        )
    admit_people(households=homes, people=people, area=VILLAGE, source="test", by=SYSTEM, at=MORNING)
    slots = [NewAssignment(VILLAGE, doctor.id, "five-to-one", "medic", "household", str(h.id)) for h in homes]
    assign_many(assignments=slots, area=TOWN, by=SYSTEM, at=MORNING)
    pack = pack_of(town.ids["revision"])
    facts = PersonFacts(area=VILLAGE, trips=(TripFact("4201", None, date(2020, 1, 31)),))
    begun = MORNING - timedelta(hours=12)
    plan = plan_file(pack.protocol("home-14"), facts, begun, pack, evidence="登记表", reason="自武汉返回")
    files = [
        NewFile(
            person_id=one.id,
            household_id=one.household_id,
            area=VILLAGE,
            owner_id=doctor.id,
            plan=plan,
            pack_id=pack.id,
            revision_id=town.ids["revision"],
            category="wuhan",
        )
        for one in people
    ]
    open_files(files=files, by=SYSTEM, at=begun)


def test_two_hundred_households_as_they_really_are(phone: Phone, town: Town) -> None:
    _many(town, 200)
    phone.enrol(enrol_code(town.user("village-doctor", "own village").id, MORNING))
    page = phone.page
    expect(page.locator(".line")).to_have_count(200)
    frames = page.evaluate(
        """async () => {
             const gaps = []; let last = performance.now();
             for (let at = 0; at < document.body.scrollHeight; at += 400) {
               scrollTo(0, at);
               await new Promise(done => requestAnimationFrame(done));
             }
             return document.body.scrollHeight;
           }"""
    )
    assert frames > 10_000
    page.evaluate("scrollTo(0, 0)")
    long = page.locator(".line").filter(has_text=LONG)
    expect(long).to_have_count(1)
    long.scroll_into_view_if_needed()
    phone.look("long-name")
    long.locator(".line-main").click()
    expect(page.locator(".top h1")).to_have_text(LONG)
    phone.look("long-name-check")
    phone.go("/today")
    infant = page.locator(".line").filter(has_text="9组2号")
    infant.locator(".line-main").click()
    expect(page.locator(".who")).to_contain_text("3个月")
    page.set_viewport_size({"width": 1366, "height": 768})
    phone.look("infant-wide")
    phone.go("/today")
    phone.look("today-wide")
    page.set_viewport_size(SMALL)
    phone.go("/me")
    page.get_by_role("button", name="特大").click()
    phone.look("me-largest")
    phone.go("/today")
    phone.look("today-largest")
    page.locator(".line-main").nth(5).click()
    phone.look("check-largest")


@pytest.mark.parametrize("language", ["繁體中文", "English"])
def test_the_other_languages_fit_too(phone: Phone, town: Town, language: str) -> None:
    phone.page.goto(f"{phone.url}/field/")
    phone.page.get_by_role("button", name=language).click()
    code = enrol_code(town.user("village-doctor", "own village").id, MORNING)
    phone.page.locator("input[name=code]").fill(code)
    phone.page.locator("form button[type=submit]").click()
    phone.type_pin()
    phone.type_pin()
    expect(phone.page.locator(".line").first).to_be_visible()
    phone.look(f"today-{language}")
    phone.page.locator(".line-main").first.click()
    phone.look(f"check-{language}")
    phone.go("/me")
    phone.look(f"me-{language}")


def test_a_phone_killed_while_saving_has_the_check_or_its_draft(
    chromium: Browser, live_server: LiveServer, town: Town, tmp_path: Path
) -> None:
    """kill -9 of the whole browser at different moments after the tap; what is on the disk decides."""
    wire = Wire(live_server.url)
    play: Playwright = chromium.browser_type  # type: ignore[assignment]
    _many(town, 12)
    seen = 0
    folder = tmp_path / "phone"

    def begin() -> Phone:
        context = play.launch_persistent_context(  # type: ignore[attr-defined]
            str(folder),
            executable_path=PROGRAM,
            args=FLAGS,
            viewport=SMALL,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        context.clock.install(time=MORNING)
        return Phone(context, wire)

    phone = begin()
    phone.enrol(enrol_code(town.user("village-doctor", "own village").id, MORNING))
    wire.cut()
    for moment in (0, 2, 5, 10, 20, 60):
        page = phone.page
        phone.go("/today")
        page.locator(".line-main").first.click()
        page.locator("[data-deci='365']").click()
        page.get_by_test_id("symptoms").get_by_role("button", name="无症状").click()
        phone.kept("drafts", 1)
        page.evaluate(
            "ms => { document.querySelector('.save .van-button').click(); const end = Date.now() + ms;"
            " while (ms && Date.now() < end) {} }",
            moment,
        )
        for one in psutil.process_iter(["cmdline"]):
            if str(folder) in " ".join(one.info["cmdline"] or []):
                with suppress(ProcessLookupError):  # it went down with the others
                    os.kill(one.pid, signal.SIGKILL)
        phone = begin()
        phone.page.goto(f"{phone.url}/field/")
        phone.unlock()
        page = phone.page
        drafts = phone.count("drafts")
        count = phone.count("outbox") + phone.count("held")
        assert (count - seen, drafts) in {(1, 0), (0, 1)}, (moment, count, drafts)
        expect(page.get_by_test_id("draft")).to_have_count(drafts)
        seen = count
        if drafts:
            page.get_by_role("button", name="不要了").click()
    wire.join()
    send(phone)
    assert rows("select count(*) from devices_command") == [(seen,)]
    phone.context.close()
    wire.cut()
    settle_down()
