"""短信 SMS: a gateway of the town (generic HTTP), Alibaba Cloud (Aliyun), Tencent Cloud."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

from shouwang.outreach.rules.vendors.call import (
    HTTP_THROTTLED,
    SERVER_SAID_NO,
    Account,
    Answer,
    Call,
    Outgoing,
    json_call,
    read_json,
    refused_by_status,
    unix,
)

HTTP, ALIYUN, TENCENT = "sms-http", "sms-aliyun", "sms-tencent"
ALIYUN_BASE = "https://dysmsapi.aliyuncs.com"
TENCENT_BASE = "https://sms.tencentcloudapi.com"
TENCENT_VERSION = "2021-01-11"
ALREADY_THERE = 409
_MINUTE = timedelta(minutes=1)


def http_call(account: Account, out: Outgoing, at: datetime) -> Call:
    """A gateway of the town's own: POST {to, text, id} with a bearer token and `Idempotency-Key`.

    The gateway must send a key once only and answer the same key with 200 or 409; that is what makes a
    repetition after a kill harmless.
    """
    del at
    body = {"to": out.to, "text": out.text, "id": str(out.id)}
    headers = {"Idempotency-Key": str(out.id)}
    if token := account.secret.get("token"):
        headers["Authorization"] = f"Bearer {token}"
    return json_call(account.base(""), body, headers=headers)


def http_answer(status: int, body: bytes) -> Answer:
    """2xx or 409 (had it already): sent, unless the body says `"ok": false` with a `code`."""
    if said := refused_by_status(status):
        return said
    told = read_json(body)
    code = str(told.get("code") or f"http-{status}")
    if status in (401, 403):
        return Answer("broken", code)
    if status == ALREADY_THERE or (status < 300 and told.get("ok", True) is not False):
        return Answer("sent", code, str(told.get("receipt", "")))
    return Answer("refused", code)


def aliyun_call(account: Account, out: Outgoing, at: datetime) -> Call:
    """阿里云 SendSms, version 2017-05-25, signed RPC: https://help.aliyun.com/document_detail/101343.htm and
    https://help.aliyun.com/document_detail/419273.html . The text is a template approved there beforehand, so its
    code is looked up by ours; an address may not stand in a variable (isv.PARAM_NOT_SUPPORT_URL), so `link`
    is left out. `OutId` is handed back in the receipts; it does not make a repetition harmless."""
    params = {name: value for name, value in out.params.items() if name != "link"}
    query = {
        "AccessKeyId": account.secret.get("access-key-id", ""),
        "Action": "SendSms",
        "Format": "JSON",
        "OutId": str(out.id),
        "PhoneNumbers": out.to.removeprefix("+86").removeprefix("+"),
        "RegionId": account.open("region", "cn-hangzhou"),
        "SignName": account.open("sign-name"),
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": hashlib.sha256(f"{out.id}{at.isoformat()}".encode()).hexdigest()[:32],
        "SignatureVersion": "1.0",
        "TemplateCode": vendor_template(account, out.template),
        "TemplateParam": json.dumps(params, ensure_ascii=False, separators=(",", ":")),
        "Timestamp": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Version": "2017-05-25",
    }
    query["Signature"] = aliyun_sign(query, account.secret.get("access-key-secret", ""), "POST")
    form = "&".join(f"{_pop(name)}={_pop(value)}" for name, value in sorted(query.items()))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return Call(account.base(ALIYUN_BASE) + "/", form.encode(), headers)


def aliyun_sign(query: Mapping[str, str], secret: str, method: str) -> str:
    """base64(HMAC-SHA1(secret + "&", METHOD&%2F&encoded sorted query)), with their own percent-encoding."""
    joined = "&".join(f"{_pop(k)}={_pop(v)}" for k, v in sorted(query.items()) if k != "Signature")
    text = f"{method}&{_pop('/')}&{_pop(joined)}"
    return base64.b64encode(hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1).digest()).decode()


def _pop(value: str) -> str:
    return quote(value, safe="~")


_ALIYUN_THROTTLED = ("isv.BUSINESS_LIMIT_CONTROL", "Throttling", "isv.DAY_LIMIT_CONTROL")
_ALIYUN_MESSAGE = (
    *("isv.MOBILE_NUMBER_ILLEGAL", "isv.INVALID_PARAMETERS", "isv.BLACK_KEY_CONTROL_LIMIT"),
    *("isv.TEMPLATE_MISSING_PARAMETERS", "isv.PARAM_LENGTH_LIMIT", "isv.PARAM_NOT_SUPPORT_URL"),
    *("isv.INVALID_JSON_PARAM", "isv.MOBILE_COUNT_OVER_LIMIT"),
)


def aliyun_answer(status: int, body: bytes) -> Answer:
    """`{"Code": "OK", "BizId": …}`; refusals of the business come inside a 200 as `isv.…`, those of the signature
    as 400 (https://help.aliyun.com/document_detail/101346.html)."""
    told = read_json(body)
    code = str(told.get("Code") or f"http-{status}")
    if code == "OK":
        return Answer("sent", code, str(told.get("BizId", "")))
    if status == HTTP_THROTTLED or code.startswith(_ALIYUN_THROTTLED):
        return Answer("throttled", code, wait=_MINUTE)
    if code.startswith("isp.") or status >= 500:
        return Answer("failed", code)
    return Answer("refused" if code in _ALIYUN_MESSAGE else "broken", code)


def tencent_call(account: Account, out: Outgoing, at: datetime) -> Call:
    """腾讯云 SendSms: https://cloud.tencent.com/document/api/382/55981 , signature TC3-HMAC-SHA256:
    https://cloud.tencent.com/document/api/382/52072 . `SessionContext` is handed back, it is not a key."""
    base = account.base(TENCENT_BASE)
    body = json.dumps(
        {
            "PhoneNumberSet": [out.to],
            "SmsSdkAppId": account.open("app-id"),
            "SignName": account.open("sign-name"),
            "TemplateId": vendor_template(account, out.template),
            "TemplateParamSet": [value for name, value in out.params.items() if name != "link"],
            "SessionContext": str(out.id),
        },
        ensure_ascii=False,
    ).encode()
    host = urlsplit(base).netloc
    content_type = "application/json; charset=utf-8"
    headers = {
        "Content-Type": content_type,
        "Host": host,
        "X-TC-Action": "SendSms",
        "X-TC-Version": TENCENT_VERSION,
        "X-TC-Region": account.open("region", "ap-guangzhou"),
        "X-TC-Timestamp": str(unix(at)),
    }
    headers["Authorization"] = tencent_sign(account.secret, host, content_type, body, at)
    return Call(base + "/", body, headers)


def tencent_sign(
    secret: Mapping[str, str], host: str, content_type: str, body: bytes, at: datetime, service: str = "sms"
) -> str:
    """The header `Authorization` over method, path, content-type, host and the hash of the body."""
    day = at.astimezone(UTC).strftime("%Y-%m-%d")
    digest = hashlib.sha256(body).hexdigest()
    canonical = f"POST\n/\n\ncontent-type:{content_type}\nhost:{host}\n\ncontent-type;host\n{digest}"
    span = f"{day}/{service}/tc3_request"
    text = f"TC3-HMAC-SHA256\n{unix(at)}\n{span}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"TC3{secret.get('secret-key', '')}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    made = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    credential = f"{secret.get('secret-id', '')}/{span}"
    return f"TC3-HMAC-SHA256 Credential={credential}, SignedHeaders=content-type;host, Signature={made}"


def tencent_answer(status: int, body: bytes) -> Answer:
    """Always 200: `Response.Error` where the call was refused, else the `Code` of the number in `SendStatusSet`."""
    if said := refused_by_status(status):
        return said
    response = read_json(body).get("Response")
    told: dict[str, object] = response if isinstance(response, dict) else {}
    error = told.get("Error")
    if isinstance(error, dict):
        return _tencent(str(error.get("Code", "")), "")
    states = told.get("SendStatusSet")
    if isinstance(states, list) and states and isinstance(states[0], dict):
        return _tencent(str(states[0].get("Code", "")), str(states[0].get("SerialNo", "")))
    return Answer("broken", f"http-{max(status, SERVER_SAID_NO)}")


_TENCENT_MESSAGE = (
    "InvalidParameterValue",
    "FailedOperation.ContainSensitiveWord",
    "FailedOperation.PhoneNumberInBlacklist",
)


def _tencent(code: str, receipt: str) -> Answer:
    if code == "Ok":
        return Answer("sent", code, receipt)
    if code.startswith(("LimitExceeded", "RequestLimitExceeded")):
        return Answer("throttled", code, wait=_MINUTE)
    if code.startswith("InternalError"):
        return Answer("failed", code)
    if code.startswith(
        ("InvalidParameterValue", "FailedOperation.ContainSensitiveWord", "FailedOperation.PhoneNumber")
    ):
        return Answer("refused", code)
    return Answer("broken", code)


def vendor_template(account: Account, code: str) -> str:
    """The vendor's number of an approved template for our code; empty where none was entered."""
    known = account.settings.get("templates")
    return str(known.get(code, "")) if isinstance(known, dict) else ""


def needs_template(kind: str) -> bool:
    """Whether the vendor only sends texts that it approved beforehand."""
    return kind in (ALIYUN, TENCENT)
