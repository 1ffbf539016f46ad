"""Starts the real servers that the tests talk to, on ports of their own."""

import asyncio
import json
import random
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

__all__ = ["Consul", "eventually", "free_port", "wait_until"]

_CONSUL_IN_CHECKOUT = Path(__file__).parents[1] / ".cache/consul/usr/bin/consul"

#: Seconds until an agent must have elected itself leader.
_STARTED_WITHIN = 90.0


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing uses, over TCP and UDP.

    It lies below the ports that the system hands out to outgoing connections: a server that is down
    for a while finds its port free when it comes back.
    """
    while True:
        port = random.randrange(15000, 32000)  # noqa: S311 -- no secret
        try:
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                with socket.socket(socket.AF_INET, kind) as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return port


def wait_until(probe: Callable[[], object], deadline: float = 60.0, *, every: float = 0.02) -> None:
    """Call `probe` until it returns something true; fail after `deadline` seconds."""
    end = time.monotonic() + deadline
    while not probe():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {deadline} s: {probe}")
        time.sleep(every)


class Consul:
    """One Consul agent, by itself its own cluster.

    Without `data` it keeps everything in memory: a restart wipes it. With `acl` whoever sends no
    token may do nothing, and `token` holds the management token. `settings` are added to its own.
    One that `joins` another belongs to its cluster: as a client, or where `servers` says how many
    of these there are, as a server that elects a leader with the others.
    """

    def __init__(
        self,
        *,
        data: Path | None = None,
        acl: bool = False,
        settings: Mapping[str, Any] | None = None,
        joins: Self | None = None,
        servers: int = 1,
    ) -> None:
        """Choose ports and options; entering starts the agent."""
        self._data = data
        self._joins = joins
        self._servers = servers
        self._acl = acl
        self._settings = settings or {}
        self._ports = {kind: free_port() for kind in ("http", "server", "serf-lan")}
        self._output = Path()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.token = ""

    @staticmethod
    def binary() -> str | None:
        """Return the program's path, None where it is not installed."""
        return shutil.which("consul") or shutil.which(str(_CONSUL_IN_CHECKOUT))

    @property
    def url(self) -> str:
        """The address of its HTTP interface."""
        return f"http://127.0.0.1:{self._ports['http']}"

    @property
    def pid(self) -> int:
        """The process to send signals to."""
        assert self._process is not None
        return self._process.pid

    def start(self, *, ready: bool = True) -> None:
        """Start the agent; when `ready`, wait until it leads and takes writes."""
        command = [self.binary() or "consul", "agent", *self._options()]
        with tempfile.NamedTemporaryFile(delete=False) as output:
            self._output = Path(output.name)
            self._process = subprocess.Popen(command, stdout=output, stderr=output)
        if ready and self._servers > 1:
            wait_until(self._answers, _STARTED_WITHIN)
        elif ready:
            wait_until(self._leads, _STARTED_WITHIN)
            if self._acl and not self.token:
                wait_until(self._bootstrapped, _STARTED_WITHIN)
            wait_until(self._takes_writes, _STARTED_WITHIN)

    def wait_for_leader(self) -> None:
        """Wait until the servers have elected a leader that takes writes."""
        wait_until(self._leads, _STARTED_WITHIN)
        wait_until(self._takes_writes, _STARTED_WITHIN)

    def kill(self) -> None:
        """End the agent at once, as a crash does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            self._output.unlink()
            if self._folder is not None:
                self._folder.cleanup()

    def restart(self) -> None:
        """Kill the agent and start it on the same ports; without `data` it has forgotten all."""
        self.kill()
        self.start()

    def put(self, key: str, value: bytes) -> None:
        """Write one key, as its UI does: without a precondition."""
        assert self.call("PUT", f"kv/{key}", value) is True

    def delete(self, key: str, *, below: bool = False) -> None:
        """Delete one key, or all that begin with it."""
        assert self.call("DELETE", f"kv/{key}{'?recurse' if below else ''}") is True

    def version(self, key: str) -> int:
        """Return the ModifyIndex of one key."""
        return int(self.call("GET", f"kv/{key}")[0]["ModifyIndex"])

    def knows(self, key: str) -> bool:
        """Say whether this very server has a key, whoever leads."""
        return _succeeds(lambda: self.call("GET", f"kv/{key}?stale"))

    def save(self) -> bytes:
        """Return a snapshot of the whole state."""
        return self._request("GET", "snapshot")

    def restore(self, snapshot: bytes) -> None:
        """Replace the whole state by a snapshot's; indexes go back."""
        self._request("PUT", "snapshot", snapshot)

    def create_token(self, name: str, *, rules: str) -> str:
        """Create a policy with these rules and a token that has it; return the token."""
        self.call("PUT", "acl/policy", json.dumps({"Name": name, "Rules": rules}).encode())
        grant = {"Description": name, "Policies": [{"Name": name}]}
        return str(self.call("PUT", "acl/token", json.dumps(grant).encode())["SecretID"])

    def change_rules(self, name: str, *, rules: str) -> None:
        """Replace the rules of a policy."""
        found = next(p for p in self.call("GET", "acl/policies") if p["Name"] == name)
        changed = json.dumps({"ID": found["ID"], "Name": name, "Rules": rules}).encode()
        self.call("PUT", f"acl/policy/{found['ID']}", changed)

    def revoke(self, token: str) -> None:
        """Delete a token."""
        own = self.call("GET", "acl/token/self", token=token)["AccessorID"]
        self.call("DELETE", f"acl/token/{own}")

    def call(self, method: str, path: str, body: bytes = b"", *, token: str | None = None) -> Any:
        """Call its HTTP interface below `/v1/` and return the decoded answer."""
        answer = self._request(method, path, body, token=token)
        return json.loads(answer) if answer else None

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

    def _options(self) -> list[str]:
        options = ["-bind", "127.0.0.1", "-client", "127.0.0.1"]
        options += ["-node", f"test-{self._ports['http']}"]
        ports = {**self._ports, "serf-wan": -1, "dns": -1, "grpc": -1, **_newer_ports()}
        options += [f"-{kind}-port={port}" for kind, port in ports.items()]
        # multiplier 1: an election takes one second, not five
        settings: dict[str, object] = {
            "disable_update_check": True,
            "performance": {"raft_multiplier": 1},
            **self._settings,
        }
        if self._acl:
            acl = {"enabled": True, "default_policy": "deny", "policy_ttl": "0s"}
            settings["acl"] = {**acl, **self._settings.get("acl", {})}
        options += ["-hcl", json.dumps(settings)]  # JSON is HCL
        if self._joins is not None:
            options.append(f"-retry-join=127.0.0.1:{self._joins._ports['serf-lan']}")
        return [*self._mode(), *options]

    def _mode(self) -> list[str]:
        if self._data is not None:
            return ["-server", f"-bootstrap-expect={self._servers}", f"-data-dir={self._data}"]
        if self._joins is None:
            return ["-dev"]
        self._folder = tempfile.TemporaryDirectory()
        return [f"-data-dir={self._folder.name}"]

    def _request(
        self, method: str, path: str, body: bytes = b"", *, token: str | None = None
    ) -> bytes:
        headers = {"X-Consul-Token": self.token if token is None else token}
        request = urllib.request.Request(  # noqa: S310 -- our own http address
            f"{self.url}/v1/{path}", data=body or None, headers=headers, method=method
        )
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 -- as above
            answer: bytes = response.read()
            return answer

    def _answers(self) -> bool:
        return _succeeds(lambda: self.call("GET", "agent/self"))

    def _leads(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self._output.read_text()
        return _succeeds(lambda: self.call("GET", "status/leader"))

    def _bootstrapped(self) -> bool:
        def bootstrap() -> bool:
            self.token = str(self.call("PUT", "acl/bootstrap")["SecretID"])
            return True

        return _succeeds(bootstrap)

    def _takes_writes(self) -> bool:
        return _succeeds(lambda: self.call("PUT", "kv/started", b"yes"))


def _succeeds(act: Callable[[], object]) -> bool:
    try:
        return bool(act())
    except OSError:  # urllib's errors are OSErrors
        return False


@cache
def _newer_ports() -> Mapping[str, int]:
    """Return the ports that Consul has since 1.14, closed; older ones refuse the option."""
    shown = subprocess.run(
        [Consul.binary() or "consul", "agent", "-help"], capture_output=True, check=False, text=True
    )
    return {"grpc-tls": -1} if "grpc-tls-port" in shown.stdout + shown.stderr else {}


async def eventually(probe: Callable[[], object], deadline: float = 60.0) -> None:
    """Await that `probe` returns something true; fail after `deadline` seconds."""
    async with asyncio.timeout(deadline):
        while not probe():  # noqa: ASYNC110 -- other processes set no event
            await asyncio.sleep(0.01)
