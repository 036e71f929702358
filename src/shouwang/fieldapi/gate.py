"""门 How a request of a phone is let in: its method, its token, its release; refusals as codes.

No session, no cookie, no CSRF: a token in a header is nothing a browser sends by itself.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from shouwang.devices.queries import DeviceRow, device_by_token
from shouwang.devices.rules import MOST_BYTES, OLDEST_APP, token_hash
from shouwang.kernel.errors import Refused

GZIP_FROM = 1024
_STATUS = {
    "batch-unreadable": 400,
    "device-unknown": 401,
    "device-revoked": 403,
    "enrol-code-wrong": 403,
    "batch-too-large": 413,
    "app-too-old": 426,
    "enrol-too-often": 429,
}


class FieldRequest(Protocol):
    """A request of a phone that was let in."""

    at: datetime
    device: DeviceRow
    app: int
    headers: Any
    GET: Any
    META: dict[str, Any]
    body: bytes


T = TypeVar("T")
Endpoint = Callable[[FieldRequest], Any]
View = Callable[[HttpRequest], HttpResponse]


def field_endpoint(method: str, *, known: bool = True, revoked: bool = True) -> Callable[[Endpoint], View]:
    """An address for phones; the function returns what becomes the JSON of the answer, or raises `Refused`.

    `known`: only for a device, which is `request.device`. `revoked`: also for one that was revoked.
    """

    def made(endpoint: Endpoint) -> View:
        @csrf_exempt
        @wraps(endpoint)
        def view(request: HttpRequest) -> HttpResponse:
            if request.method != method:
                answer = _answer(request, {"code": "method-wrong"}, 405)
                answer["Allow"] = method
                return answer
            try:
                inside = _let_in(request, known=known, revoked=revoked)
                return _answer(request, endpoint(inside), 200)
            except Refused as refused:
                told = {"code": refused.code} | refused.params
                return _answer(request, told, _STATUS.get(refused.code, 422))

        return view

    return made


def read_body(request: FieldRequest, shape: type[T]) -> T:
    """The body as this shape. Refuses `batch-too-large`, `batch-unreadable`."""
    try:
        return msgspec.json.decode(raw_body(request), type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise Refused("batch-unreadable") from wrong


def raw_body(request: FieldRequest) -> bytes:
    """The body, never more than a batch may be. Refuses `batch-too-large`."""
    told = str(request.META.get("CONTENT_LENGTH") or "0")
    if not told.isdigit() or int(told) > MOST_BYTES or len(request.body) > MOST_BYTES:
        raise Refused("batch-too-large")
    return request.body


def _let_in(request: HttpRequest, *, known: bool, revoked: bool) -> FieldRequest:
    inside = cast(Any, request)
    if known:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        device = device_by_token(token_hash(token.strip())) if scheme.lower() == "bearer" else None
        if device is None:
            raise Refused("device-unknown")
        if device.is_revoked and not revoked:
            raise Refused("device-revoked")
        inside.device = device
        inside.app = must_be_new_enough(request.headers.get("X-Shouwang-App", ""))
    return cast(FieldRequest, inside)


def must_be_new_enough(told: str) -> int:
    """The release of the app. Refuses `app-too-old`, also where none is told."""
    release = int(told) if told.isdigit() and len(told) < 9 else 0
    if release < OLDEST_APP:
        raise Refused("app-too-old", oldest_app=OLDEST_APP)
    return release


def _answer(request: HttpRequest, told: object, status: int) -> HttpResponse:
    body = msgspec.json.encode(told)
    answer = HttpResponse(body, content_type="application/json", status=status)
    if len(body) >= GZIP_FROM:
        answer["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            answer.content = gzip.compress(body, compresslevel=5, mtime=0)
            answer["Content-Encoding"] = "gzip"
    answer["Content-Length"] = str(len(answer.content))
    answer["Cache-Control"] = "no-store"
    answer._has_been_logged = True  # type: ignore[attr-defined] # a phone with an old token is no news for the log
    return answer
