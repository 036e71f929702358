"""Messages by mail: a real SMTP conversation on loopback, refusals by code."""

from __future__ import annotations

import email
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.policy import default

import pytest

from shouwang.kernel.actor import SYSTEM
from shouwang.outreach.actions import open_channel
from tests.apps.sending import ALL, TOWN, message, outcomes, queue, send, worker

pytestmark = pytest.mark.django_db


@dataclass
class Mailbox:
    """A mail server: what it took, and how it answers."""

    port: int = 0
    letters: list[bytes] = field(default_factory=list)
    to_rcpt: str = "250 ok"
    to_data: str = "250 queued"
    hang_up: bool = False


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()

    class Talk(socketserver.StreamRequestHandler):
        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

        def handle(self) -> None:
            self.say("220 mail.example ready")
            for raw in self.rfile:
                verb = raw.decode().strip().upper()[:4]
                if verb == "QUIT":
                    return self.say("221 bye")
                if verb == "DATA":
                    self.say("354 go on")
                    lines: list[bytes] = []
                    for line in self.rfile:
                        if line == b".\r\n":
                            break
                        lines.append(line)
                    if box.to_data.startswith("250"):
                        box.letters.append(b"".join(lines))
                    if box.hang_up:
                        return None
                    self.say(box.to_data)
                else:
                    self.say(box.to_rcpt if verb == "RCPT" else "250 ok")
            return None

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 128

    with Server(("127.0.0.1", 0), Talk) as server:
        box.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield box
        server.shutdown()


def _channel(box: Mailbox, at: datetime) -> None:
    held = {
        "host": "127.0.0.1",
        "port": str(box.port),
        "security": "none",
        "from": "a@b.example",
        "to": "office@b.example",
    }
    open_channel(area=TOWN, kind="email", title="邮箱", settings=held, secret={}, scope=ALL, by=SYSTEM, at=at)


def test_a_message_is_a_letter_whose_id_is_ours(at: datetime) -> None:
    with mailbox() as box:
        _channel(box, at)
        queue(worker(at, telephone=""), at, "a")
        assert dict(send(at).outcomes) == {"sent": 1}
        letter = email.message_from_bytes(box.letters[0], policy=default)
    assert (letter["To"], letter["Subject"]) == ("office@b.example", "警报待处理")
    assert letter["Message-ID"] == f"<{message('a').id}@shouwang>"
    assert "3F2A" in letter.get_content()


@pytest.mark.parametrize(
    ("rcpt", "data", "outcome", "state"),
    [
        ("550 no such user", "250 ok", "refused", "refused"),
        ("450 mailbox busy", "250 ok", "failed", "queued"),
        ("250 ok", "451 try later", "failed", "queued"),
        ("250 ok", "554 not here", "broken", "refused"),
    ],
)
def test_a_mail_servers_no_is_read_by_its_code(
    rcpt: str, data: str, outcome: str, state: str, at: datetime
) -> None:
    with mailbox() as box:
        box.to_rcpt, box.to_data = rcpt, data
        _channel(box, at)
        queue(worker(at, telephone=""), at, "a")
        assert dict(send(at).outcomes) == {outcome: 1}
        assert message("a").state == state
        assert box.letters == []


def test_a_mail_server_that_takes_the_letter_and_hangs_up_leaves_it_uncertain(at: datetime) -> None:
    with mailbox() as box:
        box.hang_up = True
        _channel(box, at)
        queue(worker(at, telephone=""), at, "a")
        assert dict(send(at).outcomes) == {"lost": 1}
    assert message("a").state == "uncertain"
    assert outcomes("a") == [("lost", "no-answer")]
    assert len(box.letters) == 1


def test_no_mail_server_is_surely_not_delivered(at: datetime) -> None:
    with mailbox() as box:
        pass
    _channel(box, at)
    queue(worker(at, telephone=""), at, "a")
    assert dict(send(at).outcomes) == {"failed": 1}
