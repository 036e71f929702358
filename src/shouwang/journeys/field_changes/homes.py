"""The round on a telephone: a document for every home and every file, in the order of the calls and of the walk.

The order is that of the whole day, from the pack's hour on and with those already seen, so that it stands still
while the work goes on; the day's desk page, made at its own hour, may say other minutes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.utils.translation import gettext_noop

from shouwang.journeys.day_round import MINUTE, Hours, Walker, promised_today
from shouwang.journeys.field_changes.patch import RECORD, Patch
from shouwang.journeys.field_changes.texts import Doc, clock, own_titles, titles
from shouwang.observation.queries import HeldFile
from shouwang.observation.rules import FOUND_LATE, REMOTE
from shouwang.packs.schema import Pack, Stage
from shouwang.people.queries import Resident, Ring, residents, rings_of
from shouwang.places.queries import position_of, spoken_names
from shouwang.policy.queries import pack_of
from shouwang.workforce.rules import Leg, Pace, Stop, swift_walk

FOUND = gettext_noop("found late")


@dataclass(frozen=True, slots=True)
class Homes:
    """The documents of a round; `rung`: the homes whose number is there in full, by key."""

    docs: dict[str, Doc]
    rung: frozenset[str]
    households: tuple[UUID, ...]


@dataclass(slots=True)
class _Home:
    id: UUID
    household_id: UUID | None
    files: list[HeldFile]
    who: Resident
    promised: Hours | None = None
    call: int | None = None
    leg: Leg | None = None
    walk: int | None = None
    ring_at: int | None = None

    @property
    def asked(self) -> list[HeldFile]:
        """Who is to be asked or seen today, done or not."""
        return [one for one in self.files if one.today or one.is_late]

    @property
    def by_wire(self) -> bool:
        return all(channel in REMOTE for one in self.asked for channel in _ways(one))


def round_documents(patch: Patch) -> Homes:
    """`home/…` and `file/…`. Some ten queries, however many homes."""
    near = patch.scope.only(RECORD)
    people = residents(near, [one.person_id for one in patch.files])
    known = [one for one in patch.files if one.person_id in people]
    homes = _gathered(known, people, _promised(patch))
    _in_order(patch, homes)
    households = tuple(home.household_id for home in homes if home.household_id)
    rings = rings_of(
        near,
        households=households,
        people=[one.person_id for one in known],
        permission=RECORD,
        answered=None if patch.answers else (),
    )
    places = spoken_names(home.who.area for home in homes)
    docs: dict[str, Doc] = {}
    for home in homes:
        docs[f"home/{home.id}"] = _home_doc(home, rings.get(home.id), places.get(home.who.area, ""))
        for one in home.files:
            docs[f"file/{one.id}"] = _file_doc(one, people[one.person_id])
    rung = frozenset(f"home/{key}" for key, ring in rings.items() if ring.full)
    return Homes(docs, rung & docs.keys(), households)


def _promised(patch: Patch) -> Mapping[UUID, Hours]:
    if patch.worker_id is None:
        return {}
    walker = Walker(patch.worker_id, patch.actor.name, (), {})
    return promised_today(patch.scope, patch.at, walker=walker)


def _gathered(
    files: Sequence[HeldFile], people: Mapping[UUID, Resident], promised: Mapping[UUID, Hours]
) -> list[_Home]:
    homes: dict[UUID, _Home] = {}
    for one in files:
        home = homes.get(one.home)
        if home is None:
            home = homes[one.home] = _Home(one.home, one.household_id, [], people[one.person_id])
        hours = promised.get(one.home) or promised.get(one.id) or promised.get(one.person_id)
        home.promised = home.promised or hours
        home.files.append(one)
    return sorted(homes.values(), key=lambda home: (home.who.area, home.who.address, str(home.id)))


def _in_order(patch: Patch, homes: list[_Home]) -> None:
    """Calls first, those the telephone is enough for; then as one walks."""
    asked = [home for home in homes if home.asked]
    rules = patch.round
    begin = _seconds(rules.call_from)
    a_call = rules.minutes_a_call * MINUTE
    visited = [home for home in asked if not home.by_wire]
    stops = tuple(_stop(home, rules.minutes_a_person) for home in visited)
    pace = Pace(rules.metres_an_hour, rules.detour_percent)
    start = position_of(patch.area) if visited else None
    by_id = {str(home.id): home for home in visited}
    doors = []
    for n, leg in enumerate(_walk(stops, begin + a_call * len(asked), start, pace), 1):
        home = by_id[leg.stop.id]
        home.leg, home.walk = leg, n
        doors.append(home)
    for n, home in enumerate([*(home for home in asked if home.by_wire), *doors]):
        home.call, home.ring_at = n + 1, begin + n * a_call


@lru_cache(maxsize=4096)
def _walk(
    stops: tuple[Stop, ...], leave: int, start: tuple[float, float] | None, pace: Pace
) -> tuple[Leg, ...]:
    """Kept in memory: the order of a day changes only where its homes or hours do."""
    return swift_walk(stops, leave=leave, start=start, pace=pace)


def _stop(home: _Home, minutes: int) -> Stop:
    who = home.who
    service = minutes * MINUTE * len(home.asked)
    return Stop(str(home.id), who.address, who.area, who.point, service, home.promised)


def _ways(one: HeldFile) -> list[str]:
    """The channels of a file's checks of today, or of the one that is over."""
    return [slot.channels[0] for slot in one.today or one.due[:1]]


def _home_doc(home: _Home, ring: Ring | None, place: str) -> Doc:
    who = home.who
    return {
        "id": str(home.id),
        "household": str(home.household_id) if home.household_id else None,
        "head": who.head_name or who.name,
        "address": who.address,
        "place": place,
        "area": who.area,
        "telephone": ring.number if ring else "",
        "point": list(who.point) if who.point else None,
        "call": home.call,
        "walk": home.walk,
        "ring_at": home.ring_at,
        "begin": home.leg.begin if home.leg else None,
        "promised": list(home.promised) if home.promised else None,
        "late": any(one.is_late for one in home.files),
        "files": [str(one.id) for one in home.files],
    }


def _file_doc(one: HeldFile, who: Resident) -> Doc:
    pack = pack_of(one.revision_id)
    stage = _stage(pack, one)
    channels = one.due[0].channels if one.due else stage.channel
    asked = pack.role_set(stage.quorum.of) if stage.quorum and one.part.quorum else None
    return {
        "id": str(one.id),
        "home": str(one.home),
        "person": str(one.person_id),
        "name": who.name,
        "sex": who.sex,
        "born": who.birth_date.isoformat() if who.birth_date else None,
        "tags": list(who.tags),
        "area": one.area,
        "stage": own_titles(FOUND) if one.part.code == FOUND_LATE else titles(stage.title),
        "day_no": one.day_no,
        "last_day_no": one.last_day_no,
        "day_zero": one.day_zero.isoformat(),
        "channels": list(channels),
        "remote": bool(REMOTE.intersection(channels)),
        "quorum": one.part.quorum,
        "roles": [{"code": r.code, "title": titles(r.title)} for r in asked.roles] if asked else [],
        "due": [
            {
                "at": clock(slot.deadline, one.zone),
                "from": clock(slot.opens, one.zone),
                "channel": slot.channels[0],
                "slot": slot.no,
            }
            for slot in one.due
        ],
        "last": _last(one),
        "done_today": one.done_today,
    }


def _last(one: HeldFile) -> Doc | None:
    if one.last_check_at is None:
        return None
    return {
        "at": clock(one.last_check_at, one.zone),
        "deci": one.last_deci,
        "abnormal": bool(one.last_abnormal),
        "outcome": one.last_outcome,
    }


def _stage(pack: Pack, one: HeldFile) -> Stage:
    stages = pack.protocol(one.protocol).stages
    return next((stage for stage in stages if stage.code == one.part.code), stages[-1])


def _seconds(local: str) -> int:
    hours, minutes = local.split(":")
    return int(hours) * 3600 + int(minutes) * MINUTE
