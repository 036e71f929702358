"""A bad connection between a phone and the server: a proxy on loopback that does to a request what it is told.

One request a connection. `proxy.next(fault)` says what happens to the next request whose path ends so; without a word
everything passes. What is kept for later (`late`, `held`) arrives when `deliver_late` says so, in the order it is
told: so a request overtakes another.
"""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BufferedIOBase
from typing import Literal

Fault = Literal[
    "none",
    "refused",  # the connection is closed before anything was sent
    "cut",  # half of the request arrives at the server
    "lost",  # the server did it; the answer never comes
    "torn",  # half of the answer comes
    "twice",  # arrives twice, one after the other; the second answer comes
    "twice-at-once",  # arrives twice at the same time; the first answer comes
    "busy",  # 503 with Retry-After, as from something in front of the server
    "late",  # passes, and arrives once more later
    "held",  # the phone hears nothing; it arrives later
]
FAULTS: tuple[Fault, ...] = Fault.__args__[1:]  # type: ignore[attr-defined]
UPSTREAM_SECONDS = 30
BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Type: application/json\r\n"
    b'Content-Length: 15\r\nConnection: close\r\n\r\n{"code":"busy"}'
)


@dataclass
class Proxy:
    """Where the phones believe the server to be."""

    upstream: int
    path: str = "/commands"
    met: Counter[str] = field(default_factory=Counter)
    """Faults that happened."""
    seen: list[bytes] = field(default_factory=list)
    """Bodies that went by, for proofs of what was sent."""
    _next: deque[Fault] = field(default_factory=deque)
    _later: list[bytes] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Proxy:
        proxy = self

        class Handler(socketserver.StreamRequestHandler):
            timeout = UPSTREAM_SECONDS

            def handle(self) -> None:
                proxy._handle(self.connection, self.rfile)

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def next(self, *faults: Fault) -> None:
        """What happens to the next requests."""
        with self._lock:
            self._next.extend(faults)

    def next_is_good(self) -> None:
        """What was said of next requests is forgotten; what is kept stays."""
        with self._lock:
            self._next.clear()

    def quiet(self) -> None:
        """The line is good again: nothing more happens, nothing more is kept."""
        with self._lock:
            self._next.clear()
            self._later.clear()

    def waiting(self) -> int:
        """How many requests are kept for later."""
        return len(self._later)

    def deliver_late(self, order: Sequence[int]) -> int:
        """What was kept arrives now, in this order of their numbers. Returns how many."""
        with self._lock:
            kept, self._later = self._later, []
        chosen = [kept[n % len(kept)] for n in order] if kept else []
        for request in chosen:
            self._ask(request)
        return len(chosen)

    def _handle(self, phone: socket.socket, reading: BufferedIOBase) -> None:
        request = _read_request(reading)
        if request is None:
            return
        with self._lock:
            is_ours = request.split(b" ", 2)[1].split(b"?")[0].endswith(self.path.encode())
            fault: Fault = self._next.popleft() if is_ours and self._next else "none"
            if is_ours:
                self.seen.append(request.partition(b"\r\n\r\n")[2])
        if fault != "none":
            self.met[fault] += 1
        answer = self._carry(request, fault)
        if answer is None:
            _reset(phone)
        else:
            phone.sendall(answer)
            if fault == "torn":
                _reset(phone)

    def _carry(self, request: bytes, fault: Fault) -> bytes | None:
        """What the phone is told; None for a broken connection."""
        if fault in {"late", "held"}:
            with self._lock:
                self._later.append(request)
        if fault in {"refused", "held"}:
            return None
        if fault == "busy":
            return BUSY
        if fault == "cut":
            self._send_half(request)
            return None
        if fault == "twice":
            self._ask(request)
        if fault == "twice-at-once":
            other = threading.Thread(target=self._ask, args=(request,))
            other.start()
            first = self._ask(request)
            other.join()
            return first
        answer = self._ask(request)
        if fault == "lost":
            return None
        if fault == "torn":
            return answer[: len(answer) // 2] if answer else None
        return answer

    def _ask(self, request: bytes) -> bytes | None:
        """The server's whole answer; None where it died over it."""
        try:
            with self._connect() as server:
                server.sendall(request)
                parts = []
                while part := server.recv(65536):
                    parts.append(part)
        except OSError:
            return None
        answer = b"".join(parts)
        return answer if _is_whole(answer) else None

    def _send_half(self, request: bytes) -> None:
        head, _, body = request.partition(b"\r\n\r\n")
        try:
            with self._connect() as server:
                server.sendall(head + b"\r\n\r\n" + body[: len(body) // 2])
                server.shutdown(socket.SHUT_WR)
                while server.recv(65536):
                    pass
        except OSError:
            pass

    def _connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.upstream), timeout=UPSTREAM_SECONDS)


def _read_request(reading: BufferedIOBase) -> bytes | None:
    """Head and body; the connection is said to close after it."""
    lines, length = [], 0
    first = reading.readline()
    if not first.strip():
        return None
    while (line := reading.readline()).strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
        if name.lower() != b"connection":
            lines.append(line)
    body: bytes = reading.read(length) if length else b""
    return first + b"".join(lines) + b"Connection: close\r\n\r\n" + body


def _is_whole(answer: bytes) -> bool:
    head, gap, body = answer.partition(b"\r\n\r\n")
    if not gap:
        return False
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(body) == int(line.split(b":")[1])
    return True


def _reset(phone: socket.socket) -> None:
    """Closed without a word, as when a signal is lost."""
    phone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
