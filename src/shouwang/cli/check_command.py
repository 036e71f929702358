"""`shouwang check`: record one daily check."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

import click

from shouwang.cli.root import COMMAND_LINE, at_option, json_option, now_or, print_json, ready, root


class Degrees(click.ParamType[int]):
    """Degrees Celsius with at most one decimal, as tenths."""

    name = "degrees"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            tenths = Decimal(str(value)) * 10
        except InvalidOperation:
            tenths = Decimal("0.5")
        if tenths != tenths.to_integral_value():
            self.fail(f"{value!r} is not a temperature such as 36.5", param, ctx)
        return int(tenths)


@root.command()
@click.option(
    "--file", "file_id", type=click.UUID, required=True, help="Observation file, as duties tell it."
)
@click.option("--temperature", type=Degrees(), help="Degrees Celsius, e.g. 36.5.")
@click.option("--symptom", "symptoms", multiple=True, help="A symptom of the pack, e.g. cough. Repeatable.")
@click.option(
    "--channel",
    type=click.Choice(["visit", "phone", "video", "chat", "self", "facility"]),
    default="visit",
    show_default=True,
)
@click.option(
    "--outcome",
    type=click.Choice(["done", "not-home", "refused", "unreachable"]),
    default="done",
    show_default=True,
)
@click.option("--role", "roles", multiple=True, help="In which role somebody saw the person. Repeatable.")
@click.option("--id", "check_id", type=click.UUID, help="Sent twice with the same content it is one check.")
@at_option
@json_option
def check(
    file_id: UUID,
    temperature: int | None,
    symptoms: tuple[str, ...],
    channel: str,
    outcome: str,
    roles: tuple[str, ...],
    check_id: UUID | None,
    at: datetime | None,
    as_json: bool,
) -> None:
    """Record a check: temperature, symptoms, how. An alarm is there in the same instant.

    \b
    Example:
      shouwang check --file 019412d0-7b1e-7c11-9d2f-3c5a0d1f2b4e --temperature 36.5 --role medic
    """
    ready()
    from shouwang.cli.ground import EVERYTHING
    from shouwang.kernel.ids import uuid7
    from shouwang.observation.actions import CheckCommand, record_check
    from shouwang.policy.queries import pack_of

    instant = now_or(at)
    command = CheckCommand(
        id=check_id or uuid7(),
        file_id=file_id,
        taken_at=instant,
        channel=channel,
        outcome=outcome,
        deci=temperature,
        symptoms=symptoms,
        roles=roles,
    )
    receipt = record_check(item=command, scope=EVERYTHING, pack_of=pack_of, by=COMMAND_LINE, at=instant)
    if as_json:
        print_json(
            {
                "check": str(receipt.id),
                "status": receipt.status,
                "day": receipt.day_no,
                "late": receipt.late,
                "alerts": list(receipt.alerts),
                "next_due_at": receipt.next_due_at.isoformat() if receipt.next_due_at else None,
            }
        )
        return
    alarm = f"  ALARM {' '.join(receipt.alerts)}" if receipt.alerts else ""
    click.echo(f"{receipt.status}  day {receipt.day_no}{alarm}")
