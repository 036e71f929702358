"""命令行 The `shouwang` command."""

from __future__ import annotations


def main() -> None:
    """Entry point of the `shouwang` script."""
    from shouwang.cli.root import run

    run()
