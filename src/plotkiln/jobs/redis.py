"""Jobs in Redis: any number of machines."""

import hashlib
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, get_args

import msgspec

from plotkiln.errors import PreconditionFailed, RenderingBusy, RuleError
from plotkiln.jobs.job import Job, JobState, begins, check_transition
from plotkiln.jobs.marks import attention_place, marks_of, read_cursor, write_cursor
from plotkiln.jobs.redis_scripts import (
    ATTENTION,
    NEWEST,
    PAGE,
    PREFIX,
    REMOVE,
    REPLACE,
    SIBLINGS,
    SUBMIT,
)
from plotkiln.jobs.stores import JobPage, Submission
from plotkiln.state.redis import redis_answer

if TYPE_CHECKING:
    from redis.asyncio import Redis

__all__ = ["RedisJobs"]

#: Seconds after which Redis forgets a job that expired and that no sweep removed.
_FORGOTTEN = 24 * 3600.0

#: A key of each script: by it a cluster, or a proxy, knows which node all of them are on.
_SLOT = (f"{PREFIX}attention",)

_ACTIVE: tuple[JobState, ...] = ("queued", "running")


class RedisJobs:
    """Jobs in one Redis, or in one with replicas.

    A record and all that finds it change in one script. With `appendfsync always` a change that was
    answered survives the end of the server, with `everysec` all but those of the last second do: a
    job submitted then may be gone, and one that ended then may run once more. A failover loses
    likewise what the replica had not been sent yet. A server that evicts keys forgets jobs.
    """

    def __init__(self, redis: "Redis", *, clock: Callable[[], float] = time.time) -> None:
        """Take a client; `clock` tells seconds since 1970."""
        self._redis = redis
        self._clock = clock
        self._submit = redis.register_script(SUBMIT)
        self._replace = redis.register_script(REPLACE)
        self._remove = redis.register_script(REMOVE)
        self._page = redis.register_script(PAGE)
        self._attention = redis.register_script(ATTENTION)
        self._newest = redis.register_script(NEWEST)
        self._siblings = redis.register_script(SIBLINGS)

    async def submit(
        self, job: Job, *, idempotency_key: str | None = None, fingerprint: str | None = None
    ) -> Submission:
        """See `JobStore.submit`."""
        new = msgspec.structs.replace(job, version=1)
        key = "" if idempotency_key is None else _key_hash(job.owner, idempotency_key)
        asked = job.digest if fingerprint is None else fingerprint
        outcome, found = await redis_answer(
            self._submit(_SLOT, [*self._written(new), repr(job.created), key, asked])
        )
        if outcome == b"other":
            known = f"the job {found.decode()}"
            raise RuleError(f"This Idempotency-Key was used for another drawing, {known}.")
        return Submission(job=_decoded(found) if found else new, joined=outcome == b"joined")

    async def get(self, id: str) -> Job | None:  # noqa: A002 -- the field's word
        """See `JobStore.get`."""
        found = await redis_answer(self._redis.hget(f"{PREFIX}job:{id}", "record"))
        return None if found is None else _decoded(found)

    async def replace(self, job: Job) -> Job:
        """See `JobStore.replace`.

        The rules are applied here, to the record of the version that the script then finds again.
        """
        stored = await self.get(job.id)
        if stored is None:
            raise PreconditionFailed(f"There is no job {job.id}.")
        _check_version(job, stored.version)
        check_transition(stored, job)
        after = msgspec.structs.replace(job, version=job.version + 1)
        started = int(begins(stored, job))
        outcome, found = await redis_answer(
            self._replace(_SLOT, [*self._written(after), job.version, started, repr(self._clock())])
        )
        if outcome == b"busy":
            raise RenderingBusy(f"The job {found.decode()} renders what {job.id} is to.")
        _check_version(job, int(found))
        return after

    async def page(
        self,
        owner: str,
        *,
        states: Collection[JobState] = (),
        before: str | None = None,
        limit: int = 50,
    ) -> JobPage:
        """See `JobStore.page`."""
        latest = "+" if before is None else f"({read_cursor(before)}"
        wanted = states or get_args(JobState)
        found = _decoded_all(
            await redis_answer(self._page(_SLOT, [owner, latest, limit + 1, *sorted(set(wanted))]))
        )
        more = len(found) > limit
        return JobPage(jobs=found[:limit], before=write_cursor(found[limit - 1]) if more else None)

    async def attention(
        self, until: float, *, after: Job | None = None, limit: int = 100
    ) -> Sequence[Job]:
        """See `JobStore.attention`."""
        moment, last = attention_place(after)
        return _decoded_all(
            await redis_answer(self._attention(_SLOT, [repr(until), limit, repr(moment), last]))
        )

    async def newest(self, owner: str, digest: str) -> Job | None:
        """See `JobStore.newest`."""
        found = await redis_answer(self._newest(_SLOT, [owner, digest]))
        return _decoded(found) if found else None

    async def siblings(self, digest: str) -> Sequence[Job]:
        """See `JobStore.siblings`."""
        found = _decoded_all(await redis_answer(self._siblings(_SLOT, [digest])))
        return sorted(found, key=lambda job: marks_of(job).position)

    async def remove(self, job: Job) -> None:
        """See `JobStore.remove`."""
        await redis_answer(self._remove(_SLOT, [job.id, job.version]))

    async def counts(self) -> dict[JobState, int]:
        """See `JobStore.counts`."""
        now = repr(self._clock())
        async with self._redis.pipeline(transaction=True) as pipeline:
            for state in _ACTIVE:
                pipeline.zcount(f"{PREFIX}active:{state}", f"({now}", "+inf")
            numbers = await redis_answer(pipeline.execute())
        return dict(zip(_ACTIVE, map(int, numbers), strict=True))

    async def oldest(self) -> float | None:
        """See `JobStore.oldest`: of those kept alike, who is forgotten first came first."""
        ids = await redis_answer(
            self._redis.zrangebyscore(
                f"{PREFIX}active:queued", f"({self._clock()!r}", "+inf", start=0, num=1
            )
        )
        job = await self.get(ids[0].decode()) if ids else None
        return None if job is None else job.created

    def _written(self, job: Job) -> tuple[bytes, bytes]:
        """Return what finds a job, and the job: what every script that writes begins with."""
        marks, now = marks_of(job), self._clock()
        life = max(job.expires, marks.busy, now) + _FORGOTTEN - now
        told = {
            "id": job.id,
            "owner": job.owner,
            "digest": job.digest,
            "version": str(job.version),
            "position": marks.position,
            "state": marks.state,
            "active": marks.active,
            # numbers as text: Lua writes 14 digits of them
            "joinable": repr(marks.joinable),
            "busy": repr(marks.busy),
            "attention": repr(marks.attention),
            "life": str(round(life * 1000)),
            "forgotten": repr(now + life),
        }
        return msgspec.json.encode(told), msgspec.json.encode(job)


def _check_version(job: Job, found: int) -> None:
    if found != job.version:
        raise PreconditionFailed(f"The job {job.id} has version {found}, not {job.version}.")


def _key_hash(owner: str, key: str) -> str:
    """Return 64 characters that stand for an owner's key; no header's value holds a NUL."""
    return hashlib.sha256(f"{owner}\0{key}".encode()).hexdigest()


def _decoded(record: bytes) -> Job:
    return msgspec.json.decode(record, type=Job)


def _decoded_all(records: Iterable[bytes]) -> list[Job]:
    return [_decoded(record) for record in records]
