"""The pack itself, and looking things up in it by code and by day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol as Protocol_
from typing import TypeVar

from pydantic import Field

from shouwang.kernel.errors import Refused
from shouwang.packs.schema.base import Code, Entry, Title
from shouwang.packs.schema.chains import ChainLevel, ChainPerson, Missed
from shouwang.packs.schema.entries import (
    Alert,
    Area,
    Category,
    DatedValue,
    LadderStep,
    Ledger,
    Named,
    Paper,
    Reporting,
    RoleSet,
    Script,
)
from shouwang.packs.schema.evening import Clear, Evening, ReportForm
from shouwang.packs.schema.field import FieldWork
from shouwang.packs.schema.messages import Message
from shouwang.packs.schema.protocols import Protocol
from shouwang.packs.schema.rounds import Round


class Pack(Entry):
    """方案: everything one place decided about one disease, in one revision."""

    id: Code
    revision: str = Field(min_length=1)
    title: Title
    disease: Code
    zone: str
    about: Title | None = None
    values: tuple[DatedValue, ...] = Field(alias="value", default=())
    areas: tuple[Area, ...] = Field(alias="area", default=())
    symptoms: tuple[Named, ...] = Field(alias="symptom", default=())
    tags: tuple[Named, ...] = Field(alias="tag", default=())
    exposure_kinds: tuple[Named, ...] = Field(alias="exposure-kind", default=())
    ledgers: tuple[Ledger, ...] = Field(alias="ledger", default=())
    categories: tuple[Category, ...] = Field(alias="category", default=())
    protocols: tuple[Protocol, ...] = Field(alias="protocol", default=())
    alerts: tuple[Alert, ...] = Field(alias="alert", default=())
    role_sets: tuple[RoleSet, ...] = Field(alias="role-set", default=())
    scripts: tuple[Script, ...] = Field(alias="script", default=())
    ladder: tuple[Named, ...] = ()
    ladder_steps: tuple[LadderStep, ...] = Field(alias="ladder-step", default=())
    reporting: tuple[Reporting, ...] = ()
    papers: tuple[Paper, ...] = Field(alias="paper", default=())
    round: Round = Round()
    field: FieldWork = FieldWork()
    evening: Evening | None = None
    report_forms: tuple[ReportForm, ...] = Field(alias="report-form", default=())
    clears: tuple[Clear, ...] = Field(alias="clear", default=())
    messages: tuple[Message, ...] = Field(alias="message", default=())
    chain: tuple[ChainLevel, ...] = ()
    chain_persons: tuple[ChainPerson, ...] = Field(alias="chain-person", default=())
    missed: Missed | None = None

    def value(self, code: str, *, on: date) -> int:
        """The number that holds on the local day `on`. Raises `Refused("pack-value-missing")`."""
        found = self._dated(code, on)
        if not isinstance(found, int):
            raise Refused("pack-value-not-a-number", value=code)
        return found

    def day(self, code: str, *, on: date) -> date:
        """The dated value `code` that is itself a day (`unit = "date"`)."""
        found = self._dated(code, on)
        if not isinstance(found, date):
            raise Refused("pack-value-not-a-day", value=code)
        return found

    def values_on(self, on: date) -> dict[str, int | date]:
        """Every value that holds on `on`; values that have not begun are left out."""
        held = {value.code: _held(value.since, on) for value in self.values}
        return {code: found for code, found in held.items() if found is not None}

    def areas_on(self, on: date) -> dict[str, tuple[str, ...]]:
        """Every named area as it is on `on`; before its first day an area is empty."""
        return {area.code: _held(area.since, on) or () for area in self.areas}

    def category(self, code: str) -> Category:
        """The category `code`. Raises `Refused("pack-entry-missing")`, as do the look-ups below."""
        return _by_code(self.categories, code, "category")

    def ledger(self, code: str) -> Ledger:
        """The ledger `code`."""
        return _by_code(self.ledgers, code, "ledger")

    def protocol(self, code: str) -> Protocol:
        """The protocol `code`."""
        return _by_code(self.protocols, code, "protocol")

    def role_set(self, code: str) -> RoleSet:
        """The role set `code`."""
        return _by_code(self.role_sets, code, "role-set")

    def alert(self, code: str) -> Alert:
        """The alert `code`."""
        return _by_code(self.alerts, code, "alert")

    def script(self, code: str) -> Script:
        """The script `code`."""
        return _by_code(self.scripts, code, "script")

    def paper(self, code: str) -> Paper:
        """The paper `code`."""
        return _by_code(self.papers, code, "paper")

    def report_form(self, code: str) -> ReportForm:
        """The report form `code`."""
        return _by_code(self.report_forms, code, "report-form")

    def clear(self, code: str) -> Clear:
        """The clear `code`."""
        return _by_code(self.clears, code, "clear")

    def symptom(self, code: str) -> Named:
        """The symptom `code`."""
        return _by_code(self.symptoms, code, "symptom")

    def by_rank(self) -> tuple[Category, ...]:
        """Categories in the order in which they claim a person."""
        return tuple(sorted(self.categories, key=lambda category: (category.rank, category.code)))

    def _dated(self, code: str, on: date) -> int | date:
        for value in self.values:
            if value.code == code and (found := _held(value.since, on)) is not None:
                return found
        raise Refused("pack-value-missing", value=code, on=on.isoformat())


_T = TypeVar("_T")


class _Coded(Protocol_):
    @property
    def code(self) -> str: ...


_C = TypeVar("_C", bound=_Coded)


def _held(since: Mapping[date, _T], on: date) -> _T | None:
    """The last entry of `since` that began on or before `on`."""
    begun = [day for day in since if day <= on]
    return since[max(begun)] if begun else None


def _by_code(entries: Iterable[_C], code: str, kind: str) -> _C:
    for entry in entries:
        if entry.code == code:
            return entry
    raise Refused("pack-entry-missing", kind=kind, entry=code)
