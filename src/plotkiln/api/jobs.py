"""Jobs: submitted, listed, followed, fetched, cancelled, tried again."""

import re
from collections.abc import Mapping
from typing import cast, get_args

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from plotkiln.api.access import principal_of
from plotkiln.api.bodies import read_spec
from plotkiln.api.conditions import known_version
from plotkiln.api.disconnects import while_connected
from plotkiln.api.draining import draining_of
from plotkiln.api.idempotency import idempotency_key
from plotkiln.api.job_answers import (
    JobList,
    accepted_response,
    job_response,
    jobs_of,
    list_response,
)
from plotkiln.api.numbers import whole_number
from plotkiln.api.pictures import PictureFacts, answer_picture, not_modified, server_timing
from plotkiln.api.preferences import preference_applied, preferences_of
from plotkiln.api.services import services_of
from plotkiln.documents import ID_PATTERN
from plotkiln.errors import MalformedError, NotFoundError
from plotkiln.jobs import Job, JobState
from plotkiln.service.jobs import JobResult

__all__ = [
    "LONGEST_WAIT",
    "MOST_JOBS",
    "cancel_job",
    "get_job",
    "get_jobs",
    "get_result",
    "post_job",
    "retry_job",
]

#: Seconds for which an answer is held back at most: gateways end what is silent for a minute.
LONGEST_WAIT = 55

#: Jobs on one page.
MOST_JOBS = 200

_ID = re.compile(ID_PATTERN)


async def post_job(request: Request) -> Response:
    """Accept the spec in the body as a job."""
    services, principal = services_of(request), principal_of(request)
    key = idempotency_key(request)
    data = await read_spec(request)
    parsed = await services.renders.read(data)
    plan = await services.renders.plan(principal, data, parsed)
    submission = await services.jobs.submit(
        principal, plan, idempotency_key=key, fingerprint=plan.fingerprint
    )
    return await accepted_response(request, submission.job)


async def get_jobs(request: Request) -> Response:
    """List jobs, the newest first."""
    jobs = jobs_of(request)
    page = await jobs.page(
        principal_of(request),
        states=_states(request),
        before=request.query_params.get("before"),
        limit=whole_number(request, "limit", least=1, most=MOST_JOBS) or 50,
    )
    views = [await jobs.view(job) for job in page.jobs]
    return list_response(JobList(jobs=views, before=page.before))


async def get_job(request: Request) -> Response:
    """Return a job; where the client prefers to wait, once it has changed or ended."""
    held = request.headers.get("if-none-match")
    job, applied = await _followed(request, version=known_version(held))
    return await job_response(request, job, applied)


async def get_result(request: Request) -> Response:
    """Return the picture of a job, or lead to where the object store has it."""
    redirect = whole_number(request, "redirect", least=0, most=1)
    job, applied = await _followed(request, version=None)
    address = await jobs_of(request).address(job) if redirect else None
    if address is not None:
        return RedirectResponse(address, 303, {"Cache-Control": "no-store", **applied})
    succeeded = job.state == "succeeded"
    unchanged = not_modified(request, _facts(job, applied)) if succeeded else None
    if unchanged is not None:
        return unchanged
    found = await jobs_of(request).result(principal_of(request), job.id)
    return await _picture(request, found, applied)


async def cancel_job(request: Request) -> Response:
    """Cancel a job that has not ended."""
    job = await jobs_of(request).cancel(principal_of(request), _id(request))
    return await job_response(request, job)


async def retry_job(request: Request) -> Response:
    """Submit the input of a job once more."""
    submission = await jobs_of(request).retry(principal_of(request), _id(request))
    return await accepted_response(request, submission.job)


async def _followed(request: Request, *, version: int | None) -> tuple[Job, Mapping[str, str]]:
    """Return a job after the wait that the client prefers, and the header that says so.

    A server that ends waits no more, and answers with what is.
    """
    jobs, principal, id_ = jobs_of(request), principal_of(request), _id(request)
    wait = preferences_of(request).wait
    if wait is None:
        return await jobs.get(principal, id_), {}
    wait = min(wait, LONGEST_WAIT)
    changed = jobs.changed(principal, id_, version=version, wait=wait)
    job = await while_connected(request, draining_of(request).unless_begun(changed))
    if job is None:
        return await jobs.get(principal, id_), {}
    return job, preference_applied(wait=wait)


async def _picture(request: Request, found: JobResult, applied: Mapping[str, str]) -> Response:
    warnings = found.job.result.warnings if found.job.result else ()
    timing = server_timing("store", {})
    return await answer_picture(
        request, _facts(found.job, applied), found.rendering.data, warnings, timing
    )


def _facts(job: Job, applied: Mapping[str, str]) -> PictureFacts:
    """Return what the headers say; a job's style is not today's, hence has no state."""
    digest = job.result.digest if job.result else job.digest
    return PictureFacts(digest=digest, format=job.format, style=job.style, further=applied)


def _id(request: Request) -> str:
    text: str = request.path_params["id"]
    if not _ID.fullmatch(text):
        raise NotFoundError(f"There is no job {text[:64]}: ids have 26 small letters and digits.")
    return text


def _states(request: Request) -> frozenset[JobState]:
    """Return the states that `?state=` names, separated by commas or in several of them."""
    named = {part for text in request.query_params.getlist("state") for part in text.split(",")}
    if not named <= set(get_args(JobState)):
        raise MalformedError(f"?state= takes some of {', '.join(get_args(JobState))}.")
    return frozenset(cast("set[JobState]", named))
