"""Drawings of requests and of jobs, in a real pool, by templates that end when they are told to."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from kilns import alive
from plotkiln.cli.workshop import Workshop, open_workshop
from plotkiln.errors import DeadlineExceeded, StoreUnavailable
from plotkiln.identity import ANONYMOUS
from plotkiln.service import Picture, Plan, drawings
from plotkiln.settings import read_settings
from plotkiln.workers import Progress, installed_fonts
from s3_servers import S3Server
from servers import eventually
from templated import write_files

pytestmark = pytest.mark.anyio

#: Draws once there is a file of this name.
WAITS = """
import os
import time

from plotkiln.templates import progress, template

@template("waits")
def waits(figure, *, file: str):
    progress(0.5, "Waiting")
    while not os.path.exists(file):
        time.sleep(0.01)
    figure.subplots().plot([1, 2])
"""

#: Seconds that a request may take here.
BUDGET = 3


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the stores."""
    return tmp_path_factory.mktemp("workshop")


@pytest.fixture(scope="module")
async def workshop(data: Path) -> AsyncIterator[Workshop]:
    """Open what draws, with one worker for requests and one for jobs."""
    told = {
        "PLOTKILN_DATA": str(data),
        "PLOTKILN_TEMPLATES": str(write_files(data / "templates", {"waits.py": WAITS})),
        "PLOTKILN_WORKERS": "1",
        "PLOTKILN_BUDGET": str(BUDGET),
    }
    async with open_workshop(read_settings(told), installed_fonts()) as opened:
        yield opened


@pytest.fixture
def go(tmp_path: Path) -> Path:
    """Name the file that a drawing of this test waits for."""
    return tmp_path / "go"


def release(go: Path) -> None:
    """Let a drawing go on."""
    go.touch()


async def plan_of(workshop: Workshop, go: Path | None = None) -> Plan:
    """Plan a picture that nobody has drawn yet; it waits for a file, if one is named."""
    waits = {"template": "waits", "params": {"file": str(go)}}
    chart = {"y": [1, 2]}
    size = {"width": 160, "height": 120}
    spec = {**(waits if go else chart), "size": size, "alt": uuid4().hex}
    data = msgspec.json.encode(spec)
    return await workshop.renders.plan(ANONYMOUS, data, await workshop.renders.read(data))


def job(
    workshop: Workshop, plan: Plan, heard: list[Progress] | None = None, *, budget: float = 60
) -> "asyncio.Task[Picture]":
    """Begin to draw a plan as a job does."""
    listen = (lambda _: None) if heard is None else heard.append
    return asyncio.create_task(
        workshop.renders.picture(plan, budget=budget, progress=listen, lane="job", must_store=True)
    )


def drawn(workshop: Workshop) -> int:
    """Return how many pictures were drawn."""
    return workshop.metrics.counters["pictures", ("drawn",)]


async def test_equal_jobs_are_drawn_once(workshop: Workshop, go: Path) -> None:
    """Jobs that join hear what was told last, and one that is cancelled disturbs nobody."""
    plan, before = await plan_of(workshop, go), drawn(workshop)
    first, second, third = list[Progress](), list[Progress](), list[Progress]()
    one = job(workshop, plan, first)
    await eventually(lambda: any(told.message == "Waiting" for told in first))
    two, three = job(workshop, plan, second), job(workshop, plan, third)
    await eventually(lambda: second and third)
    assert second[0] == Progress("build", 0.3, "Waiting")
    one.cancel()
    release(go)
    sources = {(await two).source, (await three).source}
    assert sources == {"joined"}
    assert drawn(workshop) == before
    assert second[-1].stage == "encode"
    assert first[-1].message == "Waiting", "who is gone hears nothing"


async def test_the_last_job_that_is_cancelled_ends_the_drawing(
    workshop: Workshop, go: Path
) -> None:
    """Nothing is drawn for nobody: the process is gone a second after the last one has left."""
    plan = await plan_of(workshop, go)
    jobs = [job(workshop, plan) for _ in range(2)]
    await eventually(lambda: workshop.pool.pids["busy"])
    (worker,) = workshop.pool.pids["busy"]
    for one in jobs:
        assert alive(worker)
        one.cancel()
        with pytest.raises(asyncio.CancelledError):
            await one
    await eventually(lambda: not alive(worker), deadline=1)


async def test_a_job_joins_a_request(workshop: Workshop, go: Path) -> None:
    """A job of what somebody waits for already has it drawn but once, and stored."""
    plan, before = await plan_of(workshop, go), drawn(workshop)
    request = asyncio.create_task(workshop.renders.picture(plan))
    await eventually(lambda: workshop.pool.pids["busy"])
    heard: list[Progress] = []
    joined = job(workshop, plan, heard)
    await eventually(lambda: heard)
    release(go)
    assert (await request).source == "drawn"
    assert (await joined).source == "joined"
    assert drawn(workshop) == before + 1
    assert await workshop.renderings.get(plan.digest, plan.format) is not None


async def test_a_job_outlives_the_request_it_joined(workshop: Workshop, go: Path) -> None:
    """Where the request has spent its budget the job goes on with its own."""
    plan = await plan_of(workshop, go)
    request = asyncio.create_task(workshop.renders.picture(plan))
    await eventually(lambda: workshop.pool.pids["busy"])
    joined = job(workshop, plan)
    with pytest.raises(DeadlineExceeded, match=f"{BUDGET} s"):
        await request
    assert not joined.done()
    release(go)
    assert (await joined).source == "drawn"


async def test_a_request_joins_a_job(workshop: Workshop, go: Path) -> None:
    """A request of what a job is at has it drawn but once."""
    plan, before = await plan_of(workshop, go), drawn(workshop)
    long = job(workshop, plan)
    await eventually(lambda: workshop.pool.pids["busy"])
    request = asyncio.create_task(workshop.renders.picture(plan))
    await asyncio.sleep(0)  # it has joined, or begun
    release(go)
    assert (await request).source == "joined"
    assert (await long).source == "drawn"
    assert drawn(workshop) == before + 1


async def test_a_request_that_joined_a_job_keeps_its_budget(workshop: Workshop, go: Path) -> None:
    """A request leaves the job that it joined once its own budget is spent, and the job goes on."""
    plan = await plan_of(workshop, go)
    long = job(workshop, plan)
    await eventually(lambda: workshop.pool.pids["busy"])
    with pytest.raises(DeadlineExceeded, match=r"0\.2 s"):
        await workshop.renders.picture(plan, budget=0.2)
    release(go)
    assert (await long).source == "drawn"


async def test_a_request_outlives_the_job_it_joined(workshop: Workshop, go: Path) -> None:
    """Where the job is cancelled, who waits for its drawing gets that."""
    plan = await plan_of(workshop, go)
    long = job(workshop, plan)
    await eventually(lambda: workshop.pool.pids["busy"])
    request = asyncio.create_task(workshop.renders.picture(plan))
    await asyncio.sleep(0)
    long.cancel()
    release(go)
    assert (await request).source == "joined"


async def test_a_job_has_a_budget_of_its_own(workshop: Workshop, go: Path) -> None:
    """A job that spends its budget is told of that, not of a request's."""
    with pytest.raises(DeadlineExceeded, match=r"0\.3 s"):
        await job(workshop, await plan_of(workshop, go), budget=0.3)


async def test_what_cannot_be_stored_is_not_drawn_again(workshop: Workshop, data: Path) -> None:
    """A job's result that the store does not take is an error; the next attempt stores it."""
    plan, before = await plan_of(workshop), drawn(workshop)
    folder = data / "renderings" / plan.digest[:2]
    if folder.exists():
        folder.rename(folder.with_name("aside"))
    folder.write_bytes(b"a file where a folder should be")
    with pytest.raises(StoreUnavailable):
        await job(workshop, plan)
    assert (await workshop.renders.picture(plan)).source == "memory", "requests need no store"
    with pytest.raises(StoreUnavailable):
        await job(workshop, plan)
    folder.unlink()
    stored = await job(workshop, plan)
    assert stored.source == "memory"
    assert drawn(workshop) == before
    found = await workshop.renderings.get(plan.digest, plan.format)
    assert found is not None
    assert found.data == stored.data


async def test_a_stored_result_is_found(workshop: Workshop) -> None:
    """What is in the store already is neither drawn nor written again."""
    plan, before = await plan_of(workshop), drawn(workshop)
    first = await job(workshop, plan)
    again = await job(workshop, plan)
    assert (first.source, again.source) == ("drawn", "memory")
    assert drawn(workshop) == before + 1
    assert first.data == again.data


async def test_a_store_that_is_silent_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for a picture gets it, whatever becomes of the store that would keep it."""
    monkeypatch.setattr(drawings, "_PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        for name, value in {**S3Server().settings(), "AWS_ENDPOINT": endpoint}.items():
            monkeypatch.setenv(name, value)
        told = {"PLOTKILN_DATA": str(tmp_path), "PLOTKILN_ARTIFACTS_URL": "s3://bucket"}
        async with open_workshop(read_settings(told), installed_fonts()) as workshop:
            picture = await workshop.renders.picture(await plan_of(workshop))
            assert picture.source == "drawn"
            assert workshop.metrics.counters["store_failures", ("renderings",)] == 2
