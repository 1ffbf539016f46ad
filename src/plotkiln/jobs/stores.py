"""What a store of jobs promises, whichever it is."""

from collections.abc import Collection, Sequence
from typing import Protocol

import msgspec

from plotkiln.jobs.job import Job, JobState

__all__ = ["JobPage", "JobStore", "Submission"]


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a submitted job."""

    #: The job that stands for the submission: the one submitted, or the one it joined.
    job: Job
    #: Whether it joined one that was there.
    joined: bool


class JobPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some jobs of one owner, newest first."""

    jobs: Sequence[Job]
    #: What to ask for further ones; None where there are none.
    before: str | None = None


class JobStore(Protocol):
    """Jobs by id; every method is one step, and raises `StoreUnavailable` when the store fails.

    What a method has returned survives the death of this process.
    """

    async def submit(
        self, job: Job, *, idempotency_key: str | None = None, fingerprint: str | None = None
    ) -> Submission:
        """Store a new job (its version is 1 then), or join one of the same owner.

        The one joined is that of the same idempotency key, whatever became of it; else the one with
        the same digest that was stored last, if it runs, or if it waits or succeeded and has not
        expired by the moment at which `job` was created. A key is known as long as its job is kept.

        `fingerprint` tells what was asked for, whatever it is resolved to by now (a style may have
        changed since, and the digest with it); None: the digest does. Raises `RuleError` when the
        key was used with another fingerprint.
        """

    async def get(self, id: str) -> Job | None:  # noqa: A002 -- the field's word
        """Return one job, None where there is none."""

    async def replace(self, job: Job) -> Job:
        """Replace the record of version `job.version`; return the stored one, a version higher.

        Raises `PreconditionFailed` when the stored version is another, or there is none, or its
        state does not allow the change (`check_transition`), and `RenderingBusy` when it would
        begin to run (be `running` with a higher attempt) while another job of the same digest,
        whosever it is, runs with a lease that has not lapsed.
        """

    async def page(
        self,
        owner: str,
        *,
        states: Collection[JobState] = (),
        before: str | None = None,
        limit: int = 50,
    ) -> JobPage:
        """Return an owner's newest jobs, of some states or of all; `before` as a page gave it.

        Raises `RuleError` for a `before` that no page gave.
        """

    async def attention(
        self, until: float, *, after: Job | None = None, limit: int = 100
    ) -> Sequence[Job]:
        """Return jobs whose `attention_at` is not after `until`, the longest due first.

        Those of one moment come by their ids. `after` is the last job of an earlier answer, as it
        was there, whatever became of it: only what comes after it is returned.
        """

    async def newest(self, owner: str, digest: str) -> Job | None:
        """Return the owner's job of a digest that was stored last, None where there is none."""

    async def siblings(self, digest: str) -> Sequence[Job]:
        """Return all jobs of a digest that have not ended, whosever they are."""

    async def remove(self, job: Job) -> None:
        """Forget a job and its idempotency keys, unless its version is another by now."""

    async def counts(self) -> dict[JobState, int]:
        """Return how many jobs there are in each state that is not an end."""

    async def oldest(self) -> float | None:
        """Return when the job was created that is queued for longest, None where none is."""
