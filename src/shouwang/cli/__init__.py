"""命令行 The `shouwang` command."""

from __future__ import annotations

from importlib import import_module

COMMANDS = (
    "init",
    "import",
    "ledger",
    "classify",
    "duties",
    "check",
    "chain",
    "grid",
    "release",
    "paper",
    "report",
    "close",
    "sweep",
    "pack",
    "serve",
    "verify",
    "backup",
    "demo",
)


def load_commands() -> None:
    """Import every sub-command's module; each hangs itself on the root."""
    for name in COMMANDS:
        import_module(f"shouwang.cli.{name}_command")


def main() -> None:
    """Entry point of the `shouwang` script."""
    from shouwang.cli.root import run

    run()
