"""Make jobs of plans: the input stored first, then the record, then the event."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress

import msgspec

from plotkiln.artifacts import Renderings, StoredRendering
from plotkiln.artifacts.inputs import Inputs, JobInput
from plotkiln.artifacts.names import MEDIA_TYPES
from plotkiln.errors import GoneError, PreconditionFailed, StoreUnavailable
from plotkiln.identity import Principal
from plotkiln.jobs import Job, JobStore, Result, Submission, new_job_id
from plotkiln.service.job_news import JobNews
from plotkiln.service.job_publishing import JobPublishing, is_long
from plotkiln.service.metrics import Metrics
from plotkiln.service.plans import Plan
from plotkiln.service.renders import RenderService
from plotkiln.spec import FullSpec, ParsedSpec
from plotkiln.traces import current_trace

__all__ = ["JobSubmissions", "SubmissionSettings", "planned"]

log = logging.getLogger("plotkiln.jobs")

#: Characters of a title; what a template draws may be longer.
_LONGEST_TITLE = 200


class SubmissionSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What each job is given."""

    #: Seconds for which it may wait, and for which its result is kept.
    keep: float
    #: Failures after which it is given up.
    attempts: int
    #: Seconds that each of its attempts may render, as far as this process knows.
    budget: float


class JobSubmissions:
    """Accepts jobs; whatever dies meanwhile, what was accepted is rendered."""

    def __init__(
        self,
        store: JobStore,
        inputs: Inputs,
        renderings: Renderings,
        renders: RenderService,
        publishing: JobPublishing,
        *,
        told: JobNews,
        metrics: Metrics,
        settings: SubmissionSettings,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """Take where records, inputs and renderings are kept, and what publishes.

        `wake` wakes the sweep, which publishes what could not be.
        """
        self._store = store
        self._inputs = inputs
        self._renderings = renderings
        self._renders = renders
        self._publishing = publishing
        self._told = told
        self._metrics = metrics
        self._settings = settings
        self._wake = wake

    async def submit(
        self,
        principal: Principal,
        plan: Plan,
        *,
        idempotency_key: str | None = None,
        fingerprint: str | None = None,
        retry_of: str | None = None,
    ) -> Submission:
        """Accept a plan as a job, or join an equal one; see `JobService.submit`."""
        parsed = plan.parsed or await self._renders.read(plan.data)
        self._renders.check(plan, parsed)
        await self._inputs.put(plan.digest, _input_of(plan))
        kept = await self._kept(plan)
        while True:
            job = self._job(principal, plan, parsed, kept, retry_of)
            submission = await self._store.submit(
                job, idempotency_key=idempotency_key, fingerprint=fingerprint
            )
            if kept or not await self._is_hollow(submission, job):
                return await self._accepted(submission)

    async def again(self, job: Job) -> Plan:
        """Return the plan of a job's input, in the style that was fixed then.

        Raises `GoneError` when the input is not kept any more.
        """
        return await planned(self._inputs, self._renders, job)

    async def _accepted(self, submission: Submission) -> Submission:
        job = submission.job
        if submission.joined:
            self._metrics.count("jobs_submitted", "joined")
            return submission
        log.info("job submitted", extra={"fields": {"job": job.id, "state": job.state}})
        if job.over:
            self._metrics.count("jobs_submitted", "found")
            self._told.ended(job)
            return submission
        self._metrics.count("jobs_submitted", "queued")
        self._told.changed(job)
        published = await self._publishing.publish(job)
        self._wake()
        return Submission(job=published, joined=False)

    async def _kept(self, plan: Plan) -> StoredRendering | None:
        """Return the rendering where it is stored already; its age begins anew."""
        try:
            found = await self._renderings.get(plan.digest, plan.format)
            if found is not None:
                await self._renderings.put(plan.digest, plan.format, found, create=True)
        except StoreUnavailable as error:
            log.warning("%s", error)
            return None
        return found

    async def _is_hollow(self, submission: Submission, job: Job) -> bool:
        """Say whether what was joined has lost its result, and let it expire then."""
        joined = submission.job
        if not submission.joined or joined.state != "succeeded":
            return False
        if joined.result is None or await self._has(joined.result):
            return False
        expired = msgspec.structs.replace(joined, state="expired", expires=job.expires)
        with suppress(PreconditionFailed):
            self._told.changed(await self._store.replace(expired))
        return True

    async def _has(self, result: Result) -> bool:
        return await self._renderings.get(result.digest, result.format) is not None

    def _job(
        self,
        principal: Principal,
        plan: Plan,
        parsed: ParsedSpec,
        kept: StoredRendering | None,
        retry_of: str | None,
    ) -> Job:
        now = time.time()
        estimate = self._renders.expected(plan, parsed)
        job = Job(
            id=new_job_id(),
            owner=principal.name,
            digest=plan.digest,
            format=plan.format,
            style=f"{plan.look.name}@{plan.look.version}",
            title=_title(parsed.full),
            kind=_kind(parsed.full),
            created=now,
            expires=now + self._settings.keep,
            estimate=estimate,
            long=is_long(estimate, budget=self._settings.budget),
            attempts=self._settings.attempts,
            trace=current_trace().get("traceparent", ""),
            retry_of=retry_of,
        )
        if kept is None:
            return job
        result = Result(
            digest=plan.digest,
            format=plan.format,
            media_type=MEDIA_TYPES[plan.format],
            size=len(kept.data),
            warnings=(*plan.look.warnings, *kept.warnings),
        )
        return msgspec.structs.replace(job, state="succeeded", ended=now, result=result)


async def planned(inputs: Inputs, renders: RenderService, job: Job) -> Plan:
    """Return the plan of a job's input: as it was submitted, by the template's code of today.

    Raises `GoneError` when the input is not kept any more, `RuleError` when the template is gone.
    """
    given = await inputs.get(job.digest)
    if given is None:
        raise GoneError(f"The input of the job {job.id} is not kept any more: submit it once more.")
    return renders.plan_known(
        Principal(job.owner),
        given.spec,
        spec_digest=given.spec_digest,
        format=given.format,
        look=given.look,
        template=await renders.template(given.template),
        style=given.style or given.look.name,
    )


def _input_of(plan: Plan) -> JobInput:
    return JobInput(
        spec=plan.data,
        look=plan.look,
        format=plan.format,
        spec_digest=plan.spec_digest,
        template=plan.template.name if plan.template else None,
        style=plan.style,
    )


def _title(full: FullSpec) -> str:
    """Return the spec's title, or the one that its template is given."""
    given = full.title or full.params.get("title")
    return given[:_LONGEST_TITLE] if isinstance(given, str) else ""


def _kind(full: FullSpec) -> str:
    """Return what a drawing is called: its template, else its first series' kind."""
    if full.template:
        return full.template
    series = full.series or [one for panel in full.panels for one in panel.series]
    return series[0].kind if series else ""
