"""Jobs: who accepts them, who renders them, and who looks after those that nobody ended."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec

from plotkiln.cli.eventing import Eventing
from plotkiln.cli.shared import SharedStores
from plotkiln.cli.workshop import Workshop, job_workers
from plotkiln.events.subscribers import Handler
from plotkiln.events.triggers import Trigger
from plotkiln.jobs import JobStore
from plotkiln.jobs.retries import Retries
from plotkiln.service import Metrics
from plotkiln.service.job_drawing import JobDrawing
from plotkiln.service.job_news import JobNews
from plotkiln.service.job_publishing import JobPublishing
from plotkiln.service.job_runs import JobRuns, RunSettings
from plotkiln.service.job_submissions import JobSubmissions, SubmissionSettings
from plotkiln.service.job_sweep import JobSweep, JobTimer
from plotkiln.service.job_topology import JOBS, job_trigger
from plotkiln.service.jobs import JobService
from plotkiln.service.problems import problem_members
from plotkiln.settings import Settings

__all__ = ["Jobs", "job_sweep", "open_jobs"]


class Jobs(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about jobs that a process has."""

    service: JobService
    runs: JobRuns
    triggers: tuple[Trigger, ...]
    #: How many deliveries programs are given at once.
    widths: dict[str, int]

    @property
    def programs(self) -> dict[str, Handler]:
        """The program that Triggers may name."""
        return {JOBS: self.runs.handle}


@asynccontextmanager
async def open_jobs(
    settings: Settings, workshop: Workshop, shared: SharedStores, eventing: Eventing
) -> AsyncIterator[Jobs]:
    """Yield what accepts and renders jobs; leaving lets them end, or gives them back."""
    metrics, keep = workshop.metrics, settings.job_keep * 3600
    store, told = shared.jobs, _told(eventing, metrics)
    publishing = _publishing(settings, store, eventing, metrics)
    sweep = job_sweep(settings, store, eventing, metrics)
    inputs, slots = workshop.renderings.inputs, job_workers(settings)
    async with JobTimer(sweep) as timer:
        submissions = JobSubmissions(
            store,
            inputs,
            workshop.renderings,
            workshop.renders,
            publishing,
            told=told,
            metrics=metrics,
            settings=SubmissionSettings(keep=keep, attempts=settings.job_attempts),
            wake=timer.wake,
        )
        async with JobRuns(
            store,
            JobDrawing(inputs, workshop.renders, shared.last_good, budget=settings.job_budget),
            publishing,
            failed=_retries(settings).failed,
            told=told,
            metrics=metrics,
            settings=RunSettings(
                slots=slots, lease=settings.job_lease, keep=keep, drain=settings.drain
            ),
            wake=timer.wake,
        ) as runs:
            service = JobService(
                store,
                submissions if eventing.publisher is not None else None,
                workshop.renderings,
                news=eventing.news,
                told=told,
                keep=keep,
                presign=timedelta(minutes=settings.presign) if settings.presign else None,
            )
            triggers = (job_trigger(settings.job_budget),)
            yield Jobs(service=service, runs=runs, triggers=triggers, widths={JOBS: slots})


def job_sweep(
    settings: Settings, store: JobStore, eventing: Eventing, metrics: Metrics
) -> JobSweep:
    """Return what looks after jobs that nobody ended."""
    return JobSweep(
        store,
        _publishing(settings, store, eventing, metrics),
        lapsed=_retries(settings).lapsed,
        told=_told(eventing, metrics),
        metrics=metrics,
        keep=settings.job_keep * 3600,
    )


def _told(eventing: Eventing, metrics: Metrics) -> JobNews:
    return JobNews(eventing.news, eventing.offer, metrics)


def _publishing(
    settings: Settings, store: JobStore, eventing: Eventing, metrics: Metrics
) -> JobPublishing:
    return JobPublishing(store, eventing.send, metrics, budget=settings.job_budget)


def _retries(settings: Settings) -> Retries:
    return Retries(problem_members, keep=settings.job_keep * 3600)
