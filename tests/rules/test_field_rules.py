"""Clocks, seals, codes and reading of the field protocol (sync.md §2, §5), as rules."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.devices.rules import (
    CLOCK_OFF,
    DATE_QUARANTINED,
    BatchUnreadable,
    ClockLimits,
    SealBroken,
    Sent,
    code_hash,
    command_hash,
    home_area,
    new_code,
    open_seal,
    private_key,
    public_point,
    read_batch,
    read_payload,
    seal_payload,
    told_time,
)
from shouwang.devices.rules.sealing import Seal
from shouwang.kernel.ids import uuid7
from tests.field_phone import b64, canonical, seal

NOW = datetime(2020, 2, 5, 6, 41, tzinfo=UTC)
LIMITS = ClockLimits()
MINUTE = timedelta(minutes=1)
instants = st.datetimes(datetime(2010, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
skews = st.timedeltas(timedelta(days=-5000), timedelta(days=5000))


@given(occurred=instants, skew=skews, floor=instants)
def test_told_time_is_never_in_the_future_and_never_impossibly_old(
    occurred: datetime, skew: timedelta, floor: datetime
) -> None:
    floor = min(floor, NOW)
    told = told_time(occurred, skew=skew, received_at=NOW, floor_at=floor, limits=LIMITS)
    assert told.at <= NOW
    assert told.at >= floor - timedelta(days=1) - LIMITS.quarantine
    assert (CLOCK_OFF in told.flags) >= (abs(skew) > LIMITS.flag)


@given(
    ago=st.timedeltas(timedelta(0), timedelta(hours=30)),
    off=skews.filter(lambda off: abs(off) > LIMITS.flag),
)
def test_a_clock_that_is_off_by_anything_still_gives_the_true_time(ago: timedelta, off: timedelta) -> None:
    """`off`: how far the phone goes ahead, when it was done and when it is sent."""
    done = NOW - ago
    floor = NOW - timedelta(hours=12)
    told = told_time(done + off, skew=-off, received_at=NOW, floor_at=floor, limits=LIMITS)
    assert told.at == done
    assert told.flags == (CLOCK_OFF,)


@given(ago=st.timedeltas(timedelta(0), timedelta(hours=12)), skew=st.timedeltas(-5 * MINUTE, 5 * MINUTE))
def test_within_five_minutes_the_phones_word_stands(ago: timedelta, skew: timedelta) -> None:
    told = told_time(NOW - ago, skew=skew, received_at=NOW, floor_at=NOW - timedelta(hours=12), limits=LIMITS)
    assert (told.at, told.flags) == (NOW - ago, ())


@given(order=st.permutations(range(6)), skew=skews)
def test_one_skew_never_changes_the_order_of_what_was_done(order: list[int], skew: timedelta) -> None:
    told = {
        n: told_time(
            NOW - timedelta(hours=n) - skew, skew=skew, received_at=NOW, floor_at=NOW, limits=LIMITS
        ).at
        for n in order
    }
    assert sorted(told, key=lambda n: told[n]) == sorted(order, reverse=True)


@pytest.mark.parametrize(
    ("occurred", "at", "flags"),
    [
        (NOW + 5 * MINUTE, NOW, ()),
        (NOW + 6 * MINUTE, NOW, (CLOCK_OFF,)),
        (NOW + 1440 * MINUTE, NOW, (CLOCK_OFF,)),
        (NOW + 1441 * MINUTE, NOW, (CLOCK_OFF, DATE_QUARANTINED)),
        (NOW - timedelta(days=2), NOW - timedelta(days=2), ()),
        (NOW - timedelta(days=2) - MINUTE, NOW - timedelta(days=1), (DATE_QUARANTINED,)),
    ],
)
def test_the_edges_of_doubt(occurred: datetime, at: datetime, flags: tuple[str, ...]) -> None:
    told = told_time(occurred, skew=timedelta(0), received_at=NOW, floor_at=NOW, limits=LIMITS)
    assert (told.at, told.flags) == (at, flags)


# seals

KEY = private_key("ab" * 32)
POINT = public_point(KEY.public_key())
DEVICE = UUID(int=7)
SERVER = {"id": "1", "public": b64(POINT)}


def _open(closed: Seal, **changes: object) -> bytes:
    bound: dict[str, object] = {"device": DEVICE, "id": UUID(int=9), "seq": 3, "kind": "check"}
    return open_seal(closed, key=KEY, public=POINT, **(bound | changes))  # type: ignore[arg-type]


@given(plain=st.binary(max_size=500))
def test_what_a_phone_seals_the_server_opens(plain: bytes) -> None:
    by_page = Seal(**seal(plain, server=SERVER, bound=f"{DEVICE}|{UUID(int=9)}|3|check"))
    assert _open(by_page) == plain
    own = seal_payload(plain, key_id="1", public=POINT, device=DEVICE, id=UUID(int=9), seq=3, kind="check")
    assert _open(own) == plain


@pytest.mark.parametrize(
    "change", [{"device": UUID(int=8)}, {"id": UUID(int=10)}, {"seq": 4}, {"kind": "visit"}]
)
def test_a_seal_moved_elsewhere_does_not_open(change: dict[str, object]) -> None:
    closed = Seal(**seal(b"{}", server=SERVER, bound=f"{DEVICE}|{UUID(int=9)}|3|check"))
    with pytest.raises(SealBroken):
        _open(closed, **change)


@given(
    epk=st.text(max_size=100),
    iv=st.text(max_size=20),
    ct=st.text(max_size=60),
    key=st.sampled_from(["1", ""]),
)
def test_rubbish_never_opens_and_never_breaks(epk: str, iv: str, ct: str, key: str) -> None:
    with pytest.raises(SealBroken):
        _open(Seal(key, epk, iv, ct))


texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)


@given(
    payload=st.dictionaries(texts, st.one_of(texts, st.integers(), st.booleans(), st.none(), st.lists(texts)))
)
def test_the_hash_is_over_the_canonical_json_of_the_page(payload: dict[str, object]) -> None:

    fields: dict[str, object] = {
        "actor": "a",
        "device": "d",
        "id": "i",
        "kind": "check",
        "occurred_at": "o",
        "recorded_at": "r",
        "revision": None,
        "seq": 1,
        "v": 1,
        "zone": "z",
    }
    whole = canonical(fields | {"payload": payload})
    assert command_hash(fields, canonical(payload)) == hashlib.sha256(whole.encode()).hexdigest()


# reading


def _sent(**changes: object) -> dict[str, object]:
    blank: dict[str, object] = {
        "id": str(uuid7()),
        "seq": 1,
        "kind": "check",
        "v": 1,
        "actor": "x",
        "revision": None,
        "occurred_at": "2020-02-05T06:00:00+08:00",
        "zone": "Asia/Shanghai",
        "recorded_at": "2020-02-05T06:00:00+08:00",
        "hash": "0" * 64,
        "sealed": {"key": "1", "epk": "", "iv": "", "ct": ""},
    }
    return blank | changes


def _batch(*commands: object, **more: object) -> bytes:
    return json.dumps({"device_time": "2020-02-05T06:41:12.345+08:00", "commands": commands} | more).encode()


def test_one_command_out_of_shape_leaves_the_others_readable() -> None:
    good, bad = _sent(later="a field of tomorrow"), _sent(sealed="?", seq=2)
    read = read_batch(_batch(good, bad, epoch="e", tomorrow=1))
    assert isinstance(read.commands[0], Sent)
    assert not isinstance(read.commands[1], Sent)
    assert (read.commands[1].seq, str(read.commands[1].id)) == (2, bad["id"])
    assert (read.epoch, read.last_server_seq) == ("e", 0)
    assert read.device_time == datetime(2020, 2, 5, 6, 41, 12, 345000, timezone(timedelta(hours=8)))


@given(
    st.one_of(
        st.binary(max_size=200),
        st.recursive(
            st.none() | st.booleans() | st.integers() | texts,
            lambda inner: (
                st.lists(inner)
                | st.dictionaries(
                    st.sampled_from(["commands", "device_time", "id", "seq", "epoch"]) | texts, inner
                )
            ),
            max_leaves=12,
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_no_body_does_anything_but_read_or_be_refused(body: bytes) -> None:
    try:
        commands = read_batch(body).commands
    except BatchUnreadable:
        return
    assert len({(one.id, one.seq) for one in commands}) <= len(commands)


@given(kind=st.sampled_from(["check", "visit", "arrival"]), plain=st.binary(max_size=80))
def test_no_payload_does_anything_but_read_or_not(kind: str, plain: bytes) -> None:
    assert read_payload(kind, plain) is None


def test_an_absent_field_has_the_default_and_an_unknown_one_is_ignored() -> None:
    told = {"file": str(uuid7()), "channel": "phone", "deci": 365, "tomorrow": {"x": 1}, "symptoms": None}
    read = read_payload("check", canonical(told).encode())
    assert read is not None
    assert (read.outcome, read.thermometer, read.photo_seen) == ("done", "", None)  # type: ignore[union-attr]


# codes and places


def test_a_code_is_read_however_it_was_typed() -> None:
    code = new_code()
    assert len(code) == 10
    assert code_hash(f"{code[:5].lower()} - {code[5:]}") == code_hash(code)
    assert code_hash(code) != code_hash(new_code())


@pytest.mark.parametrize(
    ("areas", "home"),
    [
        (["500101135200"], "500101135200"),
        (["500101135200", "500101135201"], "500101135"),
        (["500101135200", "500101134"], "500101"),
        (["50010113520001"], "50010113520001"),
        (["50", "41"], ""),
        ([], ""),
    ],
)
def test_the_place_of_a_phone_is_the_narrowest_that_holds_its_log_ins_places(
    areas: list[str], home: str
) -> None:
    assert home_area(areas) == home
