"""Reads of the observation room; the first argument is the scope."""

from shouwang.observation.queries.alone import WatchedOrphan, watched_orphans
from shouwang.observation.queries.anchors import AnchoredFile, anchored_files
from shouwang.observation.queries.duties import (
    COUNT_CAP,
    Count,
    Duty,
    due_count,
    duties,
    late_count,
    late_files,
    release_due,
)
from shouwang.observation.queries.ended import EndedFile, ended_files
from shouwang.observation.queries.figures import Figures, figures, figures_by_village
from shouwang.observation.queries.gaps import QuorumGap, quorum_gaps
from shouwang.observation.queries.planned import PlannedDuty, planned_count, planned_duties
from shouwang.observation.queries.proof import Proved, late_by_anti_join, late_disagreements, verify_checks
from shouwang.observation.queries.story import (
    AlertRow,
    CheckRow,
    DayRow,
    EventRow,
    FilePage,
    FileRow,
    SlotCell,
    file_page,
    files_by_ids,
    files_of_person,
    open_alerts,
)
from shouwang.observation.queries.tellings import (
    MissedRow,
    TellingRow,
    ladders,
    missed_of_files,
    revisions_with_open_files,
    tellings_of_files,
    told_before,
)
from shouwang.observation.queries.touched import files_opened_at, files_opened_since, files_worked_on
from shouwang.observation.queries.verdict import release_verdict
from shouwang.observation.queries.watched import files_of_household, watched

__all__ = [
    "COUNT_CAP",
    "AlertRow",
    "AnchoredFile",
    "CheckRow",
    "Count",
    "DayRow",
    "Duty",
    "EndedFile",
    "EventRow",
    "Figures",
    "FilePage",
    "FileRow",
    "MissedRow",
    "PlannedDuty",
    "Proved",
    "QuorumGap",
    "SlotCell",
    "TellingRow",
    "WatchedOrphan",
    "anchored_files",
    "due_count",
    "duties",
    "ended_files",
    "figures",
    "figures_by_village",
    "file_page",
    "files_by_ids",
    "files_of_household",
    "files_of_person",
    "files_opened_at",
    "files_opened_since",
    "files_worked_on",
    "ladders",
    "late_by_anti_join",
    "late_count",
    "late_disagreements",
    "late_files",
    "missed_of_files",
    "open_alerts",
    "open_alerts_told_to",
    "planned_count",
    "planned_duties",
    "quorum_gaps",
    "release_due",
    "release_verdict",
    "revisions_with_open_files",
    "tellings_of_files",
    "told_before",
    "verify_checks",
    "watched",
    "watched_orphans",
]
