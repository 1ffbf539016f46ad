import http.client
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from containers import PROGRAMS, Container
from kilns import alive
from patients import patient
from plotkiln.live.messages import SUBPROTOCOL
from sandboxes import Sandbox
from servers import wait_until

#: Makes a container of a program, and ends it after the test.
Make = Callable[..., Container]


@pytest.fixture
def make(sandbox: Sandbox, run: Path, settings: dict[str, str]) -> Make:
    """Return what makes containers of this test's pod."""

    def container(*arguments: str, **further: str) -> Container:
        return Container(sandbox, *arguments, run=run, settings={**settings, **further})

    return container


@pytest.mark.parametrize("program", PROGRAMS)
def test_once_ready_it_stays_ready(make: Make, program: str) -> None:
    """Probed from the first instant on, it is ready within seconds, and then for good."""
    with closing(make(*PROGRAMS[program])) as container:
        container.launch()
        probed = container.probe()
        later = container.probe_again(100)
        print(f"{program}: ready after {probed.ready:.2f} s; {probed}; later {later}")
    assert probed.failed == 0


def test_the_first_picture_comes_while_it_still_loads(make: Make) -> None:
    """A request that comes with the first readiness is drawn, not refused."""
    with make() as container:
        ready = time.monotonic() - container.started
        answer = container.plot(x=[1, 2, 3], y=[4, 1, 7], title="各季度")
        drawn = time.monotonic() - container.started
        print(f"start → ready {ready:.2f} s → first picture {drawn:.2f} s")
    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")


def test_it_draws_every_format_without_a_warning(make: Make) -> None:
    """What the image leaves out is missed by no format, and Chinese has its fonts."""
    with make() as container:
        for name in ("png", "svg", "pdf", "webp", "jpeg"):
            answer = container.plot(y=[4, 1, 7], title="各季度 $x^2$", format=name)
            assert answer.status == 200, answer.body
            assert "plotkiln-warnings" not in answer.headers


def test_port_is_taken_from_port(make: Make) -> None:
    """Whatever port is named, it listens there and nowhere else."""
    with make(PORT="9999") as container:
        assert container.ask("GET", "/health/live").status == 200


def test_sigterm_lets_work_finish(make: Make) -> None:
    """What is in flight is answered, nothing new is taken, and the exit code is 0."""
    with make() as container, ThreadPoolExecutor() as threads:
        pending = threads.submit(_status, container, _long(container, 3.0))
        wait_until(lambda: _is_drawn(container))
        container.signal(signal.SIGTERM)
        wait_until(lambda: container.ended or container.probe_once() == "refused")
        assert pending.result() == 200
        assert container.wait() == 0


def test_a_second_sigterm_ends_it_at_once(make: Make) -> None:
    """Whoever does not want to wait for a long picture need not."""
    with make(PLOTKILN_BUDGET="90") as container, ThreadPoolExecutor() as threads:
        pending = threads.submit(_status, container, _long(container, 60.0))
        wait_until(lambda: _is_drawn(container))
        container.signal(signal.SIGTERM)
        wait_until(lambda: container.probe_once() == "refused")
        container.signal(signal.SIGTERM)
        assert container.wait(45.0) == 0
        assert pending.result() != 200


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("instant", ["first line", "imports", "socket"])
def test_sigterm_ends_it_while_it_starts(make: Make, program: str, instant: str) -> None:
    """The first process of a name space has no default action; it ends all the same."""
    with closing(make(*PROGRAMS[program])) as container:
        container.launch()
        pid = container.pid
        wait_until(lambda: _INSTANTS[instant](container), every=0.002)
        os.kill(pid, signal.SIGTERM)
        assert container.wait(30.0) in {0, 128 + signal.SIGTERM, -signal.SIGTERM}


def test_sigterm_sends_listeners_home(make: Make) -> None:
    """Sockets, which would last for hours, are closed as going away when the pod ends."""
    with make("live") as container:
        connection = container.sandbox.connect(container.port, timeout=60)
        with connect(
            "ws://127.0.0.1/live", sock=connection, subprotocols=[Subprotocol(SUBPROTOCOL)]
        ) as listening:
            container.signal(signal.SIGTERM)
            list(listening)  # until it is closed
        assert container.wait() == 0
    assert listening.close_code in {1001, 1012}


def test_too_many_requests_are_refused_with_a_time_to_come_again(make: Make) -> None:
    """Beyond workers and queue there is 429 with Retry-After, and nothing else but pictures."""
    few = {"PLOTKILN_WORKERS": "1", "PLOTKILN_QUEUE": "3"}
    with make(**few) as container, ThreadPoolExecutor(24) as threads:
        pending = [threads.submit(container.plot, **patient(0.3, str(n))) for n in range(24)]
        answers = [one.result() for one in pending]
    met = Counter(answer.status for answer in answers)
    assert set(met) == {200, 429}, met
    assert all("retry-after" in answer.headers for answer in answers if answer.status == 429)


def test_probes_are_answered_while_it_draws(make: Make) -> None:
    """A pod that is busy with all it may do is still ready."""
    few = {"PLOTKILN_WORKERS": "1", "PLOTKILN_QUEUE": "3", "PLOTKILN_BUDGET": "90"}
    with make(**few) as container, ThreadPoolExecutor(3) as threads:
        specs = [_long(container, 60.0), patient(0.1, "a"), patient(0.1, "b")]
        pending = [threads.submit(_status, container, spec) for spec in specs]
        wait_until(lambda: _is_drawn(container))
        print(f"probes while it draws: {container.probe_again(20)}")
        _last(container, 0.0)
        assert [one.result() for one in pending] == [200] * 3


def test_no_zombies_stay(make: Make) -> None:
    """Orphans become children of the first process; it waits for them when they end."""
    with make() as container:
        assert container.plot(y=[1, 2]).status == 200
        zygote, *workers = container.processes[1:]
        assert workers
        os.kill(zygote, signal.SIGKILL)
        wait_until(lambda: not any(alive(pid) for pid in (zygote, *workers)))
        assert container.plot(y=[2, 1]).status == 200
        wait_until(lambda: not _zombies(container))


def test_sigkill_leaves_nothing(make: Make) -> None:
    """What the grace period ends leaves no process behind."""
    with make() as container:
        assert container.plot(y=[1, 2]).status == 200
        processes = container.processes
        container.signal(signal.SIGKILL)
        container.wait()
        wait_until(lambda: not any(map(alive, processes)))
    assert len(processes) > 2


def _long(container: Container, seconds: float) -> dict[str, Any]:
    """Return a spec that is drawn for so many seconds, and tells when it is begun."""
    _last(container, seconds)
    return patient(0.0) | {"params": {"sheet": "/tmp/sheet"}}  # noqa: S108 -- the container's own


def _last(container: Container, seconds: float) -> None:
    """Have the drawing take so many seconds in all."""
    beside = _inside(container, "beside")
    beside.write_text(str(seconds))
    beside.replace(_inside(container, "sheet"))  # a reader finds the old one or the new one


def _is_drawn(container: Container) -> bool:
    return _inside(container, "sheet.pid").exists()


def _inside(container: Container, name: str) -> Path:
    """Return a file in the container's `/tmp`, as it is reached from out here."""
    return Path(f"/proc/{container.pid}/root/tmp", name)


def _status(container: Container, spec: dict[str, Any]) -> int:
    """Ask for a picture; return the status, 0 where the connection was cut."""
    try:
        return container.plot(**spec).status
    except (OSError, http.client.HTTPException):
        return 0


def _catches_sigterm(container: Container) -> bool:
    """Say whether a program's first line has run: until then, Python itself is loaded."""
    for line in Path(f"/proc/{container.pid}/status").read_text().splitlines():
        if line.startswith("SigCgt:"):
            return bool(int(line.split()[1], 16) >> (signal.SIGTERM - 1) & 1)
    return False


def _imports(container: Container) -> bool:
    """Say whether a program imports what it runs on, and has most of it before it."""
    return _catches_sigterm(container) and "msgspec" in _maps(container)


def _maps(container: Container) -> str:
    return Path(f"/proc/{container.pid}/maps").read_text()


#: Where in its start a program is met.
_INSTANTS: dict[str, Callable[[Container], bool]] = {
    "first line": _catches_sigterm,
    "imports": _imports,
    "socket": lambda container: container.probe_once() != "refused",
}


def _zombies(container: Container) -> list[int]:
    return [pid for pid in container.processes if not alive(pid)]
