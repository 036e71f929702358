"""`shouwang classify`: reclassify everyone of a place, or say who would change under another pack."""

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
@click.option("--pack", "pack_name", help="Another pack: a shipped id or a file. Only with --preview.")
@click.option("--preview", is_flag=True, help="Say who would change; change nobody.")
@at_option
@json_option
def classify(
    place_code: str, pack_name: str | None, preview: bool, at: datetime | None, as_json: bool
) -> None:
    """Classify everyone of a place by the pack in force, in one statement, and watch over whom it finds.

    \b
    Example:
      shouwang classify --place 500101135 --pack cn-2020-rongchang --preview --json
    """
    if pack_name and not preview:
        raise click.UsageError("--pack needs --preview: a pack is adopted by two persons, not here.")
    ready()
    from shouwang.cli.ground import EVERYTHING, place_at, policy_at
    from shouwang.cli.pack_command import pack_source
    from shouwang.packs.load import load_pack

    instant = now_or(at)
    place = place_at(place_code)
    revision, pack, _ = policy_at(place, instant)
    if preview:
        from shouwang.classification.queries import preview as would_change

        wanted = load_pack(pack_source(pack_name)) if pack_name else pack
        shown = would_change(EVERYTHING, place.path, wanted, at=instant)
        moves: dict[tuple[str | None, str | None], int] = {}
        for move in shown.moves:
            moves[move.was, move.now] = moves.get((move.was, move.now), 0) + move.people
        _print(as_json, wanted.id, sum(moves.values()), moves, preview=True)
        return
    from shouwang.journeys.reclassify import reclassify

    outcome = reclassify(area=place.path, by=COMMAND_LINE, at=instant)
    moves = {(was, now): people for was, now, people in outcome.moves}
    _print(as_json, pack.id, outcome.changed, moves, preview=False, counts=outcome.counts)
    del revision


def _print(
    as_json: bool,
    pack_id: str,
    changed: int,
    moves: dict[tuple[str | None, str | None], int],
    *,
    preview: bool,
    counts: dict[str, int] | None = None,
) -> None:
    listed = [{"from": was, "to": now, "people": number} for (was, now), number in moves.items()]
    told: dict[str, object] = {"pack": pack_id, "preview": preview, "changed": changed, "moves": listed}
    if counts is not None:
        told["counts"] = counts
    if as_json:
        print_json(told)
        return
    click.echo(f"{'would change' if preview else 'changed'}: {changed}")
    for move in listed:
        click.echo(f"  {move['from'] or '-'} -> {move['to'] or '-'}: {move['people']}")
