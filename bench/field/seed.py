"""A district at eight in the morning: villages of 300 files, 30 phones each, one log-in a phone, by SQL.

The first five phones of a village go round sixty doors each (the load of the morning); in the flood all thirty take
twenty each.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from bench.field.sealed import Phone, Sheet
from bench.seed_observation import DISTRICT, NOW
from shouwang.kernel.actor import SYSTEM

PER_VILLAGE = 300
MORNING_PHONES, FLOOD_PHONES = 5, 30
"""In a village."""
BATCH = 20
EVENTS = 60
TOWN_VILLAGES = 40
"""In a town (`bench.seed_observation`)."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of the district."""

    villages: int

    @property
    def phones(self) -> int:
        return self.villages * FLOOD_PHONES

    @property
    def towns(self) -> int:
        return -(-self.villages // TOWN_VILLAGES)


def village(number: int) -> str:
    """The path of a village, as `bench.seed_observation` numbers them."""
    return f"{DISTRICT}{1 + number // TOWN_VILLAGES:03d}{1 + number % TOWN_VILLAGES:03d}"


def file_id(number: int) -> UUID:
    """The id of a file, as `bench.seed_observation` numbers them."""
    return UUID(int=number + 16)


def user_id(phone: int) -> UUID:
    return UUID(int=(1 << 64) + phone)


def device_id(phone: int) -> UUID:
    return UUID(int=(2 << 64) + phone)


def token(phone: int) -> str:
    """What the phone bears; random enough for a bench."""
    raw = hashlib.sha256(f"bench {phone}".encode()).digest()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def seed(size: Size) -> UUID:
    """Fill an empty database; the pack's revision."""
    from bench import seed_observation
    from shouwang.policy.actions import adopt_builtin

    adopted = adopt_builtin(pack_id="cn-2020-longsha", area=DISTRICT, by=SYSTEM, at=NOW - timedelta(days=20))
    seed_observation.seed(
        size.villages * PER_VILLAGE, per_village=PER_VILLAGE, say=False, revision=adopted.id
    )
    every = range(size.phones)
    params: dict[str, Any] = {
        "at": NOW - timedelta(days=20),
        "shift": NOW - timedelta(hours=6),
        "users": [user_id(n) for n in every],
        "areas": [village(n // FLOOD_PHONES) for n in every],
        "devices": [device_id(n) for n in every],
        "hashes": [hashlib.sha256(token(n).encode()).hexdigest() for n in every],
    }
    with connection.cursor() as cursor:
        for statement in _STATEMENTS:
            cursor.execute(statement, params)
    return adopted.id


def morning(size: Size) -> list[Sheet]:
    """Sixty checks of each of the first five phones of every village, in batches of twenty; in the phones' order."""
    sheets = []
    for home in range(size.villages):
        for phone in range(MORNING_PHONES):
            first = home * PER_VILLAGE + phone * EVENTS
            for batch in range(EVENTS // BATCH):
                files = tuple(file_id(first + batch * BATCH + n) for n in range(BATCH))
                at = NOW - timedelta(minutes=50 - 10 * batch)
                sheets.append(Sheet(home * FLOOD_PHONES + phone, 1 + batch * BATCH, files, at))
    return sheets


def flood(size: Size, begun: dict[int, int], minutes: int = 15) -> list[Sheet]:
    """One batch of every phone, `begun`: the sequence number each has come to."""
    sheets = []
    for phone in range(size.phones):
        home, number = divmod(phone, FLOOD_PHONES)
        places = [(number * 10 + n) % PER_VILLAGE for n in range(BATCH)]
        files = tuple(file_id(home * PER_VILLAGE + place) for place in places)
        sheets.append(Sheet(phone, begun.get(phone, 0) + 1, files, NOW - timedelta(minutes=minutes)))
    return sheets


def phones(size: Size) -> list[Phone]:
    """All of them."""
    return [Phone(str(device_id(n)), token(n), str(user_id(n))) for n in range(size.phones)]


_STATEMENTS = [
    """insert into places_place (id, code, path, name, level, kind, zone)
    select gen_random_uuid(), a, a, '村' || right(a, 6), 'village', 'official', 'Asia/Shanghai'
    from (select distinct area as a from observation_file) x on conflict do nothing""",
    """insert into accounts_user (id, password, username, name, email, language, is_active, created_at)
    select id, '!', 'doctor-' || n, '医生' || n, '', '', true, %(at)s
    from unnest(%(users)s::uuid[]) with ordinality as t (id, n)""",
    """insert into accounts_grant (id, user_id, role, area, since)
    select id, id, 'village-doctor', area, %(at)s from unnest(%(users)s::uuid[], %(areas)s::text[]) as t (id, area)""",
    """insert into devices_device (id, area, user_id, name, token_hash, app, enrolled_at, enrolled_by,
        enrolled_by_name, revoked_by, revoked_by_name, revoke_reason, shift_from, shift_until, floor_at,
        skew_seconds, contiguous, highest, last_server_seq)
    select id, area, user_id, '手机', hash, 3, %(at)s, 'bench', 'bench', '', '', '', %(shift)s,
        %(shift)s + interval '12 hours', %(shift)s, 0, 0, 0, 0
    from unnest(%(devices)s::uuid[], %(areas)s::text[], %(users)s::uuid[], %(hashes)s::text[])
        as t (id, area, user_id, hash)""",
    "analyze accounts_user, accounts_grant, devices_device, places_place",
]
