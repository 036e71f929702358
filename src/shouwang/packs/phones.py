"""What is wrong with what a pack says of phones, and with alarms that no check can raise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shouwang.packs.conditions.tree import LEAVES, leaves
from shouwang.packs.schema import Pack

Fault = tuple[str, str, Mapping[str, object]]


def clock_faults(pack: Pack) -> Iterator[Fault]:
    """A clock is flagged before what it says is kept for a person: (path, code, params)."""
    flag, keep = pack.field.clock_flag_minutes, pack.field.clock_quarantine_minutes
    if flag >= keep:
        yield "field.clock-quarantine-minutes", "clock-order", {"flag": flag, "keep": keep}


def idle_alerts(pack: Pack) -> Iterator[Fault]:
    """Alarms are judged by the check and by who the person is; journeys and exposures are not looked at there."""
    for i, alert in enumerate(pack.alerts):
        for inner, leaf in leaves(alert.when):
            if LEAVES[leaf.name].level in ("trip", "exposure"):
                yield f"alert[{i}].when.{inner}", "alert-idle", {"code": alert.code, "leaf": leaf.name}
