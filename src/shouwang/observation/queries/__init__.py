"""Reads of the observation room; the first argument is the scope."""

from shouwang.observation.queries.acknowledged import checks_missing
from shouwang.observation.queries.alone import (
    WatchedOrphan,
    watched_orphans,
)
from shouwang.observation.queries.anchors import (
    AnchoredFile,
    anchored_files,
)
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
from shouwang.observation.queries.ended import (
    EndedFile,
    ended_files,
)
from shouwang.observation.queries.facts import (
    CheckPlace,
    checks_by_ids,
)
from shouwang.observation.queries.figures import (
    Figures,
    figures,
    figures_by_village,
)
from shouwang.observation.queries.gaps import (
    Came,
    QuorumGap,
    quorum_gaps,
    who_came,
)
from shouwang.observation.queries.planned import (
    PlannedDuty,
    planned_count,
    planned_duties,
)
from shouwang.observation.queries.proof import (
    Proved,
    late_by_anti_join,
    late_disagreements,
    verify_checks,
)
from shouwang.observation.queries.requests import (
    DischargeRow,
    MovedOnRow,
    RequestRow,
    discharges_of,
    hand_over_requests,
    moved_on,
    request_by_id,
    waiting_requests,
)
from shouwang.observation.queries.sheets import (
    Keyed,
    Remark,
    SeenFile,
    SheetLineRow,
    SheetRow,
    files_in_sight,
    keyed_lines,
    remarks_of_day,
    round_sheet,
    round_sheets,
    seen_files,
)
from shouwang.observation.queries.story import file_page, files_by_ids, files_of_person, open_alerts
from shouwang.observation.queries.story_rows import (
    AlertRow,
    CheckRow,
    DayRow,
    EventRow,
    FilePage,
    FileRow,
    SlotCell,
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
from shouwang.observation.queries.tests import (
    LISTS,
    TestFactRow,
    TestRow,
    laboratory_by_ids,
    laboratory_by_labels,
    laboratory_count,
    laboratory_facts,
    laboratory_of_files,
    laboratory_tests,
    open_duties,
)
from shouwang.observation.queries.touched import (
    files_opened_at,
    files_opened_since,
    files_worked_on,
)
from shouwang.observation.queries.upcoming import (
    Held,
    HeldFile,
    upcoming,
)
from shouwang.observation.queries.verdict import (
    release_verdict,
)
from shouwang.observation.queries.watched import (
    files_of_household,
    watched,
)

__all__ = [
    "COUNT_CAP",
    "LISTS",
    "AlertRow",
    "AnchoredFile",
    "Came",
    "CheckPlace",
    "CheckRow",
    "Count",
    "DayRow",
    "DischargeRow",
    "Duty",
    "EndedFile",
    "EventRow",
    "Figures",
    "FilePage",
    "FileRow",
    "Held",
    "HeldFile",
    "Keyed",
    "MissedRow",
    "MovedOnRow",
    "PlannedDuty",
    "Proved",
    "QuorumGap",
    "Remark",
    "RequestRow",
    "SeenFile",
    "SheetLineRow",
    "SheetRow",
    "SlotCell",
    "TellingRow",
    "TestFactRow",
    "TestRow",
    "WatchedOrphan",
    "anchored_files",
    "checks_by_ids",
    "checks_missing",
    "discharges_of",
    "due_count",
    "duties",
    "ended_files",
    "figures",
    "figures_by_village",
    "file_page",
    "files_by_ids",
    "files_in_sight",
    "files_of_household",
    "files_of_person",
    "files_opened_at",
    "files_opened_since",
    "files_worked_on",
    "hand_over_requests",
    "keyed_lines",
    "laboratory_by_ids",
    "laboratory_by_labels",
    "laboratory_count",
    "laboratory_facts",
    "laboratory_of_files",
    "laboratory_tests",
    "ladders",
    "late_by_anti_join",
    "late_count",
    "late_disagreements",
    "late_files",
    "missed_of_files",
    "moved_on",
    "open_alerts",
    "open_alerts_told_to",
    "open_duties",
    "planned_count",
    "planned_duties",
    "quorum_gaps",
    "release_due",
    "release_verdict",
    "remarks_of_day",
    "request_by_id",
    "revisions_with_open_files",
    "round_sheet",
    "round_sheets",
    "seen_files",
    "tellings_of_files",
    "told_before",
    "upcoming",
    "verify_checks",
    "waiting_requests",
    "watched",
    "watched_orphans",
    "who_came",
]
