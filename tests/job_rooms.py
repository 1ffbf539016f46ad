"""Services of jobs for tests, on stores of a test's own, that draw in a real pool."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from patients import patient
from plotkiln.artifacts.last_good import LastGood, SqliteLastGood
from plotkiln.cli.workshop import Workshop
from plotkiln.errors import DeliveryFailed
from plotkiln.events.event import CloudEvent, checked
from plotkiln.events.news_memory import MemoryNews
from plotkiln.identity import ANONYMOUS, Principal
from plotkiln.jobs import Job, JobStore, Submission
from plotkiln.jobs.retries import Retries
from plotkiln.jobs.sqlite import SqliteJobs
from plotkiln.service import Metrics
from plotkiln.service.job_attempts import Draw
from plotkiln.service.job_drawing import JobDrawing
from plotkiln.service.job_news import JobNews
from plotkiln.service.job_publishing import JobPublishing
from plotkiln.service.job_runs import JobRuns, RunSettings
from plotkiln.service.job_submissions import JobSubmissions, SubmissionSettings
from plotkiln.service.job_sweep import JobSweep, SweptJobs
from plotkiln.service.jobs import JobService
from plotkiln.service.plans import Plan
from plotkiln.service.problems import problem_members
from plotkiln.state import Database

__all__ = ["JobRoom", "open_room", "unreachable"]


class JobRoom:
    """One store of jobs, what submits to it, and as many workers as a test wants."""

    def __init__(
        self,
        workshop: Workshop,
        store: JobStore,
        former: LastGood,
        *,
        keep: float,
        attempts: int,
        budget: float = 60.0,
    ) -> None:
        self.workshop = workshop
        self.store = store
        self.former = former
        self.keep = keep
        #: Events that a broker would have got, and what it answers instead where this is set.
        self.sent: list[CloudEvent] = []
        self.broken: Exception | None = None
        #: Events that were offered in the background.
        self.offered: list[CloudEvent] = []
        self.metrics = Metrics()
        self.news = MemoryNews(window=1000, count=self.metrics.count)
        self.told = JobNews(
            self.news, lambda event: self.offered.append(checked(event)), self.metrics
        )
        self.publishing = JobPublishing(store, self._send, self.metrics, within=0.5)
        self.inputs = workshop.renderings.inputs
        self.woken = 0
        submissions = JobSubmissions(
            store,
            self.inputs,
            workshop.renderings,
            workshop.renders,
            self.publishing,
            told=self.told,
            metrics=self.metrics,
            settings=SubmissionSettings(keep=keep, attempts=attempts, budget=budget),
            wake=self._wake,
        )
        self.service = JobService(
            store, submissions, workshop.renderings, news=self.news, told=self.told, keep=keep
        )
        #: No pauses, so that tests need not wait.
        self.retries = Retries(problem_members, keep=keep, chance=lambda: 0.0)
        self._mark = uuid4().hex

    async def plan(self, spec: dict[str, Any]) -> Plan:
        """Plan a spec; it is this test's own, and so is its rendering."""
        data = json.dumps({"alt": self._mark, **spec}).encode()
        renders = self.workshop.renders
        return await renders.plan(ANONYMOUS, data, await renders.read(data))

    async def submit(
        self, seconds: float = 0.0, *, who: Principal = ANONYMOUS, **options: Any
    ) -> Submission:
        """Submit a drawing that takes so many seconds."""
        return await self.service.submit(who, await self.plan(patient(seconds)), **options)

    def runs(
        self,
        *,
        slots: int = 8,
        lease: float = 5.0,
        drain: float = 0.0,
        budget: float = 20.0,
        draw: Draw | None = None,
    ) -> JobRuns:
        """Return what another process would render jobs with."""
        return JobRuns(
            self.store,
            draw or self._drawing(budget),
            self.publishing,
            failed=self.retries.failed,
            told=self.told,
            metrics=self.metrics,
            settings=RunSettings(slots=slots, lease=lease, keep=self.keep, drain=drain),
            wake=self._wake,
        )

    def _drawing(self, budget: float) -> JobDrawing:
        workshop = self.workshop
        return JobDrawing(workshop.renderings, workshop.renders, self.former, budget=budget)

    async def sweep(self) -> SweptJobs:
        """Sweep once."""
        return await JobSweep(
            self.store,
            self.publishing,
            lapsed=self.retries.lapsed,
            told=self.told,
            metrics=self.metrics,
            keep=self.keep,
        ).sweep()

    async def job(self, job: Job) -> Job:
        """Return a job as it is now."""
        found = await self.store.get(job.id)
        assert found is not None
        return found

    def count(self, name: str, *labels: str) -> int:
        """Return what was counted."""
        return self.metrics.counters[name, labels]

    async def _send(self, event: CloudEvent) -> None:
        if self.broken is not None:
            raise self.broken
        self.sent.append(checked(event))

    def _wake(self) -> None:
        self.woken += 1


@asynccontextmanager
async def open_room(
    workshop: Workshop,
    folder: Path,
    *,
    keep: float = 60.0,
    attempts: int = 3,
    budget: float = 60.0,
) -> AsyncIterator[JobRoom]:
    """Open a room on a file of its own."""
    async with Database(folder / "jobs.sqlite") as database, SqliteJobs(database) as store:
        former = SqliteLastGood(database, keep=keep)
        await former.open()
        yield JobRoom(workshop, store, former, keep=keep, attempts=attempts, budget=budget)


def unreachable() -> DeliveryFailed:
    """Return what a broker that is away answers."""
    return DeliveryFailed("nobody answers")
