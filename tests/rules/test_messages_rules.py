"""What a message may say, when it is tried again, how fast a channel may be called."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.kernel.errors import Refused
from shouwang.outreach.rules import (
    GIVES_UP_AFTER,
    STOPS_AFTER,
    VENDORS,
    Answer,
    Health,
    Plan,
    State,
    Wanted,
    after_answer,
    after_lost_answer,
    changes,
    given_up,
    group_name,
    leader_of,
    members_of,
    next_slot,
    next_try,
    render,
    safe_params,
    told_apart,
)
from shouwang.outreach.rules.groups import Held
from shouwang.packs.load import builtin, builtin_ids
from shouwang.packs.saying import OUR_CODES, PERSONAL, PLACEHOLDERS, message_of, placeholders
from shouwang.packs.schema import LANGS, Message, Texts
from shouwang.packs.validate import validate

AT = datetime(2020, 2, 1, 10, 0, tzinfo=UTC)
ID = UUID(int=7)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


# -- what it may say --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(PERSONAL))
def test_a_pack_whose_message_asks_for_something_personal_is_refused(name: str) -> None:
    pack = builtin("cn-2020-longsha")
    held = pack.messages[0].model_copy(update={"body": Texts(zh_hans=f"{{{name}}}请注意")})
    problems = validate(pack.model_copy(update={"messages": (held,)}))
    assert ("message[0].body", "message-personal") in {(p.path, p.code) for p in problems}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{weather}", "message-placeholder-unknown"),
        ("{place", "message-braces"),
        ("身份证500101195206112650", "message-personal"),
    ],
)
def test_a_text_that_cannot_be_filled_or_holds_an_id_is_refused(text: str, code: str) -> None:
    pack = builtin("cn-2020-longsha")
    held = pack.messages[0].model_copy(update={"body": Texts(zh_hans="好", en=text)})
    problems = validate(pack.model_copy(update={"messages": (held,)}))
    assert code in {p.code for p in problems if p.path == "message[0].body"}


def test_no_placeholder_can_hold_what_must_not_be_said() -> None:
    assert not PERSONAL & set(PLACEHOLDERS)


@pytest.mark.parametrize("pack_id", builtin_ids())
@pytest.mark.parametrize("code", OUR_CODES)
@pytest.mark.parametrize("lang", LANGS)
def test_every_pack_has_every_message_in_three_languages(pack_id: str, code: str, lang: str) -> None:
    message = message_of(builtin(pack_id), code)
    assert message is not None
    text = message.body.text(lang)  # type: ignore[arg-type]
    assert set(placeholders(text)) <= set(PLACEHOLDERS)
    told = render(message, dict.fromkeys(PLACEHOLDERS, "x"), lang)  # type: ignore[arg-type]
    assert "{" not in told
    assert len(told.encode()) < 400


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("place", "海螺村", "海螺村"),
        ("place", "海螺村3组15号", "＊"),
        ("place", "阳光小区2栋301室", "＊"),
        ("worker", "熊德兰", "熊德兰"),
        ("worker", "熊德兰13800000001", "＊"),
        ("worker", "138 0000 0001", "＊"),
        ("code", "3F2A", "3F2A"),
        ("code", "50010119520611265X", "＊"),
        ("severity", "确诊病例", "＊"),
        ("level", "镇（街道）", "镇（街道）"),
        ("household", "宋云", "宋*"),
        ("household", "欧阳小云", "欧阳**"),
        ("count", "12", "12"),
        ("count", "13800000001", "＊"),
        ("deadline", "1月23日 20:00", "1月23日 20:00"),
        ("deadline", "20200123200000", "＊"),
        (
            "link",
            "/groups/01800000-0000-7000-8000-000000000001/",
            "/groups/01800000-0000-7000-8000-000000000001/",
        ),
        ("link", "https://watch.example/alerts/", "https://watch.example/alerts/"),
        ("link", "/people/?q=宋云", "＊"),
        ("link", "javascript:alert(1)", "＊"),
        ("group", "龙沙社区防控组(杨应忠)", "龙沙社区防控组(杨应忠)"),
    ],
)
def test_a_value_goes_out_only_if_it_tells_of_nobody(name: str, value: str, said: str) -> None:
    assert safe_params({name: value}) == {name: said}


def test_a_name_outside_the_closed_list_is_refused() -> None:
    with pytest.raises(Refused, match="message-placeholder-unknown"):
        safe_params({"diagnosis": "x"})


@given(st.sampled_from(sorted(PLACEHOLDERS)), st.from_regex(r"[1-9]\d{16}[\dX]", fullmatch=True))
def test_no_placeholder_lets_a_national_id_through(name: str, number: str) -> None:
    assert number not in "".join(safe_params({name: f"甲{number}"}).values())


@given(st.sampled_from(sorted(PLACEHOLDERS)), st.from_regex(r"1[3-9]\d{9}", fullmatch=True), st.booleans())
def test_no_placeholder_lets_a_telephone_through(name: str, number: str, spaced: bool) -> None:
    written = f"{number[:3]} {number[3:7]} {number[7:]}" if spaced else number
    said = "".join(safe_params({name: f"/甲{written}/"}).values())
    assert number not in said.replace(" ", "")


# -- again ------------------------------------------------------------------------------------------------


@given(st.integers(0, 100), st.uuids())
def test_tries_come_further_and_further_apart_up_to_half_an_hour_and_a_bit(attempts: int, key: UUID) -> None:
    pause = next_try(AT, attempts, key) - AT
    assert timedelta(seconds=30) <= pause <= timedelta(minutes=36)
    assert next_try(AT, attempts, key, least=timedelta(hours=1)) - AT >= timedelta(hours=1)


def test_only_a_channel_that_knows_our_key_or_a_pack_that_wants_it_repeats_what_may_have_arrived() -> None:
    assert after_lost_answer("safe", "ask") == State.QUEUED
    assert after_lost_answer("unknown", "ask") == State.UNCERTAIN
    assert after_lost_answer("unknown", "again") == State.QUEUED
    assert {kind for kind, v in VENDORS.items() if v.repeat == "safe"} == {"sms-http"}


def test_what_waited_three_days_is_given_up_and_not_a_second_before() -> None:
    assert not given_up(AT, AT + GIVES_UP_AFTER - SECOND)
    assert given_up(AT, AT + GIVES_UP_AFTER)


# -- channels ---------------------------------------------------------------------------------------------


@given(
    st.lists(st.integers(0, 300_000), min_size=1, max_size=150),
    st.sampled_from(["wecom", "dingtalk", "feishu"]),
)
def test_however_messages_come_no_window_holds_more_calls_than_the_vendor_allows(
    arrivals: list[int], kind: str
) -> None:
    limits = VENDORS[kind].limits
    calls: list[datetime] = []
    now = AT
    for offset in sorted(arrivals):
        now = max(now, AT + timedelta(milliseconds=offset))
        now = next_slot(limits, calls, now)
        assert next_slot(limits, calls, now) == now
        calls.append(now)
    for most, window in limits:
        for last in calls:
            assert sum(last - window < call <= last for call in calls) <= most


def test_five_failures_in_a_row_stop_a_channel_and_one_success_starts_it() -> None:
    health = Health(last_success_at=AT)
    for n in range(STOPS_AFTER):
        assert health.stopped_at is None
        health = after_answer(health, Answer("failed", "http-503"), AT + n * MINUTE)
    assert (health.stopped_at, health.failing_since) == (AT + 4 * MINUTE, AT)
    assert health.blocked_until == AT + 9 * MINUTE
    assert after_answer(health, Answer("sent"), AT + 10 * MINUTE) == Health(last_success_at=AT + 10 * MINUTE)


def test_a_bad_token_stops_at_once_and_for_good_and_being_throttled_does_not() -> None:
    broken = after_answer(Health(), Answer("broken", "93000"), AT)
    assert (broken.stopped_at, broken.blocked_until, broken.broken) == (AT, None, True)
    slow = after_answer(Health(), Answer("throttled", "45009", wait=MINUTE), AT)
    assert (slow.stopped_at, slow.blocked_until, slow.failures) == (None, AT + MINUTE, 0)
    refused = after_answer(Health(failures=4, failing_since=AT), Answer("refused", "1"), AT)
    assert refused.failures == 0, "the vendor answered: the channel works"


# -- groups -----------------------------------------------------------------------------------------------

A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)


def test_a_group_is_called_as_in_longsha() -> None:
    pattern = builtin("cn-2020-longsha").role_set("five-to-one").group_name
    assert group_name(pattern, community="龙沙社区", head="杨应忠") == "龙沙社区防控组(杨应忠)"
    assert group_name(pattern, community="龙沙社区", head="") == "龙沙社区防控组(—)"


@given(st.lists(st.sampled_from(["甲(李)", "乙(李)", "丙"]), max_size=30))
def test_no_two_groups_have_one_name(names: list[str]) -> None:
    made = told_apart(names, ["甲(李)"])
    assert len({*made, "甲(李)"}) == len(names) + 1
    assert told_apart(["甲(李)", "甲(李)"]) == ["甲(李)", "甲(李2)"]


def test_the_nearest_leads_and_everybody_is_in_it_once() -> None:
    team = [(A, "甲", "medic"), (B, "乙", "village-cadre"), (A, "甲", "neighbour")]
    assert leader_of(team) == B
    assert leader_of([(A, "甲", "police")]) == A
    assert leader_of([]) is None
    assert members_of(team, "宋云") == (
        Wanted(A, "甲", "medic neighbour"),
        Wanted(B, "乙", "village-cadre"),
        Wanted(None, "宋云", "contact"),
    )


_KEYS = st.sampled_from([(A, ""), (B, ""), (C, ""), (None, "宋云")])


@given(
    st.sets(_KEYS),
    st.dictionaries(_KEYS, st.tuples(st.booleans(), st.booleans(), st.booleans())),
)
def test_after_the_changes_exactly_those_wanted_are_wanted(
    wanted: set[tuple[UUID | None, str]], told: dict[tuple[UUID | None, str], tuple[bool, bool, bool]]
) -> None:
    held = {
        key: Held(key, on and not removed, added or removed, removed and not on)
        for key, (on, added, removed) in told.items()
    }
    plans = {key: Wanted(key[0], key[1] or "x", "medic") for key in wanted}
    new, back, gone = changes(plans, held)
    now = (
        {key for key, row in held.items() if row.wanted} - set(gone)
        | set(back)
        | {w.key for w in new if w.worker_id}
    )
    now |= {(None, w.name) for w in new if not w.worker_id}
    expected = {key for key in wanted if key[0]} | {(None, "宋云") for key in wanted if not key[0]}
    assert now == expected
    assert not set(gone) & set(wanted)


def test_a_plan_is_a_value() -> None:
    assert Plan("5", "household", "x", "s", "n", None, ()) == Plan("5", "household", "x", "s", "n", None, ())
    assert (
        Message.model_validate({"code": "a", "title": {"zh_hans": "a"}, "body": {"zh_hans": "b"}}).channels[0]
        == "robot"
    )
