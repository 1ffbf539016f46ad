"""Workers, the zygote and the web process are killed, stopped and told to end, under load."""

import os
import random
import re
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from kilns import Kiln, alive, children
from load import Load, Report, picture_fault, summary
from servers import wait_until
from templated import HEAD, write_files

pytestmark = pytest.mark.fault

KILLS = 32
#: Of so many kills one hits the zygote.
ZYGOTE_EVERY = 8

SMALL = {"y": [1, 3, 2], "size": {"width": 320, "height": 240}}


#: A drawing that takes as long as it is told to, on every machine.
PATIENT = (
    "import time\n"
    + HEAD
    + """\
@template("patient")
def patient(figure, *, seconds: float):
    \"\"\"Wait, and draw nothing.\"\"\"
    time.sleep(seconds)
"""
)


def slow(seconds: float) -> dict[str, object]:
    """Return a spec that takes so many seconds."""
    return {"template": "patient", "params": {"seconds": seconds}}


def patient_kiln(folder: Path, **settings: str) -> Kiln:
    """Return a server that has the patient template."""
    templates = write_files(folder / "templates", {"patient.py": PATIENT})
    return Kiln(folder / "data", command=None, PLOTKILN_TEMPLATES=str(templates), **settings)


def answering(url: str) -> Callable[[], bool]:
    """Return what says whether a server takes requests."""

    def probe() -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(f"{url}/health/ready").status_code == 200
        return False

    return probe


def killed(url: str) -> int:
    """Return the renders whose worker was lost, from the metrics."""
    counted = re.findall(
        r"^plotkiln_renders_killed_total\{.*\} (\S+)",
        httpx.get(f"{url}/metrics").text,
        re.MULTILINE,
    )
    return round(sum(map(float, counted)))


def kill(pid: int) -> None:
    """Kill a process that may have ended by itself."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def family(kiln: Kiln) -> tuple[int, list[int]]:
    """Return the zygote's and its workers' process ids, once there is a zygote and a worker."""
    wait_until(lambda: len(children(kiln.pid)) > 1)
    zygote, *workers = children(kiln.pid)
    return zygote, workers


def test_killed_workers_lose_no_picture(tmp_path: Path, report: Report) -> None:
    """Every request survives the loss of its worker, or of the zygote and all its workers."""
    chance = random.Random(11)  # noqa: S311 -- no secret
    victims = {"workers": 0, "zygotes": 0}
    with Kiln(tmp_path, PLOTKILN_WORKERS="2") as kiln, Load(kiln.url) as load:
        for number in range(1, KILLS + 1):
            zygote, workers = family(kiln)
            victim = chance.choice(workers) if number % ZYGOTE_EVERY else zygote
            victims["zygotes" if victim == zygote else "workers"] += 1
            kill(victim)
            wait_until(lambda: not alive(victim))  # noqa: B023 -- asked at once
            # A request may lose one worker, not two: whoever took the dead one must be through.
            load.more(6)
            load.settle()
            load.more(chance.randrange(3))
        load.more(10)
        counted = summary(load.answers, killed=victims, renders_retried=killed(kiln.url))
    report("workers and zygotes killed under load", counted)
    assert not counted["failed"], counted["faults"]
    assert counted["renders_retried"]


def test_killed_idle_processes_lose_no_picture(tmp_path: Path, report: Report) -> None:
    """Whatever died while nothing was asked, the next requests get their pictures."""
    rounds = 8
    with (
        Kiln(tmp_path, PLOTKILN_WORKERS="2") as kiln,
        ThreadPoolExecutor(2) as threads,
        kiln.client() as client,
    ):

        def ask(number: int) -> int:
            return client.post("/plot", json={**SMALL, "title": f"Idle {number}"}).status_code

        statuses = list(threads.map(ask, (0, 1)))
        for number in range(1, rounds + 1):
            zygote, workers = family(kiln)
            for pid in (workers, [zygote])[number % 2]:
                kill(pid)
            statuses.append(ask(3 * number))  # alone: it meets one dead worker after the other
            statuses += threads.map(ask, (3 * number + 1, 3 * number + 2))
        report(
            "idle workers or their zygote killed, then asked at once",
            {
                "requests": len(statuses),
                "failed": len(statuses) - statuses.count(200),
                "rounds": rounds,
                "renders_retried": killed(kiln.url),
            },
        )
    assert set(statuses) == {200}


def test_a_killed_server_costs_one_retry(tmp_path: Path, report: Report) -> None:
    """After kill -9 and a restart every request is answered at its second try; nothing is left."""
    rounds, left = 3, 0
    kiln = Kiln(tmp_path, PLOTKILN_WORKERS="2")
    with kiln, Load(kiln.url, ready=answering(kiln.url)) as load:
        for _ in range(rounds):
            load.more(10)
            below = children(kiln.pid)
            assert below
            kiln.stop(signal.SIGKILL)
            kiln.start()
            wait_until(lambda: not any(map(alive, below)), 30)  # noqa: B023 -- asked at once
            left += sum(map(alive, below))
            load.settle()
        load.more(10)
        counted = summary(load.answers, kills=rounds, processes_left=left)
    report("web process killed under load, restarted on the same port and data", counted)
    assert not counted["failed"], counted["faults"]
    assert counted["retried"]


def test_sigterm_drains(tmp_path: Path, report: Report) -> None:
    """After SIGTERM a render in flight is answered, newcomers are refused, and nothing is left."""
    with (
        patient_kiln(tmp_path, PLOTKILN_WORKERS="2") as kiln,
        ThreadPoolExecutor(1) as threads,
        kiln.client() as lingering,
    ):
        lingering.get("/health/live")  # an idle connection must not hold the server
        with kiln.client() as client:
            flying = threads.submit(client.post, "/plot", json=slow(3))
            wait_until(lambda: lingering.get("/health/ready").json()["renders"])
            pid, below = kiln.pid, children(kiln.pid)
            os.kill(pid, signal.SIGTERM)
            wait_until(lambda: refused(kiln.port))
            in_flight = not flying.done()
            answer = flying.result()
        wait_until(lambda: not alive(pid))
        code = kiln.stop()
        wait_until(lambda: not any(map(alive, below)), 5)
    report(
        "SIGTERM with a render in flight",
        {
            "status": answer.status_code,
            "refused_meanwhile": in_flight,
            "exit_code": code,
            "processes_left": sum(map(alive, below)),
        },
    )
    assert in_flight
    assert answer.status_code == 200, answer.text
    assert not picture_fault(answer.content)
    assert code == 0


def test_a_second_sigterm_ends_at_once(tmp_path: Path) -> None:
    """A second SIGTERM ends the server though it renders; that request is told to come again."""
    with (
        patient_kiln(tmp_path, PLOTKILN_WORKERS="2") as kiln,
        ThreadPoolExecutor(1) as threads,
    ):
        flying = threads.submit(httpx.post, f"{kiln.url}/plot", json=slow(15), timeout=60)
        with kiln.client() as client:
            wait_until(lambda: client.get("/health/ready").json()["renders"])
        below = children(kiln.pid)
        os.kill(kiln.pid, signal.SIGTERM)
        wait_until(lambda: refused(kiln.port))
        assert not flying.done()
        assert kiln.stop(signal.SIGTERM, within=5) == 0
        wait_until(lambda: not any(map(alive, below)), 5)
        answer = flying.result()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


def test_a_drain_is_bounded(tmp_path: Path) -> None:
    """A render that outlasts the drain is told to come again, and the exit code is still 0."""
    with (
        patient_kiln(tmp_path, PLOTKILN_WORKERS="1", PLOTKILN_DRAIN="1") as kiln,
        ThreadPoolExecutor(1) as threads,
    ):
        flying = threads.submit(httpx.post, f"{kiln.url}/plot", json=slow(15), timeout=60)
        with kiln.client() as client:
            wait_until(lambda: client.get("/health/ready").json()["renders"])
        below = children(kiln.pid)
        assert kiln.stop(signal.SIGTERM) == 0
        wait_until(lambda: not any(map(alive, below)), 5)
        answer = flying.result()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    log = kiln.log.read_text()
    assert "Traceback" not in log, log


def test_a_hanging_worker_ends_by_the_budget(tmp_path: Path, report: Report) -> None:
    """A worker that hangs makes a job of its request when the budget is over, and is replaced."""
    with (
        Kiln(tmp_path, PLOTKILN_WORKERS="2", PLOTKILN_BUDGET="6") as kiln,
        Load(kiln.url, repeated_every=0) as load,  # whoever joins a render shares its end
    ):
        _, workers = family(kiln)
        os.kill(workers[0], signal.SIGSTOP)
        wait_until(lambda: not alive(workers[0]))
        load.settle()
        hung = time.monotonic()
        load.more(20)
        after = load.since(hung)
        answers = load.answers
        counted = summary(answers, stopped_workers=1)
    report("a worker hangs (SIGSTOP) under load, budget 6 s", counted)
    assert counted["failed"] == 1
    assert {answer.status for answer in answers} == {200, 202}
    assert {answer.status for answer in after} == {200}


def test_a_hanging_zygote_is_replaced(tmp_path: Path, report: Report) -> None:
    """A zygote that forks nothing any more is replaced by the render that needs it."""
    with Kiln(tmp_path, PLOTKILN_WORKERS="2") as kiln, Load(kiln.url) as load:
        zygote, workers = family(kiln)
        os.kill(zygote, signal.SIGSTOP)
        kill(workers[0])
        wait_until(lambda: not alive(zygote))
        load.settle()
        load.more(10)
        counted = summary(load.answers, stopped_zygotes=1, renders_retried=killed(kiln.url))
    report("the zygote hangs (SIGSTOP), and a worker is killed", counted)
    assert not counted["failed"], counted["faults"]


def refused(port: int) -> bool:
    """Say whether nobody listens on a port."""
    try:
        httpx.get(f"http://127.0.0.1:{port}/health/live", timeout=5)
    except httpx.ConnectError:
        return True
    except httpx.TransportError:  # a connection made before the listener closed
        return False
    return False
