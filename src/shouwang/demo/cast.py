"""The people who serve in the demonstration. Invented: any likeness is chance."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

SEED = 20200127
SURNAMES = "陈李张王刘杨黄周吴徐罗谭冉向牟程何余蒋彭熊邓付汪"
GIVEN = "建国志明玉兰秀英永红大勇小平春梅晓东光荣德华正权开碧世才成芳文静应忠天明素珍"


@dataclass(frozen=True, slots=True)
class Serving:
    """A worker to enlist: in which place, in which role of the five-role set."""

    name: str
    role: str
    area: str
    unit: str
    telephone: str


@dataclass(frozen=True, slots=True)
class LogIn:
    """A log-in of the demonstration: whose work it shows, where."""

    username: str
    name: str
    role: str
    level: str
    """`village`, `town`, `county` or `everywhere`."""


LOG_INS = (
    LogIn("doctor", "熊德兰", "village-doctor", "village"),
    LogIn("cadre", "杨应忠", "village-cadre", "village"),
    LogIn("clerk", "冉晓梅", "town-clerk", "town"),
    LogIn("commander", "谭正国", "town-commander", "town"),
    LogIn("district", "牟文华", "district-commander", "county"),
    LogIn("epi", "程静", "epidemiologist", "county"),
    LogIn("auditor", "向光明", "auditor", "county"),
)

_PER_HOUSEHOLDS = {"village-cadre": 26, "medic": 34, "police": 55, "town-cadre": 36}
"""How many households one worker of the role carries in the demonstration, below the caps of the pack."""

_UNITS = {"village-cadre": "村委会", "medic": "村卫生室", "police": "龙沙派出所", "town-cadre": "镇政府"}


def serving(households_by_village: dict[str, int]) -> Iterator[Serving]:
    """Enough workers of each role for the households of each village (path → households)."""
    chance = random.Random(SEED)  # noqa: S311 - invented names, not secrets
    for village, households in sorted(households_by_village.items()):
        for role, each in _PER_HOUSEHOLDS.items():
            for _ in range(-(-households // each)):
                yield Serving(invented_name(chance), role, village, _UNITS[role], invented_telephone(chance))


def neighbours(households_by_village: dict[str, int]) -> Iterator[Serving]:
    """One neighbour for each household (五包一)."""
    chance = random.Random(SEED + 1)  # noqa: S311 - invented names, not secrets
    for village, households in sorted(households_by_village.items()):
        for _ in range(households):
            yield Serving(invented_name(chance), "neighbour", village, "邻居", invented_telephone(chance))


def invented_name(chance: random.Random) -> str:
    """A name of two or three characters."""
    return chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.choice((1, 2, 2))))


def invented_telephone(chance: random.Random) -> str:
    """A mobile number of eleven digits."""
    return f"1{chance.choice('3578')}{chance.randrange(10**9):09d}"
