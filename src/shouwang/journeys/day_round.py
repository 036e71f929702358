"""巡诊: the village doctor's day (C5): whom to ring first, then the doors in walking order.

Duties come from the observation room, doors from the people's, hours and pace from the pack, the order from
`workforce.rules`. Promised hours are handed in (household → hours); what was promised on today's last sheet of
the same worker still holds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from os.path import commonprefix
from uuid import UUID

from shouwang.kernel.actor import Actor
from shouwang.kernel.days import day_start, local_day, local_time
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import SheetLine, make_sheet
from shouwang.observation.queries import (
    Duty,
    Remark,
    SheetRow,
    duties,
    remarks_of_day,
    round_sheets,
    seen_files,
)
from shouwang.packs.schema import Round
from shouwang.people.queries import Callee, callees, households_by_ids
from shouwang.places.queries import position_of, zone_of
from shouwang.policy.queries import pack_if_any
from shouwang.screening.queries import appointments
from shouwang.workforce.queries import charges_of, worker_of_user
from shouwang.workforce.rules import Leg, Pace, Stop, Walk, natural_key, plan_walk

MOST = 300
"""People on one round at most; beyond, the round is cut by household, and the page says so."""
BY_WIRE = frozenset({"phone", "video", "chat", "self"})
MINUTE = 60
RECORD = "observation.record"
CHINA = "Asia/Shanghai"

Hours = tuple[int, int]
"""From and until, seconds of the local day."""


@dataclass(slots=True)
class Home:
    """One household of the round: who is to be seen there and how."""

    id: UUID
    """The household's, or the person's where somebody belongs to none."""
    household_id: UUID | None
    head_name: str
    address: str
    area: str
    phone_masked: str
    point: tuple[float, float] | None
    people: list[tuple[Duty, Callee]]
    promised: Hours | None = None
    roles: tuple[str, ...] = ()
    ring_at: int = 0
    """When it is rung, seconds of the local day."""
    leg: Leg | None = None
    """Its place on the walk; None where the telephone is enough."""

    @property
    def by_wire(self) -> bool:
        """Nobody there has to be seen at the door."""
        return all(duty.channel in BY_WIRE for duty, _ in self.people)

    @property
    def is_late(self) -> bool:
        return any(duty.late_seconds > 0 for duty, _ in self.people)


@dataclass(frozen=True, slots=True)
class DayRound:
    """The round of a day: who is rung, in which order, then the doors."""

    day: date
    zone: str
    rules: Round
    calls: tuple[Home, ...]
    """Every household, in the order it is rung: those the telephone is enough for first, then as one walks."""
    doors: tuple[Home, ...]
    """In walking order."""
    walk: Walk
    is_cut: bool
    has_map: bool

    @property
    def people(self) -> int:
        """How many people are on the round."""
        return sum(len(home.people) for home in self.calls)

    @property
    def in_order(self) -> tuple[Home, ...]:
        """As on paper: by telephone alone, then door by door."""
        return tuple(home for home in self.calls if home.leg is None) + self.doors


@dataclass(frozen=True, slots=True)
class Walker:
    """Whose round it is."""

    id: UUID | None
    name: str
    households: tuple[UUID, ...]
    roles: Mapping[UUID, tuple[str, ...]]


def walker_of(scope: Scope, user_id: UUID | str, name: str) -> Walker:
    """The worker behind a log-in with their households; a log-in without any walks what it sees."""
    worker = worker_of_user(scope, user_id)
    if worker is None:
        return Walker(None, name, (), {})
    roles: dict[UUID, set[str]] = {}
    for charge in charges_of(scope, worker.id):
        if charge.target_kind == "household":
            roles.setdefault(UUID(charge.target_id), set()).add(charge.role)
    return Walker(
        worker.id, worker.name, tuple(sorted(roles)), {h: tuple(sorted(r)) for h, r in roles.items()}
    )


def day_round(
    scope: Scope,
    at: datetime,
    *,
    walker: Walker | None = None,
    households: Collection[UUID] | None = None,
    promised: Mapping[UUID, Hours] | None = None,
    leave: int | None = None,
    pace: Pace | None = None,
) -> DayRound:
    """The round of the local day of `at`: what is due and late, ordered.

    `households`: only these, of all in sight. `promised`: household (or person without one) → hours. `leave`:
    when the walk begins; without it after the last call, and never before now. Refuses `no-pack-in-force`.
    """
    rows = duties(scope, at, households=households, limit=MOST + 1)
    people = callees(scope, [duty.person_id for duty in rows[:MOST]])
    known = [(d, people[d.person_id]) for d in rows[:MOST] if d.kind == "check" and d.person_id in people]
    area = commonprefix([duty.area for duty, _ in known]) or (scope.areas[0] if scope.areas else "")  # noqa: RUF071 - of codes
    zone = zone_of(area)
    pack = pack_if_any(scope, area, at)
    homes = _homes(known, promised or {}, walker.roles if walker else {})
    clock = int((at - day_start(local_day(at, zone), zone)).total_seconds())
    rules = pack.round if pack else Round()
    begin = max(clock, _seconds(rules.call_from))
    away = begin + rules.minutes_a_call * MINUTE * len(homes)
    visited = [home for home in homes if not home.by_wire]
    walk = plan_walk(
        [_stop(home, rules) for home in visited],
        leave=max(leave, clock) if leave is not None else away,
        start=position_of(area),
        pace=pace or Pace(rules.metres_an_hour, rules.detour_percent),
    )
    by_id = {str(home.id): home for home in visited}
    doors = []
    for leg in walk.legs:
        home = by_id[leg.stop.id]
        home.leg = leg
        doors.append(home)
    calls = [home for home in homes if home.by_wire] + doors
    for n, home in enumerate(calls):
        home.ring_at = begin + n * rules.minutes_a_call * MINUTE
    is_cut, has_map = len(rows) > MOST, any(home.point for home in doors)
    return DayRound(local_day(at, zone), zone, rules, tuple(calls), tuple(doors), walk, is_cut, has_map)


def promised_today(scope: Scope, at: datetime, *, walker: Walker) -> dict[UUID, Hours]:
    """The hours promised for today: agreed appointments, and what stood on this worker's last sheet of the day.

    By household (or person). What was promised once is not forgotten; the sheet is the newer word. Two queries.
    """
    zone = zone_of(scope.areas[0]) if scope.areas else CHINA
    day = local_day(at, zone)
    start = day_start(day, zone)
    agreed = appointments(scope, until=start + timedelta(days=1), worker=walker.id, limit=MOST)
    told = {
        one.subject_id: (
            int((one.from_at - start).total_seconds()),
            int((one.until_at - start).total_seconds()),
        )
        for one in agreed
        if one.from_at >= start
    }
    for sheet in round_sheets(scope, limit=5):
        if sheet.worker_id == walker.id and sheet.day == day:
            on_paper = {
                line.household_id or line.file_id: line.promised for line in sheet.lines if line.promised
            }
            return told | on_paper
    return told


def put_on_paper(scope: Scope, told: DayRound, *, walker: Walker, by: Actor, at: datetime) -> UUID:
    """Keep the round as a sheet to be printed; returns its id. Refuses `round-empty`, `not-permitted`."""
    lines = [_line(home, duty) for home in told.in_order for duty, _ in home.people]
    for line in lines:
        if not scope.allows(RECORD, line.area):
            raise Refused("not-permitted", permission=RECORD)
    pack = pack_if_any(scope, commonprefix([line.area for line in lines]), at) if lines else None  # noqa: RUF071
    return make_sheet(
        lines=lines,
        symptoms=[symptom.code for symptom in pack.symptoms] if pack else [],
        told={
            "method": told.walk.method,
            "gap": told.walk.gap_percent,
            "walked": told.walk.walked,
            "home": told.walk.home,
            "households": len(told.calls),
            "ring": [home.ring_at for home in told.in_order for _ in home.people],
        },
        day=told.day,
        zone=told.zone,
        worker=(walker.id, walker.name),
        by=by,
        at=at,
    )


@dataclass(frozen=True, slots=True)
class Tonight:
    """A household to look in on again in the evening: what was noted or promised today, who was unwell."""

    head_name: str
    address: str
    area: str
    phone_masked: str
    remarks: tuple[Remark, ...] = ()
    unwell: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()
    """What is to be brought, with the hours that were agreed."""


def tonight(scope: Scope, at: datetime, *, households: Collection[UUID] | None = None) -> list[Tonight]:
    """Who needs something by the evening: a note of today (medicine, shopping), goods promised for today, or an
    abnormal last reading. Those unwell first. Five queries, however many."""
    zone = zone_of(scope.areas[0]) if scope.areas else CHINA
    day = local_day(at, zone)
    start = day_start(day, zone)
    files = seen_files(scope, start, households=households)
    goods = {
        one.subject_id: f"{local_time(one.from_at, zone):%H:%M}–{local_time(one.until_at, zone):%H:%M} {one.goods}"
        for one in appointments(scope, until=start + timedelta(days=1), limit=MOST)
        if one.goods and one.until_at > start
    }
    people = callees(scope, [file.person_id for file in files])
    remarks: dict[UUID, list[Remark]] = {}
    for remark in remarks_of_day(scope, day, [file.id for file in files]):
        remarks.setdefault(remark.file_id, []).append(remark)
    homes: dict[UUID, Tonight] = {}
    for row in households_by_ids(scope, [one for one in goods if households is None or one in households]):
        homes[row.id] = Tonight(row.head_name, row.address, row.area, "", goods=(goods[row.id],))
    for file in files:
        one = people.get(file.person_id)
        brought = goods.get(file.person_id)
        if one is None or not (remarks.get(file.id) or file.abnormal or brought):
            continue
        key = one.household_id or one.id
        held = homes.get(key) or Tonight(one.head_name or one.name, one.address, one.area, one.phone_masked)
        homes[key] = replace(
            held,
            phone_masked=held.phone_masked or one.phone_masked,
            remarks=(*held.remarks, *remarks.get(file.id, [])),
            unwell=(*held.unwell, one.name) if file.abnormal else held.unwell,
            goods=(*held.goods, f"{one.name} {brought}") if brought else held.goods,
        )
    order = sorted(homes.values(), key=lambda home: (home.area, natural_key(home.address)))
    return sorted(order, key=lambda home: not home.unwell)


def clock_of(seconds: int) -> str:
    """ "08:05" of seconds of the local day; after midnight it goes on counting ("25:10" never: 次日 is said)."""
    return f"{seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}"


def expected_at(sheet: SheetRow, seconds: int) -> datetime:
    """The instant of seconds of the sheet's local day."""
    return local_time(day_start(sheet.day, sheet.zone) + timedelta(seconds=seconds), sheet.zone)


def _homes(
    rows: Sequence[tuple[Duty, Callee]], promised: Mapping[UUID, Hours], roles: Mapping[UUID, tuple[str, ...]]
) -> list[Home]:
    homes: dict[UUID, Home] = {}
    for duty, one in rows:
        key = one.household_id or one.id
        home = homes.get(key)
        if home is None:
            head = one.head_name or one.name
            home = homes[key] = Home(
                key, one.household_id, head, one.address, one.area, one.phone_masked, one.point, []
            )
            home.roles = roles.get(key, ())
        home.promised = (
            home.promised or promised.get(key) or promised.get(duty.file_id) or promised.get(duty.person_id)
        )
        home.phone_masked = home.phone_masked or one.phone_masked
        home.people.append((duty, one))
    return list(homes.values())


def _stop(home: Home, rules: Round) -> Stop:
    return Stop(
        id=str(home.id),
        door=home.address,
        area=home.area,
        point=home.point,
        service=rules.minutes_a_person * MINUTE * len(home.people),
        promised=home.promised,
    )


def _line(home: Home, duty: Duty) -> SheetLine:
    return SheetLine(
        file=duty.file_id,
        household=home.household_id,
        area=duty.area,
        channel="visit" if home.leg else duty.channel,
        expected=home.leg.begin if home.leg else home.ring_at,
        promised=home.promised,
        roles=home.roles if home.leg else (),
    )


def _seconds(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 3600 + int(minutes) * MINUTE
