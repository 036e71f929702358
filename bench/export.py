"""Exporting 100,000 rows to .xlsx, in a process of its own so that its memory is its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.table import Row

PEOPLE = 100_000


def run() -> list[Row]:
    """Time and memory of one export of 100,000 people, masked."""
    done = subprocess.run([sys.executable, "-m", "bench.export"], check=True, capture_output=True, text=True)
    told = json.loads(done.stdout.splitlines()[-1])
    return [
        Row(
            "export 100,000 rows to xlsx",
            "< 6 s, < 100 MB",
            f"{told['rows']:,} rows, {told['seconds']:.1f} s, {told['grown']} MB ({told['peak']} MB in all)",
            told["seconds"] < 6 and told["grown"] < 100 and told["rows"] >= PEOPLE,
        )
    ]


def main() -> None:
    """Export once and print what it took."""
    import django

    django.setup()
    from datetime import date

    from bench.clock import megabytes, seconds
    from bench.district import AT, DISTRICT
    from shouwang.kernel.actor import SYSTEM
    from shouwang.kernel.scope import Scope
    from shouwang.ledgers.actions import Receipt, export_ledger
    from shouwang.packs.load import from_canonical

    pack = from_canonical(
        {
            "id": "bench",
            "revision": "1",
            "title": "bench",
            "disease": "none",
            "zone": "Asia/Shanghai",
            "ledger": [{"code": "book", "title": "book", "when": {"born-since": "2011-06-01"}}],
        }
    )
    found: list[Receipt] = []
    with TemporaryDirectory() as folder:

        def export(area: str) -> None:
            found.append(
                export_ledger(
                    scope=Scope.everything(),
                    pack=pack,
                    code="book",
                    on=date(2020, 2, 1),
                    area=area,
                    out=Path(folder) / "book.xlsx",
                    by=SYSTEM,
                    at=AT,
                )
            )

        export("500101100001")
        before = megabytes()
        taken = seconds(lambda: export(DISTRICT))
    peak = megabytes()
    print(json.dumps({"rows": found[-1].rows, "seconds": taken, "peak": peak, "grown": peak - before}))


if __name__ == "__main__":
    main()
