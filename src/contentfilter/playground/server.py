"""The page's server: this machine's own address only, no word of what it is asked written anywhere.

A page elsewhere on the web that is open in the same browser could send requests here (cross-site request forgery) or have a name
of its own point here (DNS rebinding). So the Host header must name this server, a question must come with its Origin, and nothing
is answered that a form or a script tag of another page could send.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from importlib.resources import files
from socketserver import TCPServer, ThreadingMixIn
from typing import Any, Final

from contentfilter.errors import ContentFilterError

from .trial import Question, question_of

HOST: Final = "127.0.0.1"
MOST_BYTES: Final = 1 << 20
"""In the body of a question."""

_PAGES: Final = {
    "/": ("page.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
}

_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Answer = Callable[[Question], dict[str, Any]]


@contextmanager
def serving(answer: Answer, port: int = 0) -> Iterator[Server]:
    """A server bound to this port of 127.0.0.1, 0 for a free one; `serve_forever` starts it. Raises `OSError` where it is taken."""
    pages = {path: (files(__package__).joinpath(name).read_bytes(), kind) for path, (name, kind) in _PAGES.items()}
    with Server((HOST, port), partial(_Handler, pages, answer)) as server:
        yield server


class Server(ThreadingMixIn, TCPServer):
    """A thread a connection; asks no name service for its own name, as `http.server.HTTPServer` does."""

    allow_reuse_address = True
    daemon_threads = True

    @property
    def hosts(self) -> tuple[str, ...]:
        """What a browser calls this server."""
        return tuple(f"{name}:{self.server_address[1]}" for name in (HOST, "localhost"))

    def handle_error(self, request: Any, client_address: Any) -> None:  # as socketserver calls it
        """Nothing: a browser that goes away is no fault, and messages of errors may hold text."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "contentfilter"
    sys_version = ""
    timeout = 30  # seconds that a connection may be silent
    server: Server

    def __init__(self, pages: dict[str, tuple[bytes, str]], answer: Answer, *connection: Any) -> None:
        self._pages = pages
        self._answer = answer
        super().__init__(*connection)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: no text, and no trace of one, is written anywhere."""

    def do_GET(self) -> None:
        """The page."""
        if self.headers.get("Host") not in self.server.hosts:
            self._refuse(HTTPStatus.FORBIDDEN, "this server answers only to its own address")
        elif self.path in self._pages:
            self._send(HTTPStatus.OK, *self._pages[self.path])
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "there is no such page")

    def do_POST(self) -> None:
        """A question."""
        length = self.headers.get("Content-Length", "")
        if self.headers.get("Host") not in self.server.hosts:
            self._refuse(HTTPStatus.FORBIDDEN, "this server answers only to its own address")
        elif self.headers.get("Origin") not in [f"http://{host}" for host in self.server.hosts]:
            self._refuse(HTTPStatus.FORBIDDEN, "questions are answered only to this server's own page")
        elif self.path != "/judge":
            self._refuse(HTTPStatus.NOT_FOUND, "there is no such page")
        elif self.headers.get_content_type() != "application/json":
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a question is application/json")
        elif not (length.isascii() and length.isdigit()):
            self._refuse(HTTPStatus.LENGTH_REQUIRED, "a question needs its Content-Length")
        elif len(length) > 9 or int(length) > MOST_BYTES:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a question has at most {MOST_BYTES:,} bytes")
        else:
            self._judge(self.rfile.read(int(length)))

    def _judge(self, body: bytes) -> None:
        try:
            told = self._answer(question_of(json.loads(body)))
        except (ContentFilterError, ValueError, RecursionError) as error:  # no question, or words that no filter can be built with
            self._refuse(HTTPStatus.BAD_REQUEST, str(error))
        except Exception as error:  # a fault of ours: its place helps to mend it, its message may hold text
            frame = traceback.extract_tb(sys.exc_info()[2])[-1]
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, f"{type(error).__name__} in {frame.name}, line {frame.lineno}")
        else:
            self._send(HTTPStatus.OK, json.dumps(told).encode(), "application/json")

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        self.close_connection = True  # what else was sent is left unread
        self._send(status, json.dumps({"error": why}).encode(), "application/json")

    def _send(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
