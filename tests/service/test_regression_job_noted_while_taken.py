import pytest

from job_rooms import JobRoom
from plotkiln.jobs import Job

pytestmark = pytest.mark.anyio


async def test_a_job_is_taken_though_its_publication_is_noted_meanwhile(
    room: JobRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that is faster than the publisher's note takes the job all the same."""
    job = (await room.submit()).job

    async def noted_first(taken: Job) -> Job:
        monkeypatch.undo()
        await room.publishing.publish(await room.job(job))
        return await room.store.replace(taken)

    monkeypatch.setattr(room.store, "replace", noted_first)
    await room.runs().handle(room.sent[0])
    assert (await room.job(job)).state == "succeeded"
