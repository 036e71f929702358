"""Eight in the morning on two cores: `shouwang serve` as it is shipped, the phones beside it.

One run: the comparison (closed loop, eight phones at a time, the three ways taking turns), then the morning (5,000
phones × 60 checks in five minutes, which is 50 batches of 20 a second), then the flood (ten times that for a minute,
from 30,000 phones), then the count of what was acknowledged against what is stored. `SHOUWANG_BENCH_SCALE=10` makes
the district and the periods ten times smaller and leaves the rates as they are.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from bench.field import seed as district
from bench.field.sealed import Key, Sheet, plain_all, seal_all
from bench.field.serving import Serving, plain_server, shouwang_server
from bench.seed_observation import NOW
from bench.table import Row

WAYS = {"ours": "/api/field/v1/commands", "bare": "/bare", "bulk": "/bulk"}
ROUNDS = 3
CALLS = 150
TOGETHER = 8
RELEASE = 3


def morning() -> list[Row]:
    """The rows of the table."""
    scale = int(os.environ.get("SHOUWANG_BENCH_SCALE", "1"))
    size = district.Size(max(2, 1000 // scale))
    bench = Bench(size, 300 / scale, 60 / scale)
    bench.prepare()
    with ExitStack() as running:
        plain = running.enter_context(plain_server(bench.offset))
        rows = bench.compare(running.enter_context(shouwang_server(bench.offset)), plain)
    with shouwang_server(bench.offset) as server:
        rows = [*bench.morning(server), *bench.flood(server), *rows]
    return [*rows, *bench.proof()]


class Bench:
    """One run, with its files beside the database."""

    def __init__(self, size: district.Size, morning_seconds: float, flood_seconds: float) -> None:
        self.size, self.morning_seconds, self.flood_seconds = size, morning_seconds, flood_seconds
        self.home = Path(settings.HOME)
        self.begun: dict[int, int] = {}
        """Phone → the sequence number it has come to."""
        self.revision = UUID(int=0)
        self.offset = 0.0
        self.sealed_seconds = self.seeded_seconds = 0.0
        self.told: dict[str, dict[str, Any]] = {}

    def found(self) -> None:
        """Seed the district."""
        start = time.perf_counter()
        self.revision = district.seed(self.size)
        self.seeded_seconds = time.perf_counter() - start
        self.offset = (NOW - timedelta(minutes=1)).timestamp() - time.time()
        phones = district.phones(self.size)
        (self.home / "phones.json").write_text(json.dumps([{"token": p.token} for p in phones]))

    def prepare(self) -> None:
        """Seed the district and seal everything that will be sent."""
        self.found()
        start = time.perf_counter()
        compared = self._compared()
        self._seal("compare", compared)
        for way in ("bare", "bulk"):
            plain_all(compared, self.home / f"{way}.batches")
        self.seal_morning()
        self._seal("flood", district.flood(self.size, self.begun))
        self.sealed_seconds = time.perf_counter() - start
        self.cookie = _desk_cookie()

    def seal_morning(self) -> None:
        """What the phones of the morning will send."""
        sheets = district.morning(self.size)
        self._seal("morning", sheets)
        for sheet in sheets:
            self._note(sheet)

    def hurried(self, server: Serving) -> dict[str, Any]:
        """The morning as fast as eight connections can, batches of one phone at the same time too."""
        return self._phones("morning", server, {"path": WAYS["ours"], "together": TOGETHER})

    def _compared(self) -> list[Sheet]:
        """As many batches as the rounds need, of phones that the morning leaves alone."""
        idle = [n for n in range(self.size.phones) if n % district.FLOOD_PHONES >= district.MORNING_PHONES]
        sheets = []
        for number in range(ROUNDS * CALLS + CALLS // 3):
            phone = idle[number % len(idle)]
            home = phone // district.FLOOD_PHONES
            places = [(number * 7 + n) % district.PER_VILLAGE for n in range(district.BATCH)]
            files = tuple(district.file_id(home * district.PER_VILLAGE + place) for place in places)
            at = NOW - timedelta(minutes=80, seconds=number)
            sheets.append(Sheet(phone, self.begun.get(phone, 0) + 1, files, at))
            self._note(sheets[-1])
        return sheets

    def _note(self, sheet: Sheet) -> None:
        self.begun[sheet.phone] = sheet.first + len(sheet.files) - 1

    def _seal(self, name: str, sheets: list[Sheet]) -> None:
        from shouwang.devices.keys import current_key

        key = current_key()
        phones = district.phones(self.size)
        path = self.home / f"{name}.batches"
        seal_all(phones, sheets, Key(key.id, key.public), str(self.revision), path)

    def compare(self, ours: Serving, plain: Serving) -> list[Row]:
        """Batches a second of the three ways, taking turns; the median of the rounds."""
        rates: dict[str, list[float]] = {way: [] for way in WAYS}
        warm = CALLS // 3
        for number in range(-1, ROUNDS):
            span = (0, warm) if number < 0 else (warm + number * CALLS, warm + (number + 1) * CALLS)
            for way, found in rates.items():
                met = self._load(way, ours if way == "ours" else plain, span)
                if number >= 0:
                    found.append(met["batches"] / met["seconds"])
        rate = {way: statistics.median(found) for way, found in rates.items()}
        told = f"ours {rate['ours']:.0f}, bare {rate['bare']:.0f}, bulk_create {rate['bulk']:.0f} batches/s"
        return [
            Row(
                "of the bare INSERT … unnest … ON CONFLICT",
                "",
                f"{rate['ours'] / rate['bare']:.2f}",
                True,
                told,
            ),
            Row("of a plain bulk_create endpoint", "", f"{rate['ours'] / rate['bulk']:.2f}", True, "ditto"),
        ]

    def _load(self, way: str, server: Serving, span: tuple[int, int]) -> dict[str, Any]:
        batches = "compare" if way == "ours" else way
        more = {
            "path": WAYS[way],
            "from": span[0],
            "to": span[1],
            "together": TOGETHER,
            "bare": way != "ours",
        }
        return self._phones(batches, server, more)

    def _phones(self, batches: str, server: Serving, more: dict[str, Any]) -> dict[str, Any]:
        """The phones as a process of their own; what they met."""
        plan = {
            "port": server.port,
            "phones": str(self.home / "phones.json"),
            "sealed": str(self.home / f"{batches}.batches"),
            "acked": str(self.home / "acked"),
            "epoch": _epoch(),
            "app": RELEASE,
            "clock": self.offset,
        } | more
        done = subprocess.run(
            [sys.executable, "-m", "bench.field.load"],
            input=json.dumps(plan),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        found: dict[str, Any] = json.loads(done.stdout)
        print(batches, json.dumps(found), file=sys.stderr, flush=True)
        return found

    def morning(self, server: Serving) -> list[Row]:
        """5,000 × 60 in five minutes, with somebody at the desk."""
        with server.measured() as size:
            told = self._rated("morning", server, self.morning_seconds)
        self.told["morning"] = told | {"memory": size.most}
        phones = self.size.villages * district.MORNING_PHONES
        p50, p95 = told["latency"]["p50"], told["latency"]["p95"]
        note = f"{told['batches'] / self.morning_seconds:.0f} batches/s, {_statuses(told)}; web {size.most:.0f} MB"
        note += f", database {size.database:.0f} MB; seeded {self.seeded_seconds:.0f} s, sealed"
        note += f" {self.sealed_seconds:.0f} s before"
        job = f"{phones:,} phones × {district.EVENTS} in {self.morning_seconds:.0f} s"
        rows = [Row(job, "p95 <= 2 s", f"p50 {p50:.2f} s, p95 {p95:.2f} s", p95 <= 2, note)]
        return [*rows, _desk("the desk's page meanwhile", told)]

    def _rated(self, batches: str, server: Serving, seconds: float) -> dict[str, Any]:
        more = {"path": WAYS["ours"], "seconds": seconds, "desk": {"path": "/", "cookie": self.cookie}}
        return self._phones(batches, server, more)

    def flood(self, server: Serving) -> list[Row]:
        """Ten times that for a minute, and how long it takes until everything is there."""
        with server.measured() as size:
            told = self._rated("flood", server, self.flood_seconds)
        self.told["flood"] = told
        first = self.told["morning"]["memory"]
        busy = told["statuses"].get("503", 0)
        rate = told["batches"] / self.flood_seconds
        waits = told["told_waits"]
        return [
            Row(
                f"{told['batches']:,} phones at {rate:.0f} batches/s: 503",
                "each with Retry-After",
                f"{busy:,} told to wait p50 {waits['p50']:.0f}, most {waits['max']:.0f} s",
                busy > 0 and not told["without_retry_after"],
                _statuses(told),
            ),
            Row("… all delivered", "<= 15 min", f"{told['last'] / 60:.1f} min", told["last"] <= 900),
            Row(
                "… memory of the web server",
                "<= 1.5 × the morning's",
                f"{size.most:.0f} MB",
                size.most <= 1.5 * first,
                f"the morning's {first:.0f} MB; database {size.database:.0f} MB",
            ),
            _desk("… the desk's page meanwhile", told),
        ]

    def proof(self) -> list[Row]:
        """What was acknowledged against what is stored."""
        with connection.cursor() as cursor:
            cursor.execute("create temporary table acked (id uuid)")
            with cursor.copy("copy acked from stdin") as copy, (self.home / "acked").open("rb") as told:
                while block := told.read(1 << 20):
                    copy.write(block)
            cursor.execute(_PROOF)
            acked, stored, lost, unasked, twice, gaps = cursor.fetchone()
        ok = not (lost or unasked or twice or gaps) and acked == stored
        measured = f"{lost} lost, {twice} doubled"
        note = (
            f"{acked:,} acknowledged, {stored:,} stored, {unasked} stored and never acknowledged, {gaps} gaps"
        )
        return [Row("acknowledged against stored", "none lost, none doubled", measured, ok, note)]


_PROOF = """
with ours as (select id, file_id, taken_at, recorded_by from observation_dailycheck where recorded_by in
    (select id::text from accounts_user where username like 'doctor-%%'))
select (select count(distinct id) from acked), (select count(*) from ours),
    (select count(*) from acked a where not exists (select from ours where ours.id = a.id)),
    (select count(*) from ours where not exists (select from acked a where a.id = ours.id)),
    (select count(*) from (select 1 from ours group by file_id, taken_at, recorded_by having count(*) > 1) t),
    (select count(*) from devices_device where contiguous <> highest)
""".replace("%%", "%")


def _desk(job: str, told: dict[str, Any]) -> Row:
    page, failed = told["desk"], told["desk_failed"]
    measured = f"p50 {page['p50']:.2f} s, p95 {page['p95']:.2f} s"
    ok = page["n"] > 0 and page["p95"] <= 2 and not failed
    return Row(
        job, "p95 <= 2 s", measured, ok, f"{page['n']} opened" + (f", failed {failed}" if failed else "")
    )


def _statuses(told: dict[str, Any]) -> str:
    found = {**told["statuses"], **told["receipts"]}
    return ", ".join(f"{name} × {number:,}" for name, number in sorted(found.items()))


def _epoch() -> str:
    from shouwang.devices.models import Epoch

    newest = Epoch.objects.order_by("-number").first()
    return str(newest.id) if newest else ""


def _desk_cookie() -> str:
    """Somebody of the first town's office, logged in."""
    from django.test import Client

    from shouwang.accounts.actions import create_user, grant_role
    from shouwang.kernel.actor import SYSTEM

    at = NOW - timedelta(days=20)
    user = create_user(username="clerk", name="周敏", password="correct horse battery", by=SYSTEM, at=at)
    grant_role(user_id=user.id, role="town-clerk", area=district.village(0)[:9], by=SYSTEM, at=at)
    client = Client()
    client.force_login(user)
    return f"sessionid={client.cookies['sessionid'].value}"
