"""Jobs as answers: accepted, shown, listed."""

from collections.abc import Mapping, Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.conditions import matches, quoted
from plotkiln.api.preferences import preference_applied, preferences_of
from plotkiln.jobs import Job
from plotkiln.service.job_views import JobView
from plotkiln.service.jobs import JobService

__all__ = ["JobList", "accepted_response", "job_response", "jobs_of", "list_response"]

#: Seconds after which another look at a job is sensible.
_AGAIN = {"Retry-After": "1"}


class JobList(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Some jobs, newest first."""

    jobs: Sequence[JobView]
    #: What `?before=` takes for further ones; missing where there are none.
    before: str | None = None


def jobs_of(request: Request) -> JobService:
    """Return the jobs of the application that serves this request."""
    jobs: JobService = request.app.state.jobs
    return jobs


async def accepted_response(
    request: Request, job: Job, headers: Mapping[str, str] | None = None, *, asked: bool = False
) -> Response:
    """Answer 202 with where a job is followed; `asked` says whether the client preferred that."""
    minimal = preferences_of(request).minimal
    answer = {
        "Location": f"/jobs/{job.id}",
        "Cache-Control": "no-store",
        **_AGAIN,
        **preference_applied(respond_async=asked, minimal=minimal),
        **(headers or {}),
    }
    if minimal:
        return Response(status_code=202, headers=answer)
    return _json(await jobs_of(request).view(job), answer, status=202)


async def job_response(
    request: Request, job: Job, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with a job, or 304 where the client knows it as it is."""
    answer = {
        "ETag": quoted(str(job.version)),
        "Cache-Control": "no-cache",
        "Vary": "Prefer",
        **({} if job.over else _AGAIN),
        **(headers or {}),
    }
    if request.method != "DELETE" and matches(
        request.headers.get("if-none-match"), str(job.version)
    ):
        return Response(status_code=304, headers=answer)
    return _json(await jobs_of(request).view(job), answer)


def list_response(listed: JobList) -> Response:
    """Answer with some jobs."""
    return _json(listed, {"Cache-Control": "no-store"})


def _json(value: object, headers: Mapping[str, str], status: int = 200) -> Response:
    body = msgspec.json.encode(value)
    return Response(body, status, headers, media_type="application/json")
