"""`shouwang release`: release somebody whose time is over, with the certificate."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import click

from shouwang.cli.root import COMMAND_LINE, at_option, json_option, now_or, print_json, ready, root


@root.command()
@click.option(
    "--file", "file_id", type=click.UUID, required=True, help="Observation file, as duties tell it."
)
@at_option
@json_option
def release(file_id: UUID, at: datetime | None, as_json: bool) -> None:
    """Release by the rule and issue the certificate. Where the rule does not allow it, it says why.

    \b
    Example:
      shouwang release --file 019412d0-7b1e-7c11-9d2f-3c5a0d1f2b4e --at 2020-02-12T00:05+08:00
    """
    ready()
    from shouwang.cli.ground import EVERYTHING
    from shouwang.journeys.release_person import release_with_certificate
    from shouwang.outreach.queries import paper

    paper_id = release_with_certificate(file_id=file_id, scope=EVERYTHING, by=COMMAND_LINE, at=now_or(at))
    serial = paper(EVERYTHING, paper_id).serial
    if as_json:
        print_json({"file": str(file_id), "state": "released", "paper": str(paper_id), "serial": serial})
        return
    click.echo(f"released  certificate {serial}")
