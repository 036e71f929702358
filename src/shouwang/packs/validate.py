"""What is wrong with a pack, entry by entry: "category[1].when.all[0].stayed-in: …", in three languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Literal
from zoneinfo import available_timezones

from pydantic import ValidationError

from shouwang.packs.asking import asking_problems
from shouwang.packs.chains import chain_faults
from shouwang.packs.conditions.facts import is_division
from shouwang.packs.conditions.tree import LEAVES, TEST_OUTCOMES, Condition, Leaf, Ref, leaves
from shouwang.packs.conditions.words import pick
from shouwang.packs.evenings import evening_faults
from shouwang.packs.messages import MESSAGES
from shouwang.packs.phones import clock_faults, idle_alerts
from shouwang.packs.saying import saying_problems
from shouwang.packs.schema import Category, Entry, Event, Lang, Pack, Stage, Texts

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing at fault: the entry's path, a kebab-case code, what the sentence needs."""

    path: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = "error"

    def __str__(self) -> str:
        return problem_words(self, "en")


def problem_words(problem: Problem, lang: Lang) -> str:
    """The problem as a line that begins with its entry."""
    known = MESSAGES.get(problem.code)
    if known is None:
        told = f"{problem.code} {dict(problem.params)}" if problem.params else problem.code
    else:
        told = pick(known, lang).format_map(_Given(problem.params))
    return f"{problem.path}: {told}" if problem.path else told


def schema_problems(text: str) -> tuple[Pack | None, tuple[Problem, ...]]:
    """The pack in a JSON text, or what keeps it from being one."""
    try:
        return Pack.model_validate_json(text), ()
    except ValidationError as invalid:
        return None, tuple(
            _from_pydantic(error["loc"], error["type"], error.get("ctx") or {}, error["msg"])
            for error in invalid.errors(include_url=False, include_input=False)
        )


def validate(pack: Pack) -> tuple[Problem, ...]:
    """Everything that the shape alone does not show. Errors forbid adoption, warnings are shown beside it."""
    return tuple(
        problem
        for look in (
            _zone,
            _duplicates,
            _references,
            _conditions,
            _calendars,
            _tests,
            _teams,
            _restrictions,
            _asking,
            _sources,
            _translations,
            _reachable,
            _evening,
            _saying,
            _chain,
            _phones,
        )
        for problem in look(pack)
    )


def _from_pydantic(
    loc: tuple[int | str, ...], kind: str, context: Mapping[str, object], message: str
) -> Problem:
    path = _path(loc)
    if kind.startswith("condition-"):
        inner = str(context.get("path", ""))
        full = f"{path}.{inner}" if inner else path
        return Problem(full, kind, {k: v for k, v in context.items() if k != "path"})
    codes = {"missing": "entry-missing", "extra_forbidden": "entry-unknown"}
    return Problem(path, codes.get(kind, "entry-wrong"), {"reason": message})


def _path(loc: Iterable[int | str]) -> str:
    told = ""
    for step in loc:
        told += f"[{step}]" if isinstance(step, int) else f".{step}" if told else str(step)
    return told


def _zone(pack: Pack) -> Iterator[Problem]:
    if pack.zone not in available_timezones():
        yield Problem("zone", "zone-unknown", {"zone": pack.zone})


_LISTS: Mapping[str, str] = {
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


def _codes(pack: Pack, kind: str) -> list[str]:
    return [entry.code for entry in getattr(pack, _LISTS[kind])]


def _duplicates(pack: Pack) -> Iterator[Problem]:
    for kind in _LISTS:
        codes = _codes(pack, kind)
        for index, code in enumerate(codes):
            if code in codes[:index]:
                yield Problem(f"{kind}[{index}].code", "code-twice", {"code": code})


def _references(pack: Pack) -> Iterator[Problem]:
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
        if code not in _codes(pack, kind):
            yield Problem(path, "reference-missing", {"kind": kind, "code": code})
    for i, alert in enumerate(pack.alerts):
        for j, role in enumerate(alert.tell):
            if role not in roles:
                yield Problem(f"alert[{i}].tell[{j}]", "reference-missing", {"kind": "role", "code": role})
    for i, protocol in enumerate(pack.protocols):
        for j, stage in enumerate(protocol.stages):
            yield from _quorum(pack, stage, f"protocol[{i}].stage[{j}].quorum")


def _quorum(pack: Pack, stage: Stage, path: str) -> Iterator[Problem]:
    if stage.quorum is None or stage.quorum.of not in _codes(pack, "role-set"):
        return
    size = len(pack.role_set(stage.quorum.of).roles)
    if stage.quorum.roles_at_least > size:
        yield Problem(path, "quorum-too-large", {"wanted": stage.quorum.roles_at_least, "size": size})


def _teams(pack: Pack) -> Iterator[Problem]:
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


def conditions_of(pack: Pack) -> Iterator[tuple[str, Condition]]:
    """Every condition of the pack with the path of its entry."""
    for i, category in enumerate(pack.categories):
        yield f"category[{i}].when", category.when
    for i, ledger in enumerate(pack.ledgers):
        if ledger.when is not None:
            yield f"ledger[{i}].when", ledger.when
    for i, alert in enumerate(pack.alerts):
        yield f"alert[{i}].when", alert.when
    for i, protocol in enumerate(pack.protocols):
        yield f"protocol[{i}].release", protocol.release
        for j, exemption in enumerate(protocol.exemptions):
            yield f"protocol[{i}].exemption[{j}].when", exemption.when
        for j, event in enumerate(protocol.events):
            if event.when is not None:
                yield f"protocol[{i}].event[{j}].when", event.when
        for j, stage in enumerate(protocol.stages):
            if stage.leave is not None:
                yield f"protocol[{i}].stage[{j}].leave", stage.leave


def _conditions(pack: Pack) -> Iterator[Problem]:
    begin = _first_day(pack)
    for path, condition in conditions_of(pack):
        for inner, leaf in leaves(condition):
            yield from _leaf(pack, f"{path}.{inner}", leaf, begin)


_CODED: Mapping[str, str] = {"symptom-any": "symptom", "tag-any": "tag", "kind": "exposure-kind"}


def _leaf(pack: Pack, path: str, leaf: Leaf, begin: date | None) -> Iterator[Problem]:
    arg = leaf.arg
    if isinstance(arg, Ref):
        yield from _value(pack, path, arg.code, LEAVES[leaf.name].arg == "date", begin)
    if not isinstance(arg, tuple):
        return
    for item in arg:
        if LEAVES[leaf.name].arg == "places":
            if not is_division(item) and item not in _codes(pack, "area"):
                yield Problem(path, "reference-missing", {"kind": "area", "code": item})
        elif leaf.name == "test-result-any" and item not in TEST_OUTCOMES:
            yield Problem(path, "reference-missing", {"kind": "test-outcome", "code": item})
        elif (kind := _CODED.get(leaf.name)) and item not in _codes(pack, kind):
            yield Problem(path, "reference-missing", {"kind": kind, "code": item})


def _value(pack: Pack, path: str, code: str, wants_day: bool, begin: date | None) -> Iterator[Problem]:
    found = [value for value in pack.values if value.code == code]
    if not found:
        yield Problem(path, "reference-missing", {"kind": "value", "code": code})
        return
    if any(isinstance(item, date) is not wants_day for item in found[0].since.values()):
        yield Problem(path, "value-wrong-type", {"code": code})
    first = min(found[0].since)
    if begin is not None and first > begin:
        told = {"code": code, "first": first.isoformat(), "begin": begin.isoformat()}
        yield Problem(path, "value-begins-late", told)


def _first_day(pack: Pack) -> date | None:
    """The day on which the pack begins: its earliest dated value or area."""
    days = [day for value in pack.values for day in value.since]
    days += [day for area in pack.areas for day in area.since]
    return min(days, default=None)


def _calendars(pack: Pack) -> Iterator[Problem]:
    for i, protocol in enumerate(pack.protocols):
        stages = sorted(enumerate(protocol.stages), key=lambda numbered: numbered[1].days)
        for j, stage in stages:
            yield from _stage(stage, f"protocol[{i}].stage[{j}]")
        for (_, before), (j, after) in pairwise(stages):
            path = f"protocol[{i}].stage[{j}].days"
            if after.days[0] <= before.days[1]:
                yield Problem(path, "stage-overlap", {"other": before.code, "day": after.days[0]})
            elif after.days[0] > before.days[1] + 1:
                yield Problem(path, "stage-gap", {"from": before.days[1] + 1, "to": after.days[0] - 1})
        for j, event in enumerate(protocol.events):
            yield from _event(pack, event, f"protocol[{i}].event[{j}]")


def _event(pack: Pack, event: Event, path: str) -> Iterator[Problem]:
    asked = {"extend": ("until_day",), "transfer": ("when",), "reopen": ("when", "protocol")}
    for name in asked.get(event.effect, ()):
        if getattr(event, name) is None:
            yield Problem(path, "entry-missing", {"reason": name.replace("_", "-")})
    if event.protocol is not None and event.protocol not in _codes(pack, "protocol"):
        yield Problem(f"{path}.protocol", "reference-missing", {"kind": "protocol", "code": event.protocol})


def _tests(pack: Pack) -> Iterator[Problem]:
    """Whoever tests must be told of a positive."""
    asked = [stage for protocol in pack.protocols for stage in protocol.stages if stage.tests]
    heard = any(
        leaf.name == "test-result-any" and isinstance(leaf.arg, tuple) and "positive" in leaf.arg
        for alert in pack.alerts
        for _, leaf in leaves(alert.when)
    )
    if asked and not heard:
        yield Problem("alert", "positive-unheard", {"stage": asked[0].code})


def _stage(stage: Stage, path: str) -> Iterator[Problem]:
    if stage.days[0] > stage.days[1]:
        yield Problem(f"{path}.days", "days-backwards")
    if stage.due and len(stage.due) != stage.checks_a_day:
        yield Problem(f"{path}.due", "due-count", {"due": len(stage.due), "checks": stage.checks_a_day})
    if list(stage.due) != sorted(set(stage.due)):
        yield Problem(f"{path}.due", "due-order")
    outside = [day for day in stage.sparse_days if not stage.days[0] <= day <= stage.days[1]]
    outside += [d for t in stage.tests for d in t.days if not stage.days[0] <= d <= stage.days[1]]
    for day in outside:
        yield Problem(path, "day-outside-stage", {"day": day})


_ORIGIN_LEAVES = frozenset(n for n, kind in LEAVES.items() if kind.level == "trip") | {"lives-in"}


def rests_on_origin_alone(condition: Condition) -> bool:
    """Whether nothing but where a person was or lives decides (dates of travel do not change that)."""
    return all(leaf.name in _ORIGIN_LEAVES for _, leaf in leaves(condition))


def _restrictions(pack: Pack) -> Iterator[Problem]:
    protocols = {protocol.code: protocol for protocol in pack.protocols}
    for i, protocol in enumerate(pack.protocols):
        if protocol.restricts:
            for name in ("legal_ground", "evidence", "review_after_days", "appeal"):
                if getattr(protocol, name) is None:
                    path = f"protocol[{i}].{name.replace('_', '-')}"
                    yield Problem(path, "restriction-incomplete", {"protocol": protocol.code})
    for i, category in enumerate(pack.categories):
        bound = protocols.get(category.protocol or "")
        if (
            bound
            and bound.restricts
            and rests_on_origin_alone(category.when)
            and not _ordered(pack, category)
        ):
            yield Problem(f"category[{i}]", "origin-alone", {"category": category.code})


def _ordered(pack: Pack, category: Category) -> bool:
    """Whether a written, expiring order carries the category: its own, or one on every area that it names."""
    if category.order is not None:
        return True
    places = [leaf.arg for _, leaf in leaves(category.when) if LEAVES[leaf.name].arg == "places"]
    named = {item for arg in places if isinstance(arg, tuple) for item in arg}
    ordered = {area.code for area in pack.areas if area.order is not None}
    return bool(named) and named <= ordered


def _asking(pack: Pack) -> Iterator[Problem]:
    for path, code, params in asking_problems(pack):
        yield Problem(path, code, params)


_TOLD_WHENCE = (
    *("value", "area", "category", "ledger", "protocol", "alert", "role-set", "script"),
    *("report-form", "clear"),
)


def _sources(pack: Pack) -> Iterator[Problem]:
    for kind in _TOLD_WHENCE:
        for i, entry in enumerate(getattr(pack, _LISTS[kind])):
            convention = getattr(entry, "convention", None)
            if not entry.source.strip() and convention is None:
                yield Problem(f"{kind}[{i}].source", "source-missing", {"code": entry.code})
    for i, protocol in enumerate(pack.protocols):
        for j, stage in enumerate(protocol.stages):
            if not (stage.source or stage.convention or protocol.source):
                yield Problem(f"protocol[{i}].stage[{j}].source", "source-missing", {"code": stage.code})
    for i, step in enumerate(pack.ladder_steps):
        if not (step.source.strip() or step.convention):
            yield Problem(f"ladder-step[{i}].source", "source-missing", {"code": step.channel})


def _translations(pack: Pack) -> Iterator[Problem]:
    for path, text in texts_of(pack):
        missing = [lang for lang, found in (("zh-hant", text.zh_hant), ("en", text.en)) if not found]
        if missing:
            yield Problem(path, "translation-missing", {"langs": ", ".join(missing)}, "warning")


def texts_of(entry: Entry, path: str = "") -> Iterator[tuple[str, Texts]]:
    """Every text of an entry and of the entries in it, with its path."""
    for name, info in type(entry).model_fields.items():
        here = f"{path}.{info.alias}" if path else str(info.alias)
        value = getattr(entry, name)
        if isinstance(value, Texts):
            yield here, value
        elif isinstance(value, Entry):
            yield from texts_of(value, here)
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, Entry):
                    yield from texts_of(item, f"{here}[{index}]")


def _reachable(pack: Pack) -> Iterator[Problem]:
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


def _evening(pack: Pack) -> Iterator[Problem]:
    return (Problem(*fault) for fault in evening_faults(pack))


def _saying(pack: Pack) -> Iterator[Problem]:
    for path, code, params in saying_problems(pack):
        yield Problem(path, code, params)


def _chain(pack: Pack) -> Iterator[Problem]:
    return (Problem(*fault) for fault in chain_faults(pack))


def _phones(pack: Pack) -> Iterator[Problem]:
    yield from (Problem(*fault) for fault in clock_faults(pack))
    yield from (Problem(*fault, severity="warning") for fault in idle_alerts(pack))


class _Given(dict[str, object]):
    """Params of a sentence; one that was not given shows as itself."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"
