"""Building the demonstration: Longsha town, through the same journeys and actions that people use.

Everything is synthetic. The steps: founding, the register, the villages' spreadsheets, teams, nine days.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path

from shouwang.accounts.actions import create_user, grant_role, set_password
from shouwang.accounts.queries import user_by_name
from shouwang.demo import days
from shouwang.demo.away import ask_the_workers_away
from shouwang.demo.cast import LOG_INS, LogIn, neighbours, serving
from shouwang.demo.clock import FOUND, PRESENT, ZONE
from shouwang.demo.command import close_yesterday, form_the_groups, let_alerts_climb, name_the_heads
from shouwang.demo.protocols import keep_guard, live_by_double_14, take_up_double_14
from shouwang.demo.rounds import sweep_the_town
from shouwang.demo.stories import tell_stories
from shouwang.journeys.found_place import found_place
from shouwang.journeys.staff_households import staff_households
from shouwang.journeys.take_in import take_in_file
from shouwang.kernel.actor import Actor
from shouwang.kernel.scope import Scope
from shouwang.observation.queries.households import open_households
from shouwang.screening.reading.shapes import ImportKind
from shouwang.workforce.actions import NewWorker, enlist_workers, tie_user
from shouwang.workforce.queries import WorkerRow, workers

PLACE = "500101135"
COUNTY = "500101"
VILLAGE = "500101135202"
"""海螺村: whose doctor and cadre have a log-in."""
COMMUNITY = "500101135001"
"""龙沙社区: where the hotel is that becomes a site."""
DIVIDED = (VILLAGE, "500101135204", "500101135205")
"""Villages that are divided into grids before the third round."""
NOON = 12
PACK = "cn-2020-longsha"
FOUNDED = datetime(2020, 1, 21, 8, 0, tzinfo=ZONE)
CLERK = Actor("demo-clerk", "冉晓梅")
COMMANDER = Actor("demo-commander", "谭正国")
CLIMBED = timedelta(hours=1)
"""Since when alarms of the present evening have been told and climbed."""
SCOPE = Scope.everything("demo")

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Credentials:
    """The demonstration's log-ins: one password for all, made for this installation."""

    password: str


def build(samples: Path, keep: Path, say: Say) -> None:
    """Build the town in an empty database. `keep` is the file that holds the log-ins' password."""
    say("1/9 founding the town: divisions, pack with its own revision, duty desk")
    found_place(place_code=PLACE, pack_id=PACK, by=CLERK, at=FOUNDED)
    take_up_double_14(PACK, PLACE, FOUNDED + timedelta(hours=1), CLERK, COMMANDER)
    say("2/9 importing the register: 42,000 people of 12,733 households")
    _take("register", samples / "longsha_register.xlsx", FOUNDED + timedelta(days=1))
    say("3/9 importing the villages' spreadsheets: 1,046 people back from Hubei, 240 from elsewhere")
    _take("returnees", samples / "longsha_hubei_returnees.xlsx", FOUND)
    _take("returnees", samples / "longsha_other_returnees_gb18030.csv", FOUND + timedelta(minutes=40))
    say("4/9 heads of every place, teams for every household")
    name_the_heads(PLACE, CLERK)
    doctors = _teams()
    say("5/9 log-ins")
    keep.write_text(json.dumps({"password": _log_ins(doctors)}))
    keep.chmod(0o600)
    say("6/9 nine days of checks")
    _nine_days(doctors)
    say("7/9 double 14 at a site, a household under guard, workers away")
    _protocols(doctors)
    say("8/9 three rounds over every door")
    sweep_the_town(PLACE, DIVIDED, CLERK)
    say("9/9 groups, alarms up the chain, yesterday's report")
    form_the_groups(PLACE, CLERK)
    let_alerts_climb(PRESENT - CLIMBED)
    close_yesterday(PLACE, COMMANDER)


def credentials(keep: Path) -> Credentials:
    """What `build` kept."""
    return Credentials(**json.loads(keep.read_text()))


@contextmanager
def packaged_samples() -> Iterator[Path]:
    """The sample spreadsheets: of the source tree, or as installed."""
    beside = Path(__file__).resolve().parents[3] / "samples" / "longsha"
    if beside.is_dir():
        yield beside
        return
    with as_file(files("shouwang.demo").joinpath("samples")) as installed:
        yield installed


def _take(kind: ImportKind, path: Path, at: datetime) -> None:
    take_in_file(kind=kind, area=PLACE, path=path, file_name=path.name, by=CLERK, at=at)


def _teams() -> dict[str, WorkerRow]:
    """Enlist whoever serves, staff every household; village path → its first doctor."""
    at = FOUND + timedelta(hours=2)
    households = Counter(open_households(SCOPE, area=PLACE).values())
    cast = [
        NewWorker(area=s.area, name=s.name, kinds=(s.role,), telephone=s.telephone, unit=s.unit)
        for s in (*serving(dict(households)), *neighbours(dict(households)))
    ]
    enlist_workers(workers=cast, area=PLACE, by=CLERK, at=at)
    staff_households(area=PLACE, scope=SCOPE, by=CLERK, at=at + timedelta(hours=1))
    doctors: dict[str, WorkerRow] = {}
    for doctor in workers(SCOPE, area=PLACE, kind="medic", limit=10_000):
        doctors.setdefault(doctor.area, doctor)
    return doctors


def _log_ins(doctors: dict[str, WorkerRow]) -> str:
    """A log-in for every role; those of a village are the workers they are."""
    password = secrets.token_urlsafe(9)
    for log_in in LOG_INS:
        worker = _worker_of(log_in, doctors)
        name = worker.name if worker else log_in.name
        user = create_user(username=log_in.username, name=name, password=password, by=CLERK, at=FOUNDED)
        grant_role(user_id=user.id, role=log_in.role, area=_area(log_in), by=CLERK, at=FOUNDED)
        if worker:
            tie_user(worker_id=worker.id, user_id=user.id, by=CLERK, at=FOUND + timedelta(hours=4))
    administrator = user_by_name("admin")
    if administrator is not None:
        set_password(user_id=administrator.id, password=password, by=CLERK, at=FOUNDED)
    return password


def _worker_of(log_in: LogIn, doctors: dict[str, WorkerRow]) -> WorkerRow | None:
    if log_in.role == "village-doctor":
        return doctors[VILLAGE]
    if log_in.role == "village-cadre":
        return workers(SCOPE, area=VILLAGE, kind="village-cadre")[0]
    return None


def _area(log_in: LogIn) -> str:
    return {"village": VILLAGE, "town": PLACE, "county": COUNTY}[log_in.level]


def _protocols(doctors: dict[str, WorkerRow]) -> None:
    doctor, cadre = doctors[VILLAGE], workers(SCOPE, area=VILLAGE, kind="village-cadre")[0]
    live_by_double_14(VILLAGE, COMMUNITY, Actor(str(doctor.id), doctor.name), CLERK)
    keep_guard(VILLAGE, Actor(str(cadre.id), cadre.name), CLERK)
    ask_the_workers_away(VILLAGE, CLERK, Actor(str(cadre.id), cadre.name))


def _nine_days(doctors: dict[str, WorkerRow]) -> None:
    """Rounds until the present evening; each morning the clerk releases whoever has come to the end."""
    chance = days.new_chance()
    for one in days.rounds():
        if one.begins.hour < NOON:
            days.release_whoever_may(PLACE, CLERK, one.begins + timedelta(hours=1))
        days.walk(one, PLACE, doctors, chance)
    tell_stories(PLACE, VILLAGE, doctors, CLERK)
