"""Looks at pictures that take too long, whose jobs end as a test wants."""

import time

import msgspec
import pytest

from job_rooms import JobRoom
from patients import patient
from plotkiln.errors import BeingDrawn, UnavailableError
from plotkiln.identity import ANONYMOUS
from plotkiln.jobs import Job
from plotkiln.service.patience import PatienceService

pytestmark = pytest.mark.anyio

#: Longer than a request may take here.
SLOW = 60


async def fail(room: JobRoom, job: Job, status: int, *, ago: float = 0.0) -> Job:
    """End a job as one that has failed so many seconds ago."""
    running = msgspec.structs.replace(job, state="running", attempt=1, lease=time.time() + 60)
    taken = await room.store.replace(running)
    ended = msgspec.structs.replace(
        taken, state="failed", lease=None, ended=time.time() - ago, problem={"status": status}
    )
    return await room.store.replace(ended)


async def test_after_what_passes_the_next_job_begins_a_minute_later(room: JobRoom) -> None:
    """Looks at a picture that cannot be drawn for now make no job each."""
    plan = await room.plan(patient(SLOW))

    async def looked() -> Job:
        with pytest.raises(BeingDrawn):
            await patience.shown(ANONYMOUS, plan)
        newest = await room.store.newest(ANONYMOUS.name, plan.digest)
        assert newest is not None
        return newest

    async with PatienceService(room.workshop.renders, room.service, room.former) as patience:
        failed = await fail(room, await looked(), 503, ago=61)
        second = await looked()
        assert second.id != failed.id
        failed = await fail(room, second, 503)
        with pytest.raises(UnavailableError, match="again in a minute"):
            await patience.shown(ANONYMOUS, plan)
        assert await room.store.newest(ANONYMOUS.name, plan.digest) == failed
