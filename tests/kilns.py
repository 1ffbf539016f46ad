"""Starts real plotkiln servers, as a user would, on ports of their own."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from servers import free_port, wait_until

__all__ = ["Kiln", "alive", "children"]

#: Seconds until a server must answer.
_STARTED_WITHIN = 60.0


class Kiln:
    """One `plotkiln serve` with a data folder of its own; entering starts it."""

    def __init__(self, data: Path, *, command: list[str] | None = None, **settings: str) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        #: Changed between stop and start, if a test wants to.
        self.settings = settings
        self.log = data / "kiln.log"
        self._command = command or [sys.executable, "-m", "plotkiln", "serve"]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The web process's id."""
        return self._running().pid

    def start(self) -> None:
        """Start the server and wait until it takes requests."""
        self.launch()
        wait_until(self.ready, _STARTED_WITHIN)

    def launch(self) -> None:
        """Start the server and wait for nothing."""
        self.data.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self.environment(), stdin=subprocess.DEVNULL, stderr=log
            )

    def ready(self) -> bool:
        """Say whether it takes requests; raises `RuntimeError` when it has ended instead."""
        if self._running().poll() is not None:
            raise RuntimeError(f"plotkiln ended early:\n{self.log.read_text()}")
        with suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/health/ready").status_code == 200
        return False

    def stop(self, number: signal.Signals = signal.SIGTERM, *, within: float = 40.0) -> int:
        """Send a signal and return the exit code."""
        process = self._running()
        process.send_signal(number)
        code = process.wait(within)
        self._process = None
        return code

    def client(self, *, timeout: float = 60.0) -> httpx.Client:
        """Return an HTTP client of this server."""
        return httpx.Client(base_url=self.url, timeout=timeout)

    def __enter__(self) -> Self:
        self.start()
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

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError("this kiln is not started")
        return self._process

    def environment(self) -> dict[str, str]:
        """Return what its process, and a command on its folder, are started with."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        own = {"PORT": str(self.port), "PLOTKILN_DATA": str(self.data)}
        return {**kept, **own, **self.settings}


def children(pid: int) -> list[int]:
    """Return the ids of all processes below `pid` (proc(5), task/…/children)."""
    found = []
    with suppress(FileNotFoundError):  # it has ended
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                found += [int(child) for child in (task / "children").read_text().split()]
    return found + [below for child in found for below in children(child)]


def alive(pid: int) -> bool:
    """Say whether a process runs; a zombie does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
