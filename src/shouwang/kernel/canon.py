"""Canonical JSON and content hashes: the same content always has the same bytes."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from uuid import UUID


def canonical(value: object) -> str:
    """`value` as JSON with sorted keys and no spaces. Dates are ISO, instants UTC with microseconds."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def content_hash(value: object) -> str:
    """SHA-256 of the canonical JSON, as 64 hex digits."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(str(item) for item in value)
    raise TypeError(f"{type(value).__name__} has no canonical form")
