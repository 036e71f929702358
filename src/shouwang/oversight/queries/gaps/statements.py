# ruff: noqa: S608 - texts of this module's own; every value is a parameter
"""What each gap is, in SQL over the rooms below: one statement each, all with the same columns.

`key` names the item in its kind; then area, person, household, file, owner, since, detail. Parameters:
`area` (prefix), `day`, `start` and `end` of the local day, `as_of`, and what the pack says (`_of_pack`).
"""

from __future__ import annotations

from collections.abc import Mapping

_NO = "null::uuid"
_LISTED = """classification_standing s join people_person p on p.id = s.person_id
    where s.category is not null and p.merged_into_id is null and p.area like %(area)s"""
_FILE = (
    "select f.id::text as key, f.area, f.person_id, f.household_id, f.id as file_id, f.owner_id,"
    " {since} as since, {detail} as detail from observation_file f"
    " where f.state = 'open' and f.area like %(area)s and f.opened_at <= %(as_of)s and {where}"
)
_PERSON = (
    f"select p.id::text as key, p.area, p.id as person_id, p.household_id, {_NO} as file_id, {_NO} as owner_id,"
    " {since} as since, {detail} as detail from " + _LISTED + " and {where}"
)


def _files(where: str, since: str = "null::timestamptz", detail: str = "f.stage") -> str:
    return _FILE.format(where=where, since=since, detail=detail)


def _people(where: str, since: str = "null::timestamptz", detail: str = "s.category") -> str:
    return _PERSON.format(where=where, since=since, detail=detail)


def _tests(where: str, since: str) -> str:
    """Laboratory tests of open files; what kind of test it is, is the detail."""
    return f"""select t.id::text as key, t.area, f.person_id, f.household_id, f.id as file_id, f.owner_id,
        {since} as since, t.kind as detail from observation_testduty t
        join observation_file f on f.id = t.file_id
        where f.state = 'open' and t.area like %(area)s and {where}"""


_SERVED = """exists (select 1 from outreach_paper q
    where q.subject_kind = 'observation-file' and q.subject_id = f.id and q.kind = 'notice-of-observation'
        and q.revoked_at is null and exists (select 1 from outreach_servedrecord r where r.paper_id = q.id
            and not exists (select 1 from outreach_servedrecord x where x.corrects_id = r.id)))"""
_ISSUED = """exists (select 1 from outreach_paper q where q.subject_kind = 'observation-file'
    and q.subject_id = f.id and q.kind = 'notice-of-observation' and q.revoked_at is null)"""
_HOMES = """(select f.household_id, min(f.area) as area, min(f.opened_at) as since
    from observation_file f where f.state = 'open' and f.household_id is not null and f.area like %(area)s
    group by 1) h"""
_REACHABLE = """exists (select 1 from people_telephone t join people_person m on m.id = t.person_id
    where (m.id = p.id or m.household_id = p.household_id) and t.superseded_at is null and t.problem = '')"""
_IDENTIFIED = """exists (select 1 from people_identifier i
    where i.person_id = p.id and i.superseded_at is null and i.problem = '' and i.kind <> 'none')"""
_DESK = "exists (select 1 from workforce_worker w where w.id = f.owner_id and w.kinds @> '[\"duty-desk\"]')"
_LEFT = "exists (select 1 from workforce_worker w where w.id = f.owner_id and w.until is not null)"
_LAST_DAY = "coalesce(f.ordered_last_day, f.planned_last_day)"

STATEMENTS: Mapping[str, str] = {
    "alarm-open": """select a.id::text as key, a.area, f.person_id, f.household_id, f.id as file_id, f.owner_id,
        a.raised_at as since, a.code as detail from observation_alert a join observation_file f on f.id = a.file_id
        where a.state <> 'closed' and a.area like %(area)s and a.raised_at <= %(as_of)s""",
    "sample-missed": _tests("t.state = 'due' and t.due_at <= least(%(as_of)s, %(end)s)", "t.due_at"),
    "result-overdue": _tests(
        "t.state in ('sampled', 'sent') and t.result_due_at <= least(%(as_of)s, %(end)s)", "t.result_due_at"
    ),
    "release-overdue": _files(f"{_LAST_DAY} < %(day)s", f"({_LAST_DAY} + 1)::timestamp at time zone f.zone"),
    "notice-not-served": _files(
        f"f.restricts and not {_SERVED}",
        "f.opened_at",
        f"case when {_ISSUED} then 'not-served' else 'not-issued' end",
    ),
    "role-vacant": f"""select h.household_id || '/' || r.role as key, h.area, {_NO} as person_id, h.household_id,
        {_NO} as file_id, {_NO} as owner_id, h.since, r.role as detail
        from {_HOMES} cross join unnest(%(roles)s::text[]) r (role)
        where not exists (select 1 from workforce_assignment a where a.target_kind = 'household'
            and a.target_id = h.household_id::text and a.role_set = %(role_set)s and a.role = r.role
            and a.until is null)""",
    "task-open": f"""select t.id::text as key, t.area, {_NO} as person_id, {_NO} as household_id,
        {_NO} as file_id, t.owner_id, t.due_at as since, left(t.text, 80) as detail from oversight_daytask t
        where t.area like %(area)s and t.at <= %(as_of)s and t.due_at <= %(end)s
            and not exists (select 1 from oversight_taskmark m where m.task_id = t.id)""",
    "door-missed": f"""select d.id::text as key, d.area, {_NO} as person_id, d.household_id, {_NO} as file_id,
        {_NO} as owner_id, d.last_visit_at as since, coalesce(nullif(d.outcome, ''), 'unvisited') as detail
        from screening_sweepdoor d join screening_sweep s on s.id = d.sweep_id
        where d.outcome not in ('met', 'vacant', 'moved') and d.area like %(area)s and d.listed_at <= %(as_of)s
            and s.opened_at <= %(as_of)s and (s.closed_at is null or s.closed_at > %(as_of)s)
            and (s.due_on <= %(day)s or (d.last_visit_at >= %(start)s and d.last_visit_at < %(end)s))""",
    "reach-due": f"""select r.id::text as key, r.area,
        case when r.subject_kind = 'person' then r.subject_id end as person_id, r.household_id,
        {_NO} as file_id, {_NO} as owner_id, r.next_due_at as since, r.next_channel as detail
        from screening_reach r where r.state = 'open' and r.area like %(area)s and r.recorded_at <= %(as_of)s
            and r.next_due_at < %(end)s""",
    "appointment-open": f"""select a.id::text as key, a.area,
        case when a.subject_kind = 'person' then a.subject_id end as person_id,
        case when a.subject_kind = 'household' then a.subject_id end as household_id,
        {_NO} as file_id, a.worker_id as owner_id, a.until_at as since, a.purpose as detail
        from screening_appointment a where a.area like %(area)s and a.recorded_at <= %(as_of)s
            and a.until_at <= least(%(as_of)s, %(end)s)
            and not exists (select 1 from screening_appointmentend e where e.appointment_id = a.id)""",
    "to-verify": f"""select v.id::text as key, v.area, v.person_id, p.household_id, {_NO} as file_id,
        {_NO} as owner_id, v.recorded_at as since, v.code as detail from screening_verifyitem v
        join people_person p on p.id = v.person_id
        where v.resolved_at is null and v.area like %(area)s and v.recorded_at <= %(as_of)s""",
    "uncertain": _people("not s.certain"),
    "facts-newer": _people(
        """exists (select 1 from classification_decision d where d.id = s.decision_id and (
            exists (select 1 from screening_trip t where t.person_id = p.id and t.superseded_at is null
                and t.recorded_at > d.decided_at)
            or exists (select 1 from screening_exposure e where e.person_id = p.id
                and e.superseded_at is null and e.recorded_at > d.decided_at)))"""
    ),
    "no-identity": _people(f"not {_IDENTIFIED}"),
    "no-telephone": _people(f"not {_REACHABLE}"),
    "no-household": _people("p.household_id is null"),
    "unwatched": _people(
        "s.category = any(%(watched)s::text[])"
        " and not exists (select 1 from observation_file f where f.person_id = p.id)"
    ),
    "silent-a-day": _files("f.next_due_at <= %(as_of)s - interval '24 hours'", "f.next_due_at"),
    "review-overdue": _files(
        "f.restricts and f.review_on < %(day)s", "(f.review_on + 1)::timestamp at time zone f.zone"
    ),
    "order-expired": _files("f.restricts and f.expires_at <= %(as_of)s", "f.expires_at"),
    "owner-desk": _files(_DESK),
    "owner-left": _files(_LEFT),
}
"""Kind → rows. `check-missed` is the daily report's own count (`reading`)."""

CHECKS = """select c.file_id || '/' || c.slot as key, c.area, c.person_id, f.household_id, c.file_id,
    f.owner_id, null::timestamptz as since, (c.slot & 31)::text as detail
    from ({counted}) c join observation_file f on f.id = c.file_id"""

BASES: Mapping[str, str] = {
    "files": "select f.area from observation_file f where f.state = 'open' and f.area like %(area)s",
    "restricted": "select f.area from observation_file f"
    " where f.state = 'open' and f.restricts and f.area like %(area)s",
    "listed": f"select p.area from {_LISTED}",
    "doors": """select d.area from screening_sweepdoor d join screening_sweep s on s.id = d.sweep_id
        where d.area like %(area)s and s.closed_at is null""",
    "roles": f"select h.area from {_HOMES} cross join unnest(%(roles)s::text[]) r (role)",
}
"""What a gap is a share of: a row each."""
