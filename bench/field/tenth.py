"""A tenth of the district's load as a test of correctness, not of time: `python -m bench.field.tenth` in an empty home.

500 phones × 60 checks, sealed, to `shouwang serve` as it is shipped; prints what the phones met and the count of what
was acknowledged against what is stored, as JSON.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

VILLAGES = 100


def main() -> None:
    """Found, seal, send, count."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from bench.field.morning import Bench
    from bench.field.seed import Size
    from bench.field.serving import shouwang_server

    call_command("migrate", verbosity=0, interactive=False)
    bench = Bench(Size(VILLAGES), 0, 0)
    bench.found()
    bench.seal_morning()
    with shouwang_server(bench.offset) as server:
        met = bench.hurried(server)
    (proof,) = bench.proof()
    (Path(os.environ["SHOUWANG_HOME"]) / "morning.batches").unlink()
    print(json.dumps({"met": met, "proof": asdict(proof)}))


if __name__ == "__main__":
    main()
