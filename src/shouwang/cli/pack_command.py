"""`shouwang pack`: read, check and compare policy packs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from shouwang.cli.root import json_option, print_json, root
from shouwang.kernel.errors import Refused

LANGUAGES = click.Choice(["zh-hans", "zh-hant", "en"])


@root.group()
def pack() -> None:
    """Policy packs: what is shipped, what one says, whether one is valid.

    \b
    Example:
      shouwang pack show cn-2020-longsha --lang zh-hans
    """


@pack.command("list")
@json_option
def list_packs(as_json: bool) -> None:
    """The packs that ship with the product.

    \b
    Example:
      shouwang pack list
    """
    from shouwang.packs.load import builtin, builtin_ids

    rows = [
        {"id": p.id, "revision": p.revision, "disease": p.disease, "title": p.title.text("zh-hans")}
        for p in (builtin(i) for i in builtin_ids())
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['id']:<20} {row['revision']:<12} {row['disease']:<14} {row['title']}")


@pack.command()
@click.argument("names", nargs=-1)
@click.option("--lang", type=LANGUAGES, default="zh-hans", show_default=True)
@json_option
def check(names: tuple[str, ...], lang: str, as_json: bool) -> None:
    """Check packs by file or by shipped id; without a name, all that ship. Exit status 1 on an error.

    \b
    Example:
      shouwang pack check my-town.toml
    """
    from shouwang.packs.load import builtin_ids, check_raw, read_raw
    from shouwang.packs.validate import problem_words

    failed, told = False, []
    for name in names or builtin_ids():
        _, problems = check_raw(read_raw(pack_source(name)))
        failed |= any(problem.severity == "error" for problem in problems)
        told += [
            {"pack": name, "path": p.path, "code": p.code, "severity": p.severity}
            | {"message": problem_words(p, lang)}  # type: ignore[arg-type]
            for p in problems
        ]
        if not as_json:
            click.echo(f"{name}: {'ok' if not problems else f'{len(problems)} to look at'}")
    if as_json:
        print_json({"ok": not failed, "problems": told})
    else:
        for row in told:
            click.echo(f"  {row['severity']}: {row['message']}")
    if failed:
        click.echo("pack-invalid", err=True)
        sys.exit(1)


@pack.command()
@click.argument("name")
@click.option("--lang", type=LANGUAGES, default="zh-hans", show_default=True)
def show(name: str, lang: str) -> None:
    """Read a pack as a regulation: sentences made from its rules.

    \b
    Example:
      shouwang pack show ebola --lang en
    """
    from shouwang.packs.load import load_pack
    from shouwang.packs.words import lines

    for line in lines(load_pack(pack_source(name)), lang):  # type: ignore[arg-type]
        click.echo(line)


@pack.command()
@click.argument("old")
@click.argument("new")
@click.option("--lang", type=LANGUAGES, default="zh-hans", show_default=True)
def diff(old: str, new: str, lang: str) -> None:
    """What changed between two packs, as text.

    \b
    Example:
      shouwang pack diff cn-2020-longsha my-town.toml
    """
    from shouwang.packs.load import load_pack
    from shouwang.packs.words import diff as difference

    for line in difference(load_pack(pack_source(old)), load_pack(pack_source(new)), lang):  # type: ignore[arg-type]
        click.echo(line)


def pack_source(name: str) -> bytes:
    """The text of a pack, by shipped id or by file. Refuses `pack-unknown`."""
    from shouwang.packs.load import builtin_ids, builtin_source

    if name in builtin_ids():
        return builtin_source(name)
    path = Path(name)
    if not path.is_file():
        raise Refused("pack-unknown", pack=name)
    return path.read_bytes()
