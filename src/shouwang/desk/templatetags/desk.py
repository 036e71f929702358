"""Filters and pictures of the pages. Pictures are SVG with attributes only: the policy forbids styles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django import template
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from shouwang.desk.actors import actor_words
from shouwang.desk.dates import day_words, moment_words, span_words
from shouwang.desk.words import number_of, why_words
from shouwang.kernel.masking import mask_id, mask_telephone
from shouwang.places.rules import village_name

register = template.Library()

LONG_NUMBER = 11
"""Digits from which on a cell may be a telephone or an identity number."""


@register.filter
def day(value: date | datetime | None) -> str:
    """1月23日 周四"""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        value = value.astimezone(timezone.get_current_timezone()).date()
    return day_words(value)


@register.filter
def short_day(value: date | None) -> str:
    """1月23日"""
    return "—" if value is None else day_words(value, weekday=False)


@register.filter
def clock(value: datetime | None) -> str:
    """18:40, in the zone of the page."""
    return "—" if value is None else f"{value.astimezone(timezone.get_current_timezone()):%H:%M}"


@register.simple_tag(takes_context=True)
def moment(context: template.Context, value: datetime | None) -> SafeString | str:
    """昨天 18:40, the full instant on hover."""
    if value is None:
        return "—"
    full = value.astimezone(timezone.get_current_timezone())
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        full.isoformat(timespec="minutes"),
        f"{full:%Y-%m-%d %H:%M}",
        moment_words(value, context["at"]),
    )


@register.simple_tag(takes_context=True)
def ago(context: template.Context, value: datetime | None) -> str:
    """How long ago, or in how long: 3 h 10 min."""
    return "—" if value is None else span_words(abs(context["at"] - value))


@register.filter
def masked(sample: object, field: str) -> str:
    """A sample cell as a screen may show it: identity numbers and telephones masked (LESSONS 3).

    A column nobody recognised may hold either, so anything long with digits in it is masked too.
    """
    text = str(sample)
    if field == "phone":
        return mask_telephone(text)
    digits = sum(character.isdigit() for character in text)
    if field == "id_no" or (not field and digits >= LONG_NUMBER):
        return mask_id(text)
    return text


@register.filter
def temperature(deci: int | None) -> str:
    """373 → 37.3; tenths of a degree come from the database."""
    return "—" if deci is None else f"{deci // 10}.{deci % 10}"


@register.filter
def check_of_day(slot: int) -> str:
    """Which check of its day a slot is."""
    return gettext("check {n}").format(n=(slot & 31) + 1)


@register.filter
def age(born: date | None, today: date | None) -> str:
    """Whole years; an infant in months."""
    if born is None or today is None or born > today:
        return "—"
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if years >= 2:
        return gettext("{n} years old").format(n=years)
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    return gettext("{n} months old").format(n=months)


@register.filter
def initial(name: str) -> str:
    """What stands on a face: the last character of a Chinese name, else the first letter."""
    name = name.strip()
    if not name:
        return "?"
    return name[0].upper() if name[0].isascii() else name[-1]


register.filter("spoken", village_name)
register.filter("coded", why_words)
register.filter("actor", actor_words)
register.filter("short_number", number_of)


@register.filter
def look_up(mapping: Mapping[object, object], key: object) -> object:
    """mapping[key], or nothing."""
    return mapping.get(key, "")


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """The present query string with some parameters changed; None or "" drops one. Paging starts again."""
    request: HttpRequest = context["request"]
    params = request.GET.copy()
    if "after" not in changes:
        params.pop("after", None)
    for name, value in changes.items():
        if value in (None, ""):
            params.pop(name, None)
        else:
            params[name] = str(value)
    return f"?{params.urlencode()}"


@register.simple_tag
def day_bar(n: int | None, of: int | None, width: int = 72) -> SafeString | str:
    """Day n of m as a thin bar, with the words for those who do not see it."""
    if n is None or not of:
        return ""
    done = max(0, min(n, of))
    label = gettext("day {n} of {m}").format(n=n, m=of)
    kind = "past-end" if n > of else "done"
    step = width / of
    return format_html(
        '<svg class="daybar" width="{w}" height="6" viewBox="0 0 {w} 6" role="img" aria-label="{label}">'
        '<title>{label}</title><rect class="track" width="{w}" height="6" rx="1"/>'
        '<rect class="{kind}" width="{filled}" height="6" rx="1"/>{today}</svg>',
        w=width,
        label=label,
        kind=kind,
        filled=_px(step * done),
        today=format_html(
            '<rect class="today" x="{}" width="{}" height="6"/>', _px(step * (n - 1)), _px(max(step, 2))
        )
        if 1 <= n <= of
        else "",
    )


@register.simple_tag
def sparkline(
    values: Sequence[int | float], label: str = "", width: int = 84, height: int = 20
) -> SafeString:
    """The last days of a figure; the last one marked."""
    if not values or not any(values):
        return format_html('<span class="soft" title="{}">—</span>', label)
    top = max(values)
    step = width / max(1, len(values) - 1)
    points = [(i * step, height - 2 - (height - 4) * v / top) for i, v in enumerate(values)]
    told = f"{label}: {', '.join(str(v) for v in values)}" if label else ", ".join(str(v) for v in values)
    return format_html(
        '<svg class="spark" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" aria-label="{told}">'
        '<title>{told}</title><polyline class="line" points="{points}"/>'
        '<circle class="dot" cx="{x}" cy="{y}" r="2"/></svg>',
        w=width,
        h=height,
        told=told,
        points=" ".join(f"{_px(x)},{_px(y)}" for x, y in points),
        x=_px(points[-1][0]),
        y=_px(points[-1][1]),
    )


@register.simple_tag
def reading_curve(
    readings: Sequence[tuple[str, int | None]], limit: int = 373, width: int = 680, height: int = 110
) -> SafeString | str:
    """Temperatures in order as (label, tenths or None where none was taken); the pack's line dashed."""
    taken = [deci for _, deci in readings if deci is not None]
    if not taken:
        return ""
    low, high = min(*taken, limit, 360) - 2, max(*taken, limit, 375) + 2
    left, bottom = 34, height - 18
    step = (width - left - 8) / max(1, len(readings) - 1)

    def y(deci: int) -> float:
        return 6 + (bottom - 6) * (high - deci) / (high - low)

    points = [(left + i * step, deci, label) for i, (label, deci) in enumerate(readings)]
    told = gettext("Temperatures") + ": " + ", ".join(f"{n} {temperature(d)}" for n, d in readings if d)
    return format_html(
        '<svg class="curve" width="100%" viewBox="0 0 {w} {h}" role="img" aria-label="{told}">{grid}'
        '<line class="limit" x1="{left}" x2="{w}" y1="{line}" y2="{line}"/>'
        '<text class="bad" x="0" y="{text}">{limit}</text><polyline class="line" points="{path}"/>'
        "{dots}{names}</svg>",
        w=width,
        h=height,
        told=told,
        grid=format_html_join(
            "",
            '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/><text x="0" y="{}">{}</text>',
            (
                (left, width, _px(y(d)), _px(y(d)), _px(y(d) + 3), temperature(d))
                for d in range(360, high, 10)
            ),
        ),
        left=left,
        line=_px(y(limit)),
        text=_px(y(limit) + 3),
        limit=temperature(limit),
        path=" ".join(f"{_px(x)},{_px(y(d))}" for x, d, _ in points if d is not None),
        dots=format_html_join(
            "",
            '<circle class="{}" cx="{}" cy="{}" r="2.5"><title>{} {}</title></circle>',
            (
                ("dot-bad" if d >= limit else "dot", _px(x), _px(y(d)), label, temperature(d))
                for x, d, label in points
                if d is not None
            ),
        ),
        names=format_html_join(
            "",
            '<text x="{}" y="{}">{}</text>',
            ((_px(x - 6), height - 4, label) for x, _, label in _spread(points)),
        ),
    )


def _px(value: float) -> str:
    return f"{value:.1f}"


def _spread(points: list[tuple[float, int | None, str]]) -> list[tuple[float, int | None, str]]:
    """Labels that fit: not more than fourteen, each distinct."""
    seen: set[str] = set()
    kept = []
    for point in points:
        if point[2] not in seen:
            seen.add(point[2])
            kept.append(point)
    every = max(1, -(-len(kept) // 14))
    return kept[::every]
