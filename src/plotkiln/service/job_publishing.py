"""Have jobs rendered: an event for each attempt, and again while nobody took it."""

import asyncio
import logging
import time
from contextlib import suppress

import msgspec

from plotkiln.artifacts.inputs import input_path
from plotkiln.errors import PlotkilnError, PreconditionFailed, SchemaError, StoreUnavailable
from plotkiln.events.event import CloudEvent
from plotkiln.events.publishing import Send
from plotkiln.events.tracing import continued
from plotkiln.jobs import Job, JobStore
from plotkiln.service.job_news import JOB_SOURCE
from plotkiln.service.metrics import Metrics
from plotkiln.traces import current_trace

__all__ = [
    "JOB_REQUESTS",
    "REQUESTED",
    "REQUESTED_LONG",
    "JobPublishing",
    "Requested",
    "is_long",
    "requested_event",
]

log = logging.getLogger("plotkiln.jobs")

REQUESTED = "plotkiln.job.requested"

#: Of a job that takes longer than whoever answers a delivery of a cluster's broker may.
REQUESTED_LONG = "plotkiln.job.requested.long"

JOB_REQUESTS = frozenset({REQUESTED, REQUESTED_LONG})

#: Seconds that a Service of Knative may take to answer, unless its operators allow more
#: (max-revision-timeout-seconds).
_KNATIVE_LIMIT = 600.0
#: Estimated seconds from which that limit is not relied on.
_LONG = 500.0


class Requested(msgspec.Struct, frozen=True, kw_only=True):
    """The data of the event: no spec, but where it is."""

    id: str
    #: The attempt that is to begin.
    attempt: int
    #: Below the store of renderings.
    input: str = ""


class JobPublishing:
    """Publishes queued jobs, and notes that."""

    def __init__(
        self, store: JobStore, send: Send, metrics: Metrics, *, within: float = 2.0
    ) -> None:
        """Take the records, and what sends an event once; `within` so many seconds."""
        self._store = store
        self._send = send
        self._metrics = metrics
        self._within = within

    async def publish(self, job: Job) -> Job:
        """Publish a queued job for its next attempt; return it as it is then.

        It does not fail: what cannot be published is left to the sweep.
        """
        event = requested_event(job)
        try:
            async with asyncio.timeout(self._within):
                await self._send(event)
        except (PlotkilnError, TimeoutError) as error:
            if isinstance(error, SchemaError):
                raise
            self._metrics.count("jobs_published", "failed")
            log.warning("the job %s is not published: %s", job.id, error or "no answer in time")
            return job
        self._metrics.count("jobs_published", "sent")
        return await self._noted(job)

    async def _noted(self, job: Job) -> Job:
        """Note a publication, unless the job was taken, or cancelled, meanwhile."""
        published = msgspec.structs.replace(
            job, publications=job.publications + 1, published=time.time()
        )
        with suppress(StoreUnavailable):  # once more than needed does no harm
            try:
                return await self._store.replace(published)
            except PreconditionFailed:
                return await self._store.get(job.id) or job
        return job


def is_long(estimate: float, *, budget: float) -> bool:
    """Say whether a job may take longer than a Service may answer.

    It may by what it is thought to take, and by the `budget` of its attempts where it is accepted:
    nobody knows what a template will take.
    """
    return budget > _KNATIVE_LIMIT or estimate > _LONG


def requested_event(job: Job) -> CloudEvent:
    """Return the event that asks for the next attempt of a job.

    Its id tells the publication, too: whoever knows an event again must not pass over this one.
    """
    asked = Requested(id=job.id, attempt=job.attempt + 1, input=input_path(job.digest))
    event = CloudEvent(
        id=f"{job.id}.{asked.attempt}.{job.publications + 1}",
        source=JOB_SOURCE,
        type=REQUESTED_LONG if job.long else REQUESTED,
        subject=job.id,
        datacontenttype="application/json",
        data=msgspec.json.encode(asked),
    )
    return continued(event, current_trace() or {"traceparent": job.trace})
