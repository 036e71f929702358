"""Workers to choose from, as the page offers them: what tells two of one name apart stands behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Protocol
from uuid import UUID

from shouwang.desk.packwords import every_role_title
from shouwang.kernel.masking import mask_telephone
from shouwang.kernel.scope import Scope
from shouwang.packs.schema import Pack
from shouwang.places.queries import spoken_names
from shouwang.workforce.queries import workers

DESK = "duty-desk"


class Colleague(Protocol):
    """A worker as any list of workers reads them."""

    @property
    def id(self) -> UUID: ...
    @property
    def area(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def telephone(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def kinds(self) -> tuple[str, ...]: ...


def to_choose(
    offered: Iterable[Colleague], titles: Mapping[str, str] | None = None, *, beside: Iterable[Colleague] = ()
) -> list[tuple[UUID, str]]:
    """(worker, 王伟 · 沙包村 · 村医) for a form; two of one name also with what may be shown of their telephone.

    The post is told by `titles` (role → title), without one by the unit. `beside`: offered on the same form.
    One query.
    """
    rows = list(offered)
    places = spoken_names(row.area for row in rows)
    several = Counter({row.id: row.name for row in (*rows, *beside)}.values())
    known = titles or {}
    told = []
    for row in rows:
        post = "、".join(known[kind] for kind in row.kinds if kind in known) or row.unit
        number = mask_telephone(row.telephone) if several[row.name] > 1 else ""
        told.append((row.id, " · ".join(filter(None, (row.name, places.get(row.area, ""), post, number)))))
    return told


def takers(scope: Scope, area: str, pack: Pack | None) -> list[tuple[UUID, str]]:
    """Who of a place may be given something to do tomorrow; the duty desk gets what nobody is named for."""
    rows = [row for row in workers(scope, area=area, limit=200) if DESK not in row.kinds]
    return to_choose(rows, every_role_title(pack) if pack else {})


def namesakes(people: Iterable[tuple[UUID, str, str]]) -> dict[UUID, str]:
    """Of (worker, name, telephone): what may be shown of the telephone of those who share their name."""
    by_id = {worker: (name, telephone) for worker, name, telephone in people}
    several = Counter(name for name, _ in by_id.values())
    return {
        worker: mask_telephone(telephone) for worker, (name, telephone) in by_id.items() if several[name] > 1
    }
