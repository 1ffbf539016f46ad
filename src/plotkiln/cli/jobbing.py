"""Jobs: who accepts them, who renders them, and who looks after those that nobody ended."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec

from plotkiln.artifacts.last_good import LastGood
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

#: Seconds that publishing may take: while a submitter waits, and while nobody does.
_BEFORE, _BEHIND = 2.0, 5.0


class Jobs(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about jobs that a process has."""

    service: JobService
    runs: JobRuns
    #: Publishes jobs while nobody waits for it.
    publishing: JobPublishing
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
    metrics, store = workshop.metrics, shared.jobs
    parts = _Parts(
        settings=settings,
        workshop=workshop,
        store=store,
        told=_told(eventing, metrics),
        behind=JobPublishing(store, eventing.send, metrics, within=_BEHIND),
        publishing=JobPublishing(store, eventing.send, metrics, within=_BEFORE),
    )
    async with (
        JobTimer(job_sweep(settings, store, eventing, metrics)) as timer,
        _runs(parts, shared.last_good, timer) as runs,
    ):
        service = JobService(
            store,
            _submissions(parts, timer) if eventing.publisher is not None else None,
            workshop.renderings,
            news=eventing.news,
            told=parts.told,
            keep=settings.job_keep * 3600,
            presign=timedelta(minutes=settings.presign) if settings.presign else None,
        )
        yield Jobs(
            service=service,
            runs=runs,
            publishing=parts.behind,
            triggers=(job_trigger(settings.job_budget),),
            widths={JOBS: job_workers(settings)},
        )


class _Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What both those who accept and those who render are made of."""

    settings: Settings
    workshop: Workshop
    store: JobStore
    told: JobNews
    #: While somebody waits for a submission, and while nobody does.
    publishing: JobPublishing
    behind: JobPublishing


def _submissions(parts: _Parts, timer: JobTimer) -> JobSubmissions:
    settings, workshop = parts.settings, parts.workshop
    return JobSubmissions(
        parts.store,
        workshop.renderings.inputs,
        workshop.renderings,
        workshop.renders,
        parts.publishing,
        told=parts.told,
        metrics=workshop.metrics,
        settings=SubmissionSettings(
            keep=settings.job_keep * 3600,
            attempts=settings.job_attempts,
            budget=settings.job_budget,
        ),
        wake=timer.wake,
    )


def _runs(parts: _Parts, last_good: LastGood, timer: JobTimer) -> JobRuns:
    settings, workshop = parts.settings, parts.workshop
    draw = JobDrawing(workshop.renderings, workshop.renders, last_good, budget=settings.job_budget)
    return JobRuns(
        parts.store,
        draw,
        parts.behind,
        failed=_retries(settings).failed,
        told=parts.told,
        metrics=workshop.metrics,
        settings=RunSettings(
            slots=job_workers(settings),
            lease=settings.job_lease,
            keep=settings.job_keep * 3600,
            drain=settings.drain,
        ),
        wake=timer.wake,
    )


def job_sweep(
    settings: Settings, store: JobStore, eventing: Eventing, metrics: Metrics
) -> JobSweep:
    """Return what looks after jobs that nobody ended."""
    return JobSweep(
        store,
        JobPublishing(store, eventing.send, metrics, within=_BEHIND),
        lapsed=_retries(settings).lapsed,
        told=_told(eventing, metrics),
        metrics=metrics,
        keep=settings.job_keep * 3600,
    )


def _told(eventing: Eventing, metrics: Metrics) -> JobNews:
    return JobNews(eventing.news, eventing.offer, metrics)


def _retries(settings: Settings) -> Retries:
    return Retries(problem_members, keep=settings.job_keep * 3600)
