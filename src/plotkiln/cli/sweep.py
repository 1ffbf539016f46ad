"""`plotkiln sweep`: one sweep of jobs, or of everything, for a clock that is not plotkiln's own."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from plotkiln.artifacts import Renderings, open_renderings
from plotkiln.cli.eventing import open_eventing
from plotkiln.cli.exits import Exit
from plotkiln.cli.jobbing import job_sweep
from plotkiln.cli.logs import configure_logs
from plotkiln.cli.places import renderings_url
from plotkiln.cli.release import metrics_pushed
from plotkiln.cli.shared import SharedStores, open_shared
from plotkiln.cli.tracing import traces_exported
from plotkiln.cli.workshop import open_store
from plotkiln.service import Metrics
from plotkiln.service.job_sweep import SweptJobs
from plotkiln.service.sweep import SweepService, Swept
from plotkiln.service.vitals import Vitals, job_readings
from plotkiln.settings import Settings, read_settings
from plotkiln.state import Database
from plotkiln.style.stores import StyleHistory

if TYPE_CHECKING:  # the server is made of this module, too, and does without argparse
    from argparse import Namespace

__all__ = ["sweep", "sweep_service"]

#: Stores of renderings that remove nothing by themselves.
_NO_RULES = ("file:", "memory:")


class SweptJobsOnly(msgspec.Struct, frozen=True, kw_only=True):
    """What a sweep of jobs alone did."""

    jobs: SweptJobs


class SweptAll(Swept, frozen=True, kw_only=True):
    """What one sweep removed, and what it did for jobs."""

    jobs: SweptJobs


def sweep(options: "Namespace") -> Exit:
    """Sweep once and print what that did, as JSON.

    Events are published to K_SINK; without it, jobs that need one are left to the server that has
    the broker.
    """
    settings = read_settings(os.environ)
    configure_logs(settings)
    with traces_exported(settings, os.environ):
        swept = asyncio.run(_swept_jobs(settings) if options.jobs else _swept(settings))
    print(msgspec.json.encode(swept).decode())
    return Exit.OK


def sweep_service(
    settings: Settings,
    renderings: Renderings,
    history: StyleHistory,
    shared: SharedStores,
    **others: Callable[[], Awaitable[int]],
) -> SweepService:
    """Return what keeps the stores within their bounds, and `others` that have their own."""
    # A job waits as long at most as it is kept afterwards; until then it may be tried once more.
    needed = timedelta(hours=2 * settings.job_keep + 1)
    inputs = renderings.inputs
    letters, age = renderings.dead_letters, timedelta(days=settings.dead_letters_max_age)
    others["last pictures"] = shared.last_good.sweep
    if _lists_renderings(settings):
        others["dead letters"] = lambda: letters.sweep(age)
        others["inputs"] = lambda: inputs.sweep(needed)
    if shared.replies is not None:
        others["replies"] = shared.replies.sweep
    return SweepService(
        renderings,
        shared.charts,
        history,
        max_age=timedelta(hours=settings.artifacts_max_age),
        max_size=settings.artifacts_max_size << 20,
        others=others,
    )


def _lists_renderings(settings: Settings) -> bool:
    """Say whether the store of renderings is listed: a bucket whose own rules remove is not."""
    bounded = settings.artifacts_max_age or settings.artifacts_max_size
    return bool(bounded) or renderings_url(settings).startswith(_NO_RULES)


async def _swept_jobs(settings: Settings) -> SweptJobsOnly:
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(settings.data / "state.sqlite"))
        shared = await stack.enter_async_context(open_shared(settings, database))
        return SweptJobsOnly(jobs=await _jobs_swept(settings, shared))


async def _swept(settings: Settings) -> SweptAll:
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(settings))
        database = await stack.enter_async_context(Database(settings.data / "state.sqlite"))
        shared = await stack.enter_async_context(open_shared(settings, database))
        jobs = await _jobs_swept(settings, shared)
        renderings = open_renderings(renderings_url(settings))
        swept = await sweep_service(settings, renderings, store, shared).sweep()
        return SweptAll(jobs=jobs, **msgspec.structs.asdict(swept))


async def _jobs_swept(settings: Settings, shared: SharedStores) -> SweptJobs:
    metrics = Metrics()
    vitals = Vitals(asked=[lambda: job_readings(shared.jobs)])
    async with (
        metrics_pushed(settings, metrics, vitals, os.environ),
        open_eventing(settings, metrics, alone=False) as eventing,
    ):
        return await job_sweep(settings, shared.jobs, eventing, metrics).sweep()
