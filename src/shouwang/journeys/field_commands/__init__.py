"""外勤命令 What phones send: opened, judged by the rooms, stored with receipts; and what was kept, taken on.

Crosses devices, accounts, policy, observation, screening (docs/reference/sync.md).
"""

from shouwang.journeys.field_commands.accepting import accept_command
from shouwang.journeys.field_commands.opening import Opened, field_limits
from shouwang.journeys.field_commands.proving import acknowledged_and_missing
from shouwang.journeys.field_commands.taking import Receipt, Receipts, take_commands

__all__ = [
    "Opened",
    "Receipt",
    "Receipts",
    "accept_command",
    "acknowledged_and_missing",
    "field_limits",
    "take_commands",
]
