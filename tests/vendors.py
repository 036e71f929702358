"""Vendors on loopback: real HTTP servers that answer as the vendors' documents say, refusals inside a 200 included.

What a vendor would have shown to people stands in `delivered`. `tests/rules/test_vendor_documents.py` holds
these servers, and our side of the protocol, to the examples of the documents.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

Reply = tuple[int, object]


@dataclass
class Request:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Delivered:
    """What reached people: by whom it was to be seen, and the text."""

    to: str
    text: str
    key: str = ""


@dataclass
class Fake:
    """A server on loopback. `next_replies` are given before the documented behaviour, one each."""

    vendor: str
    secrets: dict[str, str] = field(default_factory=dict)
    """Robot key → signing secret ("" for none); of SMS accounts, access key → secret."""
    requests: list[Request] = field(default_factory=list)
    delivered: list[Delivered] = field(default_factory=list)
    next_replies: list[Reply] = field(default_factory=list)
    always: Reply | None = None
    per_minute: int = 0
    """Throttle after so many (0: never), counted over the life of the fake or until `forget()`."""
    before_deliver: Callable[[Request], None] | None = None
    """Called when the request has come, before anybody is told."""
    before_answer: Callable[[Request], None] | None = None
    """Called after the message was delivered, before the answer: to be slow, to kill."""
    hang_up: bool = False
    """Deliver, and close the connection without an answer."""
    url: str = ""
    _counts: dict[str, int] = field(default_factory=dict)
    _keys: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    def forget(self) -> None:
        """A minute has passed."""
        self._counts.clear()

    def texts(self, to: str = "") -> list[str]:
        return [d.text for d in self.delivered if not to or d.to == to]

    def reply(self, request: Request) -> Reply:
        with self._lock:
            self.requests.append(request)
            if self.next_replies:
                return self.next_replies.pop(0)
            if self.always is not None:
                return self.always
            return _BEHAVIOUR[self.vendor](self, request)

    def too_fast(self, who: str) -> bool:
        self._counts[who] = self._counts.get(who, 0) + 1
        return bool(self.per_minute) and self._counts[who] > self.per_minute


@contextmanager
def vendor(kind: str, **secrets: str) -> Iterator[Fake]:
    """A fake vendor listening on loopback, for the length of a `with`."""
    fake = Fake(kind, secrets)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            parts = urlsplit(self.path)
            request = Request(
                self.command,
                parts.path,
                {k: v[0] for k, v in parse_qs(parts.query, keep_blank_values=True).items()},
                {k.lower(): v for k, v in self.headers.items()},
                self.rfile.read(length),
            )
            if fake.before_deliver:
                fake.before_deliver(request)
            status, body = fake.reply(request)
            if fake.before_answer:
                fake.before_answer(request)
            if fake.hang_up:
                self.close_connection = True
                self.connection.close()
                return
            told = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_GET = do_POST

        def log_message(self, *args: object) -> None:
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128  # five by itself, of eight calls at once: some would wait seconds

        def handle_error(self, request: object, client_address: object) -> None:
            return  # a killed client is the point of some tests

    server = Server(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()


def _wecom(fake: Fake, request: Request) -> Reply:
    key = request.query.get("key", "")
    if request.path != "/cgi-bin/webhook/send" or key not in fake.secrets:
        return 200, {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1], more info at …?e=93000"}
    body = request.json()
    if body.get("msgtype") != "text":
        return 200, {"errcode": 40008, "errmsg": "invalid message type"}
    text = body["text"]["content"]
    if len(text.encode()) > 2048:
        return 200, {"errcode": 40058, "errmsg": "text.content exceed max length 2048"}
    if fake.too_fast(key):
        return 200, {"errcode": 45009, "errmsg": "api freq out of limit"}
    fake.delivered.append(Delivered(key, text))
    return 200, {"errcode": 0, "errmsg": "ok"}


def _dingtalk(fake: Fake, request: Request) -> Reply:
    token = request.query.get("access_token", "")
    if request.path != "/robot/send" or token not in fake.secrets:
        return 200, {"errcode": 300005, "errmsg": "token is not exist"}
    if secret := fake.secrets[token]:
        stamp = request.query.get("timestamp", "")
        made = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
        if not stamp.isdigit() or len(stamp) != 13:
            return 200, {"errcode": 310000, "errmsg": "invalid timestamp"}
        if request.query.get("sign") != base64.b64encode(made).decode():
            return 200, {"errcode": 310000, "errmsg": "sign not match"}
    if fake.too_fast(token):
        return 200, {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}
    fake.delivered.append(Delivered(token, request.json()["text"]["content"]))
    return 200, {"errcode": 0, "errmsg": "ok"}


def _feishu(fake: Fake, request: Request) -> Reply:
    token = request.path.rsplit("/", 1)[-1]
    if not request.path.startswith("/open-apis/bot/v2/hook/") or token not in fake.secrets:
        return 200, {"code": 19001, "msg": "param invalid: incoming webhook access token invalid", "data": {}}
    body = request.json()
    if secret := fake.secrets[token]:
        stamp = str(body.get("timestamp", ""))
        made = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
        if len(stamp) != 10 or body.get("sign") != base64.b64encode(made).decode():
            told = "sign match fail or timestamp is not within one hour from current time"
            return 200, {"code": 19021, "msg": told, "data": {}}
    if body.get("msg_type") != "text":
        return 200, {"code": 9499, "msg": "Bad Request", "data": {}}
    if fake.too_fast(token):
        return 400, {"code": 11232, "msg": "frequency limited", "data": {}}
    fake.delivered.append(Delivered(token, body["content"]["text"]))
    return 200, {"code": 0, "msg": "success", "data": {}, "StatusCode": 0, "StatusMessage": "success"}


def _gateway(fake: Fake, request: Request) -> Reply:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token not in fake.secrets:
        return 401, {"ok": False, "code": "token"}
    body, key = request.json(), request.headers.get("idempotency-key", "")
    if key in fake._keys:
        return 409, {"ok": True, "code": "had-it"}
    fake._keys.add(key)
    fake.delivered.append(Delivered(body["to"], body["text"], key))
    return 200, {"ok": True, "receipt": f"r{len(fake.delivered)}"}


def _aliyun(fake: Fake, request: Request) -> Reply:
    form = dict(parse_qsl(request.body.decode(), keep_blank_values=True)) | request.query
    secret = fake.secrets.get(form.get("AccessKeyId", ""))
    if secret is None:
        return 404, {"Code": "InvalidAccessKeyId.NotFound", "Message": "Specified access key is not found."}
    sorted_query = "&".join(
        f"{quote(k, safe='~')}={quote(v, safe='~')}" for k, v in sorted(form.items()) if k != "Signature"
    )
    text = f"{request.method}&%2F&{quote(sorted_query, safe='~')}"
    made = base64.b64encode(hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1).digest()).decode()
    if form.get("Signature") != made:
        return 400, {"Code": "SignatureDoesNotMatch", "Message": "Specified signature is not matched."}
    number = form["PhoneNumbers"]
    if not (number.isdigit() and len(number) == 11):
        return 200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "非法手机号", "RequestId": "1"}
    params = json.loads(form["TemplateParam"])
    if any("://" in value for value in params.values()):
        return 200, {"Code": "isv.PARAM_NOT_SUPPORT_URL", "Message": "不支持URL", "RequestId": "1"}
    if fake.too_fast(number):
        return 200, {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "触发分钟级流控", "RequestId": "1"}
    fake.delivered.append(Delivered(number, f"{form['TemplateCode']} {form['TemplateParam']}", form["OutId"]))
    return 200, {"Code": "OK", "Message": "OK", "BizId": "9006197469364984^0", "RequestId": "F655A8D5"}


def _tencent(fake: Fake, request: Request) -> Reply:
    def no(code: str) -> Reply:
        return 200, {"Response": {"Error": {"Code": code, "Message": code}, "RequestId": "ed93f3cb"}}

    authorization = request.headers.get("authorization", "")
    if not authorization.startswith("TC3-HMAC-SHA256 Credential="):
        return no("AuthFailure.InvalidAuthorization")
    fields = dict(part.split("=", 1) for part in authorization.removeprefix("TC3-HMAC-SHA256 ").split(", "))
    secret_id, day, service, _ = fields["Credential"].split("/")
    secret = fake.secrets.get(secret_id)
    if secret is None:
        return no("AuthFailure.SecretIdNotFound")
    headers = "".join(f"{n}:{request.headers[n].strip()}\n" for n in fields["SignedHeaders"].split(";"))
    canonical = f"POST\n/\n\n{headers}\n{fields['SignedHeaders']}\n{hashlib.sha256(request.body).hexdigest()}"
    stamp = request.headers["x-tc-timestamp"]
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"TC3-HMAC-SHA256\n{stamp}\n{day}/{service}/tc3_request\n{digest}"
    key = ("TC3" + secret).encode()
    for part in (day, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    if hmac.new(key, text.encode(), hashlib.sha256).hexdigest() != fields["Signature"]:
        return no("AuthFailure.SignatureFailure")
    body = request.json()
    number = body["PhoneNumberSet"][0]
    state = {"PhoneNumber": number, "SerialNo": "", "Fee": 0, "SessionContext": body["SessionContext"]}
    if fake.too_fast(number):
        limit = state | {"Code": "LimitExceeded.PhoneNumberThirtySecondLimit", "Message": "30s"}
        return 200, {"Response": {"SendStatusSet": [limit], "RequestId": "a0aabda6"}}
    fake.delivered.append(
        Delivered(number, f"{body['TemplateId']} {body['TemplateParamSet']}", body["SessionContext"])
    )
    sent = state | {"Code": "Ok", "Message": "send success", "SerialNo": "5000:1045710669157053657849499619"}
    return 200, {"Response": {"SendStatusSet": [sent], "RequestId": "a0aabda6"}}


_BEHAVIOUR: dict[str, Callable[[Fake, Request], Reply]] = {
    "wecom": _wecom,
    "dingtalk": _dingtalk,
    "feishu": _feishu,
    "sms-http": _gateway,
    "sms-aliyun": _aliyun,
    "sms-tencent": _tencent,
}
