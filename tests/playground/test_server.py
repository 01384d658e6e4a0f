"""The server: whom it answers, what it refuses, and that it keeps silent."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest

from contentfilter.playground.server import MOST_BYTES, Server, serving
from contentfilter.playground.trial import Question

QUESTION = {"text": "bí mật của tôi", "words": [], "lang": "vi"}


def echo(question: Question) -> dict[str, Any]:
    if question.text == "fault":
        raise KeyError(question.text)
    return {"told": question.text}


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(echo) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def send(server: Server, method: str, path: str, body: bytes | None = None, **headers: str | None) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of one exchange; a header of None is left out."""
    host = server.hosts[0]
    usual = {"Host": host} | ({"Origin": f"http://{host}", "Content-Type": "application/json"} if method == "POST" else {})
    given = usual | {name.replace("_", "-"): value for name, value in headers.items()}
    connection = HTTPConnection(host, timeout=10)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    if body is not None and "Content-Length" not in given:
        given["Content-Length"] = str(len(body))
    for name, value in given.items():
        if value is not None:
            connection.putheader(name, value)
    connection.endheaders(body)
    reply = connection.getresponse()
    told = reply.read()
    connection.close()
    return reply.status, dict(reply.getheaders()), told


def ask(server: Server, question: object = QUESTION, **headers: str | None) -> tuple[int, Any]:
    status, _, body = send(server, "POST", "/judge", json.dumps(question).encode(), **headers)
    return status, json.loads(body)


def test_it_is_bound_to_this_machine_alone(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize("path", ["/", "/page.css", "/page.js"])
def test_pages_come_with_what_keeps_others_out(server: Server, path: str) -> None:
    status, headers, body = send(server, "GET", path)
    assert status == 200
    assert body
    rules = dict(rule.strip().split(" ", 1) for rule in headers["Content-Security-Policy"].split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["connect-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["form-action"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_the_page_asks_nobody_else(server: Server) -> None:
    for path in ("/", "/page.css", "/page.js"):
        assert b"//" not in send(server, "GET", path)[2].replace(b"// ", b"")  # no address, only remarks


def test_a_question_is_answered(server: Server) -> None:
    assert ask(server) == (200, {"told": "bí mật của tôi"})


def test_it_answers_by_either_of_its_names(server: Server) -> None:
    host = server.hosts[1]
    assert host.startswith("localhost:")
    assert ask(server, Host=host, Origin=f"http://{host}")[0] == 200


@pytest.mark.parametrize("host", ["example.com", "example.com:80", "127.0.0.1", "127.0.0.1:1", "localhost", "", None])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_host_is_refused(server: Server, method: str, host: str | None) -> None:
    path, body = ("/", None) if method == "GET" else ("/judge", json.dumps(QUESTION).encode())
    status, _, told = send(server, method, path, body, Host=host)
    assert status == 403
    assert "bí mật".encode() not in told


@pytest.mark.parametrize("origin", ["http://example.com", "https://127.0.0.1:{port}", "http://127.0.0.1", "null", "", None])
def test_another_origin_is_refused(server: Server, origin: str | None) -> None:
    port = str(server.server_address[1])
    status, told = ask(server, Origin=origin and origin.replace("{port}", port))
    assert status == 403
    assert "told" not in told


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None])
def test_what_a_form_could_send_is_refused(server: Server, kind: str | None) -> None:
    assert ask(server, Content_Type=kind)[0] == 415


@pytest.mark.parametrize(
    ("length", "status"), [(None, 411), ("-1", 411), ("x", 411), ("²", 411), (str(MOST_BYTES + 1), 413), ("9" * 5000, 413)], ids=str
)
def test_sizes(server: Server, length: str | None, status: int) -> None:
    found, _, _ = send(server, "POST", "/judge", b"", Content_Length=length)
    assert found == status


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"text": 5}', b"NaN"], ids=lambda body: repr(body[:12]))
def test_what_is_no_question_is_told(server: Server, body: bytes) -> None:
    status, _, told = send(server, "POST", "/judge", body)
    assert status == 400
    assert json.loads(told)["error"]


def test_a_fault_of_ours_names_its_place_and_no_text(server: Server) -> None:
    status, told = ask(server, QUESTION | {"text": "fault"})
    assert status == 500
    assert told["error"].startswith("KeyError in echo, line ")
    assert ask(server)[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/judge", 404), ("GET", "/../server.py", 404), ("POST", "/", 404), ("PUT", "/", 501)]
)
def test_nothing_else_is_there(server: Server, method: str, path: str, status: int) -> None:
    assert send(server, method, path, b"")[0] == status


def test_nothing_is_written(server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    ask(server)
    ask(server, QUESTION | {"text": "fault"})
    send(server, "GET", "/nowhere")
    with socket.create_connection(server.server_address[:2]) as rude:  # goes away in the middle of its question
        rude.sendall(b"POST /judge HTTP/1.1\r\nContent-Length: 9\r\n")
    assert capfd.readouterr() == ("", "")


def test_a_taken_port_is_told(server: Server) -> None:
    from click.testing import CliRunner

    from contentfilter.cli import main

    port = server.server_address[1]
    done = CliRunner().invoke(main, ["playground", "--port", str(port)])
    assert done.exit_code == 1
    assert f"port {port}: " in done.stderr
    assert "--port 0" in done.stderr
