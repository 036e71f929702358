"""Both sides held to the vendors' documents: our calls, and the fakes that the other tests talk to.

Signatures are checked against values computed beside the documents' own recipes (or printed in them), not against
our code; answers are the ones the documents print.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import pytest
import requests

from shouwang.kernel.errors import Refused
from shouwang.outreach.rules.vendors import VENDORS, Account, Outgoing, read_webhook
from shouwang.outreach.rules.vendors.robots import dingtalk_sign, feishu_sign
from shouwang.outreach.rules.vendors.sms import aliyun_sign, tencent_sign
from tests.vendors import vendor

AT = datetime(2020, 2, 1, 10, 0, tzinfo=UTC)
KEY = UUID("01800000-0000-7000-8000-000000000001")
OUT = Outgoing(
    KEY,
    "【守望】一条警报",
    "alert-raised",
    {"place": "海螺村", "link": "https://x/alerts/"},
    "+8613800000001",
)


def _answer(kind: str, status: int, body: object) -> tuple[str, str]:
    read = VENDORS[kind].answer
    assert read is not None
    found = read(status, body if isinstance(body, bytes) else json.dumps(body).encode())
    return found.outcome, found.code


def _call(kind: str, secret: dict[str, str], **settings: Any) -> Any:
    make = VENDORS[kind].call
    assert make is not None
    return make(Account(kind, settings, secret), OUT, AT)


# -- signatures -----------------------------------------------------------------------------------------


def test_dingtalk_signs_stamp_and_secret_with_the_secret() -> None:
    """customize-robot-security-settings: HmacSHA256(key = secret, message = timestamp + "\\n" + secret)."""
    expected = base64.b64encode(
        hmac.digest(b"this is secret", b"1580551200000\\nthis is secret".replace(b"\\n", b"\n"), "sha256")
    ).decode()
    assert dingtalk_sign("this is secret", "1580551200000") == expected


def test_feishu_signs_nothing_with_stamp_and_secret_as_the_key() -> None:
    """The custom robot's page: the string is the key, the message is empty; not as DingTalk does it."""
    expected = base64.b64encode(hmac.digest(b"1599360473\nsecret", b"", "sha256")).decode()
    assert feishu_sign("secret", "1599360473") == expected
    assert feishu_sign("secret", "1599360473") != dingtalk_sign("secret", "1599360473")


def test_aliyun_signs_as_its_own_example_does() -> None:
    """https://help.aliyun.com/document_detail/101343.htm: testId, testSecret and the signature printed there."""
    query = {
        "AccessKeyId": "testId",
        "Action": "SendSms",
        "Format": "XML",
        "OutId": "123",
        "PhoneNumbers": "15300000001",
        "RegionId": "cn-hangzhou",
        "SignName": "阿里云短信测试专用",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": "45e25e9b-0a6f-4070-8c85-2956eda1b466",
        "SignatureVersion": "1.0",
        "TemplateCode": "SMS_71390007",
        "TemplateParam": '{"customer":"test"}',
        "Timestamp": "2017-07-12T02:42:19Z",
        "Version": "2017-05-25",
    }
    assert aliyun_sign(query, "testSecret", "GET") == "zJDF+Lrzhj/ThnlvIToysFRq6t4="


def test_tencent_signs_as_its_own_example_does() -> None:
    """https://cloud.tencent.com/document/api/213/30654: the example of TC3-HMAC-SHA256 (service cvm)."""
    body = b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
    assert hashlib.sha256(body).hexdigest().startswith("35e9c5b0")
    # The example of the page signs three headers; ours two, so the steps are checked by themselves.
    at = datetime.fromtimestamp(1551113065, UTC)
    made = tencent_sign(
        {"secret-id": "AKID", "secret-key": "SK"}, "h", "application/json; charset=utf-8", body, at
    )
    assert made.startswith(
        "TC3-HMAC-SHA256 Credential=AKID/2019-02-25/sms/tc3_request, SignedHeaders=content-type;host"
    )
    key = b"TC3SK"
    for part in (b"2019-02-25", b"sms", b"tc3_request"):
        key = hmac.digest(key, part, "sha256")
    canonical = (
        "POST\n/\n\ncontent-type:application/json; charset=utf-8\nhost:h\n\ncontent-type;host\n"
        + hashlib.sha256(body).hexdigest()
    )
    text = (
        "TC3-HMAC-SHA256\n1551113065\n2019-02-25/sms/tc3_request\n"
        + hashlib.sha256(canonical.encode()).hexdigest()
    )
    assert made.endswith("Signature=" + hmac.new(key, text.encode(), "sha256").hexdigest())


# -- calls ----------------------------------------------------------------------------------------------


def test_robots_are_called_where_and_how_the_documents_say() -> None:
    wecom = _call("wecom", {"key": "693a"})
    assert (wecom.url, wecom.query) == ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send", {"key": "693a"})
    assert json.loads(wecom.body) == {"msgtype": "text", "text": {"content": OUT.text}}
    ding = _call("dingtalk", {"key": "tok", "sign": "SEC"})
    assert ding.url == "https://oapi.dingtalk.com/robot/send"
    assert ding.query == {
        "access_token": "tok",
        "timestamp": "1580551200000",
        "sign": dingtalk_sign("SEC", "1580551200000"),
    }
    feishu = _call("feishu", {"key": "hook", "sign": "S"})
    assert feishu.url == "https://open.feishu.cn/open-apis/bot/v2/hook/hook"
    assert json.loads(feishu.body) == {
        "timestamp": "1580551200",
        "sign": feishu_sign("S", "1580551200"),
        "msg_type": "text",
        "content": {"text": OUT.text},
    }
    assert "sign" not in json.loads(_call("feishu", {"key": "hook"}).body)


def test_a_text_longer_than_a_robot_takes_is_cut_at_a_whole_character() -> None:
    make = VENDORS["wecom"].call
    assert make is not None
    call = make(Account("wecom", {}, {"key": "k"}), Outgoing(KEY, "警" * 1000, "t", {}), AT)
    text = json.loads(call.body)["text"]["content"]
    assert len(text.encode()) <= 2048
    assert text.endswith("警…")


def test_aliyun_is_sent_template_and_variables_never_an_address() -> None:
    settings = {"sign-name": "龙沙镇", "templates": {"alert-raised": "SMS_1"}}
    call = _call("sms-aliyun", {"access-key-id": "ak", "access-key-secret": "sk"}, **settings)
    form = dict(parse_qsl(call.body.decode()))
    assert (form["PhoneNumbers"], form["TemplateCode"], form["OutId"]) == ("13800000001", "SMS_1", str(KEY))
    assert json.loads(form["TemplateParam"]) == {"place": "海螺村"}
    assert (form["Version"], form["Timestamp"]) == ("2017-05-25", "2020-02-01T10:00:00Z")


def test_tencent_is_sent_e164_template_and_variables_in_order() -> None:
    settings = {"sign-name": "龙沙镇", "app-id": "1400", "templates": {"alert-raised": "1110"}}
    call = _call("sms-tencent", {"secret-id": "AKID", "secret-key": "SK"}, **settings)
    body = json.loads(call.body)
    assert body["PhoneNumberSet"] == ["+8613800000001"]
    assert (body["TemplateId"], body["TemplateParamSet"]) == ("1110", ["海螺村"])
    assert call.headers["X-TC-Action"] == "SendSms"
    assert call.headers["X-TC-Version"] == "2021-01-11"


# -- answers, as the documents print them -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "status", "body", "told"),
    [
        ("wecom", 200, {"errcode": 0, "errmsg": "ok"}, ("sent", "0")),
        ("wecom", 200, {"errcode": 93000, "errmsg": "invalid webhook url, hint: […]"}, ("broken", "93000")),
        ("wecom", 200, {"errcode": 45009, "errmsg": "api freq out of limit"}, ("throttled", "45009")),
        ("dingtalk", 200, {"errcode": 0, "errmsg": "ok"}, ("sent", "0")),
        ("dingtalk", 200, {"errcode": 310000, "errmsg": "sign not match"}, ("broken", "310000")),
        ("dingtalk", 200, {"errcode": 300005, "errmsg": "token is not exist"}, ("broken", "300005")),
        (
            "dingtalk",
            200,
            {"status": 1111, "wait": 5, "source": "x5", "errcode": 130101, "errmsg": "send too fast"},
            ("throttled", "130101"),
        ),
        ("feishu", 200, {"code": 0, "msg": "success", "data": {}, "StatusCode": 0}, ("sent", "0")),
        ("feishu", 200, {"code": 9499, "msg": "Bad Request", "data": {}}, ("refused", "9499")),
        ("feishu", 200, {"code": 19021, "msg": "sign match fail or …"}, ("broken", "19021")),
        ("feishu", 200, {"code": 19024, "msg": "Key Words Not Found"}, ("broken", "19024")),
        ("sms-aliyun", 200, {"Code": "OK", "BizId": "9006^0", "Message": "OK"}, ("sent", "OK")),
        ("sms-aliyun", 400, {"Code": "SignatureDoesNotMatch"}, ("broken", "SignatureDoesNotMatch")),
        (
            "sms-tencent",
            200,
            {"Response": {"SendStatusSet": [{"Code": "Ok", "SerialNo": "5000:1"}]}},
            ("sent", "Ok"),
        ),
        (
            "sms-tencent",
            200,
            {"Response": {"Error": {"Code": "AuthFailure.SignatureFailure"}, "RequestId": "ed93"}},
            ("broken", "AuthFailure.SignatureFailure"),
        ),
        ("sms-http", 409, {"ok": True, "code": "had-it"}, ("sent", "had-it")),
        ("wecom", 200, {"errcode": "0"}, ("broken", "http-200")),
        ("wecom", 200, b"", ("broken", "http-200")),
    ],
)
def test_answers_are_read_as_documented(kind: str, status: int, body: object, told: tuple[str, str]) -> None:
    assert _answer(kind, status, body) == told


# -- the fakes --------------------------------------------------------------------------------------------


def test_the_fake_dingtalk_checks_the_signature_by_the_documents_recipe() -> None:
    with vendor("dingtalk", tok="SEC") as fake:
        stamp = "1580551200000"
        made = base64.b64encode(hmac.digest(b"SEC", f"{stamp}\nSEC".encode(), "sha256")).decode()
        url = f"{fake.url}/robot/send"
        body = {"msgtype": "text", "text": {"content": "测试"}}
        query = {"access_token": "tok", "timestamp": stamp, "sign": made}
        assert requests.post(url, params=query, json=body, timeout=60).json() == {
            "errcode": 0,
            "errmsg": "ok",
        }
        wrong = requests.post(url, params=query | {"sign": "x"}, json=body, timeout=60)
        assert (wrong.status_code, wrong.json()["errcode"]) == (200, 310000)
        unsigned = requests.post(url, params={"access_token": "tok"}, json=body, timeout=60)
        assert unsigned.json()["errcode"] == 310000


def test_the_fakes_refuse_inside_a_200_and_throttle_as_documented() -> None:
    with vendor("wecom", k="") as fake:
        url, body = f"{fake.url}/cgi-bin/webhook/send", {"msgtype": "text", "text": {"content": "x"}}
        fake.per_minute = 1
        codes = [
            requests.post(url, params={"key": "k"}, json=body, timeout=60).json()["errcode"] for _ in range(2)
        ]
        gone = requests.post(url, params={"key": "other"}, json=body, timeout=60)
        assert codes == [0, 45009]
        assert (gone.status_code, gone.json()["errcode"]) == (200, 93000)
        long = {"msgtype": "text", "text": {"content": "x" * 2049}}
        assert requests.post(url, params={"key": "k"}, json=long, timeout=60).json()["errcode"] == 40058
    with vendor("feishu", h="") as fake:
        told = requests.post(f"{fake.url}/open-apis/bot/v2/hook/nobody", json={}, timeout=60).json()
        assert told["code"] == 19001


# -- webhooks ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pasted", "read"),
    [
        (
            " https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6 ",
            ("wecom", "https://qyapi.weixin.qq.com", "693a91f6"),
        ),
        (
            "https://oapi.dingtalk.com/robot/send?access_token=abc",
            ("dingtalk", "https://oapi.dingtalk.com", "abc"),
        ),
        (
            "https://open.feishu.cn/open-apis/bot/v2/hook/xxx-1",
            ("feishu", "https://open.feishu.cn", "xxx-1"),
        ),
        (
            "http://10.1.2.3:8080/cgi-bin/webhook/send?key=k",
            ("wecom", "http://10.1.2.3:8080", "k"),
        ),
    ],
)
def test_a_webhook_is_read_as_pasted(pasted: str, read: tuple[str, str, str]) -> None:
    assert read_webhook(pasted, frozenset({"10.1.2.3:8080"})) == read


@pytest.mark.parametrize(
    ("pasted", "code"),
    [
        ("", "webhook-unreadable"),
        ("hello", "webhook-unreadable"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send", "webhook-unreadable"),
        ("ftp://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", "webhook-unreadable"),
        ("http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", "webhook-foreign"),
        ("https://127.0.0.1/cgi-bin/webhook/send?key=1", "webhook-foreign"),
        ("https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=1", "webhook-foreign"),
        ("https://qyapi.weixin.qq.com@evil.example/cgi-bin/webhook/send?key=1", "webhook-foreign"),
        ("https://qyapi.weixin.qq.com:1/cgi-bin/webhook/send?key=1", "webhook-foreign"),
    ],
)
def test_nobody_makes_us_call_another_host(pasted: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        read_webhook(pasted, frozenset())
