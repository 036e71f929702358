"""Addresses of the evening: closing the day, the meeting, tomorrow, the three clears, the report up the tree."""

from __future__ import annotations

from django.urls import path

from shouwang.desk.views import clears, evening, report_forms

urlpatterns = [
    path("close-out/", evening.close_out, name="close-out"),
    path("close-out/explain/", evening.explain, name="close-out-explain"),
    path("close-out/close/", evening.close, name="close-out-close"),
    path("close-out/reopen/", evening.reopen, name="close-out-reopen"),
    path("evening/", evening.meeting, name="evening"),
    path("evening/task/", evening.task, name="task-write"),
    path("evening/task/<uuid:task_id>/", evening.task_done, name="task-mark"),
    path("tomorrow/", evening.tomorrow, name="tomorrow"),
    path("clears/", clears.clears, name="clears"),
    path("gaps/<slug:kind>/", clears.gap, name="gap"),
    path("report/tree/", report_forms.tree, name="report-tree"),
    path("report/form/<slug:code>/", report_forms.form, name="report-form"),
    path("report/template/<slug:code>/", report_forms.template, name="report-template"),
    path("report/template/<slug:code>/set/", report_forms.set_own, name="report-template-set"),
]
