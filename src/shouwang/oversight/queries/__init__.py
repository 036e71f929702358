"""Reads of oversight; the first argument is the scope."""

from shouwang.oversight.queries.clears import ClearState, CriterionState, clear_states
from shouwang.oversight.queries.closing import (
    ClosedDay,
    altered_close_outs,
    carried_of,
    close_out_count,
    closed_days,
    closing_places,
    day_state,
    day_states,
    look_at_day,
    moment_of,
    pack_at,
)
from shouwang.oversight.queries.figures import EVENING, evening_figures
from shouwang.oversight.queries.forms import ALL, forms_of, laid_report
from shouwang.oversight.queries.gaps import base_by_area, gap_by_area, gap_count, gap_rows, has_source
from shouwang.oversight.queries.reports import (
    altered_reports,
    closed_count,
    closed_report,
    closed_rows,
    daily_report,
    figure_rows,
    report_document,
    report_of,
    report_rows,
)
from shouwang.oversight.queries.rounds import FigureRow
from shouwang.oversight.queries.tasks import TaskRow, Tomorrow, tasks_of, tomorrow_of
from shouwang.oversight.queries.templates import TemplateRow, template_in_force, template_row
from shouwang.oversight.queries.tree import Branch, ChildReport, Tree, report_tree

__all__ = [
    "ALL",
    "EVENING",
    "Branch",
    "ChildReport",
    "ClearState",
    "ClosedDay",
    "CriterionState",
    "FigureRow",
    "TaskRow",
    "TemplateRow",
    "Tomorrow",
    "Tree",
    "altered_close_outs",
    "altered_reports",
    "base_by_area",
    "carried_of",
    "clear_states",
    "close_out_count",
    "closed_count",
    "closed_days",
    "closed_report",
    "closed_rows",
    "closing_places",
    "daily_report",
    "day_state",
    "day_states",
    "evening_figures",
    "figure_rows",
    "forms_of",
    "gap_by_area",
    "gap_count",
    "gap_rows",
    "has_source",
    "laid_report",
    "look_at_day",
    "moment_of",
    "pack_at",
    "report_document",
    "report_of",
    "report_rows",
    "report_tree",
    "tasks_of",
    "template_in_force",
    "template_row",
    "tomorrow_of",
]
