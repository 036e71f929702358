"""`make bench`: seeds what is not seeded, measures, prints one table.

Each part has a database of its own under `build/`, kept for the next run. `python -m bench checks` runs one
part; `SHOUWANG_BENCH_SCALE=10` makes everything ten times smaller, for trying.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from bench.table import Row

HOME = Path(__file__).resolve().parent.parent / "build" / "bench"
SCALE = int(os.environ.get("SHOUWANG_BENCH_SCALE", "1"))
PARTS = {
    "imports": "imports",
    "ledger": "people",
    "export": "people",
    "classify": "people",
    "chains": "people",
    "late": "observation",
    "evening": "observation",
    "checks": "observation",
    "sweep": "sweep",
    "staffing": "staffing",
    "walks": "imports",
    "field": "field",
}
"""Part → which database it needs. Late before checks: recording moves files on."""


def main() -> None:
    """Run the parts named, or all, each in a process of its own, and print the table."""
    if len(sys.argv) == 3 and sys.argv[1] == "--part":
        _inside(sys.argv[2])
        return
    rows: list[Row] = []
    for part in sys.argv[1:] or PARTS:
        began = time.perf_counter()
        print(f"… {part}", file=sys.stderr, flush=True)
        rows += _part(part)
        if part in (
            "checks",
            "sweep",
            "field",
        ):  # the one writes rows that `verify` would rightly refuse, the other
            # a month of rounds over what it has seeded itself
            shutil.rmtree(HOME / PARTS[part])
        print(f"  {part} took {time.perf_counter() - began:.0f} s with seeding", file=sys.stderr, flush=True)
    _print(rows)


def _part(part: str) -> list[Row]:
    home = HOME / PARTS[part]
    home.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "SHOUWANG_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "shouwang.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--part", part],
        env=environment,
        check=False,
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        return [Row(part, "", f"ended with status {done.returncode}", False)]
    return [Row(**row) for row in json.loads(done.stdout.splitlines()[-1])]


def _inside(part: str) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    _seed(PARTS[part])
    from importlib import import_module

    run: Callable[[], list[Row]] = import_module(f"bench.{part}").run
    print(json.dumps([asdict(row) for row in run()], ensure_ascii=False))


def _seed(which: str) -> None:
    """Seed once; a mark beside the database says with how many."""
    mark = HOME / which / "seeded"
    number = 1_000_000 // SCALE
    if which in {"imports", "sweep", "staffing", "field"} or (
        mark.exists() and mark.read_text() == str(number)
    ):
        return
    if mark.exists():
        sys.exit(f"{HOME / which} is seeded with {mark.read_text()}; remove that folder first")
    if which == "people":
        from bench.district import seed

        seed(number)
    else:
        from bench.seed_observation import seed as seed_files

        seed_files(number, say=False)
    mark.write_text(str(number))


def _print(rows: list[Row]) -> None:
    head = Row("job", "reach", "measured", True, "note")
    wide = max(len(row.job) for row in [head, *rows])
    reach = max(len(row.reach) for row in [head, *rows])
    measured = max(len(row.measured) for row in [head, *rows])
    for row in [head, *rows]:
        mark = "    " if row is head else ("ok  " if row.ok else "MISS")
        line = f"{mark} {row.job:<{wide}}  {row.reach:<{reach}}  {row.measured:<{measured}}  {row.note}"
        print(line.rstrip())


if __name__ == "__main__":
    main()
