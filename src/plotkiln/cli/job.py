"""`plotkiln job run`: one job, by the event that asks for it, in a process that listens nowhere."""

import asyncio
import os
import signal
from argparse import Namespace
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec

from plotkiln.cli.eventing import open_eventing
from plotkiln.cli.exits import Exit
from plotkiln.cli.files import read_file
from plotkiln.cli.jobbing import open_jobs
from plotkiln.cli.logs import configure_logs
from plotkiln.cli.shared import SharedStores, open_shared
from plotkiln.cli.workshop import open_workshop
from plotkiln.errors import InputError, SettingsError, ShuttingDown
from plotkiln.events.event import CloudEvent
from plotkiln.events.json_format import from_json
from plotkiln.service.job_publishing import JOB_REQUESTS, REQUESTED, Requested
from plotkiln.service.job_runs import JobRuns
from plotkiln.settings import Settings, read_settings
from plotkiln.state import Database
from plotkiln.workers import installed_fonts

__all__ = ["job"]

#: The file that a JobSink mounts below K_EVENT_PATH.
_MOUNTED = "event"


def job(options: Namespace) -> Exit:
    """Render the job that an event asks for.

    Ends with 0 once the job has ended, or is somebody else's, and with 4 when it is to be tried
    again: the records or the store of renderings do not answer, or the attempt failed by what
    passes.
    """
    settings = read_settings(os.environ)
    configure_logs(settings.log_level)
    event = _event(options.file)
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
        workshop = await stack.enter_async_context(open_workshop(single, installed_fonts()))
        database = await stack.enter_async_context(Database(settings.data / "state.sqlite"))
        shared = await stack.enter_async_context(open_shared(settings, database))
        eventing = await stack.enter_async_context(
            open_eventing(single, workshop.metrics, alone=False)
        )
        jobs = await stack.enter_async_context(open_jobs(single, workshop, shared, eventing))
        finished = await _ended(jobs.runs, event)
        if finished is not None:
            eventing.offer(finished)
            return Exit.OK
        return await _left(shared, event)


async def _ended(runs: JobRuns, event: CloudEvent) -> CloudEvent | None:
    """Run a job until it ends, or until SIGTERM: it is given back then."""
    handling = asyncio.ensure_future(runs.handle(event))

    def give_back() -> None:
        runs.close()
        handling.cancel()

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, give_back)
    try:
        return await handling
    except asyncio.CancelledError:
        raise ShuttingDown from None


async def _left(shared: SharedStores, event: CloudEvent) -> Exit:
    """Return what to say of a job that this process did not end."""
    asked = msgspec.json.decode(event.data or b"", type=Requested)
    found = await shared.jobs.get(asked.id)
    again = found is not None and found.state == "queued" and found.attempt >= asked.attempt
    return Exit.UNAVAILABLE if again else Exit.OK
