"""`AsyncClient`: all that `Client` has, without blocking."""

import asyncio
import inspect
import pydoc
from typing import Any, assert_type

import pytest

import plotkiln
from kilns import Kiln
from patients import patient
from plotkiln.client import Job, JobPage, Picture, StoredChart, Unfinished
from plotkiln.client.acts import act
from plotkiln.errors import RuleError, UnavailableError

pytestmark = pytest.mark.anyio


async def test_pictures_are_awaited(kiln: Kiln) -> None:
    """Several pictures are drawn at once, a slow one among them, and the loop goes on."""
    async with plotkiln.AsyncClient(kiln.url) as client:
        told: list[Job] = []
        slow = client.render(patient(3.0, "awaited"), progress=told.append)
        quick = [client.render(y=[number, 2]) for number in range(4)]
        pictures = await asyncio.gather(slow, *quick)
        assert len({picture.digest for picture in pictures}) == 5
        assert pictures[0].job
        assert told[-1].over


async def test_everything_is_there(kiln: Kiln) -> None:
    """Charts, jobs, styles and templates are asked for in the same words."""
    async with plotkiln.AsyncClient(kiln.url) as client:
        stored = await client.charts.store(y=[1, 2])
        assert_type(stored, StoredChart)
        picture = await client.charts.picture(stored)
        assert_type(picture, Picture)
        assert picture.format == "png"
        job = await client.jobs.submit(y=[1, 2])
        assert_type(job, Job)
        assert (await client.jobs.result(job)).data.startswith(b"\x89PNG")
        assert_type(await client.jobs.list(), JobPage)
        version = await client.styles.put("awaited", {}, expected=0)
        assert (await client.styles.get("awaited")).version == version
        assert (await client.templates.get("odometer")).title
        with pytest.raises(RuleError):
            await client.render(x=[1, 2], y=[1])
        assert client.charts.url("abc").endswith("/charts/abc.png")


async def test_a_task_that_is_cancelled_takes_its_job_along_if_asked(kiln: Kiln) -> None:
    """With `cancel` the job ends with the task; without, it goes on."""
    async with plotkiln.AsyncClient(kiln.url) as client:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(4):
                await client.render(patient(30.0, "taken along"), cancel=True)
        taken = (await client.jobs.list(limit=1)).jobs[0]
        assert taken.state == "cancelled"
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(4):
                await client.render(patient(30.0, "left"))
        left = (await client.jobs.list(limit=1)).jobs[0]
        assert left.id != taken.id
        assert not left.over
        with pytest.raises(Unfinished):
            await client.jobs.result(left, timeout=0.5)
        await client.jobs.cancel(left)


async def test_where_no_server_answers() -> None:
    """A refused connection is the same error."""
    async with plotkiln.AsyncClient("http://127.0.0.1:1") as client:
        with pytest.raises(UnavailableError, match="no server answers"):
            await client.render(y=[1])


def test_both_clients_have_the_same_acts() -> None:
    """What one client can be asked for the other can, with the same parameters and words."""
    blocking, awaited = plotkiln.Client("http://a"), plotkiln.AsyncClient("http://a")
    names = ["render", *(f"{room}.{name}" for room in _ROOMS for name in _acts(blocking, room))]
    assert len(names) > 20
    for name in names:
        one, other = _found(blocking, name), _found(awaited, name)
        assert inspect.signature(one) == inspect.signature(other)
        assert "self" not in inspect.signature(one).parameters
        assert one.__doc__ == other.__doc__
        assert one.__doc__
    blocking.close()


@pytest.mark.parametrize("kind", [plotkiln.Client, plotkiln.AsyncClient])
def test_acts_are_methods_of_their_class(kind: Any) -> None:
    """What looks at classes, as help and editors do, finds methods with their parameters."""
    assert callable(kind.render)
    on_class, bound = inspect.signature(kind.render), inspect.signature(kind("http://a").render)
    assert list(on_class.parameters) == ["self", *bound.parameters]
    assert on_class.return_annotation == bound.return_annotation == Picture
    assert kind.render.__qualname__ == "Server.render"
    assert "render(self, spec: Any = None, /, *, format:" in pydoc.plain(pydoc.render_doc(kind))
    assert "render(self, spec: Any = None" in pydoc.plain(pydoc.render_doc(kind.render))


async def test_acts_are_called_on_the_class(kiln: Kiln) -> None:
    """An act that is taken from the class is given its client first, as any method."""
    with plotkiln.Client(kiln.url) as client:
        drawn = plotkiln.Client.render(client, y=[1, 2])
        assert_type(drawn, Picture)
    async with plotkiln.AsyncClient(kiln.url) as awaited:
        again = await plotkiln.AsyncClient.render(awaited, {"y": [1, 2]})
        assert_type(again, Picture)
    assert again.digest == drawn.digest


_ROOMS = ("charts", "jobs", "styles", "templates")


def _acts(client: plotkiln.Client, room: str) -> list[str]:
    return [
        name for name, value in vars(type(getattr(client, room))).items() if isinstance(value, act)
    ]


def _found(client: Any, name: str) -> Any:
    found = client
    for part in name.split("."):
        found = getattr(found, part)
    return found
