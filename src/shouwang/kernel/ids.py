"""Identifiers that sort by time (UUID version 7, RFC 9562 §5.7)."""

from __future__ import annotations

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last_ms = 0
_counter = 0


def uuid7() -> uuid.UUID:
    """Return a new UUIDv7; within one process later calls sort after earlier ones.

    Random version 4 keys double the index cost of bulk inserts (STACK.md); these arrive in index order.
    The 12 bits behind the milliseconds are a counter, so that a burst stays ordered.
    """
    global _last_ms, _counter  # noqa: PLW0603 - the counter is the point
    with _lock:
        now_ms = time.time_ns() // 1_000_000
        if now_ms > _last_ms:
            _last_ms, _counter = now_ms, int.from_bytes(os.urandom(1), "big")
        else:
            _counter += 1
            if _counter > 0xFFF:
                _last_ms, _counter = _last_ms + 1, 0
        ms, seq = _last_ms, _counter
    value = (ms & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | seq << 64
    value |= 0b10 << 62 | int.from_bytes(os.urandom(8), "big") >> 2
    return uuid.UUID(int=value)


UUID7_SQL = (
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing"
    " substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),"
    " 52, 1), 53, 1), 'hex')::uuid"
)
"""A UUIDv7 made by the database (built in only from PostgreSQL 18 on; Debian's 15 must do)."""
