import os
import socket
import threading
from pathlib import Path

import pytest

from orders import OpenPool, by_template, order_of, templates_in
from plotkiln.workers import Pool, Progress, Templates
from plotkiln.workers.messages import FrameBuffer, decode_reply
from plotkiln.workers.telling import Teller

#: A template that tells where it is.
TELLS = """
from plotkiln.templates import progress, template

@template("tells")
def tells(figure, *, value: float = 0):
    progress(0.5, "Fitting")
    figure.subplots().plot([value, 1])
    progress(1, "Done")
"""

#: One that tells it without end, from two threads.
CHATTERS = """
from plotkiln.templates import progress, template
import threading

def talk():
    for number in range(20000):
        progress(number / 20000, f"step {number}")

@template("chatters")
def chatters(figure, *, value: float = 0):
    threads = [threading.Thread(target=talk) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    figure.subplots().plot([value, 1])
"""


async def told(pool: Pool, templates: Templates, name: str) -> list[Progress]:
    """Draw by a template; return what was told meanwhile."""
    heard: list[Progress] = []
    order = by_template(templates, name)
    await pool.render(order, budget=20, templates=templates, progress=heard.append)
    return heard


@pytest.mark.anyio
async def test_a_chart_tells_its_stages(open_pool: OpenPool) -> None:
    """Each stage is told as it begins, render after render of one worker."""
    async with open_pool() as pool:
        for _ in range(2):
            heard: list[Progress] = []
            await pool.render(order_of(), budget=20, progress=heard.append)
            assert [one.stage for one in heard] == ["build", "draw", "encode"]
            assert [one.fraction for one in heard] == [0.0, 0.6, 0.9]
        await pool.render(order_of(), budget=20)  # with nobody who listens


@pytest.mark.anyio
async def test_a_template_tells_how_far_it_is(open_pool: OpenPool, tmp_path: Path) -> None:
    """What a template tells is a part of the whole drawing, with its own words."""
    templates = templates_in(tmp_path, tells=TELLS)
    async with open_pool() as pool:
        heard = await told(pool, templates, "tells")
    assert Progress("build", 0.3, "Fitting") in heard
    assert Progress("build", 0.6, "Done") in heard
    assert [one.stage for one in heard[-2:]] == ["draw", "encode"]


@pytest.mark.anyio
async def test_a_template_that_chatters_is_cut_short(open_pool: OpenPool, tmp_path: Path) -> None:
    """Ten frames in a second are the most, whole ones, and they never go back."""
    templates = templates_in(tmp_path, chatters=CHATTERS)
    async with open_pool() as pool:
        heard = await told(pool, templates, "chatters")
    fractions = [one.fraction for one in heard]
    assert fractions == sorted(fractions)
    assert heard[-1].stage == "encode"
    assert "" in {one.message for one in heard} < {"", *(f"step {n}" for n in range(20000))}


def frames_of(teller_end: socket.socket) -> list[Progress]:
    """Return the frames that arrived."""
    teller_end.setblocking(False)
    return [decode_reply(body) for body in FrameBuffer().feed(teller_end.recv(1 << 20))]


def test_ten_frames_a_second() -> None:
    """Of a thousand calls ten are sent, and each stage's beginning."""
    ours, theirs = socket.socketpair()
    with ours, theirs, Teller(theirs) as teller:
        for number in range(1000):
            teller.tell("build", number / 1000, "")
        teller.tell("draw", 0.6, "")
        teller.tell("encode", 0.9, "")
        heard = frames_of(ours)
    assert [one.stage for one in heard] == ["build"] * 10 + ["draw", "encode"]


def test_nothing_goes_back() -> None:
    """A drawing that begins anew inside one order says nothing until it is further."""
    ours, theirs = socket.socketpair()
    with ours, theirs, Teller(theirs) as teller:
        for fraction in (0.0, 0.5, 0.0, 0.4, 0.5, 0.55):
            teller.tell("build", fraction, "")
        heard = frames_of(ours)
    assert [one.fraction for one in heard] == [0.0, 0.5, 0.55]


def test_a_teller_falls_silent() -> None:
    """Once the drawing is over nothing is told any more, whatever thread goes on."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with Teller(theirs) as teller:
            teller.tell("build", 0.0, "")
        thread = threading.Thread(target=teller.tell, args=("build", 0.5, "late"))
        thread.start()
        thread.join()
        assert len(frames_of(ours)) == 1


def test_a_fork_of_a_template_is_silent() -> None:
    """A process that a template forks has the same channel, and must not speak on it."""
    ours, theirs = socket.socketpair()
    with ours, theirs, Teller(theirs) as teller:
        teller.tell("build", 0.0, "")
        pid = os.fork()
        if pid == 0:
            teller.tell("build", 0.5, "from a fork")
            os._exit(0)
        os.waitpid(pid, 0)
        assert len(frames_of(ours)) == 1
