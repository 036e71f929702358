"""For scripts: the command on an empty home, without a terminal, the days of 2020 replayed (issue 2 §1).

One home for the module: made, filled and asked as a script would do it. The tests stand in the order of the days.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from tests.conftest import SAMPLES
from tests.journeys.homes import found_home
from tests.journeys.serving import held_database

pytestmark = pytest.mark.xdist_group("cli")

TOWN = "500101135"
TRUTH = json.loads((SAMPLES / "TRUTH.json").read_text())
REGISTER, HUBEI, OTHERS = (
    "longsha_register.xlsx",
    "longsha_hubei_returnees.xlsx",
    "longsha_other_returnees_gb18030.csv",
)
RECEIPT = {"rows", "accepted", "duplicates", "rejected", "with_problems", "problems", "people", "households"}
COMMANDS = (
    *("demo", "serve", "init", "import", "ledger", "classify", "duties", "report", "report daily", "pack"),
    *("pack list", "pack check", "pack show", "pack diff", "verify"),
)
SCRIPT = Path(sys.executable).parent / "shouwang"


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str
    seconds: float

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Home:
    """An installation under a folder of its own, and what was noted while it was filled."""

    path: Path
    noted: dict[str, Any] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("SHOUWANG", "DJANGO", "DATABASE"))}
        return kept | {"SHOUWANG_HOME": str(self.path), "SHOUWANG_PG_UNSAFE": "1"}

    def run(self, *words: str | Path) -> Done:
        """Run one command as a script does: no terminal, nothing on stdin."""
        started = time.monotonic()
        done = subprocess.run(
            [SCRIPT, *map(str, words)],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr, time.monotonic() - started)

    def ask(self, *words: str | Path) -> Any:
        """What a command that succeeds prints as JSON, with nothing on stderr."""
        done = self.run(*words, "--json")
        assert (done.status, done.err) == (0, ""), done
        return done.json

    def take_in(self, kind: str, file: Path, at: str, *more: str) -> dict[str, Any]:
        """Import a file and read the receipt it wrote."""
        receipt = self.path.parent / "receipt.json"
        receipt.unlink(missing_ok=True)
        done = self.run("import", kind, file, "--place", TOWN, "--at", at, "--report", receipt, *more)
        assert (done.status, done.err) == (0, ""), done
        told: dict[str, Any] = json.loads(receipt.read_text(encoding="utf-8"))
        return told

    def people(self, ledger: str, *more: str) -> int:
        number: int = self.ask("ledger", ledger, "--place", TOWN, *more)["people"]
        return number


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Longsha as scripts make it: on 15 January the register, on the 27th and 28th the two lists."""
    made = Home(tmp_path_factory.mktemp("cli") / "home")
    made.noted["first"] = found_home(tmp_path_factory, made.path)
    with held_database(made.environment()):
        made.noted["second"] = made.run("init", "--place", TOWN, "--pack", "cn-2020-longsha")
        made.noted[REGISTER] = made.take_in("register", SAMPLES / REGISTER, "2020-01-15T09:00+08:00")
        made.noted["dry"] = made.take_in("returnees", SAMPLES / HUBEI, "2020-01-27T18:00+08:00", "--dry-run")
        made.noted["after-dry"] = made.people("hubei", "--at", "2020-01-27T19:00+08:00")
        made.noted[HUBEI] = made.take_in("returnees", SAMPLES / HUBEI, "2020-01-27T18:00+08:00")
        made.noted[OTHERS] = made.take_in("returnees", SAMPLES / OTHERS, "2020-01-28T18:00+08:00")
        yield made


# -- init ---------------------------------------------------------------------------------------------------------


def test_init_makes_the_installation_and_doing_it_again_changes_nothing(home: Home) -> None:
    first, second = home.noted["first"], home.noted["second"]
    assert (first.status, second.status) == (0, 0)
    assert "龙沙镇" in first.out
    assert "admin" in first.out
    assert "made earlier" in second.out


def test_init_refuses_a_place_or_a_pack_that_is_not(tmp_path: Path) -> None:
    empty = Home(tmp_path / "home")
    for words, code in (
        (("init", "--place", "500101999"), "place-unknown"),
        (("init", "--place", "abc"), "place-unknown"),
        (("init", "--place", TOWN, "--pack", "nosuch"), "pack-unknown"),
        (("ledger", "hubei", "--place", TOWN), "place-unknown"),
    ):
        _refused(empty.run(*words), code)


def test_a_command_before_init_says_what_to_do(tmp_path: Path) -> None:
    done = Home(tmp_path / "home").run("duties", "--place", TOWN, "--json")
    assert "shouwang init" in _refused(done, "not-initialised")


def test_a_backup_from_a_timetable_that_forgot_the_home_says_which_home_was_meant(tmp_path: Path) -> None:
    """cron knows nothing of SHOUWANG_HOME: the empty default home must not look like a fault of the product."""
    done = Home(tmp_path / "home").run("backup", str(tmp_path / "night.dump"))
    assert str(tmp_path / "home") in _refused(done, "not-initialised")
    assert not (tmp_path / "night.dump").exists()


# -- import --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [HUBEI, OTHERS])
def test_the_receipt_of_a_list_is_the_truth(home: Home, name: str) -> None:
    told, truth = home.noted[name], TRUTH[name]
    assert set(told) == RECEIPT
    assert {key: told[key] for key in ("people", "households", "problems", "duplicates", "rejected")} == {
        key: truth[key] for key in ("people", "households", "problems", "duplicates", "rejected")
    }
    assert told["rows"] == truth["data_rows"]
    assert told["rows"] == told["accepted"] + told["duplicates"] + told["rejected"]


def test_the_receipt_of_the_register_is_the_truth(home: Home) -> None:
    told, truth = home.noted[REGISTER], TRUTH[REGISTER]
    assert (told["people"], told["households"]) == (truth["people"], truth["households"])
    assert told["rows"] == told["accepted"] == 42_000


def test_a_dry_run_tells_the_same_and_keeps_nothing(home: Home) -> None:
    assert home.noted["dry"] == home.noted[HUBEI]
    assert home.noted["after-dry"] == 0


def test_the_same_file_again_adds_nobody(home: Home) -> None:
    told = home.take_in("returnees", SAMPLES / HUBEI, "2020-01-28T19:00+08:00")
    truth = TRUTH[HUBEI]
    assert told["rows"] == truth["data_rows"] == told["accepted"] + told["duplicates"] + told["rejected"]
    found = home.ask("ledger", "hubei", "--place", TOWN)
    assert (found["people"], found["households"]) == (1046, 665)
    assert home.people("spring-festival") == home.people("spring-festival", "--at", "2020-01-28T18:30+08:00")


def test_a_corrected_file_again_adds_nobody_and_settles_what_it_corrects(home: Home, tmp_path: Path) -> None:
    """Dates that nobody could read are written plainly; the people are the same people."""
    book = openpyxl.load_workbook(SAMPLES / HUBEI)
    mended = 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.strip() in _UNREADABLE:
                    cell.value = "2020年1月20日"
                    mended += 1
    assert mended > 10
    file = tmp_path / "corrected.xlsx"
    book.save(file)
    before = home.ask("ledger", "hubei", "--place", TOWN, "--at", "2020-01-29T08:00+08:00")
    told = home.take_in("returnees", file, "2020-01-29T09:00+08:00")
    after = home.ask("ledger", "hubei", "--place", TOWN, "--at", "2020-01-29T10:00+08:00")
    assert told["rows"] == told["accepted"] + told["duplicates"] + told["rejected"]
    assert (after["people"], after["households"]) == (before["people"], before["households"])
    undated = [sum(row["trip"]["returned_on"] is None for row in found["rows"]) for found in (before, after)]
    assert undated[0] - undated[1] >= mended - 2, "what was written plainly is known now"


_UNREADABLE = {
    "前几天",
    "年前",
    "1月",
    "记不清",
    "春节前",
    "上个月",
    "月底",
    "1月中旬",
    "年底",
    "不详",
    "不清楚",
}


def test_the_days_are_replayed_as_they_were(home: Home) -> None:
    for code, at, people in (
        ("hubei", "2020-01-27T17:59:59+08:00", 0),
        ("hubei", "2020-01-27T18:00+08:00", 1046),
        ("other", "2020-01-28T17:59:59+08:00", 0),
        ("other", "2020-01-28T10:00:00Z", 240),
        ("other", "2020-01-28T18:00", 240),
    ):
        assert home.people(code, "--at", at) == people, at


# -- ledger --------------------------------------------------------------------------------------------------------


def test_a_ledger_prints_its_figures_and_every_row(home: Home) -> None:
    for code in ("hubei", "other", "spring-festival"):
        found = home.ask("ledger", code, "--place", TOWN, "--at", "2020-01-28T20:00+08:00")
        assert {"ledger", "as_of", "people", "households", "rows"} <= set(found)
        assert found["ledger"] == code
        assert found["as_of"].startswith("2020-01-28T20:00")
        assert len(found["rows"]) == found["people"]
        assert len({row["person_id"] for row in found["rows"]}) == found["people"]
        bare = re.search(r"\d{17}[\dX]|\b1\d{10}\b", json.dumps([row["id_masked"] for row in found["rows"]]))
        assert bare is None


def test_a_ledger_opens_for_one_origin(home: Home) -> None:
    found = home.ask("ledger", "hubei", "--place", TOWN, "--origin", "4201")
    assert (found["people"], found["households"], len(found["rows"])) == (305, 211, 305)


def test_a_ledger_of_a_village_is_a_part_of_the_towns(home: Home) -> None:
    whole = home.ask("ledger", "hubei", "--place", TOWN)["rows"]
    village = whole[0]["area"][:12]
    part = home.ask("ledger", "hubei", "--place", village)
    assert part["people"] == sum(row["area"].startswith(village) for row in whole) > 0


def test_a_ledger_goes_into_a_spreadsheet_with_every_row(home: Home, tmp_path: Path) -> None:
    out = tmp_path / "hubei.xlsx"
    found = home.run("ledger", "hubei", "--place", TOWN, "--json", "--out", out)
    assert found.status == 0
    names = [row["name"] for row in found.json["rows"]]
    cells = CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0).to_python()
    header = next(i for i, row in enumerate(cells) if "姓名" in row)
    column = cells[header].index("姓名")
    assert [row[column] for row in cells[header + 1 :] if row[column]] == names


# -- duties, report, classify, verify ---------------------------------------------------------------------------------


def test_the_duties_of_several_days_follow_the_days(home: Home) -> None:
    late = []
    for at in ("2020-01-28T06:30+08:00", "2020-01-29T12:01+08:00", "2020-02-05T06:30+08:00"):
        found = home.ask("duties", "--place", TOWN, "--at", at)
        assert {"place", "as_of", "count", "late", "duties"} <= set(found)
        assert found["count"] == len(found["duties"])
        assert found["late"] == sum(row["late"] for row in found["duties"])
        for row in found["duties"]:
            assert row["owner"]
            assert row["due_at"].endswith("+08:00")
            assert row["late"] == (row["due_at"] < _same_clock(at))
        late.append(found["late"])
    assert late[0] < late[1] < late[2] <= 1286, "nobody checked anybody: what is missed is late"
    channels = {row["channel"] for row in found["duties"]}
    assert channels <= {"visit", "phone", ""}


def _same_clock(at: str) -> str:
    return at.replace("+08:00", ":00+08:00")


def test_the_daily_report_says_each_figure_with_its_denominator(home: Home) -> None:
    found = home.ask("report", "daily", "--place", TOWN, "--date", "2020-01-28")
    assert found["date"] == "2020-01-28"
    figures = {figure["code"]: figure for figure in found["figures"]}
    assert figures["under-observation"]["value"] == 1286
    assert figures["new"]["value"] == 240
    assert figures["found-hubei"]["value"] == 1046
    for figure in figures.values():
        assert {"code", "title", "value", "unit", "denominator", "definition"} <= set(figure)
        if figure["unit"] != "day":
            assert len(figure["rows"]) == figure["value"], figure["code"]


def test_classifying_again_changes_nobody(home: Home) -> None:
    found = home.ask("classify", "--place", TOWN, "--at", "2020-01-30T08:00+08:00")
    assert (found["preview"], found["changed"]) == (False, 0)
    assert found["counts"] == {"hubei": 741, "other": 240, "wuhan": 305}


def test_another_pack_is_previewed_and_changes_nobody(home: Home) -> None:
    ask = ("classify", "--place", TOWN, "--at", "2020-01-30T10:00+08:00", "--preview")
    found = home.ask(*ask, "--pack", "cn-2020-rongchang")
    assert found["preview"] is True
    assert found["changed"] == sum(move["people"] for move in found["moves"]) > 0
    assert home.ask(*ask)["changed"] == 0
    assert home.people("hubei", "--origin", "4201") == 305


def test_the_house_verifies(home: Home) -> None:
    found = home.ask("verify")
    assert found["ok"] is True
    assert len(found["checks"]) > 5
    assert all(set(check) == {"name", "ok", "count"} and check["ok"] for check in found["checks"])


# -- statuses and refusals ---------------------------------------------------------------------------------------------


def _refused(done: Done, code: str) -> str:
    assert done.status == 1, done
    assert done.out == "", done
    lines = done.err.strip().splitlines()
    assert len(lines) == 1, done.err
    assert lines[0].startswith(code), done.err
    return lines[0]


def test_a_refusal_is_one_line_and_status_1(home: Home) -> None:
    place = ("--place", TOWN)
    for words, code in (
        (("ledger", "hubei", "--place", "999999999"), "place-unknown"),
        (("ledger", "hubei", "--place", "龙沙"), "place-unknown"),
        (("ledger", "nosuch", *place, "--json"), "pack-entry-missing"),
        (("duties", "--place", "500101135999", "--json"), "place-unknown"),
        (("report", "daily", "--place", "1", "--date", "2020-01-28"), "place-unknown"),
        (("classify", *place, "--pack", "nosuch", "--preview"), "pack-unknown"),
        (("pack", "show", "nosuch"), "pack-unknown"),
    ):
        _refused(home.run(*words), code)


def test_a_wrong_use_is_status_2(home: Home, tmp_path: Path) -> None:
    place = ("--place", TOWN)
    some = SAMPLES / OTHERS
    for words in (
        (),
        ("nosuch",),
        ("ledger", "hubei"),
        ("ledger", *place),
        ("ledger", "hubei", *place, "--at", "yesterday"),
        ("ledger", "hubei", *place, "--out", tmp_path / "no" / "x.xlsx"),
        ("duties", *place, "--at", "2020-02-30T08:00"),
        ("report", "daily", *place, "--date", "2020-13-01"),
        ("classify", *place, "--pack", "cn-2020-rongchang"),
        ("import", "nosuch", some, *place),
        ("import", "returnees", tmp_path / "gone.xlsx", *place),
        ("import", "returnees", some, *place, "--report", tmp_path / "no" / "r.json"),
        ("verify", "--nosuch"),
    ):
        done = home.run(*words)
        assert (done.status, done.out) == (2, ""), (words, done)
        assert "Traceback" not in done.err
        assert "Usage:" in done.err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: str, tmp_path: Path) -> None:
    done = Home(tmp_path).run(*command.split(), "--help")
    assert (done.status, done.err) == (0, "")
    assert "Example:" in done.out
    assert f"shouwang {command}" in done.out
    if command in ("init", "import", "ledger", "classify", "duties"):
        assert "--at" in done.out
        assert "--json" in done.out


def _hostile(folder: Path) -> Iterator[Path]:
    (folder / "empty.xlsx").write_bytes(b"")
    (folder / "words.xlsx").write_text("hello")
    (folder / "noise.xlsx").write_bytes(bytes(range(256)) * 400)
    (folder / "paper.xls").write_bytes(b"%PDF-1.4\n%x\n")
    (folder / "page.csv").write_text("<!doctype html><html><body>403</body></html>")
    (folder / "broken.xlsx").write_bytes((SAMPLES / HUBEI).read_bytes()[:4000])
    (folder / "locked.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000)
    with zipfile.ZipFile(folder / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", "<workbook/>")
        book.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
    with zipfile.ZipFile(folder / "other.ods", "w") as book:
        book.writestr("readme.txt", "not a spreadsheet")
    yield from sorted(folder.iterdir())


def test_a_hostile_file_is_refused_in_one_line_and_nothing_is_kept(home: Home, tmp_path: Path) -> None:
    receipt = tmp_path / "r.json"
    folder = tmp_path / "files"
    folder.mkdir()
    for file in _hostile(folder):
        done = home.run("import", "returnees", file, "--place", TOWN, "--report", receipt)
        _refused(done, "")
        assert re.match(r"[a-z]+(-[a-z]+)+( \(.*\))?$", done.err.strip()), (file.name, done.err)
        assert not receipt.exists(), file.name
    assert home.people("hubei") == 1046
