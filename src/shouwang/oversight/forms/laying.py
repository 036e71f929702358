"""A report laid out as one of the forms of the pack: which figures, in which order, under which words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from shouwang.kernel.days import local_time
from shouwang.outreach.rules import chinese_day
from shouwang.oversight.rules.reports import FIGURES, Figure, Report, changed_figures
from shouwang.packs.schema import FormLine, Lang, ReportForm, Title

Words = Callable[[str], str]
"""English msgid to the reader's language; `gettext` at the interface."""
NONE = "—"
INNER = ("found-", "done-late")
"""Figures that are a part of the one above them and stand indented."""


@dataclass(frozen=True, slots=True)
class LaidLine:
    """One line as it is printed. `code` names the figure; an unknown one prints a dash."""

    code: str
    title: str
    value: str
    number: int | None
    share: str
    before: str
    unit: str
    definition: str
    is_inner: bool = False
    old: str = ""
    """What the revision before said, where it said something else."""


@dataclass(frozen=True, slots=True)
class LaidSection:
    """A part of the form with its heading."""

    title: str
    lines: tuple[LaidLine, ...]


@dataclass(frozen=True, slots=True)
class Laid:
    """A form ready to be printed in any format."""

    code: str
    layout: str
    title: str
    issuer: str
    number: str
    addressee: str
    place: str
    report: Report
    sections: tuple[LaidSection, ...]

    @property
    def lines(self) -> tuple[LaidLine, ...]:
        """Every line, without its section."""
        return tuple(line for section in self.sections for line in section.lines)

    @property
    def as_of(self) -> str:
        """As of when, on the wall clock of the place."""
        return local_time(self.report.as_of, self.report.zone).strftime("%Y-%m-%d %H:%M")

    @property
    def day(self) -> str:
        """The local day in words."""
        return chinese_day(self.report.day)


def lay_out(
    report: Report,
    form: ReportForm | None = None,
    *,
    place: str,
    lang: Lang = "zh-hans",
    words: Words = str,
    before: Report | None = None,
    older: Report | None = None,
) -> Laid:
    """The report as `form` has it, without one every figure in its order; `before` is yesterday's report,
    `older` the revision before this one."""
    figures = {figure.code: figure for figure in report.figures}
    old = changed_figures(older, report) if older else {}

    def line(code: str, title: Title | None = None) -> LaidLine:
        name = title.text(lang) if title else ""
        earlier = _value(before.value(code)) if before else ""
        was = _value(old[code][0]) if code in old else ""
        return _line(code, figures.get(code), name, words, earlier, was)

    if form is None:
        every = LaidSection("", tuple(line(figure.code) for figure in report.figures))
        return Laid(
            "all", "plain", words("Statistics of medical observation"), "", "", "", place, report, (every,)
        )
    sections = tuple(
        LaidSection(
            section.title.text(lang) if section.title else "",
            tuple(line(entry.figure, _title_of(entry)) for entry in section.lines),
        )
        for section in form.sections
    )
    return Laid(
        form.code,
        form.layout,
        form.title.text(lang),
        form.issuer.text(lang) if form.issuer else "",
        form.number.replace("{year}", str(report.day.year)).replace(
            "{number}", str(report.day.timetuple().tm_yday)
        ),
        form.addressee.text(lang) if form.addressee else "",
        place,
        report,
        sections,
    )


def laid_document(laid: Laid) -> dict[str, object]:
    """The form as JSON values."""
    report = laid.report
    return {
        **{"form": laid.code, "title": laid.title, "place": laid.place, "date": report.day.isoformat()},
        **{"as_of": report.as_of.isoformat(), "revision": report.revision, "closed_by": report.closed_by},
        **{"hash": report.hash, "correction": report.reason, "issuer": laid.issuer, "number": laid.number},
        "sections": [
            {
                "title": section.title,
                "lines": [
                    {
                        **{"figure": line.code, "title": line.title, "value": line.value, "unit": line.unit},
                        **{"of": line.share, "yesterday": line.before, "was": line.old},
                        "definition": line.definition,
                    }
                    for line in section.lines
                ],
            }
            for section in laid.sections
        ],
    }


def _title_of(entry: FormLine) -> Title | None:
    return entry.title


def _line(code: str, figure: Figure | None, title: str, words: Words, before: str, old: str) -> LaidLine:
    if figure is None:
        told = words("Not counted here: fill it in by hand.")
        name = title or (words(_TITLES[code]) if code in _TITLES else code)
        return LaidLine(code, name, NONE, None, "", "", "", told)
    share = "" if figure.denominator is None else f"/ {figure.denominator}"
    number = figure.value if isinstance(figure.value, int) else None
    return LaidLine(
        *(code, title or words(figure.title), _value(figure.value), number, share, before),
        *(words(figure.unit), words(figure.definition), not title and code.startswith(INNER), old),
    )


_TITLES = {definition.code: definition.title for definition in FIGURES}


def _value(value: int | date | None) -> str:
    if value is None:
        return NONE
    return value.isoformat() if isinstance(value, date) else str(value)
