"""Tables of oversight."""

from shouwang.oversight.models.closing import CarriedItem, CloseOut
from shouwang.oversight.models.reports import ClosedReport, ReportTemplate
from shouwang.oversight.models.tasks import DayTask, TaskMark

__all__ = ["CarriedItem", "CloseOut", "ClosedReport", "DayTask", "ReportTemplate", "TaskMark"]
