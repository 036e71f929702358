"""A district of a million people, seeded by SQL: 20 towns, 500 villages, one in twenty a returnee."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from django.db import connection

DISTRICT = "500101"
VILLAGE = "500101100001"
RECORDED = datetime(2020, 1, 28, 4, 0, tzinfo=UTC)
AT = datetime(2020, 2, 1, 10, 0, tzinfo=UTC)

_AREA = (
    "'500101' || lpad((100 + ({n} / 2000) / 25)::text, 3, '0')"
    " || lpad((1 + ({n} / 2000) %% 25)::text, 3, '0')"
)


def seed(people: int = 1_000_000) -> float:
    """Fill an empty database; seconds it took, 0 where it was filled already."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from people_person")
        if cursor.fetchone()[0] >= people:
            return 0.0
        started = time.perf_counter()
        for statement in _STATEMENTS:
            cursor.execute(statement, {"people": people, "at": RECORDED} if "%(" in statement else None)
        cursor.execute("analyze")
    return time.perf_counter() - started


def _uuid(kind: int, number: str) -> str:
    return f"('{kind:08x}-0000-7000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid"


def _where(number: str) -> str:
    return _AREA.format(n=f"({number})")


_HEX = "decode(md5({0}), 'hex')"
_STATEMENTS = [
    "truncate people_person, people_household, people_residence, people_identifier, people_telephone,"
    " screening_trip, classification_standing, classification_decision cascade",
    f"""insert into places_place (id, code, path, name, level, kind, zone)
    select gen_random_uuid(), a, a, '村' || right(a, 6), 'village', 'official', 'Asia/Shanghai'
    from (select distinct {_where("n")} as a from generate_series(0, %(people)s - 1, 2000) n) x
    on conflict do nothing""",
    f"""insert into people_household (id, area, number, head_name, address, address_key, recorded_at)
    select {_uuid(1, "n")}, {_where("n * 4")}, n::text, '户主' || n,
        (n %% 20 + 1) || '组' || n %% 100 || '号', lpad((n %% 20 + 1)::text, 3, '0')
            || lpad((n %% 100)::text, 4, '0'), %(at)s
    from generate_series(0, %(people)s / 4 - 1) n""",
    f"""insert into people_person (id, area, household_id, name, sort_key, initials, sex, birth_date,
        relation, recorded_at)
    select {_uuid(2, "n")}, {_where("n")}, {_uuid(1, "n / 4")}, '王' || n, 'wang ' || md5(n::text), 'w', 'm',
        date '1940-01-01' + (n * 37 %% 29000), '', %(at)s
    from generate_series(0, %(people)s - 1) n""",
    f"""insert into people_residence (id, person_id, household_id, area, reason, recorded_at)
    select {_uuid(3, "n")}, {_uuid(2, "n")}, {_uuid(1, "n / 4")}, {_where("n")}, '', %(at)s
    from generate_series(0, %(people)s - 1) n""",
    f"""insert into people_identifier (id, person_id, kind, sealed, digest, tail_digest, masked, problem,
        recorded_at)
    select {_uuid(4, "n")}, {_uuid(2, "n")}, 'id-18', '', {_HEX.format("n::text")},
        {_HEX.format("(n %% 10000)::text || 't'")}, '500***********' || lpad((n %% 10000)::text, 4, '0'),
        case when n %% 200 = 0 then 'id-checksum' else '' end, %(at)s
    from generate_series(0, %(people)s - 1) n""",
    f"""insert into people_telephone (id, person_id, sealed, digest, tail_digest, masked, problem,
        recorded_at)
    select {_uuid(5, "n")}, {_uuid(2, "n")}, '', {_HEX.format("n::text || 'p'")},
        {_HEX.format("(n %% 10000)::text || 'pt'")}, '138****' || lpad((n %% 10000)::text, 4, '0'), '', %(at)s
    from generate_series(0, %(people)s - 1) n""",
    f"""insert into screening_trip (id, person_id, area, origin_text, origin_code, left_on, returned_on,
        returned_state, recorded_at, returned_raw, transport, vehicle, via, symptoms, reason, by_id, by_name)
    select {_uuid(6, "n")}, {_uuid(2, "n")}, {_where("n")}, '外地',
        (array['4201', '420103', '4228', '4205', '42', null, '4403', '3101', '510104', '4401'])
            [1 + (n / 20) %% 10],
        null, case when n %% 700 = 0 then null else date '2020-01-05' + (n / 20 %% 23) end,
        case when n %% 700 = 0 then 'unclear' else 'clear' end, %(at)s, '', '', '', '', '', '', '', ''
    from generate_series(0, %(people)s - 1, 20) n""",
]
