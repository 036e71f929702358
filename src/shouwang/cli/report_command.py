"""`shouwang report`: the daily report, figure by figure, as any of its forms, in any format."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from shouwang.cli.root import NewFile, at_option, json_option, now_or, place_option, print_json, ready, root

date_option = click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The local day."
)
FORMATS = ("docx", "pdf", "xlsx", "json")


@root.group()
def report() -> None:
    """Reports.

    \b
    Example:
      shouwang report daily --place 500101135 --date 2020-02-01 --json
    """


@report.command()
@place_option
@date_option
@at_option
@json_option
@click.option("--form", default="all", help="A form of the pack; `all` has every figure.")
@click.option("--format", "kind", type=click.Choice(FORMATS), help="Write a file in this format.")
@click.option("--out", type=NewFile(), help="The file to write. Default: its name tells what it is.")
def daily(
    place_code: str,
    day: datetime,
    at: datetime | None,
    as_json: bool,
    form: str,
    kind: str | None,
    out: Path | None,
) -> None:
    """The day's figures, each with its definition, denominator and rows; a closed day as it was closed.

    \b
    Example:
      shouwang report daily --place 500101135 --date 2020-02-01 --json
      shouwang report daily --place 500101135 --date 2020-02-01 --form statistics-daily --format docx
    """
    ready()
    from django.utils.translation import gettext

    from shouwang.cli.ground import EVERYTHING, place_at
    from shouwang.oversight.queries import report_document, report_of
    from shouwang.places.queries import spoken_names

    place = place_at(place_code)
    told = report_of(EVERYTHING, place.path, day.date(), now_or(at))
    if kind is not None:
        target = out or Path(f"report-{place_code}-{day:%Y%m%d}-{form}.{kind}")
        target.write_bytes(_printed(told, form, kind, spoken_names([place.path])[place.path]))
        click.echo(str(target))
        return
    if as_json:
        print_json({"place": place.code, **report_document(EVERYTHING, told, words=gettext)})
        return
    for figure in told.figures:
        value = "-" if figure.value is None else str(figure.value)
        share = "" if figure.denominator is None else f"/ {figure.denominator}"
        click.echo(f"{value:>10} {share:<8} {gettext(figure.title)}")


@report.command()
@place_option
@date_option
@at_option
@json_option
def tree(place_code: str, day: datetime, at: datetime | None, as_json: bool) -> None:
    """The figures of a place by the places below it, and where those closed another number.

    \b
    Example:
      shouwang report tree --place 500101135 --date 2020-02-01
    """
    ready()
    from django.utils.translation import gettext

    from shouwang.cli.ground import EVERYTHING, place_at
    from shouwang.oversight.queries import report_of, report_tree

    place = place_at(place_code)
    told = report_tree(EVERYTHING, report_of(EVERYTHING, place.path, day.date(), now_or(at)))
    rows = [
        {
            **{"figure": branch.figure.code, "value": branch.figure.value, "elsewhere": branch.rest},
            **{"places": dict(branch.parts), "closed_otherwise": dict(branch.differs)},
        }
        for branch in told.branches
    ]
    if as_json:
        print_json({"place": place.code, "figures": rows})
        return
    for branch in told.branches:
        click.echo(f"{branch.figure.value!s:>10}  {gettext(branch.figure.title)}")
        for area, number in branch.parts.items():
            if number or area in branch.differs:
                said = f"  (closed: {branch.differs[area]})" if area in branch.differs else ""
                click.echo(f"{number:>14}  {area}{said}")


def _printed(told: object, form: str, kind: str, place: str) -> bytes:
    import json

    from django.utils.translation import gettext

    from shouwang.cli.ground import EVERYTHING
    from shouwang.oversight.forms import laid_document, report_docx, report_pdf, report_xlsx
    from shouwang.oversight.queries import laid_report, template_in_force
    from shouwang.oversight.rules import Report

    assert isinstance(told, Report)
    laid = laid_report(EVERYTHING, told, form, place=place, lang="zh-hans", words=gettext)
    if kind == "pdf":
        return report_pdf(laid, words=gettext)
    if kind == "xlsx":
        return report_xlsx(laid, words=gettext)
    if kind == "docx":
        own = template_in_force(EVERYTHING, told.area, form, told.closed_at or told.as_of)
        return report_docx(laid, words=gettext, template=own)
    return json.dumps(laid_document(laid), ensure_ascii=False, indent=2).encode()
