"""How a link of the chain is hashed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shouwang.kernel.areas import town_of
from shouwang.kernel.canon import content_hash

GENESIS = "0" * 64
"""The hash before the first event of a chain."""


@dataclass(frozen=True, slots=True)
class Link:
    """The hashed content of one event."""

    seq: int
    verb: str
    area: str
    subject_kind: str
    subject_id: str
    actor_id: str
    actor_name: str
    at: datetime
    payload: Mapping[str, object]


def link_hash(prev_hash: str, link: Link) -> str:
    """SHA-256 over the previous hash and the canonical content of this link."""
    return content_hash(
        [
            prev_hash,
            link.seq,
            link.verb,
            link.area,
            link.subject_kind,
            link.subject_id,
            link.actor_id,
            link.actor_name,
            link.at,
            link.payload,
        ]
    )


def chain_of(area: str) -> str:
    """The chain an event of this place belongs to: its street or town, or the wider place itself."""
    return town_of(area) or "*"


def first_break(links: Iterable[tuple[Link, str, str]]) -> int | None:
    """The seq of the first broken link of one chain given in order as (link, prev_hash, hash), or None."""
    prev, expected = GENESIS, 1
    for link, prev_hash, own in links:
        if link.seq != expected or prev_hash != prev or link_hash(prev, link) != own:
            return expected
        prev, expected = own, expected + 1
    return None
