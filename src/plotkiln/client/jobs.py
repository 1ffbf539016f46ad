"""`client.jobs`: submit, follow, fetch, cancel."""

import asyncio
import re
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from plotkiln.client.acts import Mode, Room, act
from plotkiln.client.exchanges import Call, Deadline, Pause, Steps, asked
from plotkiln.client.job import Job, JobPage, JobState, Unfinished, job_of, no_result
from plotkiln.client.patience import GRACE, PATIENCE, got, outlived
from plotkiln.client.pictures import Picture, picture_of
from plotkiln.client.problems import checked, decoded
from plotkiln.client.specs import spec_document
from plotkiln.errors import InputError, UnavailableError
from plotkiln.spec.models import Format

__all__ = ["Jobs", "fetched", "followed"]

#: Seconds for which one answer is waited for: gateways end what is silent for longer.
_LONG_POLL = 25
#: Pauses between looks where nobody lets us wait: seconds at first, and at most.
_FIRST_PAUSE, _MOST_PAUSE = 1.0, 5.0

#: What servers take for a submission's name: spaces at its ends would be lost on the way.
_KEY = re.compile(r"[!-~](?:[ -~]{0,253}[!-~])?")

#: What is told of each change of a job.
Told = Callable[[Job], None]


class Jobs(Room[Mode]):
    """Asynchronous renderings: for charts that take minutes."""

    @act
    def submit(
        self,
        spec: Any = None,
        /,
        *,
        format: Format | None = None,  # noqa: A002 -- the spec's own word
        style: str | None = None,
        idempotency_key: str | None = None,
        **members: Any,
    ) -> Steps[Job]:
        """Submit a spec as a job; an equal one that has not ended is joined.

        What can be given is told at `render`. The key names this submission, so that it can be sent
        twice; without one, one is made. It has up to 255 printable characters of ASCII. Raises what
        is wrong with the spec or the key, and `UnavailableError` where the server cannot take jobs.
        """
        call = Call(
            method="POST",
            path="/jobs",
            headers={
                "Content-Type": "application/json",
                "Idempotency-Key": _key(idempotency_key),
            },
            body=spec_document(spec, {**members, "format": format, "style": style}),
            repeatable=True,
        )
        return job_of(checked((yield from asked(call, Deadline(PATIENCE)))))

    @act
    def list(
        self,
        *,
        state: JobState | Collection[JobState] = (),
        limit: int | None = None,
        before: str | None = None,
    ) -> Steps[JobPage]:
        """Return jobs of these states, or all, newest first; `before` as a page gave it."""
        states = [state] if isinstance(state, str) else sorted(state)
        query = {"state": ",".join(states), "limit": str(limit or ""), "before": before or ""}
        given = {name: value for name, value in query.items() if value}
        answer = checked((yield from got("/jobs", given)))
        return decoded(answer, JobPage)

    @act
    def get(self, job: str | Job) -> Steps[Job]:
        """Return a job as it is now; raises `NotFoundError`."""
        return job_of(checked((yield from got(_path(job)))))

    @act
    def wait(
        self, job: str | Job, *, timeout: float | None = None, progress: Told | None = None
    ) -> Steps[Job]:
        """Return a job once it has ended, however it did; `progress` is told of each change.

        Raises `Unfinished` when it has not after `timeout` seconds. A server that is away for a
        moment, or restarts, is waited for.
        """
        return (yield from followed(job, Deadline(timeout), progress))

    @act
    def cancel(self, job: str | Job) -> Steps[Job]:
        """Cancel a job; one that has ended stays as it is."""
        return job_of(checked((yield from asked(_cancelling(job), Deadline(PATIENCE)))))

    @act
    def retry(self, job: str | Job) -> Steps[Job]:
        """Submit the input of a failed, cancelled or expired job anew; returns the new job."""
        call = Call(method="POST", path=f"{_path(job)}/retry")
        return job_of(checked((yield from asked(call, Deadline(PATIENCE)))))

    @act
    def result(
        self, job: str | Job, *, timeout: float | None = None, progress: Told | None = None
    ) -> Steps[Picture]:
        """Return the picture of a job once it has succeeded.

        Raises the error of a job that failed, `GoneError` for one that was cancelled or whose
        result is not kept any more, `Unfinished` when it has not ended after `timeout` seconds.
        """
        ended = yield from followed(job, Deadline(timeout), progress)
        return (yield from fetched(ended, self._wire.address))


def followed(
    job: str | Job, deadline: Deadline, progress: Told | None = None, *, cancel: bool = False
) -> Steps[Job]:
    """Follow a job until it has ended; if we are interrupted, or too late, cancel it on demand."""
    known: Job | None = job if isinstance(job, Job) else None
    try:
        while known is None or not known.over:
            known = yield from _changed(job, known, deadline)
            if progress is not None:
                progress(known)
    except (KeyboardInterrupt, asyncio.CancelledError, Unfinished):
        if cancel:
            with suppress(UnavailableError):  # what interrupted us is to be told, not this
                yield _cancelling(job)
        raise
    return known


def fetched(job: Job, address: str) -> Steps[Picture]:
    """Fetch the picture of a job that has ended; raises why there is none."""
    if job.result is None or job.state != "succeeded":
        raise no_result(job)
    answer = checked((yield from got(f"{_path(job)}/result")))
    return picture_of(answer, address, job=job.id)


def _changed(job: str | Job, known: Job | None, deadline: Deadline) -> Steps[Job]:
    """Return a job once it differs from what is known of it.

    Proxies may drop the condition, or answer from a cache: what is shown again is no change.
    """
    pause = _FIRST_PAUSE
    while True:
        if known is not None and not deadline.left:
            raise Unfinished(known, deadline.seconds)
        answer = yield from outlived(_looking(job, known, deadline), deadline)
        if answer.status != 304:
            found = job_of(checked(answer))
            if known is None or found.version > known.version:
                return found
        if answer.status != 304 or "preference-applied" not in answer.headers:
            yield Pause(min(pause, deadline.left))
            pause = min(pause * 1.5, _MOST_PAUSE)


def _looking(job: str | Job, known: Job | None, deadline: Deadline) -> Call:
    """Return a look at a job: at once the first time, then held back until it has changed."""
    if known is None:
        return Call(method="GET", path=_path(job), repeatable=True)
    wait = max(1, int(min(_LONG_POLL, deadline.left)))
    return Call(
        method="GET",
        path=_path(job),
        headers={"Prefer": f"wait={wait}", "If-None-Match": f'"{known.version}"'},
        repeatable=True,
        within=wait + GRACE,
    )


def _cancelling(job: str | Job) -> Call:
    return Call(method="DELETE", path=_path(job), repeatable=True)


def _key(given: str | None) -> str:
    """Return the key of a submission, a new one for none; raises `InputError` for what is none."""
    if given is None:
        return str(uuid4())
    if not _KEY.fullmatch(given):
        raise InputError(
            "idempotency_key takes 1 to 255 printable characters of ASCII, no spaces around them."
        )
    return given


def _path(job: str | Job) -> str:
    name = job.id if isinstance(job, Job) else job
    return f"/jobs/{quote(name, safe='')}"
