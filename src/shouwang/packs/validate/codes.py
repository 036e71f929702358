"""Codes of a pack: each stands once, every code that is named is there, every category can be reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from zoneinfo import available_timezones

from shouwang.packs.schema import Pack, Stage
from shouwang.packs.validate.problems import Problem


def zone(pack: Pack) -> Iterator[Problem]:
    """The zone is one that there is."""
    if pack.zone not in available_timezones():
        yield Problem("zone", "zone-unknown", {"zone": pack.zone})


LISTS: Mapping[str, str] = {
    "value": "values",
    "area": "areas",
    "symptom": "symptoms",
    "tag": "tags",
    "exposure-kind": "exposure_kinds",
    "ledger": "ledgers",
    "category": "categories",
    "protocol": "protocols",
    "alert": "alerts",
    "role-set": "role_sets",
    "script": "scripts",
    "paper": "papers",
    "message": "messages",
    "reporting": "reporting",
    "ladder": "ladder",
    "report-form": "report_forms",
    "clear": "clears",
}


def codes_of(pack: Pack, kind: str) -> list[str]:
    """The codes of one kind of entry, in their order."""
    return [entry.code for entry in getattr(pack, LISTS[kind])]


def duplicates(pack: Pack) -> Iterator[Problem]:
    """A code stands once among entries of its kind."""
    for kind in LISTS:
        codes = codes_of(pack, kind)
        for index, code in enumerate(codes):
            if code in codes[:index]:
                yield Problem(f"{kind}[{index}].code", "code-twice", {"code": code})


def references(pack: Pack) -> Iterator[Problem]:
    """What an entry names is there: ledgers, protocols, teams, roles."""
    wanted: list[tuple[str, str, str]] = []
    roles = {role.code for role_set in pack.role_sets for role in role_set.roles}
    for i, category in enumerate(pack.categories):
        at = f"category[{i}]"
        wanted += [(f"{at}.ledgers[{j}]", "ledger", code) for j, code in enumerate(category.ledgers)]
        wanted += [(f"{at}.protocol", "protocol", category.protocol)] if category.protocol else []
        wanted += [(f"{at}.team", "role-set", category.team)] if category.team else []
    for i, protocol in enumerate(pack.protocols):
        for j, stage in enumerate(protocol.stages):
            at = f"protocol[{i}].stage[{j}]"
            wanted += [(f"{at}.team", "role-set", stage.team)] if stage.team else []
            wanted += [(f"{at}.quorum.of", "role-set", stage.quorum.of)] if stage.quorum else []
    for path, kind, code in wanted:
        if code not in codes_of(pack, kind):
            yield Problem(path, "reference-missing", {"kind": kind, "code": code})
    for i, alert in enumerate(pack.alerts):
        for j, role in enumerate(alert.tell):
            if role not in roles:
                yield Problem(f"alert[{i}].tell[{j}]", "reference-missing", {"kind": "role", "code": role})
    for i, protocol in enumerate(pack.protocols):
        for j, stage in enumerate(protocol.stages):
            yield from _quorum(pack, stage, f"protocol[{i}].stage[{j}].quorum")


def _quorum(pack: Pack, stage: Stage, path: str) -> Iterator[Problem]:
    if stage.quorum is None or stage.quorum.of not in codes_of(pack, "role-set"):
        return
    size = len(pack.role_set(stage.quorum.of).roles)
    if stage.quorum.roles_at_least > size:
        yield Problem(path, "quorum-too-large", {"wanted": stage.quorum.roles_at_least, "size": size})


def teams(pack: Pack) -> Iterator[Problem]:
    """A role stands once in its set and serves under another of the same set; shifts rise through the day."""
    for i, team in enumerate(pack.role_sets):
        codes = [role.code for role in team.roles]
        for j, role in enumerate(team.roles):
            at = f"role-set[{i}].roles[{j}]"
            if role.code in codes[:j]:
                yield Problem(f"{at}.code", "code-twice", {"code": role.code})
            if role.under is not None and role.under not in codes[:j]:
                yield Problem(f"{at}.under", "role-under-unknown", {"code": role.under})
        if team.watch and list(team.watch.starts) != sorted(set(team.watch.starts)):
            yield Problem(f"role-set[{i}].watch.starts", "due-order")


def reachable(pack: Pack) -> Iterator[Problem]:
    """No category hides another, no ledger stays empty for ever."""
    ranked = pack.by_rank()
    for index, category in enumerate(ranked):
        path = f"category[{pack.categories.index(category)}]"
        for earlier in ranked[:index]:
            if earlier.rank == category.rank:
                yield Problem(f"{path}.rank", "rank-twice", {"other": earlier.code, "rank": category.rank})
            if earlier.when == category.when:
                yield Problem(path, "category-unreachable", {"other": earlier.code})
    for i, ledger in enumerate(pack.ledgers):
        if ledger.when is None and not any(ledger.code in c.ledgers for c in pack.categories):
            yield Problem(f"ledger[{i}]", "ledger-empty", {"code": ledger.code})
