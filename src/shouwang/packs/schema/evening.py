"""The evening of a pack: by when each level closes its day, the forms that are sent, the three clears."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from shouwang.packs.schema.base import Code, Entry, LocalTime, Title


class CloseBy(Entry):
    """By which local hour a level closes its day."""

    grid: LocalTime
    village: LocalTime
    town: LocalTime
    county: LocalTime


class CarryReason(Entry):
    """结转原因: why something was not done today. `needs_note`: the code alone does not say it."""

    code: Code
    title: Title
    needs_note: bool = False


class Evening(Entry):
    """收日: the hours of the evening and the reasons that may be given for what is left."""

    close_by: CloseBy
    meeting: LocalTime
    reasons: tuple[CarryReason, ...] = Field(alias="reason", min_length=1)
    source: str = ""
    convention: Title | None = None


class FormLine(Entry):
    """One line of a form: a figure of the daily report, as this form calls it."""

    figure: Code
    title: Title | None = None


class FormSection(Entry):
    """A part of a form with its heading."""

    title: Title | None = None
    lines: tuple[FormLine, ...] = Field(alias="line", min_length=1)


class ReportForm(Entry):
    """报表: which figures of the daily report an office wants, in its order and words.

    `issuer`, `number` ("{year}", "{number}") and `addressee` stand on the head of a `red-head` form.
    """

    code: Code
    title: Title
    layout: Literal["plain", "red-head"] = "plain"
    issuer: Title | None = None
    number: str = ""
    addressee: Title | None = None
    sections: tuple[FormSection, ...] = Field(alias="section", min_length=1)
    source: str = ""
    convention: Title | None = None


class Clear(Entry):
    """清: a completeness check: nothing may be on the list of any of its criteria."""

    code: Code
    title: Title
    criteria: tuple[Code, ...] = Field(min_length=1)
    source: str = ""
    convention: Title | None = None
