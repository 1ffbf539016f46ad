"""Starts a real S3 server, moto's, that the tests talk to, on a port of its own."""

import signal
import subprocess
import tempfile
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from obstore.store import S3Store

from servers import free_port, wait_until

__all__ = ["S3Server"]

_MOTO = Path(__file__).parents[1] / ".cache/moto/bin/moto_server"


class S3Server:
    """One S3, empty at first, that forgets everything at its end."""

    def __init__(self) -> None:
        """Choose a port; entering starts the server."""
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = Path()
        self._process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def binary() -> str | None:
        """Return the program's path, None where it is not installed."""
        return str(_MOTO) if _MOTO.exists() else None

    def settings(self) -> dict[str, str]:
        """Return the environment of a process that keeps its renderings here."""
        return {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT": self.url,
            "AWS_ALLOW_HTTP": "true",
        }

    def bucket(self, name: str) -> str:
        """Create a bucket; return its URL for `PLOTKILN_ARTIFACTS_URL`."""
        self.request("PUT", name)
        return f"s3://{name}"

    def store(self, bucket: str) -> Any:
        """Return a client of a bucket."""
        return S3Store(
            bucket,
            endpoint=self.url,
            region="us-east-1",
            access_key_id="test",
            secret_access_key="test",  # noqa: S106 -- any does
            client_options={"allow_http": True},
        )

    def hang(self) -> None:
        """Have the server answer nobody, though whoever connects still can."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def request(self, method: str, path: str) -> tuple[dict[str, str], bytes]:
        """Ask without a key; return headers, their names in small letters, and body."""
        request = urllib.request.Request(f"{self.url}/{path}", method=method)  # noqa: S310 -- ours
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return headers, answer.read()

    def __enter__(self) -> Self:
        command = [self.binary() or "moto_server", "-H", "127.0.0.1", "-p", str(self.port)]
        with tempfile.NamedTemporaryFile(delete=False) as log:
            self._log = Path(log.name)
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        wait_until(self._answers, 30.0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._log.unlink()

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self._log.read_text()
        try:
            self.request("GET", "")
        except OSError:
            return False
        return True
