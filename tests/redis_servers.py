"""Starts real Redis servers that the tests talk to, on ports of their own."""

import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from servers import free_port, wait_until

__all__ = ["RedisServer"]


class RedisServer:
    """One Redis; `options` are those of its command line: `appendonly="yes"`.

    Without `data` it has a folder of its own, which vanishes with it.
    """

    def __init__(self, data: Path | None = None, **options: str) -> None:
        """Choose a port and options; entering starts the server."""
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._temporary = None if data else tempfile.TemporaryDirectory()
        self._data = data or Path(self._temporary.name if self._temporary else "")
        self._options = {"appendonly": "no", "save": "", **options}
        self._process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def binary() -> str | None:
        """Return the program's path, None where it is not installed."""
        return shutil.which("redis-server")

    def start(self) -> None:
        """Start the server and wait until it answers, its data loaded."""
        self._data.mkdir(parents=True, exist_ok=True)
        options = {"bind": "127.0.0.1", "port": str(self.port), "dir": str(self._data)}
        given = [
            word
            for name, value in {**options, **self._options}.items()
            for word in (f"--{name.replace('_', '-')}", value)
        ]
        with (self._data / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self.binary() or "redis-server", *given], stdout=log, stderr=log
            )
        wait_until(self._answers)

    def kill(self) -> None:
        """End the server at once, as a crash does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def hang(self) -> None:
        """Have the server answer nobody, though whoever connects still can."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def command(self, *words: str) -> bytes:
        """Send one command by a connection of its own; return the beginning of the answer."""
        told = b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in map(str.encode, words))
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(b"*%d\r\n%s" % (len(words), told))
            return connection.recv(65536)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        if self._temporary is not None:
            self._temporary.cleanup()

    def _answers(self) -> bool:
        assert self._process is not None
        log = (self._data / "redis.log").read_text()
        assert self._process.poll() is None, log
        try:
            return self.command("PING").startswith((b"+PONG", b"-NOAUTH"))
        except OSError:
            return False
