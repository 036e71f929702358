"""What oversight writes: closed reports, closed days, reasons, tasks, templates."""

from shouwang.oversight.actions.closing import close_day, explain_items, reopen_day
from shouwang.oversight.actions.reports import close_report
from shouwang.oversight.actions.tasks import mark_task, write_task
from shouwang.oversight.actions.templates import set_template

__all__ = [
    "close_day",
    "close_report",
    "explain_items",
    "mark_task",
    "reopen_day",
    "set_template",
    "write_task",
]
