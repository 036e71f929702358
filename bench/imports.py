"""Importing 50,000 rows, with the time the front page's query takes meanwhile."""

from __future__ import annotations

import random
import threading
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection

from bench.clock import megabytes
from bench.table import Row
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.national_id import check_digit
from shouwang.kernel.scope import Scope
from shouwang.observation.queries import late_count
from shouwang.places.actions import load_divisions
from shouwang.places.queries import place_by_code
from shouwang.screening.actions import import_file

ROWS = 50_000
TOWN = "500101135"
VILLAGES = ("沙包村", "青龙村", "海螺村", "雨台村", "黄金村", "印合村", "何院村", "彭家村")
AT = datetime(2020, 2, 1, 12, tzinfo=UTC)


def run() -> list[Row]:
    """One import of 50,000 people as a workbook, from the file to the commit."""
    if place_by_code(Scope.everything(), TOWN) is None:
        load_divisions(county=TOWN, by=SYSTEM, at=AT)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "register.xlsx"
        _write(path)
        stop, answers = threading.Event(), list[float]()
        watcher = threading.Thread(target=_look, args=(stop, answers))
        watcher.start()
        began = time.perf_counter()
        counts = import_file(kind="register", area=TOWN, path=path, file_name=path.name, by=SYSTEM, at=AT)
        took = time.perf_counter() - began
        stop.set()
        watcher.join()
    answers.sort()
    p95 = answers[int(len(answers) * 0.95)] * 1000 if answers else 0.0
    return [
        Row(
            f"import {ROWS:,} rows",
            "< 60 s, page answers",
            f"{took:.1f} s, {ROWS / took:,.0f} rows/s, {megabytes()} MB",
            took < 60 and counts["accepted"] + counts["duplicates"] == ROWS,
            f"late count meanwhile p95 {p95:.0f} ms ({len(answers)} answers)",
        )
    ]


def _write(path: Path) -> None:
    import xlsxwriter

    chance = random.Random(time.time_ns())  # other people at each run, else they would be repeats
    head = ("村(社区)", "组别", "户编号", "门牌", "姓名", "与户主关系", "性别", "公民身份号码", "联系电话")
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, head)
        run_no = chance.randrange(10**6)
        for row in range(ROWS):
            household, member = divmod(row, 4)
            sheet.write_row(row + 1, 0, _line(chance, run_no, household, member, row))


def _line(chance: random.Random, run_no: int, household: int, member: int, row: int) -> list[str]:
    born = date(1940, 1, 1) + timedelta(days=chance.randrange(28_000))
    first = f"500101{born:%Y%m%d}{row % 1000:03d}"
    village = VILLAGES[household % len(VILLAGES)]
    name = "".join(chance.choice("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗") for _ in range(3))
    door = f"{household // 8 % 12 + 1}组", f"{run_no}-{household}", f"{household % 997}号"
    relation = "户主" if member == 0 else "子"
    phone = f"13{chance.randrange(10**9):09d}"
    return [village, *door, name, relation, "男" if row % 2 else "女", first + check_digit(first), phone]


def _look(stop: threading.Event, answers: list[float]) -> None:
    scope = Scope.everything()
    while not stop.is_set():
        began = time.perf_counter()
        late_count(scope, AT)
        answers.append(time.perf_counter() - began)
        stop.wait(0.1)
    connection.close()
