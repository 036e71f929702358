"""What is wrong with the evening of a pack: hours that do not climb, codes twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shouwang.packs.schema import Pack

Fault = tuple[str, str, Mapping[str, object]]


def evening_faults(pack: Pack) -> Iterator[Fault]:
    """Whoever is above closes after those below, and a form names a figure once: (path, code, params)."""
    if pack.evening is not None:
        if not (pack.evening.source or pack.evening.convention):
            yield "evening.source", "source-missing", {"code": "evening"}
        hours = pack.evening.close_by
        climbing = (hours.grid, hours.village, hours.town, hours.county)
        if list(climbing) != sorted(climbing):
            yield "evening.close-by", "hours-climb", {}
        yield from _twice("evening.reason", [reason.code for reason in pack.evening.reasons])
    for i, form in enumerate(pack.report_forms):
        yield from _twice(
            f"report-form[{i}].figure", [line.figure for part in form.sections for line in part.lines]
        )
    for i, clear in enumerate(pack.clears):
        yield from _twice(f"clear[{i}].criteria", list(clear.criteria))


def _twice(path: str, codes: list[str]) -> Iterator[Fault]:
    for index, code in enumerate(codes):
        if code in codes[:index]:
            yield f"{path}[{index}]", "code-twice", {"code": code}
