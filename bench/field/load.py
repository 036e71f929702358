"""Phones beside the server: `python -m bench.field.load` reads a plan from stdin and prints what it met as JSON.

A process of its own, so that its clock does not wait for anybody else's. Every batch goes over a connection of
its own, as from a phone with bad reception. Latency counts from the moment a batch was due, 503s and waits
included. On 503 a phone waits as long as Retry-After says, then twice as long and so on up to two minutes, with
jitter; on a broken connection up to ten, beginning at five seconds (sync.md §7).
"""

from __future__ import annotations

import asyncio
import json
import mmap
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

CHINA = timezone(timedelta(hours=8))
LONGEST, LONGEST_ASKED = 600.0, 120.0
FIRST = 5.0
ANSWER_SECONDS = 60.0


@dataclass
class Met:
    """What the phones met."""

    latency: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    receipts: Counter[str] = field(default_factory=Counter)
    without_retry_after: int = 0
    told_waits: list[float] = field(default_factory=list)
    last: float = 0.0
    desk: list[float] = field(default_factory=list)
    desk_failed: Counter[str] = field(default_factory=Counter)


class Load:
    """One run: phones, their batches, when each is due."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan, self.met = plan, Met()
        self.phones = json.loads(Path(plan["phones"]).read_text())
        with Path(plan["sealed"]).open("rb") as whole:
            self.body = mmap.mmap(whole.fileno(), 0, access=mmap.ACCESS_READ)
        with Path(plan["sealed"]).with_suffix(".index").open() as lines:
            self.batches = [json.loads(line) for line in lines]
        self.batches = self.batches[plan.get("from", 0) : plan.get("to")]
        self.dice = random.Random(20200201)
        self.acked: list[str] = []
        self.began = 0.0
        self.offset = timedelta(seconds=plan["clock"])

    async def run(self) -> dict[str, Any]:
        """All batches, at the rate or as fast as `together` phones can; then the figures."""
        self.began = time.monotonic()
        desk = asyncio.create_task(self._desk()) if self.plan.get("desk") else None
        if self.plan.get("together"):
            await self._as_fast_as_can()
        else:
            await self._at_their_time()
        took = time.monotonic() - self.began
        if desk:
            desk.cancel()
        with Path(self.plan["acked"]).open("a") as out:
            out.writelines(f"{one}\n" for one in self.acked)
        return self._told(took)

    async def _at_their_time(self) -> None:
        """Each phone's batches at random moments of the period, in their order."""
        seconds = float(self.plan["seconds"])
        of: dict[int, list[list[Any]]] = {}
        for batch in self.batches:
            of.setdefault(batch[0], []).append(batch)
        async with asyncio.TaskGroup() as group:
            for phone, batches in of.items():
                due = sorted(self.dice.uniform(0, seconds) for _ in batches)
                group.create_task(self._phone(phone, list(zip(due, batches, strict=True))))

    async def _phone(self, phone: int, work: list[tuple[float, list[Any]]]) -> None:
        for due, batch in work:
            await asyncio.sleep(max(0.0, self.began + due - time.monotonic()))
            await self._deliver(phone, batch, self.began + due)

    async def _as_fast_as_can(self) -> None:
        waiting = iter(self.batches)

        async def one() -> None:
            for batch in waiting:
                await self._deliver(batch[0], batch, time.monotonic())

        async with asyncio.TaskGroup() as group:
            for _ in range(self.plan["together"]):
                group.create_task(one())

    async def _deliver(self, phone: int, batch: list[Any], due: float) -> None:
        """Send until there is an answer with receipts."""
        pause = 0.0
        while True:
            status, told, body = await self._post(phone, batch)
            self.met.statuses[status] += 1
            if status == "200":
                self.met.last = time.monotonic() - self.began
                self.met.latency.append(time.monotonic() - due)
                self._count(batch, body)
                return
            if status not in {"503", "broken", "timeout"}:
                raise RuntimeError(f"{status}: {body[:500]!r}")
            if status == "503":
                if told is None:
                    self.met.without_retry_after += 1
                else:
                    self.met.told_waits.append(told)
            most = LONGEST_ASKED if status == "503" else LONGEST
            pause = min(most, 2 * pause) if pause else (told or FIRST)
            await asyncio.sleep(pause * self.dice.uniform(1.0, 1.25))

    def _count(self, batch: list[Any], body: bytes) -> None:
        if self.plan.get("bare"):
            self.met.receipts["done"] += len(batch[3])
            return
        for receipt in json.loads(body)["receipts"]:
            self.met.receipts[receipt["status"] + (f" {receipt['code']}" if receipt.get("code") else "")] += 1
            if receipt["status"] in {"done", "again"}:
                self.acked.append(receipt["id"])

    async def _post(self, phone: int, batch: list[Any]) -> tuple[str, float | None, bytes]:
        commands = self.body[batch[1] : batch[1] + batch[2]]
        now = (datetime.now(CHINA) + self.offset).isoformat(timespec="milliseconds")
        start = json.dumps({"epoch": self.plan["epoch"], "device_time": now, "last_server_seq": 0})[:-1]
        body = start.encode() + b',"commands":' + commands + b"}"
        token = self.phones[phone]["token"]
        head = f"Authorization: Bearer {token}\r\nX-Shouwang-App: {self.plan['app']}\r\n"
        return await self._ask("POST", self.plan["path"], head, body)

    async def _ask(self, method: str, path: str, head: str, body: bytes) -> tuple[str, float | None, bytes]:
        lines = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.plan['port']}\r\nConnection: close\r\n{head}"
        )
        if body:
            lines += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        writer = None
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.plan["port"])
                writer.write(lines.encode() + b"\r\n" + body)
                answer = await reader.read()
        except TimeoutError:
            return "timeout", None, b""
        except OSError:
            return "broken", None, b""
        finally:
            if writer:
                writer.close()
        top, _, content = answer.partition(b"\r\n\r\n")
        words = top.split(b" ", 2)
        if len(words) < 2:
            return "broken", None, b""
        headers = dict(line.lower().split(b": ", 1) for line in top.split(b"\r\n")[1:] if b": " in line)
        wait = headers.get(b"retry-after")
        return words[1].decode(), float(wait) if wait else None, content

    async def _desk(self) -> None:
        """Somebody at the desk opens a page every second, with one connection each."""
        head = f"Cookie: {self.plan['desk']['cookie']}\r\n"
        while True:
            start = time.monotonic()
            status, _, body = await self._ask("GET", self.plan["desk"]["path"], head, b"")
            if status == "200" and b"</html>" in body:
                self.met.desk.append(time.monotonic() - start)
            else:
                self.met.desk_failed[status] += 1
            await asyncio.sleep(max(0.0, start + 1 - time.monotonic()))

    def _told(self, took: float) -> dict[str, Any]:
        met = self.met
        return {
            "seconds": took,
            "last": met.last,
            "batches": len(self.batches),
            "events": sum(len(b[3]) for b in self.batches),
            "latency": quantiles(met.latency),
            "statuses": met.statuses,
            "receipts": met.receipts,
            "without_retry_after": met.without_retry_after,
            "told_waits": quantiles(met.told_waits),
            "desk": quantiles(met.desk),
            "desk_failed": met.desk_failed,
        }


def quantiles(values: list[float]) -> dict[str, float]:
    """Number, median, 95 in a hundred, most."""
    if not values:
        return {"n": 0, "p50": 0.0, "p95": 0.0, "max": 0.0}
    ranked = sorted(values)
    at = {"p50": 0.5, "p95": 0.95}
    return {"n": len(ranked), "max": ranked[-1]} | {
        name: ranked[min(len(ranked) - 1, int(len(ranked) * part))] for name, part in at.items()
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(Load(json.load(sys.stdin)).run())))
