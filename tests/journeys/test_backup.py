"""A backup is proved by restoring it; after a restore phones bring back what it lacks (sync.md §4)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.field_phone import Phone, an_arrival, http_wire
from tests.journeys.homes import a_house
from tests.journeys.serving import House

VILLAGE = "500101135200"
FOUND = """
from datetime import datetime, timezone
from shouwang.accounts.actions import create_user, grant_role
from shouwang.devices.actions import make_enrol_code
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.scope import Scope
from shouwang.screening.actions import NewPost, open_posts
from shouwang.screening.queries import posts
at, everything = datetime.now(timezone.utc), Scope.everything()
user = create_user(username="xiang", name="向书记", password="a long password", by=SYSTEM, at=at)
grant_role(user_id=user.id, role="village-cadre", area="{village}", by=SYSTEM, at=at)
open_posts(posts=[NewPost("{village}", "大桥卡口", "road")], area="500101135", scope=everything, by=SYSTEM, at=at)
(post,) = posts(everything, since=at)
print(post.id, make_enrol_code(user_id=user.id, scope=everything, by=SYSTEM, at=at).code)
"""
COUNT = "select count(*) from screening_arrival"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return a_house(tmp_path_factory, "house")


def now() -> datetime:
    return datetime.now(UTC)


def test_a_restored_backup_gets_back_from_the_phones_what_it_lacks(house: House, tmp_path: Path) -> None:
    post, code = house.script(FOUND.replace("{village}", VILLAGE)).split()
    dump = tmp_path / "one.dump"
    with house.serving():
        phone = Phone(http_wire(f"http://127.0.0.1:{house.port}"))
        assert phone.enrol(code).status == 200
        for _ in range(3):
            phone.record("arrival", an_arrival(post, VILLAGE), now())
        inside = max(one["server_seq"] for one in phone.sync(now()).body["receipts"])

        told = json.loads(house.run("backup", str(dump), "--json"))
        assert (told["server_seq"], dump.stat().st_size) == (inside, told["size"])
        assert phone.state().body["backed_up_to"] == inside

        lacking = [phone.record("arrival", an_arrival(post, VILLAGE), now()) for _ in range(4)]
        phone.sync(now())
        assert set(phone.held) == {one["id"] for one in lacking}, (
            "what is inside was forgotten, the rest is held"
        )
        assert house.ask(COUNT) == 7
        epoch = phone.epoch

        kept = json.loads(house.run("restore", str(dump), "--yes", "--json"))["kept_as"]
        assert house.ask(COUNT) == 3
        phone.record("arrival", an_arrival(post, VILLAGE), now())
        phone.sync(now())
        assert phone.epoch != epoch
        assert house.ask(COUNT) == 8, "everything is there once"
        assert {phone.receipts[one["id"]]["status"] for one in lacking} == {"done"}
        assert min(phone.receipts[one["id"]]["server_seq"] for one in lacking) > inside + 4
        assert house.ask(f"select count(*) from pg_database where datname = '{kept}'") == 1
        assert house.ask("select count(*) from pg_database where datname like '%trial%'") == 0
        assert json.loads(house.run("verify", "--json"))["ok"]

        house.run("backup", str(tmp_path / "two.dump"))
        with pytest.raises(AssertionError, match="backup-older"):
            house.run("restore", str(dump), "--yes")
        assert house.ask(COUNT) == 8, "what phones forgot since is not given up without a word"


def test_a_dump_that_is_torn_is_no_backup_and_changes_nothing(house: House, tmp_path: Path) -> None:
    torn = tmp_path / "torn.dump"
    house.run("backup", str(torn))
    torn.write_bytes(torn.read_bytes()[: torn.stat().st_size // 2])
    before = house.script("from shouwang.devices.queries import epoch_now; print(epoch_now())")
    with pytest.raises(AssertionError, match="database-tool-failed"):
        house.run("restore", str(torn), "--yes")
    assert house.script("from shouwang.devices.queries import epoch_now; print(epoch_now())") == before


SEALED = """
from datetime import datetime, timezone
from shouwang.kernel.actor import SYSTEM
from shouwang.people.actions import NewHousehold, NewIdentifier, NewPerson, admit_people
at = datetime.now(timezone.utc)
home = NewHousehold(area="{village}", address="小湾村3组12号")
paper = NewIdentifier("id-18", "500101195206112650", "500***********2650")
person = NewPerson(home.area, "单田芳", "shan tian fang", "stf", household_id=home.id, identifiers=[paper])
admit_people(households=[home], people=[person], area="500101135", source="x", by=SYSTEM, at=at)
"""


def test_a_backup_is_not_put_where_its_keys_are_not(house: House, tmp_path: Path) -> None:
    """On a new machine the keys are new: everything would look well until somebody opens a number."""
    house.script(SEALED.replace("{village}", VILLAGE))
    dump, keys = tmp_path / "sealed.dump", house.home / "keys.json"
    house.run("backup", str(dump))
    kept = keys.read_text()
    keys.write_text(json.dumps(json.loads(kept) | {"field-1": "ab" * 32}))
    try:
        with pytest.raises(AssertionError, match="backup-other-keys"):
            house.run("restore", str(dump), "--yes")
        with pytest.raises(AssertionError, match="shouwang verify: 1"):
            house.run("verify")
    finally:
        keys.write_text(kept)
    house.run("restore", str(dump), "--yes")
    assert "ok    sealed-fields-open-with-these-keys" in house.run("verify")
