"""What a server tells of stores that fail, to whoever asks, and to its log."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from kilns import Kiln
from servers import free_port

#: What nobody outside is to know.
_INSIDE = ("127.0.0.1", "word", "Debug", "Error(", "/inner")


class _Refusing(BaseHTTPRequestHandler):
    """An object store that lets nobody in."""

    def do_GET(self) -> None:
        """Refuse."""
        self.send_response(403)
        self.end_headers()

    do_PUT = do_HEAD = do_GET  # noqa: N815 -- as above

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def bucket() -> Iterator[int]:
    """Start an object store that lets nobody in, and return its port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Refusing) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_where_redis_is_stays_inside(tmp_path: Path) -> None:
    """A 503 says who fails; where that is, in one line, the log alone."""
    url = f"redis://user:pass-word@127.0.0.1:{free_port()}/0"
    with Kiln(tmp_path / "kiln", PLOTKILN_REDIS_URL=url) as kiln, kiln.client() as client:
        told = [
            client.get(f"/jobs/{'a' * 26}"),
            client.post("/charts", json={"y": [1, 2]}),
            client.get(f"/charts/{'a' * 52}.svg"),
            client.get("/artifacts/hits.png"),
        ]
        log = kiln.log.read_text()
    _check(told, log)


def test_where_the_bucket_is_stays_inside(bucket: int, tmp_path: Path) -> None:
    """A 503 says what cannot be stored; where it should be, in one line, the log alone."""
    store = {
        "PLOTKILN_ARTIFACTS_URL": "s3://inner",
        "AWS_ENDPOINT": f"http://user:pass-word@127.0.0.1:{bucket}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "reader",
        "AWS_SECRET_ACCESS_KEY": "key-word",
    }
    kiln = Kiln(tmp_path / "kiln")
    kiln.settings |= store
    with kiln, kiln.client() as client:
        told = client.post("/jobs", json={"y": [1, 2]})
        log = kiln.log.read_text()
    _check([told], log)


def _check(told: list[httpx.Response], log: str) -> None:
    for answer in told:
        assert answer.status_code == 503
        assert not any(inner in answer.text for inner in _INSIDE), answer.text
    assert "127.0.0.1" in log
    assert "word" not in log
    assert "Debug" not in log
