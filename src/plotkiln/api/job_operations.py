"""What OpenAPI says of jobs."""

from typing import Any, get_args

import msgspec

from plotkiln.api.examples import SPEC_EXAMPLES
from plotkiln.api.idempotency import IDEMPOTENCY_KEY
from plotkiln.api.jobs import (
    LONGEST_WAIT,
    MOST_JOBS,
    cancel_job,
    get_job,
    get_jobs,
    get_result,
    post_job,
    retry_job,
)
from plotkiln.api.negotiation import MEDIA_TYPES
from plotkiln.api.operations import Answer, Body, Operation, Parameter, picture_answers
from plotkiln.documents import ID_PATTERN
from plotkiln.identity import Scope
from plotkiln.jobs import JobState

__all__ = ["ACCEPTED", "LIVE_OPERATIONS", "OPERATIONS"]

_VIEW = {"application/json": {"$ref": "#/components/schemas/JobView"}}

_ID = Parameter(
    name="id",
    place="path",
    description="The job's id.",
    schema={"type": "string", "pattern": f"^{ID_PATTERN}$"},
    required=True,
)

_WAIT = Parameter(
    name="Prefer",
    place="header",
    description=(
        f"`wait=N`: hold the answer back for N seconds, {LONGEST_WAIT} at most, until there is one "
        "(RFC 7240)."
    ),
    schema={"type": "string"},
    example="wait=1",
)

_MINIMAL = Parameter(
    name="Prefer",
    place="header",
    description="`return=minimal`: an answer without a body; `Location` says where the job is.",
    schema={"type": "string"},
)

_APPLIED = "What was preferred, and is so."
_AGAIN = "Seconds after which another look is sensible; missing once it has ended."


def _links(*operations: str) -> dict[str, Any]:
    """Return links to what can be done with the job in an answer."""
    return {
        name: {"operationId": name, "parameters": {"id": "$response.body#/id"}}
        for name in operations
    }


#: Says that a job was accepted, wherever one is.
ACCEPTED = Answer(
    description="Accepted: the job, to be followed at `Location`.",
    content=_VIEW,
    headers={
        "Location": "The job's address.",
        "Retry-After": _AGAIN,
        "Preference-Applied": _APPLIED,
    },
    links=_links("get_job", "get_result", "cancel_job"),
)

_JOB_HEADERS = {
    "ETag": "The job's version: it grows with each change.",
    "Retry-After": _AGAIN,
    "Preference-Applied": _APPLIED,
}

_POST = Operation(
    method="POST",
    path="/jobs",
    handler=post_job,
    scope=Scope.JOBS,
    tag="Jobs",
    summary="Submit a spec",
    description=(
        "For charts that take long: accepted at once, rendered elsewhere. The format is the spec's "
        "`format`, else PNG; the style is as it is now. An equal rendering that was submitted "
        "before, and has not failed, is joined. A CSV body takes the spec's members as query "
        "parameters."
    ),
    parameters=(IDEMPOTENCY_KEY, _MINIMAL),
    body=Body(
        content={
            "application/json": {"$ref": "#/components/schemas/Spec"},
            "text/csv": {"type": "string"},
        },
        examples=SPEC_EXAMPLES,
    ),
    answers={202: ACCEPTED},
    problems=(400, 413, 415, 422, 500, 503),
)

_LIST = Operation(
    method="GET",
    path="/jobs",
    handler=get_jobs,
    scope=Scope.JOBS,
    tag="Jobs",
    summary="List jobs",
    parameters=(
        Parameter(
            name="state",
            place="query",
            description="Only jobs in these states, separated by commas.",
            schema={"type": "array", "items": {"enum": list(get_args(JobState))}, "minItems": 1},
            explode=False,
            example=["queued", "running"],
        ),
        Parameter(
            name="before",
            place="query",
            description="Only older jobs: the last page's `before`.",
            schema={"type": "string"},
        ),
        Parameter(
            name="limit",
            place="query",
            description="The most jobs to return.",
            schema={"type": "integer", "minimum": 1, "maximum": MOST_JOBS, "default": 50},
        ),
    ),
    answers={
        200: Answer(
            description="Newest first.",
            content={"application/json": {"$ref": "#/components/schemas/JobList"}},
        )
    },
    problems=(400, 422, 503),
)

_FOLLOW = Operation(
    method="GET",
    path="/jobs/{id}",
    handler=get_job,
    scope=Scope.JOBS,
    tag="Jobs",
    summary="Follow a job",
    description=(
        "With `Prefer: wait=N` and `If-None-Match` once it has changed, with the wait alone once "
        "it has ended; when the wait is over, as it is."
    ),
    parameters=(
        _ID,
        _WAIT,
        Parameter(
            name="If-None-Match",
            place="header",
            description="The version that the client knows.",
            schema={"type": "string"},
        ),
    ),
    answers={
        200: Answer(
            description="The job.",
            content=_VIEW,
            headers=_JOB_HEADERS,
            links=_links("get_result", "cancel_job", "retry_job"),
        ),
        304: Answer(description="It has not changed.", headers=_JOB_HEADERS),
    },
    problems=(404, 503),
)


def _result_headers(answer: Answer) -> dict[str, str]:
    """Return a picture's headers: a job's style was fixed, and is not to be today's."""
    told = {name: text for name, text in answer.headers.items() if name != "Plotkiln-Style-State"}
    return {**told, "Preference-Applied": _APPLIED}


def _result_answers() -> dict[int, Answer]:
    pictures = {
        status: msgspec.structs.replace(answer, headers=_result_headers(answer))
        for status, answer in picture_answers(*MEDIA_TYPES.values(), cached=True).items()
    }
    redirect = Answer(
        description="The object store has it.",
        headers={"Location": "Its address there, good for a time."},
    )
    return {200: pictures[200], 303: redirect, 304: pictures[304]}


_RESULT = Operation(
    method="GET",
    path="/jobs/{id}/result",
    handler=get_result,
    scope=Scope.JOBS,
    tag="Jobs",
    summary="Fetch a job's picture",
    description=(
        "A job that failed is answered with its problem, and that problem's status; one that was "
        "given up though another try might help, with 422 and that problem as `cause`."
    ),
    parameters=(
        _ID,
        Parameter(
            name="redirect",
            place="query",
            description="1: lead to the object store, where it can be asked by anybody (303).",
            schema={"type": "integer", "minimum": 0, "maximum": 1},
        ),
        _WAIT,
    ),
    answers=_result_answers(),
    problems=(400, 404, 409, 410, 422, 500, 503),
)

_CANCEL = Operation(
    method="DELETE",
    path="/jobs/{id}",
    handler=cancel_job,
    scope=Scope.JOBS,
    tag="Jobs",
    summary="Cancel a job",
    description="A render that is under way ends at once. A job that has ended stays as it is.",
    parameters=(_ID,),
    answers={200: Answer(description="The job.", content=_VIEW, headers=_JOB_HEADERS)},
    problems=(404, 503),
)

_RETRY = Operation(
    method="POST",
    path="/jobs/{id}/retry",
    handler=retry_job,
    scope=Scope.JOBS,
    tag="Jobs",
    summary="Submit a job once more",
    description="The input of a job that failed, expired or was cancelled, in the same style.",
    parameters=(_ID, _MINIMAL),
    answers={202: msgspec.structs.replace(ACCEPTED, description="Accepted: the new job.")},
    problems=(404, 409, 410, 422, 503),
)

OPERATIONS = (_POST, _LIST, _FOLLOW, _RESULT, _CANCEL, _RETRY)

#: What the live channel's own process serves of them: long polls.
LIVE_OPERATIONS = (_FOLLOW,)
