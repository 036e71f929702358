"""`shouwang report`: the daily report, figure by figure."""

from __future__ import annotations

from datetime import datetime

import click

from shouwang.cli.root import at_option, json_option, now_or, place_option, print_json, ready, root


@root.group()
def report() -> None:
    """Reports.

    \b
    Example:
      shouwang report daily --place 500101135 --date 2020-02-01 --json
    """


@report.command()
@place_option
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The local day.")
@at_option
@json_option
def daily(place_code: str, day: datetime, at: datetime | None, as_json: bool) -> None:
    """The day's figures, each with its definition, denominator and rows; a closed day as it was closed.

    \b
    Example:
      shouwang report daily --place 500101135 --date 2020-02-01 --json
    """
    ready()
    from django.utils.translation import gettext

    from shouwang.cli.ground import EVERYTHING, place_at
    from shouwang.oversight.queries import report_document, report_of

    place = place_at(place_code)
    told = report_of(EVERYTHING, place.path, day.date(), now_or(at))
    if as_json:
        print_json({"place": place.code, **report_document(EVERYTHING, told, words=gettext)})
        return
    for figure in told.figures:
        value = "-" if figure.value is None else str(figure.value)
        share = "" if figure.denominator is None else f"/ {figure.denominator}"
        click.echo(f"{value:>10} {share:<8} {gettext(figure.title)}")
