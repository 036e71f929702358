"""What ours is compared with: two endpoints that write the same rows and do nothing else of what ours does.

`bare`: the body parsed with msgspec, one `INSERT … unnest … ON CONFLICT`. `bulk`: as one would write it first, the
body parsed with json, the files fetched by the ORM, `bulk_create(ignore_conflicts=True)`. Neither opens a seal,
judges, moves a file on, raises an alarm, keeps a receipt, checks a permission or writes the journal; nor do they
pass any middleware. `application` is what granian serves.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

import django
import msgspec
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from bench.checks import _BARE


class Check(msgspec.Struct):
    """A check, in the clear."""

    id: UUID
    file: UUID
    occurred_at: datetime
    deci: int


class Batch(msgspec.Struct):
    """A batch, without what only ours reads."""

    commands: list[Check]


DECODER = msgspec.json.Decoder(Batch)


def bare(request: HttpRequest) -> HttpResponse:
    """One statement."""
    checks = DECODER.decode(request.body).commands
    rows = [_row(c.id, c.file, c.occurred_at, c.deci, "500101001001") for c in checks]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_BARE, [list(column) for column in zip(*rows, strict=True)])
    return HttpResponse(msgspec.json.encode({"receipts": [c.id for c in checks]}), "application/json")


def bulk(request: HttpRequest) -> HttpResponse:
    """As one would write it first."""
    from shouwang.observation.models import DailyCheck, ObservationFile

    commands: list[dict[str, Any]] = json.loads(request.body)["commands"]
    with transaction.atomic():
        everything = ObservationFile.objects.unscoped("bench")
        files = everything.in_bulk([UUID(c["file"]) for c in commands])
        made = [
            DailyCheck(**dict(zip(_NAMES, _values(c, files[UUID(c["file"])].area), strict=True)))
            for c in commands
        ]
        DailyCheck.objects.unscoped("bench").bulk_create(made, ignore_conflicts=True)
    return JsonResponse({"receipts": [c["id"] for c in commands]})


def _values(command: dict[str, Any], area: str) -> tuple[Any, ...]:
    at = datetime.fromisoformat(command["occurred_at"])
    row = _row(UUID(command["id"]), UUID(command["file"]), at, command["deci"], area)
    return tuple([[] if v == "{}" else ["medic"] if v == "{medic}" else v for v in row])


def _row(check: UUID, file: UUID, at: datetime, deci: int, area: str) -> tuple[Any, ...]:
    head = (check, file, area, 235_489, 7, at, at.date(), "Asia/Shanghai", at, "doctor", "冉医生", deci)
    return (
        *head,
        *("{}", "visit", "done", "doctor", "冉医生", "person", "{medic}", False, False, UUID(int=7), ""),
    )


_NAMES = (
    """id, file_id, area, slot_no, day_no, taken_at, local_day, zone, recorded_at, recorded_by,
    recorded_by_name, deci, symptoms, channel, outcome, measured_by, measured_by_name, seen, roles, late,
    abnormal, payload_hash, correct_reason""".replace("\n", "")
    .replace(" ", "")
    .split(",")
)


def ready(_: HttpRequest) -> HttpResponse:
    """Whether it answers."""
    return HttpResponse()


urlpatterns = [path("ready", ready), path("bare", bare), path("bulk", bulk)]

django.setup()
settings.ROOT_URLCONF, settings.MIDDLEWARE = "bench.field.plain", []
application = WSGIHandler()
