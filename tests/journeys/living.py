"""A small town for tests of journeys: founded, with a short list of returnees taken in."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from shouwang.journeys.found_place import found_place
from shouwang.journeys.take_in import TakenIn, take_in_file
from shouwang.kernel.actor import Actor
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import CheckCommand, CheckReceipt, record_check
from shouwang.observation.queries import FileRow, files_of_person
from shouwang.people.queries import search_people
from shouwang.policy.queries import pack_of
from tests.kept import made_once

CLERK = Actor("clerk", "周敏")
DOCTOR = Actor("doctor", "冉医生")
TOWN = "500101135"
EVERYTHING = Scope.everything()
HEADER = "姓名,性别,身份证号,手机,现住址,外出地,返回日期,户主\n"
ROWS = (
    "宋大超,男,500101198806112650,13800000001,安坪村3组127号,武汉市,2020-01-22,宋大超\n",
    "宋小梅,女,,13800000002,安坪村3组127号,武汉市,2020-01-22,宋大超\n",
    "冉光明,男,,13800000003,安坪村4组5号,湖北恩施州,2020-01-25,冉光明\n",
)


def found_town(at: datetime) -> None:
    """The town of Longsha, founded at this instant."""
    made_once(
        ("found_town", at),
        lambda: found_place(place_code=TOWN, pack_id="cn-2020-longsha", by=CLERK, at=at),
    )


def living_town(folder: Path, rows: tuple[str, ...], at: datetime) -> None:
    """The town, founded the day before, with these rows taken in as a list of returnees."""

    def make() -> None:
        found_town(at - timedelta(days=1))
        bring(folder, rows, at)

    made_once(("living_town", rows, at), make)


def bring(folder: Path, rows: tuple[str, ...], at: datetime, name: str = "a.csv") -> TakenIn:
    """Import these rows as a list of returnees."""
    path = folder / name
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return take_in_file(kind="returnees", area=TOWN, path=path, file_name=name, by=CLERK, at=at)


def batch_of(taken: TakenIn) -> UUID:
    """The batch of an import."""
    return UUID(taken.counts["batch"])


def file_of(name: str) -> FileRow:
    """The newest file of the person of this name."""
    return files_of_person(EVERYTHING, search_people(EVERYTHING, name)[0].id)[0]


def measure(file_id: UUID, at: datetime, deci: int = 366, **more: object) -> CheckReceipt:
    """One check at the door."""
    values: dict[str, object] = {"channel": "visit", "roles": ("medic", "village-cadre")} | more
    command = CheckCommand(id=uuid7(), file_id=file_id, taken_at=at, deci=deci, **values)  # type: ignore[arg-type]
    return record_check(item=command, scope=EVERYTHING, pack_of=pack_of, by=DOCTOR, at=at)
