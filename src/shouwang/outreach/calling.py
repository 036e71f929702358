"""Making the calls: HTTP with `requests`, mail with `smtplib`. No database here, so that threads may do it.

What matters is the difference between "surely not delivered" (nobody was reached: try again) and "nobody knows"
(the request went out and no answer came): only the first may be repeated without asking.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TypeVar

import requests

from shouwang.outreach.rules.vendors import SILENCE, VENDORS, Account, Answer, Call, Outgoing

CONNECT_SECONDS, READ_SECONDS = 5, 15
LARGEST_ANSWER = 64 * 1024
SMTP_TEMPORARY, SMTP_PERMANENT = 400, 500
log = logging.getLogger(__name__)
UNREACHABLE = Answer("failed", "unreachable")


@dataclass(frozen=True, slots=True)
class Task:
    """One message on its way out."""

    account: Account
    out: Outgoing


_T = TypeVar("_T")


def call_all(tasks: Sequence[tuple[_T, Task]], at: datetime) -> Iterator[tuple[_T, Answer]]:
    """Make these calls at once, and hand over each answer as it comes."""
    if not tasks:
        return
    with ThreadPoolExecutor(max_workers=len(tasks), thread_name_prefix="messages") as pool:
        waiting = {pool.submit(call_one, task, at): key for key, task in tasks}
        for done in as_completed(waiting):
            if fault := done.exception():
                log.error("a call failed in a way nobody foresaw", exc_info=fault)
            yield waiting[done], SILENCE if fault else done.result()


def call_one(task: Task, at: datetime) -> Answer:
    """Make one call; whatever goes wrong is an answer."""
    vendor = VENDORS[task.account.kind]
    if vendor.call is None or vendor.answer is None:
        return _mail(task.account, task.out, at)
    try:
        call = vendor.call(task.account, task.out, at)
    except (KeyError, ValueError, TypeError):
        return Answer("broken", "settings")
    found = _http(call)
    return found if isinstance(found, Answer) else vendor.answer(*found)


def _http(call: Call) -> tuple[int, bytes] | Answer:
    try:
        with requests.request(
            call.method,
            call.url,
            params=dict(call.query),
            data=call.body,
            headers=dict(call.headers),
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=False,
            stream=True,
        ) as answer:
            return answer.status_code, answer.raw.read(LARGEST_ANSWER, decode_content=True)
    except (requests.ConnectTimeout, requests.exceptions.SSLError):
        return UNREACHABLE
    except (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema):
        return Answer("broken", "address")
    except requests.ConnectionError as error:
        return UNREACHABLE if _never_connected(error) else SILENCE
    except (requests.RequestException, OSError):
        return SILENCE


def _never_connected(error: requests.ConnectionError) -> bool:
    """Whether it failed before there was a connection: no such host, refused. Told by the cause's class."""
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    return any(kind.__name__ == "NewConnectionError" for kind in type(reason).__mro__)


def _mail(account: Account, out: Outgoing, at: datetime) -> Answer:
    """E-mail: the id of the message is ours, so that many mailboxes see a repetition as the same letter."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = account.open("from"), out.to, out.title
    mail["Message-ID"], mail["Date"] = f"<{out.id}@shouwang>", format_datetime(at)
    mail.set_content(out.text)
    try:
        server = _mail_server(account)
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError, ValueError) as error:
        return Answer("broken", f"smtp-{getattr(error, 'smtp_code', 'settings')}")
    except (OSError, smtplib.SMTPException):
        return UNREACHABLE
    try:
        server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as refused:
        return _mail_refusal(next(iter(refused.recipients.values()))[0], "refused")
    except smtplib.SMTPResponseException as refused:
        return _mail_refusal(refused.smtp_code, "broken")
    except (OSError, smtplib.SMTPException):
        return SILENCE
    finally:
        server.close()
    return Answer("sent", "250")


def _mail_server(account: Account) -> smtplib.SMTP:
    host, port = account.open("host"), int(account.open("port", "465"))
    security = account.open("security", "ssl")
    if not host:
        raise ValueError("no host")
    context = ssl.create_default_context()
    server = (
        smtplib.SMTP_SSL(host, port, timeout=READ_SECONDS, context=context)
        if security == "ssl"
        else smtplib.SMTP(host, port, timeout=READ_SECONDS)
    )
    if security == "starttls":
        server.starttls(context=context)
    if user := account.secret.get("user"):
        server.login(user, account.secret.get("password", ""))
    return server


def _mail_refusal(code: int, otherwise: str) -> Answer:
    if SMTP_TEMPORARY <= code < SMTP_PERMANENT:
        return Answer("failed", f"smtp-{code}")
    return Answer("refused" if otherwise == "refused" else "broken", f"smtp-{code}")
