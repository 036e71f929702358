"""Double 14 comes to the town: a revision of its pack, a site, tests, a convalescent; and a household under guard.

What the how-tos of posts and sites, of samples and of shifts tell can be tried on these people.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import yaml

from shouwang.demo.clock import PRESENT, ZONE
from shouwang.demo.register import SCOPE, unwatched
from shouwang.journeys.admit_convalescent import admit_convalescent
from shouwang.journeys.adopt_pack import adopt_pack
from shouwang.journeys.bring_home import settle_in_site
from shouwang.journeys.guard_household import fill_roster, guard_household
from shouwang.journeys.open_site import open_site
from shouwang.journeys.take_in import classify_and_watch
from shouwang.kernel.actor import Actor
from shouwang.kernel.ids import uuid7
from shouwang.observation.actions import (
    CheckCommand,
    DischargeCommand,
    ResultCommand,
    SampleCommand,
    record_checks,
    record_result,
    record_sample,
    send_samples,
)
from shouwang.observation.queries import files_of_person
from shouwang.observation.queries.households import open_households
from shouwang.packs.load import builtin, dump
from shouwang.policy.actions import propose_revision
from shouwang.policy.queries import pack_of
from shouwang.screening.actions import record_exposure
from shouwang.workforce.actions import (
    NewAssignment,
    NewWorker,
    assign_many,
    begin_shift,
    enlist_workers,
    hand_shift_over,
    note_on_shift,
)
from shouwang.workforce.queries import ShiftRow, roster, shifts_between, team_target, workers

SITE = "龙沙宾馆集中观察点"
TAKEN: dict[str, tuple[str, ...]] = {
    "value": ("negative-tests", "stage-negative-tests"),
    "tag": ("convalescent",),
    "category": ("convalescent",),
    "protocol": ("double-14", "convalescent", "re-positive"),
    "alert": ("positive-test", "re-positive"),
    "role-set": ("facility-team", "home-team"),
}
"""What the town takes over from the pack of the double 14, by kind and code."""
LAB = "区疾控中心"
SURNAME, ADULTS = "李", (1900, 1990)
"""Whom to look for in the register: of which name, born when."""
NEIGHBOURS = ("谭春梅", "程永红", "熊建国", "余玉兰", "彭秀英")
SERVING = ("town-cadre", "village-cadre", "medic", "police")
TAKEN_IN = timedelta(minutes=20)
"""From being found to being at the site."""
MORNING, EVENING = timedelta(hours=9, minutes=10), timedelta(hours=17, minutes=20)
WRITTEN = timedelta(minutes=5)
"""From the thermometer to the book."""


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 2, day, hour, minute, tzinfo=ZONE)


def take_up_double_14(pack_id: str, area: str, at: datetime, clerk: Actor, commander: Actor) -> None:
    """The clerk proposes the town's own revision, the commander approves it: before anybody is in the books."""
    text = yaml.safe_dump(own_revision(pack_id), allow_unicode=True, sort_keys=False).encode()
    reason = "镇指挥部会议：密切接触者、治愈出院人员按双14管理"
    revision = propose_revision(original=text, area=area, reason=reason, by=clerk, at=at)
    adopt_pack(revision_id=revision, by=commander, at=at + timedelta(hours=1))


def own_revision(pack_id: str) -> dict[str, Any]:
    """The shipped pack with the double 14 for close contacts and for whoever leaves hospital."""
    own, other = dump(builtin(pack_id)), dump(builtin("cn-2020-rongchang"))
    own["revision"] = f"{own['revision']}-双14"
    for kind, codes in TAKEN.items():
        own[kind] = [*own.get(kind, []), *(entry for entry in other[kind] if entry["code"] in codes)]
    (contact,) = [entry for entry in own["category"] if entry["code"] == "contact"]
    contact |= {"protocol": "double-14", "team": "facility-team"}
    return own


def live_by_double_14(village: str, beside: str, medic: Actor, clerk: Actor) -> None:
    """Four contacts and a convalescent of the village: three at the site in the community beside it, two still at
    home, each at another step of their tests."""
    site, nurse = _site(beside, clerk)
    first, second, third, fourth, cured = _neighbours(village, 5, clerk, _at(1, 8, 40))
    early = _found(first, village, _at(1, 8, 45), site, clerk)
    _result(_sample(early, _at(1, 15), "HL0201-1", nurse), _at(2, 10), nurse)
    late = _found(second, village, _at(4, 8, 45), site, clerk)
    sent = _sample(late, _at(4, 16), "HL0204-1", nurse)
    send_samples(duty_ids=[sent], lab=LAB, sent_at=_at(4, 17), scope=SCOPE, by=nurse, at=_at(4, 17))
    _found(third, village, _at(5, 16), None, clerk)  # sample due this evening; to be taken in
    taken = _found(fourth, village, _at(5, 14), None, clerk)
    _sample(taken, _at(5, 15), "HL0205-1", medic)  # not sent yet
    discharge = DischargeCommand(uuid7(), cured, "区人民医院", _at(3, 0).date(), "出院证2020-3")
    admitted = admit_convalescent(item=discharge, scope=SCOPE, by=clerk, at=_at(3, 15), site=site)
    for file_id, since in ((early, 1), (late, 4), (admitted.file_id, 4)):
        _checked(file_id, since, nurse)


def keep_guard(village: str, cadre: Actor, clerk: Actor) -> UUID:
    """A household is guarded round the clock since 3 February; the cadre who has a log-in is on duty now."""
    since = _at(3, 8)
    home = sorted(open_households(SCOPE, area=village))[-1]
    watch = roster(
        SCOPE, guard_household(household_id=home, since=since, until=None, scope=SCOPE, by=clerk, at=since)
    )
    people = _enlist(village, (("牟春", "guard-head"), ("付大勇", "guard"), ("邓成", "guard")), clerk, since)
    mine = UUID(cadre.id)
    _assign(village, watch.role_set, "household", watch.target_id, [*people, (mine, "guard")], clerk, since)
    turns = [people[1][0], mine, people[2][0]]  # from 8:00, from 16:00, from midnight
    until = _at(7, 0)  # nobody has been named for the days after
    fill_roster(roster=watch, people=turns, since=since, until=until, scope=SCOPE, by=clerk, at=since)
    shifts = shifts_between(SCOPE, since, PRESENT, roster_ids=[watch.id])[watch.id]
    begin_shift(shift_id=shifts[0].id, by=_self(shifts[0]), at=since)
    notes = (
        "全家体温正常；代购蔬菜、降压药各一份",
        "夜间无人外出；老人要一瓶酱油",
        "早上六点送菜到门口，已签收",
    )
    for n, (one, following) in enumerate(pairwise(shifts)):
        hand_shift_over(
            shift_id=one.id, text=notes[n % 3], to_shift_id=following.id, by=_self(one), at=one.ends_at
        )
    now = shifts[-1]
    note_on_shift(
        shift_id=now.id, text="住户要一袋米，明早代购", by=_self(now), at=PRESENT - timedelta(minutes=50)
    )
    return watch.id


def _self(one: ShiftRow) -> Actor:
    """Whoever has a shift writes down themselves what becomes of it."""
    return Actor(str(one.worker_id), one.worker)


def _site(village: str, clerk: Actor) -> tuple[str, Actor]:
    """The hotel that is a site, with its head, medics and guards; its path, and the medic who measures there."""
    at = _at(1, 8, 30)
    team = team_target(
        SCOPE, open_site(village=village, name=SITE, role_set="site-watch", scope=SCOPE, by=clerk, at=at)
    )
    cast = (
        *(("余敏", "site-head"), ("刁文芳", "medic"), ("向素珍", "medic")),
        *(("罗建国", "guard"), ("汪勇", "guard")),
    )
    people = _enlist(team.area, cast, clerk, at)
    _assign(team.area, team.role_set, "site", team.target_id, people, clerk, at)
    return team.target_id, Actor(str(people[1][0]), cast[1][0])


def _enlist(area: str, cast: Sequence[tuple[str, str]], clerk: Actor, at: datetime) -> list[tuple[UUID, str]]:
    made = [
        NewWorker(area=area, name=name, kinds=(role,), telephone=f"1300230{n:04d}", unit="镇政府")
        for n, (name, role) in enumerate(cast, start=len(workers(SCOPE, area=area, limit=5000)))
    ]
    enlist_workers(workers=made, area=area, by=clerk, at=at)
    return [(one.id, one.kinds[0]) for one in made]


def _assign(
    area: str,
    role_set: str,
    kind: str,
    target: str,
    people: Sequence[tuple[UUID, str]],
    clerk: Actor,
    at: datetime,
) -> None:
    slots = [NewAssignment(area, worker, role_set, role, kind, target) for worker, role in people]
    assign_many(assignments=slots, area=area, by=clerk, at=at)


def _neighbours(village: str, wanted: int, clerk: Actor, at: datetime) -> list[UUID]:
    """Grown-up people of the register that nobody watches yet, each of a household that gets its team now."""
    found = unwatched(village, SURNAME, ADULTS, wanted)
    beside = _enlist(village, [(name, "neighbour") for name in NEIGHBOURS[: len(found)]], clerk, at)
    serving = {role: workers(SCOPE, area=village, kind=role) for role in SERVING}
    for n, (home, neighbour) in enumerate(zip(found, beside, strict=True)):
        team = [(serving[role][n % len(serving[role])].id, role) for role in SERVING]
        _assign(village, "five-to-one", "household", str(home), [*team, neighbour], clerk, at)
    return list(found.values())


def _found(person: UUID, village: str, at: datetime, site: str | None, clerk: Actor) -> UUID:
    """A close contact is found, and taken to the site where there is one; the file."""
    record_exposure(
        person_id=person,
        area=village,
        kind="close-contact",
        case_ref="万州第11例",
        last_on=(at - timedelta(days=1)).date(),
        by=clerk,
        at=at,
    )
    classify_and_watch(people=[person], area=village, by=clerk, at=at)
    (file,) = [one for one in files_of_person(SCOPE, person) if one.state == "open"]
    if site:
        settle_in_site(
            file_ids=[file.id],
            site=site,
            reason="密切接触者，集中观察",
            scope=SCOPE,
            by=clerk,
            at=at + TAKEN_IN,
        )
    return file.id


def _sample(file_id: UUID, at: datetime, label: str, medic: Actor) -> UUID:
    item = SampleCommand(uuid7(), file_id, "pcr", at, label=label)
    return record_sample(item=item, scope=SCOPE, pack_of=pack_of, by=medic, at=at).duty_id


def _result(duty: UUID, at: datetime, medic: Actor) -> None:
    item = ResultCommand(uuid7(), duty, "negative", at, lab=LAB)
    record_result(item=item, scope=SCOPE, pack_of=pack_of, by=medic, at=at)


def _checked(file_id: UUID, since: int, medic: Actor) -> None:
    """Morning and evening of every day at the site until now, nothing out of the ordinary."""
    checks = [
        CheckCommand(uuid7(), file_id, at, "facility", deci=363 + (day + part) % 4, roles=("medic",))
        for day in range(since, PRESENT.day + 1)
        for part, hours in enumerate((MORNING, EVENING))
        if (at := _at(day, 0) + hours) < PRESENT
    ]
    for check in checks:
        record_checks(items=[check], scope=SCOPE, pack_of=pack_of, by=medic, at=check.taken_at + WRITTEN)
