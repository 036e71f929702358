"""群机器人 Robots of chat groups: WeCom, DingTalk, Feishu.

All three answer HTTP 200 when they refuse, with the reason in the body: it is read, never the status alone. None
of them knows a key of ours that would make a repetition harmless, and none can be asked what it has delivered.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from shouwang.kernel.errors import Refused
from shouwang.outreach.rules.vendors.call import (
    Account,
    Answer,
    Call,
    Outgoing,
    cut,
    json_call,
    read_json,
    refused_by_status,
    unix,
)

WECOM, DINGTALK, FEISHU = "wecom", "dingtalk", "feishu"
WECOM_BASE = "https://qyapi.weixin.qq.com"
DINGTALK_BASE = "https://oapi.dingtalk.com"
FEISHU_BASE = "https://open.feishu.cn"
VENDOR_HOSTS = frozenset({"qyapi.weixin.qq.com", "oapi.dingtalk.com", "open.feishu.cn", "open.larksuite.com"})
_WECOM_PATH, _DINGTALK_PATH, _FEISHU_PATH = "/cgi-bin/webhook/send", "/robot/send", "/open-apis/bot/v2/hook/"
WECOM_TEXT_BYTES = 2048
DINGTALK_TEXT_BYTES = 20_000 - 500
FEISHU_TEXT_BYTES = 20_000 - 500


def wecom_call(account: Account, out: Outgoing, at: datetime) -> Call:
    """企业微信群机器人. https://developer.work.weixin.qq.com/document/path/91770 : POST JSON to the webhook, text of
    at most 2048 bytes, at most 20 messages a minute for each robot."""
    del at
    body = {"msgtype": "text", "text": {"content": cut(out.text, WECOM_TEXT_BYTES)}}
    return json_call(
        account.base(WECOM_BASE) + _WECOM_PATH, body, query={"key": account.secret.get("key", "")}
    )


def dingtalk_call(account: Account, out: Outgoing, at: datetime) -> Call:
    """钉钉自定义机器人. https://open.dingtalk.com/document/robots/custom-robot-access and
    …/customize-robot-security-settings : `timestamp` in milliseconds, `sign` = base64(HMAC-SHA256(secret,
    timestamp + "\\n" + secret)), within an hour of their clock; 20 messages a minute, else ten minutes' silence."""
    query = {"access_token": account.secret.get("key", "")}
    if secret := account.secret.get("sign", ""):
        stamp = str(unix(at) * 1000)
        query |= {"timestamp": stamp, "sign": dingtalk_sign(secret, stamp)}
    body = {"msgtype": "text", "text": {"content": cut(out.text, DINGTALK_TEXT_BYTES)}}
    return json_call(account.base(DINGTALK_BASE) + _DINGTALK_PATH, body, query=query)


def feishu_call(account: Account, out: Outgoing, at: datetime) -> Call:
    """飞书自定义机器人. https://open.feishu.cn/document/ukTMukTMukTM/ucTM5YjL3ETO24yNxkjN : `timestamp` in seconds and
    `sign` in the body, where timestamp + "\\n" + secret is the *key* and the message is empty; 100 messages a
    minute and 5 a second for each robot, bodies up to 20 KB."""
    body: dict[str, object] = {"msg_type": "text", "content": {"text": cut(out.text, FEISHU_TEXT_BYTES)}}
    if secret := account.secret.get("sign", ""):
        stamp = str(unix(at))
        body |= {"timestamp": stamp, "sign": feishu_sign(secret, stamp)}
    return json_call(account.base(FEISHU_BASE) + _FEISHU_PATH + account.secret.get("key", ""), body)


def dingtalk_sign(secret: str, stamp: str) -> str:
    """The signature of DingTalk: the secret is the key."""
    made = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(made).decode()


def feishu_sign(secret: str, stamp: str) -> str:
    """The signature of Feishu: stamp and secret are the key, nothing is signed with it."""
    return base64.b64encode(hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()


_MINUTE, _TEN_MINUTES = timedelta(minutes=1), timedelta(minutes=10)
_WECOM: Mapping[int, Answer] = {
    -1: Answer("failed", "-1"),  # 系统繁忙, try again later
    45009: Answer("throttled", "45009", wait=_MINUTE),  # api freq out of limit
    45033: Answer("throttled", "45033", wait=_MINUTE),  # too many at once
    93000: Answer("broken", "93000"),  # invalid webhook url: the robot or its group is gone
    93004: Answer("broken", "93004"),  # the robot was taken out of the group
    93008: Answer("broken", "93008"),  # not in the group
}
_DINGTALK: Mapping[int, Answer] = {
    -1: Answer("failed", "-1"),  # 系统繁忙
    130101: Answer("throttled", "130101", wait=_TEN_MINUTES),  # send too fast, exceed 20 times per minute
    410100: Answer("throttled", "410100", wait=_TEN_MINUTES),  # 发送速度太快而限流
    300001: Answer("broken", "300001"),  # token is not exist
    300005: Answer("broken", "300005"),  # token is not exist (groups of outsiders)
    310000: Answer("broken", "310000"),  # signature, keyword or address of the caller does not match
    400013: Answer("broken", "400013"),  # the group was dissolved
    400101: Answer("broken", "400101"),  # no such access_token
    400102: Answer("broken", "400102"),  # the robot was stopped
    400106: Answer("broken", "400106"),  # there is no such robot
}
_FEISHU: Mapping[int, Answer] = {
    11232: Answer("throttled", "11232", wait=_MINUTE),  # frequency limited
    19001: Answer("broken", "19001"),  # incoming webhook access token invalid
    19021: Answer("broken", "19021"),  # sign match fail or timestamp is not within one hour
    19022: Answer("broken", "19022"),  # Ip Not Allowed
    19024: Answer("broken", "19024"),  # Key Words Not Found
}


def wecom_answer(status: int, body: bytes) -> Answer:
    """`{"errcode": 0, "errmsg": "ok"}`; global codes: https://developer.work.weixin.qq.com/document/path/90313 ."""
    return _robot_answer(status, body, "errcode", _WECOM)


def dingtalk_answer(status: int, body: bytes) -> Answer:
    """`{"errcode": 0, "errmsg": "ok"}`; codes on the page of the custom robot."""
    return _robot_answer(status, body, "errcode", _DINGTALK)


def feishu_answer(status: int, body: bytes) -> Answer:
    """`{"code": 0, "msg": "success", "data": {}}`; refusals come as 200 or 400 with a `code`."""
    return _robot_answer(status, body, "code", _FEISHU)


def _robot_answer(status: int, body: bytes, field: str, codes: Mapping[int, Answer]) -> Answer:
    if said := refused_by_status(status):
        return said
    code = read_json(body).get(field)
    if code == 0:
        return Answer("sent", "0")
    if not isinstance(code, int):
        return Answer("broken", f"http-{status}")  # a page, a redirect: this is not the robot
    return codes.get(code, Answer("refused", str(code)))


def read_webhook(text: str, allowed: frozenset[str]) -> tuple[str, str, str]:
    """(kind, base address, key) of a webhook as it was pasted or scanned. Refuses `webhook-unreadable`, and
    `webhook-foreign` for a host that is neither a vendor's nor named by the installation."""
    parts = urlsplit(text.strip())
    query = parse_qs(parts.query)
    found: tuple[str, str] | None = None
    if parts.path.endswith(_WECOM_PATH) and query.get("key"):
        found = WECOM, query["key"][0]
    elif parts.path.endswith(_DINGTALK_PATH) and query.get("access_token"):
        found = DINGTALK, query["access_token"][0]
    elif _FEISHU_PATH in parts.path and parts.path.rsplit("/", 1)[-1]:
        found = FEISHU, parts.path.rsplit("/", 1)[-1]
    if found is None or parts.scheme not in ("https", "http") or not parts.hostname:
        raise Refused("webhook-unreadable")
    if parts.netloc not in allowed and (parts.netloc not in VENDOR_HOSTS or parts.scheme != "https"):
        raise Refused("webhook-foreign", host=parts.hostname)
    return found[0], f"{parts.scheme}://{parts.netloc}", found[1]
