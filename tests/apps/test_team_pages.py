"""The pages of teams do what they say, in few queries however long the lists are."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from shouwang.journal.queries import events_about
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.scope import Scope
from shouwang.workforce.actions import NewAssignment, NewWorker, assign_many, enlist_workers, put_team_on
from shouwang.workforce.queries import (
    Member,
    absences,
    roster,
    roster_gaps,
    rosters,
    shift_notes,
    slots_left,
    staffing_proposal,
    staffing_proposals,
    team_of,
    team_targets,
    workers,
)
from tests.conftest import CHINA
from tests.town import OTHER_VILLAGE, TOWN, VILLAGE, FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
ALL = Scope.everything()

MOST = {
    "/vacancies/": 11,
    "/staff/{proposal}/": 21,
    "/rosters/": 12,
    "/rosters/{roster}/": 15,
    "/serving/": 9,
    "/serving/?show=targets": 10,
    "/serving/?show=short": 9,
    "/serving/?show=over": 8,
    "/teams/{team}/": 12,
    "/workers/": 9,
    "/workers/?q=人员": 11,
}
"""Page → queries of the town clerk, signing in and the frame included. The diff reads the whole world again, to
say whether it is still the one it was computed from."""


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    return found_town(AT, roles=("village-doctor", "town-clerk"))


@pytest.fixture
def clerk(town: Town) -> Client:
    client = Client()
    client.force_login(town.user("town-clerk"))
    return client


def _many(number: int) -> None:
    """More posts, people and charges: lists grow, queries do not."""
    people = [NewWorker(VILLAGE, f"人员{n}", ("guard",), unit=f"单位{n % 7}") for n in range(number)]
    enlist_workers(workers=people, area=TOWN, by=SYSTEM, at=AT)
    slots = []
    for n, worker in enumerate(people):
        team = put_team_on(
            area=VILLAGE, target_kind="post", role_set="checkpoint", name=f"卡点{n}", by=SYSTEM, at=AT
        )
        slots.append(NewAssignment(VILLAGE, worker.id, "checkpoint", "guard", "post", str(team)))
    assign_many(assignments=slots, area=TOWN, by=SYSTEM, at=AT)


def test_no_page_of_teams_takes_more_queries_than_it_is_allowed(town: Town, clerk: Client) -> None:
    _many(60)
    over = {}
    for address, most in MOST.items():
        page = address.format(**town.ids)
        clerk.get(page)
        with CaptureQueriesContext(connection) as seen:
            assert clerk.get(page).status_code == 200, page
        if len(seen) > most:
            over[address] = len(seen)
    assert over == {}


def test_a_thousand_people_who_serve_are_turned_a_page_at_a_time(town: Town, clerk: Client) -> None:
    del town
    _many(120)
    seen: list[str] = []
    address = "/serving/"
    while address:
        answer = clerk.get(address)
        page = answer.content.decode()
        seen += [row.name for row, _, _ in answer.context["rows"]]
        after = answer.context["next"]
        address = f"/serving/?after={after}" if after else ""
        assert page.count('data-row="1"') <= 50
    assert len(seen) == len(set(seen)) == 120


def test_the_clerk_finds_one_of_many_workers_by_village_and_by_name(town: Town, clerk: Client) -> None:
    del town
    _many(60)
    far = NewWorker(TOWN, "外村帮手", ("guard",))
    enlist_workers(workers=[far], area=TOWN, by=SYSTEM, at=AT)
    found = clerk.get("/workers/", {"village": VILLAGE, "q": "人员7"})
    assert [row.name for row, _ in found.context["rows"]] == ["人员7"]
    offered = {who.split(" · ")[0] for _, who in found.context["others"]}
    assert "人员8" in offered, "who could take over is not only whom the search has found"
    assert "外村帮手" not in offered
    nobody = clerk.get("/workers/", {"village": VILLAGE, "q": "外村帮手"})
    assert "这里没有叫这个名字的人" in nobody.content.decode()


def test_whoever_has_a_first_password_finds_where_to_change_it(town: Town, clerk: Client) -> None:
    del town
    assert 'href="/account/password/change/"' in clerk.get("/workers/").content.decode()


def test_a_head_of_the_chain_is_called_by_a_title_and_not_by_a_code(town: Town, clerk: Client) -> None:
    del town
    head = NewWorker(TOWN, "谭书记", ("town-head",))
    enlist_workers(workers=[head], area=TOWN, by=SYSTEM, at=AT)
    rows = clerk.get("/workers/", {"q": "谭书记"}).context["rows"]
    assert [[title for title, _, _ in carried] for _, carried in rows] == [["镇（街道）指挥长"]]


def test_the_clerk_picks_the_place_of_a_team_by_its_name(town: Town, clerk: Client) -> None:
    del town
    spots = dict(clerk.get("/serving/").context["spots"])
    assert (spots[TOWN], spots[VILLAGE]) == ("龙沙镇", "沙包村")


def test_the_clerk_sees_the_diff_ticks_a_line_and_accepts_it(town: Town, clerk: Client) -> None:
    clerk.post("/staff/")
    (row, *_) = staffing_proposals(ALL)
    page = clerk.get(f"/staff/{row.id}/").content.decode()
    assert "杨应忠" in page
    (line,) = slots_left(ALL, row.id)
    clerk.post(f"/staff/{row.id}/accept/", {"what": "ticked", "slot": str(line)})
    team = {m.role: m.worker.name for m in team_of(ALL, "household", town.households["宋云"])}
    assert team["village-cadre"] == "杨应忠"
    assert staffing_proposal(ALL, row.id).closed_at == AT
    again = clerk.post(f"/staff/{row.id}/accept/", {"what": "all"})
    assert again.status_code == 422


def test_a_line_that_was_computed_from_an_older_world_is_said_before_it_is_accepted(
    town: Town, clerk: Client
) -> None:
    home = str(town.households["宋云"])
    clerk.post(f"/households/{home}/assign/", {"worker": str(town.ids["worker"]), "role": "village-cadre"})
    page = clerk.get(f"/staff/{town.ids['proposal']}/")
    assert page.context["standing"].changed
    assert (page.context["standing"].stale, page.context["standing"].left) == (1, 1)


def test_today_shows_what_nobody_does_with_its_age(town: Town, clerk: Client) -> None:
    del town
    page = clerk.get("/")
    assert page.context["vacant"] == 1
    ((vacant, head),) = page.context["vacant_rows"]
    assert (head, vacant.since) == ("宋云", AT - timedelta(days=5))
    kinds = [line["alarm"].kind for line in page.context["watch_rows"]]
    assert "late-start" in kinds
    assert "gap" in kinds


def test_the_night_nobody_has_is_red_and_may_be_given_to_somebody(town: Town, clerk: Client) -> None:
    watch = town.ids["roster"]
    page = clerk.get(f"/rosters/{watch}/")
    assert "is-gap" in page.content.decode()
    row = roster(ALL, watch)
    first = roster_gaps(ALL, row, until=AT + timedelta(days=1))[0]
    given = {
        "worker": str(town.ids["doctor"]),
        "starts": first.start.isoformat(),
        "ends": first.end.isoformat(),
    }
    clerk.post(f"/rosters/{watch}/give/", given)
    assert all(gap.start >= first.end for gap in roster_gaps(ALL, row, until=AT + timedelta(days=1)))
    clerk.post(f"/rosters/{watch}/fill/", {"worker": [str(town.ids["doctor"])], "from": "2020-02-02"})
    assert [
        g for g in roster_gaps(ALL, row, until=AT + timedelta(days=7)) if g.start > AT + timedelta(days=1)
    ] == []


@pytest.mark.parametrize(
    ("later", "left"),
    [
        pytest.param(timedelta(seconds=40), [], id="a moment later nothing stays open"),
        pytest.param(
            timedelta(hours=2), [(AT, AT + timedelta(hours=2))], id="hours that nobody had stay a gap"
        ),
    ],
)
def test_a_watch_is_given_out_from_when_it_was_opened_or_from_now(
    town: Town, clerk: Client, settings: Settings, later: timedelta, left: list[tuple[datetime, datetime]]
) -> None:
    home = town.households["单德明"]
    clerk.post(f"/households/{home}/guard/")
    watch = next(row for row in rosters(ALL) if row.target_id == str(home))
    settings.CLOCK = FixedClock(AT + later)
    clerk.post(f"/rosters/{watch.id}/fill/", {"worker": [str(town.ids["doctor"])], "from": "2020-02-01"})
    gaps = roster_gaps(ALL, watch, until=AT + timedelta(days=6))
    assert [(gap.start, gap.end) for gap in gaps] == left


def test_the_nearest_are_offered_first_and_anybody_is_found_by_name(
    town: Town, clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = [NewWorker(OTHER_VILLAGE, f"安{n}", ("guard",)) for n in range(8)]
    near = NewWorker(VILLAGE, "邹近", ("guard",))
    enlist_workers(workers=[*far, near], area=TOWN, by=SYSTEM, at=AT)
    offered = [who for _, who in clerk.get(f"/rosters/{town.ids['roster']}/").context["others"]]
    assert offered.index("邹近 · 沙包村 · 值守人员") < min(
        n for n, who in enumerate(offered) if who.startswith("安")
    )
    monkeypatch.setattr("shouwang.desk.views.target_team.OFFERED", 3)
    address = f"/teams/{town.ids['team']}/"
    cut = clerk.get(address).content.decode()
    assert "这里只列出附近的 3 人；名单里没有的，按姓名筛选。" in cut
    assert "安7" not in cut
    found = clerk.get(address, {"who": "安7"})
    assert [key for key, _ in found.context["colleagues"]] == [far[7].id]


def test_an_alarm_of_a_watch_says_when_as_people_say_it(town: Town, clerk: Client) -> None:
    page = clerk.get("/rosters/").content.decode()
    assert "明天 00:00–明天 18:00 无人在岗" in page
    assert "宋云 户" in page
    assert (
        f'href="/households/{town.households["宋云"]}/"'
        in clerk.get(f"/rosters/{town.ids['roster']}/").content.decode()
    )


def test_two_workers_of_one_name_are_told_apart_wherever_one_is_chosen(town: Town, clerk: Client) -> None:
    pair = [
        NewWorker(VILLAGE, "王伟", ("guard",), "13811112222", "区教委"),
        NewWorker(VILLAGE, "王伟", ("medic",), "13833334444", "卫生院"),
        NewWorker(VILLAGE, "独一", ("medic",), "13855556666", "卫生院"),
    ]
    enlist_workers(workers=pair, area=TOWN, by=SYSTEM, at=AT)
    home = town.households["宋云"]
    roster = f"/rosters/{town.ids['roster']}/?from=2020-02-01"
    for address in (
        roster,
        f"/teams/{town.ids['team']}/",
        f"/households/{home}/",
        f"/places/{VILLAGE}/chain/",
        "/workers/",
    ):
        page = clerk.get(address).content.decode()
        assert "王伟 · 沙包村 · " in page, address
        assert "138****2222" in page, address
        assert "138****4444" in page, address
        assert "138****6666" not in page, address
    told = dict(clerk.get(roster).context["others"])
    assert told[pair[0].id] == "王伟 · 沙包村 · 值守人员 · 138****2222"
    assert told[pair[1].id] == "王伟 · 沙包村 · 医护人员 · 138****4444"
    assert told[pair[2].id] == "独一 · 沙包村 · 医护人员"


def test_two_of_one_name_on_one_roster_are_told_apart_in_its_cells(town: Town, clerk: Client) -> None:
    pair = [NewWorker(VILLAGE, "王伟", ("guard",), number) for number in ("13811112222", "13833334444")]
    enlist_workers(workers=pair, area=TOWN, by=SYSTEM, at=AT)
    address = f"/rosters/{town.ids['roster']}/fill/"
    clerk.post(address, {"from": "2020-02-03", "worker": [str(one.id) for one in pair]})
    page = clerk.get(f"/rosters/{town.ids['roster']}/?from=2020-02-03").content.decode()
    cells = page.split("<tbody>")[1].split("</tbody>")[0]
    assert cells.count('<span class="name">王伟</span> <span class="small soft">138****2222</span>') >= 7
    assert cells.count('<span class="name">王伟</span> <span class="small soft">138****4444</span>') >= 7


def test_the_doctor_is_there_and_hands_over_with_a_note(town: Town) -> None:
    doctor = Client()
    doctor.force_login(town.user("village-doctor", "own village"))
    shift = town.ids["shift"]
    assert doctor.post(f"/shifts/{shift}/hand/", {"text": "体温正常"}).status_code == 422
    doctor.post(f"/shifts/{shift}/begin/")
    doctor.post(f"/shifts/{shift}/hand/", {"text": " "})
    assert shift_notes(ALL, town.ids["roster"]) == []
    doctor.post(f"/shifts/{shift}/hand/", {"text": "体温正常，代购药品一份"})
    (note,) = shift_notes(ALL, town.ids["roster"])
    assert (note.text, note.kind) == ("体温正常，代购药品一份", "handed")


def test_a_team_is_put_on_a_post_on_a_place_and_on_every_village(town: Town, clerk: Client) -> None:
    del town
    clerk.post("/serving/put/", {"role_set": "checkpoint", "area": VILLAGE, "name": "村口卡点"})
    clerk.post("/serving/put/", {"role_set": "sent-down", "area": TOWN, "each": "yes"})
    before = len(team_targets(ALL, limit=500))
    clerk.post("/serving/put/", {"role_set": "sent-down", "area": TOWN, "each": "yes"})
    rows = team_targets(ALL, limit=500)
    assert len(rows) == before
    assert [r.name for r in rows if r.target_kind == "post"] == ["村口卡点"]
    villages = [r for r in rows if r.target_kind == "village"]
    assert len(villages) > 5
    assert all(r.target_id == r.area for r in villages)


def test_a_refused_list_of_people_comes_back_with_the_line_and_the_field_that_is_wrong(
    town: Town, clerk: Client
) -> None:
    put_team_on(
        area=VILLAGE,
        target_kind="village",
        target_id=VILLAGE,
        role_set="sent-down",
        name="沙包村",
        by=SYSTEM,
        at=AT,
    )
    before = len(workers(ALL))
    pasted = "沙包村,张三,下沉干部,区教委\n沙包村,李四,厨师\n青龙村,王五,下沉干部\n火星村,赵六,下沉干部"
    answer = clerk.post("/serving/send/", {"role_set": "sent-down", "lines": pasted})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f">{pasted}</textarea>" in page
    assert '<option value="sent-down" selected>' in page
    rows = [(line.number, str(field), why) for line, field, why in answer.context["wrong"]]
    assert [(number, field) for number, field, _ in rows] == [
        (2, "角色"),
        (3, "村（社区）"),
        (4, "村（社区）"),
    ]
    assert "厨师" in rows[0][2]
    assert "青龙村未设置该责任组" in rows[1][2]
    assert "火星村" in rows[2][2]
    assert len(workers(ALL)) == before
    empty = clerk.post("/serving/send/", {"role_set": "sent-down", "lines": " "})
    assert empty.status_code == 422
    right = "\n".join([pasted.splitlines()[0], "沙包村,李四,下沉干部"])
    assert clerk.post("/serving/send/", {"role_set": "sent-down", "lines": right}).status_code == 302
    assert len(workers(ALL)) == before + 2


def _guards(town: Town) -> list[Member]:
    return [m for m in team_of(ALL, "household", town.households["宋云"]) if m.role_set == "guard-roster"]


def test_a_team_is_taken_off_from_its_page_with_a_reason_that_stays_on_record(
    town: Town, clerk: Client
) -> None:
    team, roster_id = town.ids["team"], town.ids["roster"]
    page = f"/teams/{team}/"
    assert page in clerk.get(f"/rosters/{roster_id}/").content.decode(), "the roster leads to its team"
    for worker in ("worker", "doctor"):
        clerk.post(f"{page}assign/", {"worker": str(town.ids[worker]), "role": "guard"})
    assert len(_guards(town)) == 2
    assert clerk.post(f"{page}off/", {"reason": " "}).status_code == 422
    told = clerk.post(f"{page}off/", {"reason": "解除守护"}, follow=True).content.decode()
    assert "解除2人" in told
    assert "解除守护" in told
    assert f"{page}assign/" not in told
    assert f"{page}off/" not in told
    assert _guards(town) == []
    assert roster(ALL, roster_id).closed_reason == "解除守护"
    ended = {event.verb for event in events_about(ALL, "team", [str(team)])}
    assert "workforce.team.ended" in ended
    again = {"worker": str(town.ids["worker"]), "role": "guard"}
    assert clerk.post(f"{page}assign/", again).status_code == 422
    assert clerk.post(f"{page}off/", {"reason": "再撤"}).status_code == 404


def test_the_list_of_who_serves_counts_each_role_and_is_narrowed_by_it(town: Town, clerk: Client) -> None:
    del town
    _many(60)
    page = clerk.get("/serving/")
    ((code, _, people),) = [one for one in page.context["tally"] if one[0].startswith("checkpoint~")]
    assert (code, people) == ("checkpoint~guard", 60)
    rows = clerk.get("/serving/", {"role": code}).context["rows"]
    assert {(row.role_set, row.role) for row, _, _ in rows} == {("checkpoint", "guard")}
    assert clerk.get("/serving/", {"role": code, "unit": "单位3"}).context["tally"][0][2] == 9


def test_who_is_ill_is_said_and_comes_back(town: Town, clerk: Client) -> None:
    cadre, doctor = town.ids["worker"], town.ids["doctor"]
    clerk.post(f"/workers/{doctor}/away/", {"stand_in": str(cadre), "kind": "ill", "reason": "发热"})
    assert absences(ALL)[doctor].stand_in == "杨应忠"
    medic = next(m for m in team_of(ALL, "household", town.households["宋云"]) if m.role == "medic")
    assert medic.worker.name == "杨应忠"
    assert "杨应忠" in clerk.get("/workers/").content.decode()
    clerk.post(f"/workers/{doctor}/back/")
    assert doctor not in absences(ALL)
