"""Runs the staged image as Knative would: its own root, read-only, its own user, nothing else.

What a container engine does is done here by util-linux: name spaces for mounts, processes and the
network, a root that cannot be written to, `/tmp` and a few devices, no capabilities.
"""

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from kilns import children
from sandboxes import Sandbox
from servers import wait_until
from staged_images import image_config, staged_image

__all__ = ["PORT", "PROGRAMS", "TRIAL", "Answer", "Container", "Probed"]

#: What Knative says in `PORT`, unless the manifest names another.
PORT = 8080

#: The arguments of each program that serves, as the manifests give them.
PROGRAMS = {
    "serve": ("serve",),
    "live": ("live",),
    "homepage": ("counter", "homepage"),
    "count": ("counter", "count"),
    "draw": ("counter", "draw"),
}

#: One pod's worth of a trial: whoever reaches it may ask, and what it keeps goes with it.
TRIAL = {"PLOTKILN_ANONYMOUS": "allow", "PLOTKILN_EPHEMERAL": "allow", "PLOTKILN_WORKERS": "2"}

#: Of what Knative and Kubernetes put into each container's environment: the runtime contract's
#: "Process", and the addresses of Services of this namespace that have names like ours.
_GIVEN = {
    "PORT": str(PORT),
    "K_SERVICE": "plot",
    "K_CONFIGURATION": "plot",
    "K_REVISION": "plot-00001",
    "HOSTNAME": "plot-00001-deployment-5d6f7c8b9d-abcde",
    "KUBERNETES_SERVICE_HOST": "10.96.0.1",
    "PLOTKILN_SERVICE_HOST": "10.96.0.7",
    "PLOTKILN_SERVICE_PORT_HTTP": "80",
    "PLOTKILN_PORT": "tcp://10.96.0.7:80",
    "PLOTKILN_PORT_80_TCP_ADDR": "10.96.0.7",
    "CONSUL_SERVICE_HOST": "10.96.0.8",
    "CONSUL_PORT": "tcp://10.96.0.8:8500",
    "REDIS_PORT": "tcp://10.96.0.9:6379",
}

#: Entered by root, left by exec: $1 is the tree, $2 the folder that is mounted at /run, $3 the
#: user, $4 the image's PATH, $5 a folder that is mounted there for writing, if any; the rest is the
#: command.
_ENTER = """
tree=$1 run=$2 user=$3 path=$4 shared=$5; shift 5
mount --make-rprivate /
mount --bind "$tree" "$tree"
mount -o remount,bind,ro "$tree"
mount --bind "$run" "$tree/run"
mount -o remount,bind,ro "$tree/run"
[ -z "$shared" ] || mount --bind "$shared" "$tree/run/shared"
mount -t tmpfs -o mode=1777,size=256m,nosuid,nodev tmpfs "$tree/tmp"
mount -t proc -o nosuid,nodev,noexec proc "$tree/proc"
mount -t tmpfs -o mode=755,size=64k tmpfs "$tree/dev"
for device in null zero full random urandom; do
  : >"$tree/dev/$device"
  mount --bind "/dev/$device" "$tree/dev/$device"
done
mount -o remount,ro "$tree/dev"
setpriv=$(command -v setpriv) chroot=$(command -v chroot)
export PATH="$path"
exec "$setpriv" --no-new-privs --bounding-set=-all,+sys_chroot,+setuid,+setgid \
  "$chroot" --userspec="$user" --groups= "$tree" "$@"
"""

#: Seconds until a program must take requests, on a machine that is busy with much else.
_STARTED_WITHIN = 60.0

#: Seconds that one probe of queue-proxy's waits.
_PROBE = 0.1

_TOOLS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Answer(NamedTuple):
    """What came back, once for all."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    version: int


class Probed(NamedTuple):
    """What readiness probes met, from the first instant on."""

    #: Seconds from the start to the first success.
    ready: float
    refused: int
    late: int
    failed: int


class Container:
    """One container of the staged image; entering starts it and waits until it is ready."""

    def __init__(
        self,
        sandbox: Sandbox,
        *arguments: str,
        run: Path,
        settings: Mapping[str, str],
        shared: Path | None = None,
        tree: Path | None = None,
    ) -> None:
        """Say which command to run, none for the image's own.

        `run` is mounted at /run, for reading, and `shared` at /run/shared, for several containers.
        `tree` is another than the staged one.
        """
        self.sandbox = sandbox
        self.image = image_config()
        self._command = [*self.image.entrypoint, *(arguments or self.image.command)]
        self._settings = {**_GIVEN, **settings}
        self._tree = tree or staged_image().tree
        self._mounted = (str(run), str(shared or ""))
        self._output = tempfile.TemporaryDirectory()
        self._process: subprocess.Popen[bytes] | None = None
        self.started = 0.0

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._settings["PORT"])

    def launch(self) -> None:
        """Start it and wait for nothing."""
        image = self.image
        program = f"/opt/plotkiln/bin/{self._command[0]}"
        run, shared = self._mounted
        entering = [str(self._tree), run, image.user, image.environment["PATH"], shared]
        spaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
        inside = ["sh", "-euc", _ENTER, "sh", *entering, program, *self._command[1:]]
        with self._log("out").open("wb") as out, self._log("err").open("wb") as err:
            self.started = time.monotonic()
            self._process = subprocess.Popen(
                ["nsenter", f"--net={self.sandbox.network}", *spaces, *inside],
                env={**image.environment, **self._settings, "PATH": _TOOLS},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )

    @property
    def pid(self) -> int:
        """The first process in there, as it is numbered out here."""
        assert self._process is not None
        wait_until(lambda: self.ended or children(self._outer), _STARTED_WITHIN, every=0.002)
        assert not self.ended, self.log()
        return children(self._outer)[0]

    @property
    def processes(self) -> list[int]:
        """All processes in there."""
        return [self.pid, *children(self.pid)]

    @property
    def ended(self) -> bool:
        """Whether it has ended."""
        assert self._process is not None
        return self._process.poll() is not None

    def probe(self) -> Probed:
        """Probe until the first success, as queue-proxy does: every 50 ms, for 100 ms."""
        met = {"refused": 0, "late": 0, "failed": 0}
        while (found := self.probe_once()) != "ready":
            met[found] += 1
            assert not self.ended, self.log()
            assert time.monotonic() < self.started + _STARTED_WITHIN, self.log()
            time.sleep(0.05)  # the interval is the contract's
        return Probed(time.monotonic() - self.started, **met)

    def probe_again(self, times: int) -> str:
        """See that each of so many probes finds it ready; say how many did within their 100 ms."""
        took = []
        for _ in range(times):
            began = time.monotonic()
            assert self.probe_once(within=60.0) == "ready", self.log()
            took.append(time.monotonic() - began)
        return f"{sum(one < _PROBE for one in took)} of {times} within {_PROBE:g} s"

    def probe_once(self, *, within: float = _PROBE) -> str:
        """Say what one probe meets."""
        headers = {"User-Agent": "kube-probe/1.34"}
        try:
            answer = self.ask("GET", "/health/ready", headers=headers, timeout=within)
        except ConnectionError:
            return "refused"
        except TimeoutError:
            return "late"
        return "ready" if 200 <= answer.status < 400 else "failed"

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float = 60.0,
    ) -> Answer:
        """Send one request by a connection of its own."""
        client = self.sandbox.client(self.port, timeout=timeout)
        try:
            client.request(method, path, body, dict(headers or {}))
            response = client.getresponse()
            told = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, told, response.read(), response.version)
        finally:
            client.close()

    def plot(self, **spec: Any) -> Answer:
        """Draw a picture."""
        headers = {"Content-Type": "application/json"}
        return self.ask("POST", "/plot", json.dumps(spec).encode(), headers=headers)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to its first process, as an engine does."""
        os.kill(self.pid, number)

    def wait(self, within: float = 60.0) -> int:
        """Return the exit code."""
        assert self._process is not None
        return self._process.wait(within)

    def stop(self, within: float = 60.0) -> int:
        """Send SIGTERM and return the exit code."""
        self.signal(signal.SIGTERM)
        return self.wait(within)

    def log(self, stream: str = "err") -> str:
        """Return what it wrote so far to standard error, or `out`."""
        return self._log(stream).read_text()

    def close(self) -> None:
        """End it now, whatever it does, and forget its logs."""
        if self._process is not None:
            # --kill-child is forgotten by whoever becomes another user: the first process in there
            # is ended by itself, and with it all the others
            for inner in children(self._outer)[:1]:
                with suppress(ProcessLookupError):
                    os.kill(inner, signal.SIGKILL)
            self._process.kill()
            self._process.wait()
        self._output.cleanup()

    def __enter__(self) -> Self:
        self.launch()
        try:
            self.probe()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def _outer(self) -> int:
        assert self._process is not None
        return self._process.pid

    def _log(self, stream: str) -> Path:
        return Path(self._output.name, stream)
