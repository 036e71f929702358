"""`shouwang init`: a database, the county's divisions, a pack in force, the first administrator."""

from __future__ import annotations

from datetime import datetime

import click

from shouwang.cli.root import (
    COMMAND_LINE,
    at_option,
    json_option,
    now_or,
    place_option,
    print_json,
    ready,
    root,
)


@root.command()
@place_option
@click.option("--pack", "pack_id", default="cn-2020-longsha", show_default=True, help="The pack to adopt.")
@click.option("--whole-country", is_flag=True, help="Load all 660,000 divisions, not this county's alone.")
@at_option
@json_option
def init(place_code: str, pack_id: str, whole_country: bool, at: datetime | None, as_json: bool) -> None:
    """Make this installation ready for a place. Running it again changes nothing.

    \b
    Example:
      shouwang init --place 500101135 --pack cn-2020-longsha
    """
    ready()
    from django.core.management import call_command

    from shouwang.journeys.found_place import found_place

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    founded = found_place(place_code=place_code, pack_id=pack_id, by=COMMAND_LINE, at=now_or(at))
    if whole_country:
        from shouwang.places.actions import load_divisions

        load_divisions(county=None, by=COMMAND_LINE, at=now_or(at))
    if as_json:
        print_json(founded.as_dict())
        return
    click.echo(f"place    {founded.place_code} {founded.place_name}")
    click.echo(f"pack     {founded.pack_id} revision {founded.pack_revision}")
    if founded.password:
        click.echo(f"log in   {founded.administrator} / {founded.password}   (shown once; change it)")
    else:
        click.echo(f"log in   {founded.administrator} (made earlier)")
