"""`plotkiln job run`: one job, by the event that asks for it, in a process that listens nowhere."""

import asyncio
import os
import signal
import time
from argparse import Namespace
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import msgspec

from plotkiln.cli.eventing import open_eventing
from plotkiln.cli.exits import Exit
from plotkiln.cli.files import read_file
from plotkiln.cli.jobbing import Jobs, open_jobs
from plotkiln.cli.logs import configure_logs
from plotkiln.cli.release import metrics_pushed
from plotkiln.cli.shared import open_ledger, open_shared
from plotkiln.cli.tracing import traces_exported
from plotkiln.cli.workshop import open_workshop
from plotkiln.errors import InputError, SettingsError
from plotkiln.events.event import CloudEvent
from plotkiln.events.json_format import from_json
from plotkiln.events.tracing import event_span, tracing
from plotkiln.jobs import Job, JobStore
from plotkiln.service.bookkeeping import Bookkeeping
from plotkiln.service.job_publishing import JOB_REQUESTS, REQUESTED, Requested
from plotkiln.service.job_runs import JobRuns
from plotkiln.service.vitals import Vitals
from plotkiln.settings import Settings, read_settings
from plotkiln.state import Database
from plotkiln.workers import installed_fonts

__all__ = ["job"]

#: The file that a JobSink mounts below K_EVENT_PATH.
_MOUNTED = "event"


def job(options: Namespace) -> Exit:
    """Render the job that an event asks for.

    Ends with 0 once the job has ended, once its attempt is recorded and the next one asked for by
    an event of its own, and where it is somebody else's. Ends with 4 where the same event may do
    more later: nothing was taken, or the records do not answer.
    """
    settings = read_settings(os.environ)
    configure_logs(settings)
    event = _event(options.file)
    with traces_exported(settings, os.environ):
        return asyncio.run(_run(settings, event))


def _event(file: str | None) -> CloudEvent:
    """Return the event of a file, or of the one that a JobSink mounts."""
    mounted = os.environ.get("K_EVENT_PATH", "")
    if file is None and not mounted:
        raise SettingsError("Name the file with the event, or set K_EVENT_PATH to its folder.")
    event = from_json(read_file(file or str(Path(mounted) / _MOUNTED)))
    if event.type not in JOB_REQUESTS:
        raise InputError(f"An event of type {event.type} asks for no job; {REQUESTED} does.")
    return event


async def _run(settings: Settings, event: CloudEvent) -> Exit:
    # one drawing: no second process is of use
    single = msgspec.structs.replace(settings, workers=1, job_workers=1)
    async with AsyncExitStack() as stack:
        workshop = await stack.enter_async_context(
            open_workshop(single, installed_fonts(), name="jobs")
        )
        await stack.enter_async_context(
            metrics_pushed(settings, workshop.metrics, Vitals(), os.environ)
        )
        database = await stack.enter_async_context(Database(settings.data / "state.sqlite"))
        shared = await stack.enter_async_context(open_shared(settings, database))
        ledger = await stack.enter_async_context(open_ledger(settings, database))
        await stack.enter_async_context(
            Bookkeeping(workshop.tally, ledger, workshop.metrics, saves=False)
        )
        eventing = await stack.enter_async_context(
            open_eventing(single, workshop.metrics, alone=False)
        )
        async with open_jobs(single, workshop, shared, eventing) as jobs:
            finished = await _until_sigterm(jobs.runs, _attempted(jobs, shared.jobs, event))
        if finished is not None:
            eventing.offer(finished)
            return Exit.OK
        # the attempt is over by now, given back where SIGTERM came
        return Exit.UNAVAILABLE if await _is_untouched(shared.jobs, event) else Exit.OK


async def _attempted(jobs: Jobs, store: JobStore, event: CloudEvent) -> CloudEvent | None:
    """Run an attempt, and have the next one asked for; return how the job ended, None if not."""
    with tracing(event), event_span(event):
        finished = await jobs.runs.handle(event)
    job = None if finished else await store.get(_asked(event).id)
    if job is not None and job.state == "queued" and job.attempt >= _asked(event).attempt:
        await asyncio.sleep(max(0.0, job.due - time.time()))
        await _publish_next(jobs, store, job)
    return finished


async def _publish_next(jobs: Jobs, store: JobStore, waiting: Job) -> None:
    """Publish a job whose pause is over, unless somebody has meanwhile; else the sweep does."""
    job = await store.get(waiting.id)
    same = job is not None and (job.state, job.attempt) == ("queued", waiting.attempt)
    if job is not None and same and job.published is None:
        await jobs.publishing.publish(job)


async def _until_sigterm(
    runs: JobRuns, attempted: Coroutine[Any, Any, CloudEvent | None]
) -> CloudEvent | None:
    """Return what an attempt returns; None where SIGTERM came first: its job is given back then."""
    attempting = asyncio.ensure_future(attempted)

    def give_back() -> None:
        runs.close()
        attempting.cancel()

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, give_back)
    with suppress(asyncio.CancelledError):
        return await attempting
    return None


async def _is_untouched(store: JobStore, event: CloudEvent) -> bool:
    """Say whether an event that was handled still waits for its attempt to begin."""
    asked = _asked(event)
    job = await store.get(asked.id)
    return job is not None and job.state == "queued" and job.attempt < asked.attempt


def _asked(event: CloudEvent) -> Requested:
    return msgspec.json.decode(event.data or b"", type=Requested)
