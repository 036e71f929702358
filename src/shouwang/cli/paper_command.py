"""`shouwang paper`: certificate, notice or the person's file as PDF."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

import click

from shouwang.cli.root import COMMAND_LINE, at_option, now_or, ready, root

KINDS = {"certificate": "release-certificate", "notice": "notice-of-observation"}


@root.command()
@click.option(
    "--file", "file_id", type=click.UUID, required=True, help="Observation file, as duties tell it."
)
@click.option("--kind", type=click.Choice(["certificate", "notice", "file"]), required=True)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The PDF to write."
)
@at_option
def paper(file_id: UUID, kind: str, out: Path, at: datetime | None) -> None:
    """Print a paper about a file. The certificate comes with the release; a notice is issued when there is none.

    \b
    Example:
      shouwang paper --file 019412d0-7b1e-7c11-9d2f-3c5a0d1f2b4e --kind certificate --out certificate.pdf
    """
    ready()
    from shouwang.cli.ground import EVERYTHING
    from shouwang.journeys.paper_content import SUBJECT
    from shouwang.journeys.person_paper import paper_pdf, print_file
    from shouwang.journeys.serve_notice import issue_notice
    from shouwang.kernel.errors import Refused
    from shouwang.outreach.queries import papers_of

    instant = now_or(at)
    if kind == "file":
        out.write_bytes(print_file(EVERYTHING, file_id, by=COMMAND_LINE, at=instant))
        return
    held = [
        row.id
        for row in papers_of(EVERYTHING, SUBJECT, file_id)
        if row.kind == KINDS[kind] and not row.revoked_at
    ]
    if not held and kind == "notice":
        held = [issue_notice(file_id=file_id, scope=EVERYTHING, by=COMMAND_LINE, at=instant)]
    if not held:
        raise Refused("paper-not-found", kind=kind)
    out.write_bytes(paper_pdf(EVERYTHING, held[0], by=COMMAND_LINE, at=instant))
