"""Attacks below HTTP's meaning: malformed, ambiguous, endless and slow requests."""

import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest

from kilns import Kiln
from wires import exchanged, request, sent

HOST = b"Host: localhost\r\nConnection: close\r\n"
POST = b"POST /plot HTTP/1.1\r\n" + HOST
GET = b"GET /health/live HTTP/1.1\r\n" + HOST
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
SPEC = b'{"y": [1, 2]}'

#: Attack → what is sent, and the status that it meets.
ATTACKS = {
    # two readers of one message that see two different ends (request smuggling)
    "length-and-chunks": (POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0", 400),
    "chunks-and-length": (POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0", 400),
    "two-lengths": (POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400),
    "equal-lengths": (POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400),
    "list-of-lengths": (POST + b"Content-Length: 2, 2\r\n\r\n{}", 400),
    "signed-length": (POST + b"Content-Length: +2\r\n\r\n{}", 400),
    "negative-length": (POST + b"Content-Length: -2\r\n\r\n{}", 400),
    "hexadecimal-length": (POST + b"Content-Length: 0x2\r\n\r\n{}", 400),
    "endless-length": (POST + b"Content-Length: " + b"9" * 400 + b"\r\n\r\n{}", 400),
    "space-before-colon": (POST + b"Content-Length : 2\r\n\r\n{}", 400),
    "folded-header": (GET + b"X-A: 1\r\n Content-Length: 2\r\n\r\n{}", 400),
    "chunks-then-another": (POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400),
    "unknown-coding": (POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
    "hidden-coding": (POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", 400),
    "bare-line-feeds": (b"GET /health/live HTTP/1.1\nHost: localhost\n\n", 400),
    "bare-carriage-return": (b"GET /health/live HTTP/1.1\r\nHost: localhost\rX: 1\r\n\r\n", 400),
    "no-chunk-size": (CHUNKED + b"\r\n\r\n", 400),
    "chunk-size-overflow": (CHUNKED + b"f" * 17 + b"\r\n{}\r\n0\r\n\r\n", 400),
    "chunk-too-long": (CHUNKED + b"2\r\n{}{}\r\n0\r\n\r\n", 400),
    # whose request this is
    "two-hosts": (b"GET /health/live HTTP/1.1\r\nHost: evil.example\r\n" + HOST + b"\r\n", 400),
    "no-host": (b"GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
    # bytes that mean something to somebody else
    "nul-in-address": (b"GET /health\0/live HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "nul-in-header": (GET + b"X-A: a\0b\r\n\r\n", 400),
    "letters-in-address": ("GET /hé HTTP/1.1\r\n".encode() + HOST + b"\r\n", 400),
    "no-http": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    "no-version": (b"GET /health/live\r\n\r\n", 400),
    "another-version": (b"GET /health/live HTTP/3.0\r\n" + HOST + b"\r\n", 400),
    "preface-of-http2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "tunnel": (b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "trace": (request("TRACE", "/charts"), 405),
    "server-as-a-whole": (request("OPTIONS", "*"), 404),
    # more than anybody asks for
    "one-header-of-a-mebibyte": (GET + b"X-A: " + b"a" * (1 << 20) + b"\r\n\r\n", 431),
    "ten-thousand-headers": (GET + b"X: 1\r\n" * 10_000 + b"\r\n", 431),
    "headers-of-70-kib": (GET + (b"X-A: " + b"a" * 1000 + b"\r\n") * 70 + b"\r\n", 431),
    "129-headers": (GET + b"X: 1\r\n" * 127 + b"\r\n", 431),
    "name-of-70-kib": (GET + b"X" * 70_000 + b": 1\r\n\r\n", 431),
    "address-of-70-kib": (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    "method-of-70-kib": (b"G" * 70_000 + b" / HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "extension-of-a-chunk": (CHUNKED + b"2;" + b"a" * (1 << 20) + b"\r\n{}\r\n0\r\n\r\n", 431),
    "endless-trailer": (CHUNKED + b"2\r\n{}\r\n0\r\nX: " + b"a" * (1 << 20) + b"\r\n\r\n", 431),
    "many-trailers": (CHUNKED + b"2\r\n{}\r\n0\r\n" + b"X: 1\r\n" * 100_000 + b"\r\n", 431),
    "declared-body-too-large": (POST + b"Content-Length: 1048577\r\n\r\n", 413),
    "chunked-body-too-large": (CHUNKED + (b"10000\r\n" + b" " * 65536 + b"\r\n") * 40, 413),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_malformed_request_is_refused(kiln: Kiln, attack: str) -> None:
    """What can be read in two ways, or has no end, is refused, and its connection closed."""
    data, status = ATTACKS[attack]
    assert sent(kiln.port, data).status == status


def test_trailers_add_no_headers(kiln: Kiln) -> None:
    """Headers behind the body decide nothing: the media type was decided by then."""
    body = b"%x\r\n%b\r\n0\r\nContent-Type: text/html\r\nHost: evil.example\r\n\r\n"
    assert sent(kiln.port, CHUNKED + body % (len(SPEC), SPEC)).status == 200


def test_a_second_request_is_not_answered_for_the_first(kiln: Kiln) -> None:
    """Behind a request that is under way, what is malformed closes the connection without a word.

    A word would be taken for the answer to the first by whoever forwards both.
    """
    slow = request("POST", "/plot", body=SPEC).replace(b"Connection: close\r\n", b"")
    assert sent(kiln.port, slow + b"BAD\r\n\r\n").status in {0, 200}


@pytest.mark.parametrize(
    "head",
    [
        POST + b"Content-Length: 1000\r\n\r\n{",
        CHUNKED + b"3e8\r\n{",
        b"POST /charts HTTP/1.1\r\n" + HOST + b"Content-Length: 1000\r\n\r\n{",
        b"POST /jobs HTTP/1.1\r\n" + HOST + b"Content-Length: 1000\r\n\r\n{",
        b"PUT /styles/slow HTTP/1.1\r\n" + HOST + b"If-None-Match: *\r\nContent-Length: 9\r\n\r\n{",
        b"POST /events HTTP/1.1\r\n" + HOST + b"Content-Length: 1000\r\n\r\n{",
        b"POST /styles/a/preview HTTP/1.1\r\n" + HOST + b"Content-Length: 1000\r\n\r\n{",
    ],
)
def test_a_slow_body_is_not_waited_for(kiln: Kiln, head: bytes) -> None:
    """A body that has not arrived in time is 408, and its connection is closed."""
    reply = exchanged(kiln.port, [head])
    assert (reply.status, reply.headers["connection"]) == (408, "close")
    told = reply.json()
    assert (told["status"], told["title"]) == (408, "Request Timeout")


#: What each of many connections sends, and how it then keeps the server waiting.
HOLDING = {
    "answers-that-nobody-reads": b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 40,
    "bodies-that-never-come": CHUNKED,
    "heads-that-never-end": GET,
    "nothing": b"",
}


@pytest.mark.parametrize("attack", HOLDING)
def test_connections_that_wait_keep_nobody_out(narrow: Kiln, attack: str) -> None:
    """More connections than there may be open files, all of them held, and probes are answered."""
    with ExitStack() as stack:
        for _ in range(110):
            wire = stack.enter_context(socket.socket())
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            wire.settimeout(60)
            wire.connect(("127.0.0.1", narrow.port))
            with suppress(ConnectionError):
                wire.sendall(HOLDING[attack])
        for _ in range(5):
            assert sent(narrow.port, request("GET", "/health/ready")).status == 200


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start a server that may open 128 files."""
    command = ["sh", "-c", f"ulimit -n 128; exec {sys.executable} -m plotkiln serve"]
    with Kiln(tmp_path_factory.mktemp("narrow") / "data", command=command) as running:
        yield running
