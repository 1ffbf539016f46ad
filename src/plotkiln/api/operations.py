"""Operations: what OpenAPI says of a route stands beside the function that serves it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from plotkiln.api.access import admit
from plotkiln.api.guards import check_sender
from plotkiln.api.limits import limited
from plotkiln.api.origins import SAFE
from plotkiln.identity import Scope

__all__ = ["Answer", "Body", "Handler", "Operation", "Parameter", "picture_answers", "routes"]

Handler = Callable[[Request], Awaitable[Response]]


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter in the path, the query or a header."""

    name: str
    place: str
    description: str
    schema: Mapping[str, Any]
    required: bool = False
    example: Any = None
    #: Whether several values of a query are several parameters; False: one, with commas.
    explode: bool = True


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What a request carries."""

    #: Media type → JSON Schema, or None where there is none to give.
    content: Mapping[str, Mapping[str, Any]]
    #: Name → value.
    examples: Mapping[str, Any] = {}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One status and what comes with it."""

    description: str
    #: Media type → JSON Schema.
    content: Mapping[str, Mapping[str, Any]] = {}
    #: Name → description.
    headers: Mapping[str, str] = {}
    #: Name → OpenAPI's Link Object: what can be asked next.
    links: Mapping[str, Mapping[str, Any]] = {}


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One method at one address."""

    method: str
    path: str
    handler: Handler
    #: What whoever asks must be allowed; None: it is open to everybody.
    scope: Scope | None
    #: What only some requests for it need, where nothing else is needed: its handler finds out.
    sometimes: Scope | None = None
    #: By what whoever asks may show who they are where that is all: its handler finds out.
    shown_by: tuple[str, ...] = ()
    tag: str
    summary: str
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    answers: Mapping[int, Answer]
    #: Statuses that come as problem details.
    problems: tuple[int, ...] = ()

    @property
    def refusals(self) -> tuple[int, ...]:
        """All statuses that come as problem details: those of who may not ask among them."""
        foreign = (421,) if self.method in SAFE else (403, 421)  # see `check_sender`
        refused = _REFUSED if self.scope else ()
        return tuple(sorted({*self.problems, *foreign, *refused}))


#: Not known, not allowed, too often.
_REFUSED = (401, 403, 429)


def routes(operations: Iterable[Operation]) -> list[Route]:
    """Return one route for each address, so that 405 lists every method that is taken there."""
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, {})[operation.method] = operation
    return [
        Route(path, _endpoint(path, methods), methods=list(methods))
        for path, methods in by_path.items()
    ]


def _endpoint(path: str, operations: Mapping[str, Operation]) -> Handler:
    async def endpoint(request: Request) -> Response:
        request.scope["route_path_format"] = path
        operation = operations["GET" if request.method == "HEAD" else request.method]
        check_sender(request)
        await admit(request, operation.scope)
        return await limited(request, operation.handler)

    return endpoint


def picture_answers(*media_types: str, cached: bool) -> dict[int, Answer]:
    """Return the answers of an operation that yields a picture."""
    content: dict[str, dict[str, Any]] = {media_type: {} for media_type in media_types}
    answers = {200: Answer(description="The picture.", content=content, headers=_PICTURE_HEADERS)}
    if cached:
        answers[304] = Answer(
            description="The picture that the client holds is the newest; nothing was drawn.",
            headers=_PICTURE_HEADERS,
        )
    return answers


_PICTURE_HEADERS = {
    "ETag": "The rendering's digest: equal tags are equal bytes.",
    "Plotkiln-Style": "Name and version of the style: `default@42`.",
    "Plotkiln-Style-State": "`fresh`, `stale` (the last good one) or `builtin`.",
}
