"""A network of one's own that has nothing but loopback, as a pod's; for root on Linux."""

import ctypes
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = ["Sandbox", "missing_for_sandboxes"]

_CLONE_NEWNET = 0x40000000

#: netdevice(7): set a device's flags; here: up.
_SIOCSIFFLAGS, _UP = 0x8914, 1

_TOOLS = ("unshare", "nsenter", "setpriv", "chroot", "mount", "ldd", "ldconfig", "strip")

_PAUSE = f"""
import fcntl, signal, socket, struct
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
    fcntl.ioctl(any_socket, {_SIOCSIFFLAGS}, struct.pack("16sh", b"lo", {_UP}))
print("up", flush=True)
signal.pause()
"""


def missing_for_sandboxes() -> str:
    """Say what this machine lacks to run containers; empty where it lacks nothing."""
    if os.geteuid() != 0:
        return "root, to make name spaces"
    lacking = [
        name for name in ("unshare", "nsenter", "setpriv", "chroot") if not shutil.which(name)
    ]
    if lacking:
        return ", ".join(lacking)
    tried = subprocess.run(["unshare", "-mnp", "-f", "true"], capture_output=True, check=False)
    return f"name spaces: {tried.stderr.decode().strip()}" if tried.returncode else ""


class Sandbox:
    """What a pod's containers share; entering makes it."""

    def __init__(self) -> None:
        self._pause: subprocess.Popen[str] | None = None

    @property
    def network(self) -> Path:
        """The file that stands for its network."""
        assert self._pause is not None
        return Path(f"/proc/{self._pause.pid}/ns/net")

    def connect(self, port: int, *, timeout: float) -> socket.socket:
        """Return a connection to a port in there, made from out here."""
        with Path("/proc/thread-self/ns/net").open() as ours, self.network.open() as theirs:
            _enter(theirs.fileno())
            try:
                inside = socket.socket()  # belongs to this network for good
            finally:
                _enter(ours.fileno())
        inside.settimeout(timeout)
        try:
            inside.connect(("127.0.0.1", port))
        except BaseException:
            inside.close()
            raise
        return inside

    def client(self, port: int, *, timeout: float = 60.0) -> http.client.HTTPConnection:
        """Return an HTTP client of a port in there; it connects at the first request."""
        return _Client(self, port, timeout)

    def __enter__(self) -> Self:
        command = ["unshare", "--net", sys.executable, "-I", "-c", _PAUSE]
        self._pause = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._pause.stdout is not None
        assert self._pause.stdout.readline() == "up\n"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._pause is not None
        assert self._pause.stdout is not None
        self._pause.send_signal(signal.SIGKILL)
        self._pause.wait()
        self._pause.stdout.close()


class _Client(http.client.HTTPConnection):
    def __init__(self, sandbox: Sandbox, port: int, timeout: float) -> None:
        super().__init__("127.0.0.1", port, timeout=timeout)
        self._sandbox, self._seconds = sandbox, timeout

    def connect(self) -> None:
        self.sock = self._sandbox.connect(self.port, timeout=self._seconds)


def _enter(network: int) -> None:
    """Make the next sockets of this thread belong to a network (setns(2))."""
    if ctypes.CDLL(None, use_errno=True).setns(network, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")
