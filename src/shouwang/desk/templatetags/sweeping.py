"""The picture of a share: doors done of doors, as a bar and in numbers. SVG with attributes only."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from shouwang.screening.rules import band, share

register = template.Library()

WIDTH = 90


@register.simple_tag
def share_bar(done: int, of: int) -> SafeString:
    """A bar coloured by how much is done, with the words for those who do not see it."""
    done, of = int(done), int(of)
    told = gettext("{done} of {of} doors done, {share} %").format(done=done, of=of, share=share(done, of))
    filled = WIDTH * done / of if of else WIDTH
    return format_html(
        '<span class="share"><svg class="sharebar is-{band}" width="{w}" height="8" viewBox="0 0 {w} 8" role="img"'
        ' aria-label="{told}"><title>{told}</title><rect class="track" width="{w}" height="8" rx="1"/>'
        '<rect class="part" width="{filled}" height="8" rx="1"/></svg> <span class="num">{share}%</span>'
        ' <span class="soft small nowrap">{done}/{of}</span></span>',
        band=band(done, of),
        w=WIDTH,
        told=told,
        filled=f"{filled:.1f}",
        share=share(done, of),
        done=done,
        of=of,
    )
