import asyncio
from datetime import timedelta

import msgspec
import pytest

from plotkiln.artifacts import Inputs, JobInput
from plotkiln.artifacts.objects import Objects
from plotkiln.style.builtin import BUILTIN
from plotkiln.style.looks import Look

pytestmark = pytest.mark.anyio

DIGEST = "ab" * 32

INPUT = JobInput(
    spec=b'{"template": "odometer", "params": {"value": 7}}',
    look=Look(
        name="dark",
        version=12,
        state="stale",
        style=msgspec.structs.replace(
            BUILTIN, rc={"axes.grid": True, "lines.dashed_pattern": [3, 1]}
        ),
        digest="cd" * 32,
        warnings=("colour: unknown member",),
    ),
    format="svg",
    spec_digest="ef" * 32,
    template="odometer",
)


@pytest.fixture
def inputs(objects: Objects) -> Inputs:
    """Open each kind of store in turn."""
    return Inputs(objects)


async def test_an_input_comes_back(inputs: Inputs) -> None:
    """Spec, look, format and digests come back as they were, and are gone once removed."""
    assert await inputs.get(DIGEST) is None
    assert await inputs.put(DIGEST, INPUT) is True
    assert await inputs.get(DIGEST) == INPUT
    await inputs.remove(DIGEST)
    await inputs.remove(DIGEST)
    assert await inputs.get(DIGEST) is None


async def test_one_of_many_writes(inputs: Inputs) -> None:
    """Of many equal jobs that are submitted at once one writes the input, and none fails."""
    wrote = await asyncio.gather(*(inputs.put(DIGEST, INPUT) for _ in range(20)))
    assert sorted(wrote) == [False] * 19 + [True]
    assert await inputs.get(DIGEST) == INPUT


async def test_the_sweep_goes_by_age(inputs: Inputs) -> None:
    """Inputs stay until their age has passed."""
    await inputs.put(DIGEST, INPUT)
    await inputs.put("cd" * 32, INPUT)
    assert await inputs.sweep(timedelta(hours=1)) == 0
    assert await inputs.sweep(timedelta(hours=-1)) == 2
    assert await inputs.get(DIGEST) is None


async def test_what_cannot_be_read_is_not_there(objects: Objects) -> None:
    """An input that is no MessagePack, or of another make, is none."""
    for data in (b"torn", msgspec.msgpack.encode({"spec": 3})):
        await objects.write(f"inputs/ab/{DIGEST}", data, {})
        assert await Inputs(objects).get(DIGEST) is None
