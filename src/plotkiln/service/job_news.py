"""Tell of jobs: each change to whoever listens, each end to the brokers, too."""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from plotkiln.events.event import CloudEvent
from plotkiln.events.news import JOB_CHANGED, Item, News
from plotkiln.jobs import Job
from plotkiln.service.job_views import job_view
from plotkiln.service.metrics import Metrics

__all__ = ["JOB_FINISHED", "JOB_SOURCE", "JobNews", "finished_event"]

JOB_FINISHED = "plotkiln.job.finished"

JOB_SOURCE = "/jobs"


class JobNews:
    """Says what became of jobs; it never fails, and nobody waits for it."""

    def __init__(self, news: News, offer: Callable[[CloudEvent], object], metrics: Metrics) -> None:
        """Take who tells, what has an event sent, and what counts."""
        self._news = news
        self._offer = offer
        self._metrics = metrics

    def changed(self, job: Job) -> None:
        """Tell its owner what a job is like now."""
        self._tell(job, JOB_CHANGED, f"v{job.version}")

    def ended(self, job: Job, *, offer: bool = True) -> None:
        """Tell everybody that a job has ended; once, by whoever ended it.

        Without `offer` no event is sent to the brokers: the caller replies with it.
        """
        self.changed(job)
        self._tell(job, JOB_FINISHED, str(job.attempt))
        self._metrics.count("jobs_ended", job.state)
        if offer:
            self._offer(finished_event(job))

    def _tell(self, job: Job, kind: str, what: str) -> None:
        event = CloudEvent(
            id=f"{job.id}.{what}",
            source=JOB_SOURCE,
            type=kind,
            subject=job.id,
            time=_now(),
            datacontenttype="application/json",
            data=msgspec.json.encode(job_view(job)),
        )
        self._news.tell(Item(topic=f"jobs/{job.id}", owner=job.owner, event=event))


def finished_event(job: Job) -> CloudEvent:
    """Return the event that says, beyond this process, how a job ended."""
    data = {"id": job.id, "state": job.state, "owner": job.owner}
    if job.result is not None:
        data |= {"digest": job.result.digest, "href": f"/jobs/{job.id}/result"}
    return CloudEvent(
        id=f"{job.id}.{job.attempt}",
        source=JOB_SOURCE,
        type=JOB_FINISHED,
        subject=job.id,
        time=_now(),
        datacontenttype="application/json",
        data=msgspec.json.encode(data),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
