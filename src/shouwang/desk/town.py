"""What a commander and a clerk see first: at most five figures, villages by trouble, what was decided."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shouwang.accounts.queries import approvals
from shouwang.desk import teams
from shouwang.desk.guards import alarm_lines, target_names
from shouwang.desk.happenings import gathered
from shouwang.desk.packwords import alert_words, language
from shouwang.desk.policy import pack_here
from shouwang.desk.words import BATCH_STATES, problem_words
from shouwang.devices.queries import kept_total
from shouwang.journal.queries import event_page
from shouwang.kernel.days import day_start, local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.ledgers.queries import ledger_changes
from shouwang.observation.queries import (
    figures,
    figures_by_village,
    files_by_ids,
    open_alerts,
    waiting_requests,
)
from shouwang.outreach.queries import trouble
from shouwang.people.queries import households_by_ids, people_by_ids
from shouwang.places.queries import spoken_names, zone_of
from shouwang.screening.queries import batches, verify_counts
from shouwang.workforce.queries import roster_alarms

DECIDED = (
    "accounts.approval.",
    "policy.revision.",
    "observation.file.released",
    "observation.file.extended",
    "observation.file.restarted",
    "observation.file.re-anchored",
    "observation.file.handed-over",
    "oversight.report.",
)
"""What counts as decided, as prefixes of the journal's verbs."""


ALARMS_SHOWN = 6
DECISIONS_SHOWN, DECISIONS_READ = 12, 400


def overview(scope: Scope, at: datetime) -> dict[str, object]:
    """The figures of everything in sight, its villages sorted by trouble, today's decisions."""
    zone = zone_of(scope.areas[0]) if scope.areas else "Asia/Shanghai"
    now = figures(scope, at, zone=zone)
    digits = 9 if scope.areas and len(scope.areas[0]) < 9 else 12
    rows = figures_by_village(scope, at, zone=zone, digits=digits)
    rows.sort(key=lambda r: (-r.alerts, -r.late, -(r.due - r.late), -r.under_observation, r.area))
    start = day_start(local_day(at, zone), zone)
    events = event_page(scope, verbs=DECIDED, since=start, until=at, limit=DECISIONS_READ)
    decided = gathered(events, DECISIONS_SHOWN)
    return {
        "now": now,
        "untold": untold(scope),
        "hand_overs": waiting_requests(scope),
        "villages": rows,
        "by_town": digits == 9,
        "decided": decided,
        **duty_alarms(scope, at),
        "places": spoken_names([*(r.area for r in rows), *(one.row.area for one in decided)]),
    }


def office(scope: Scope, at: datetime) -> dict[str, object]:
    """What came in, what must be verified, which ledgers changed, who is without a team."""
    deciding, importing = scope.only("approval.decide"), scope.only("import.run")
    kinds = sorted(verify_counts(scope.only("verify.resolve")).items(), key=lambda pair: -pair[1])
    rows = batches(importing, limit=8)
    return {
        "untold": untold(scope),
        "from_the_field": kept_total(scope.only("device.manage"), at),
        "hand_overs": waiting_requests(scope),
        "imports": [(row, BATCH_STATES.get(row.state)) for row in rows],
        "imports_waiting": sum(row.state == "previewed" for row in rows),
        "verify_kinds": [(code, problem_words(code), n) for code, n in kinds],
        "to_verify": sum(n for _, n in kinds),
        **duty_alarms(scope, at),
        "waiting": approvals(deciding, state="waiting", limit=10) if deciding.grants else [],
        "may_decide": bool(deciding.grants),
        "books": _books(scope.only("ledger.view"), at),
    }


def untold(scope: Scope) -> tuple[int, int] | None:
    """Channels that have stopped and messages that wait for a person; None where all is well or not seen."""
    seen = scope.only("message.view")
    found = trouble(seen) if seen.grants else (0, 0)
    return found if any(found) else None


def duty_alarms(scope: Scope, at: datetime) -> dict[str, object]:
    """What nobody does: roles vacant and watches in trouble, the oldest first (B2, C8)."""
    sight = scope.only("team.view").only("observation.view")
    vacant = teams.vacant_targets(sight, at)
    watches = roster_alarms(sight, at)
    homes = [UUID(row.id) for row in vacant[:ALARMS_SHOWN] if row.kind == teams.HOUSEHOLD]
    heads = {str(home.id): home.head_name for home in households_by_ids(sight, homes)} if homes else {}
    shown = watches[:ALARMS_SHOWN]
    known = target_names(sight, [alarm.roster for alarm in shown]) if shown else {}
    return {
        "vacant": len(vacant),
        "vacant_rows": [(row, row.name or heads.get(row.id, "")) for row in vacant[:ALARMS_SHOWN]],
        "watch_alarms": len(watches),
        "watch_rows": alarm_lines(shown, known, at),
    }


def _books(scope: Scope, at: datetime) -> list[tuple[str, str, object]]:
    try:
        _, pack = pack_here(scope, at)
    except Refused:
        return []
    since = day_start(local_day(at, pack.zone), pack.zone)
    return [
        (
            book.code,
            book.title.text(language()),
            ledger_changes(scope, pack, book.code, since=since, until=at, limit=1),
        )
        for book in pack.ledgers
    ]


def alerts(scope: Scope, *, area: str | None = None, limit: int = 200) -> list[dict[str, object]]:
    """Open alarms with the person, the longest waiting first among the urgent."""
    rows = open_alerts(scope, area=area, limit=limit)
    files = files_by_ids(scope, [row.file_id for row in rows])
    people = {p.id: p for p in people_by_ids(scope, [f.person_id for f in files.values()])}
    told: list[dict[str, object]] = []
    for row in rows:
        file = files.get(row.file_id)
        person = people.get(file.person_id) if file else None
        told.append(
            {
                "alert": row,
                "file": file,
                "person": person,
                "words": alert_words(file.revision_id, row.code) if file else row.code,
            }
        )
    return told
