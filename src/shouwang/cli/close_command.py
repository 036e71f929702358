"""`shouwang close`: what a place has left today, and closing its day."""

from __future__ import annotations

import sys
from datetime import date, datetime

import click

from shouwang.cli.root import at_option, json_option, now_or, place_option, print_json, ready, root


@root.command()
@place_option
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The local day.")
@click.option("--reason", default="", help="Explain everything left with this reason of the pack.")
@click.option("--note", default="", help="What the reason does not say by itself.")
@click.option("--without", default="", help="Why the day is closed before places below have closed.")
@click.option("--correction", default="", help="Why a day that was opened again is closed once more.")
@click.option("--yes", is_flag=True, help="Close; without it the command only looks.")
@at_option
@json_option
def close(
    place_code: str,
    day: datetime,
    reason: str,
    note: str,
    without: str,
    correction: str,
    yes: bool,
    at: datetime | None,
    as_json: bool,
) -> None:
    """Look at what is left of a day: by kind, and who has not closed. With --yes close it.

    Exit status 1 while something keeps the day from being closed.

    \b
    Example:
      shouwang close --place 500101135200 --date 2020-02-01
      shouwang close --place 500101135200 --date 2020-02-01 --reason time --yes
    """
    ready()
    from shouwang.cli.ground import EVERYTHING, place_at
    from shouwang.kernel.actor import SYSTEM
    from shouwang.oversight.actions import close_day
    from shouwang.oversight.queries import look_at_day
    from shouwang.oversight.rules import look_hash

    instant = now_or(at)
    area = place_at(place_code).path
    if reason:
        _explain(area, day.date(), reason, note, instant)
    look = look_at_day(EVERYTHING, area, day.date(), instant)
    revision = 0
    if yes:
        revision = close_day(
            scope=EVERYTHING,
            area=area,
            day=day.date(),
            looked=look_hash(look),
            without=without,
            reason=correction,
            by=SYSTEM,
            at=instant,
        )
    _tell(look, revision, as_json)
    if not yes and (look.unexplained or look.missing):
        sys.exit(1)


def _explain(area: str, day: date, reason: str, note: str, at: datetime) -> None:
    from shouwang.cli.ground import EVERYTHING
    from shouwang.kernel.actor import SYSTEM
    from shouwang.kernel.ids import uuid7
    from shouwang.oversight.actions import explain_items
    from shouwang.oversight.queries import look_at_day

    look = look_at_day(EVERYTHING, area, day, at)
    for kind in sorted({row.kind for row in look.unexplained}):
        explain_items(
            command=uuid7(),
            scope=EVERYTHING,
            area=area,
            day=day,
            kind=kind,
            items=[row.key for row in look.unexplained if row.kind == kind],
            reason=reason,
            note=note,
            by=SYSTEM,
            at=at,
        )


def _tell(look: object, revision: int, as_json: bool) -> None:
    from django.utils.translation import gettext

    from shouwang.oversight.rules import DayLook

    assert isinstance(look, DayLook)
    if as_json:
        print_json(
            {
                **{"place": look.state.area, "state": look.state.state, "by": look.state.by},
                "left": {kind.gap.code: kind.total for kind in look.kinds if kind.total},
                "unexplained": len(look.unexplained),
                "not_closed": [place.area for place in look.missing],
                "revision": revision or look.state.revision,
            }
        )
        return
    for kind in look.kinds:
        if kind.total:
            click.echo(f"{kind.total:>8}  {gettext(kind.gap.title)}")
    click.echo(f"{len(look.unexplained):>8}  {gettext('without a reason')}")
    for place in look.missing:
        click.echo(f"{'':>8}  {gettext('not closed yet')}: {place.area}")
    if revision:
        click.echo(gettext("The day is closed, revision {n}.").format(n=revision))
