"""A bad network between a PC and its store: a small proxy on loopback with faults to order.

It counts what is asked, and does to a request what the test says: answers itself, waits, cuts the
line before or after the store did the work, or lets half of the answer through.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import urlsplit

_LONGEST: Final = 30.0
_HOP: Final = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})

PORTAL: Final = (
    b"<!DOCTYPE html><html><body>Welcome to the guest network. Please sign in.</body></html>"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The network, or a store that refuses, answers at once."""

    status: int
    body: bytes = b""
    kind: str = "application/xml"
    to: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """The line is cut before the request reaches the store."""


@dataclass(frozen=True, slots=True)
class LoseAnswer:
    """The store does the work, and the answer is lost."""


@dataclass(frozen=True, slots=True)
class Truncate:
    """Half of the store's answer comes through, then the line is cut."""


@dataclass(frozen=True, slots=True)
class Half:
    """Half of what is sent reaches the store, then the line is cut on both sides of here."""


@dataclass(frozen=True, slots=True)
class Delay:
    """The request waits so many seconds on its way."""

    seconds: float


Fault = Answer | Cut | LoseAnswer | Truncate | Half | Delay


def refusal(status: int, code: str) -> Answer:
    """Return what a store of this kind answers when it refuses."""
    text = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>No.</Message></Error>"
    return Answer(status, text.encode())


@dataclass(slots=True)
class BadLink:
    """The link; faults in `plan` meet one request each, `always` meets every other one.

    Args:
        endpoint: The address to use in place of the store's.
        plan: What happens to the next requests, None for nothing.
        always: What happens to all others, or whoever decides it for each.
        asked: What was asked so far ("GET /bucket/key?query").
    """

    endpoint: str
    plan: deque[Fault | None]
    always: Fault | Callable[[], Fault | None] | None
    asked: list[str]


@contextlib.contextmanager
def bad_link(target: str, tls: ssl.SSLContext | None = None) -> Iterator[BadLink]:
    """Lay a link to the store at `target` for as long as the block lasts; https if `tls` is given."""
    link = BadLink("", deque(), None, [])
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _LONGEST

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its own name for it
            """Say nothing on the terminal."""

        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            link.asked.append(f"{self.command} {self.path}")
            fault = link.plan.popleft() if link.plan else link.always
            if callable(fault):
                fault = fault()
            match fault:
                case Answer():
                    more = [("location", fault.to)] if fault.to else []
                    self._say(fault.status, [("content-type", fault.kind), *more], fault.body)
                    return
                case Cut():
                    self.close_connection = True
                    return
                case Half():
                    self.close_connection = True
                    with contextlib.closing(_sent(target, self, body[: len(body) // 2])):
                        return
                case Delay(seconds):
                    over.wait(min(seconds, _LONGEST))
            status, headers, data = _forwarded(target, self, body)
            match fault:
                case LoseAnswer():
                    self.close_connection = True
                case Truncate():
                    self._say(status, headers, data, sent=len(data) // 2)
                    self.close_connection = True
                case _:
                    self._say(status, headers, data)

        def _say(
            self, status: int, headers: list[tuple[str, str]], data: bytes, sent: int | None = None
        ) -> None:
            if self.command == "HEAD":
                lengths = [value for name, value in headers if name.lower() == "content-length"]
                data, length = b"", lengths[0] if lengths else "0"
            else:
                length = str(len(data))
            self.send_response(status)
            for name, value in headers:
                if name.lower() not in _HOP:
                    self.send_header(name, value)
            self.send_header("content-length", length)
            # head and body in one piece: two small ones wait for each other
            self._headers_buffer.append(b"\r\n" + data[:sent])  # type: ignore[attr-defined]  # the base class's own
            self.flush_headers()

        do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = _do  # noqa: N815  # the names it looks for

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    worker = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    worker.start()
    link.endpoint = f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
    try:
        yield link
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        worker.join(_LONGEST)


@contextlib.contextmanager
def silent_link() -> Iterator[str]:
    """Give an address where a connection stands and nobody ever says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(16)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def _forwarded(
    target: str, asked: BaseHTTPRequestHandler, body: bytes
) -> tuple[int, list[tuple[str, str]], bytes]:
    with contextlib.closing(_sent(target, asked, body)) as line:
        answer = line.getresponse()
        return answer.status, answer.getheaders(), answer.read()


def _sent(target: str, asked: BaseHTTPRequestHandler, body: bytes) -> http.client.HTTPConnection:
    """Ask the store itself, with the very headers that were signed, and so the length of the whole."""
    host = urlsplit(target)
    line = http.client.HTTPConnection(str(host.hostname), host.port, timeout=_LONGEST)
    line.putrequest(asked.command, asked.path, skip_host=True, skip_accept_encoding=True)
    for name, value in asked.headers.items():
        line.putheader(name, value)
    line.endheaders(body or None)
    return line
