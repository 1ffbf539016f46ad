"""OpenAPI 3.1 from the same table that the routes are made of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.__about__ import __version__
from plotkiln.api import (
    account,
    artifacts,
    brokers,
    charts,
    events,
    health,
    histories,
    job_operations,
    metrics,
    previews,
    renders,
    schemas,
    sessions,
    styles,
)
from plotkiln.api.access import SESSION, has_identity, identify, session_cookie
from plotkiln.api.charts import StoredChart
from plotkiln.api.errors import PICTURES
from plotkiln.api.histories import PUBLISH_CONTRACT, ROLLBACK_CONTRACT
from plotkiln.api.job_answers import JobList
from plotkiln.api.operations import Answer, Body, Operation, Parameter
from plotkiln.api.security import needed, security_of, security_schemes
from plotkiln.api.services import services_of
from plotkiln.api.sessions import SessionView
from plotkiln.api.templates import OPERATIONS as TEMPLATE_OPERATIONS
from plotkiln.errors import AccessError, UnavailableError
from plotkiln.identity import NOBODY, Scope
from plotkiln.service.account import Account
from plotkiln.service.brokers import EventPage, EventView, Replayed
from plotkiln.service.health import Health, VerboseHealth
from plotkiln.service.histories import StyleHistoryPage
from plotkiln.service.job_views import JobView
from plotkiln.service.problems import PROBLEMS, Problem
from plotkiln.service.styles import StyleList
from plotkiln.spec import SPEC_CONTRACT
from plotkiln.style.documents import STYLE_CONTRACT
from plotkiln.templates.catalogue import TemplateList
from plotkiln.templates.descriptions import DescribedTemplate

__all__ = ["API_OPERATIONS", "get_openapi", "openapi_document"]

API_OPERATIONS: tuple[Operation, ...] = (
    *renders.OPERATIONS,
    *charts.OPERATIONS,
    *job_operations.OPERATIONS,
    *styles.OPERATIONS,
    *histories.OPERATIONS,
    *previews.OPERATIONS,
    *TEMPLATE_OPERATIONS,
    *artifacts.OPERATIONS,
    *events.OPERATIONS,
    *brokers.OPERATIONS,
    *sessions.OPERATIONS,
    *schemas.OPERATIONS,
    *account.OPERATIONS,
    *health.OPERATIONS,
    *metrics.OPERATIONS,
)

_DESCRIPTION = """\
On-demand Matplotlib rendering whose look lives in a style store.

Errors are `application/problem+json` (RFC 9457) and list every fault with its place.
"""


async def get_openapi(request: Request) -> Response:
    """Return the description of this API, the templates that it has among it."""
    try:
        listed = await _templates(request)
    except UnavailableError:  # nothing can describe them now; all else can be
        listed = TemplateList([], [])
    body = _encoded(msgspec.json.encode(listed), request.app, session_cookie(request))
    return Response(body, media_type="application/json")


async def _templates(request: Request) -> TemplateList:
    """Return the templates, to whoever may draw: their names may tell of what is drawn here."""
    try:
        principal = await identify(request)
    except AccessError:
        principal = NOBODY
    if not principal.may(Scope.RENDER):
        return TemplateList([], [])
    return await services_of(request).templates.list(principal)


@lru_cache(maxsize=2)
def _encoded(listed: bytes, app: Starlette, cookie: str) -> bytes:
    known = msgspec.json.decode(listed, type=TemplateList)
    described = openapi_document(
        known.templates, app.state.operations, identity=has_identity(app), cookie=cookie
    )
    return msgspec.json.encode(described)


def openapi_document(
    known: Sequence[DescribedTemplate] = (),
    operations: Iterable[Operation] = API_OPERATIONS,
    *,
    identity: bool = False,
    cookie: str = SESSION,
) -> dict[str, Any]:
    """Return the OpenAPI 3.1 description of these operations, and of the templates' parameters.

    With `identity` whoever asks must say who they are; a session is in the `cookie` of that name.
    """
    paths: dict[str, Any] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(
            operation, identity=identity
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "plotkiln",
            "version": __version__,
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": {**_component_schemas(), **_template_schemas(known)},
            "securitySchemes": security_schemes(cookie),
        },
    }


def _operation(operation: Operation, *, identity: bool) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.handler.__name__,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": [_parameter(parameter) for parameter in operation.parameters],
        "responses": dict(_responses(operation)),
        "security": security_of(operation, identity=identity),
        "description": f"{operation.description} {needed(operation)}".strip(),
    }
    if operation.body:
        described["requestBody"] = _body(operation.body)
    return described


def _parameter(parameter: Parameter) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": parameter.name,
        "in": parameter.place,
        "description": parameter.description,
        "required": parameter.required,
        "schema": parameter.schema,
    }
    if not parameter.explode:
        described |= {"style": "form", "explode": False}
    return described if parameter.example is None else {**described, "example": parameter.example}


def _body(body: Body) -> dict[str, Any]:
    content = {media_type: {"schema": schema} for media_type, schema in body.content.items()}
    examples = {name: {"value": value} for name, value in body.examples.items()}
    if examples:
        first = next(iter(content))
        content[first] = {**content[first], "examples": examples}
    return {"required": True, "content": content}


def _responses(operation: Operation) -> Iterator[tuple[str, Any]]:
    for status, answer in operation.answers.items():
        yield str(status), _answer(answer)
    for status in operation.refusals:
        yield str(status), _problem(status, pictures=_draws_problems(operation))


def _answer(answer: Answer) -> dict[str, Any]:
    described: dict[str, Any] = {"description": answer.description}
    if answer.content:
        described["content"] = {
            media_type: {"schema": schema} if schema else {}
            for media_type, schema in answer.content.items()
        }
    if answer.headers:
        described["headers"] = {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in answer.headers.items()
        }
    if answer.links:
        described["links"] = dict(answer.links)
    return described


def _draws_problems(operation: Operation) -> bool:
    """Say whether problems may be pictures: what has an ending below these addresses is one."""
    return operation.method == "GET" and operation.path.startswith(PICTURES)


def _problem(status: int, *, pictures: bool) -> dict[str, Any]:
    titles = [kind.title for kind in PROBLEMS if kind.status == status]
    content: dict[str, Any] = {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
    }
    if pictures:
        content["image/svg+xml"] = {}
    return {"description": "; ".join(titles) or _OTHER_PROBLEMS[status], "content": content}


_OTHER_PROBLEMS = {406: "No format fits Accept"}


def _component_schemas() -> dict[str, Any]:
    types: Sequence[type] = (
        Problem,
        StoredChart,
        SessionView,
        JobView,
        JobList,
        StyleList,
        StyleHistoryPage,
        EventPage,
        EventView,
        Replayed,
        Health,
        VerboseHealth,
        Account,
    )
    _, components = msgspec.json.schema_components(
        types, ref_template="#/components/schemas/{name}"
    )
    return {
        **components,
        "Spec": _embedded(SPEC_CONTRACT.schema, "Spec"),
        "Style": _embedded(STYLE_CONTRACT.schema, "Style"),
        "Rollback": _embedded(ROLLBACK_CONTRACT.schema, "Rollback"),
        "Publication": _embedded(PUBLISH_CONTRACT.schema, "Publication"),
    }


def _template_schemas(known: Sequence[DescribedTemplate]) -> dict[str, Any]:
    """Return what describes templates, and one component for the parameters of each."""
    _, components = msgspec.json.schema_components(
        [TemplateList], ref_template="#/components/schemas/{name}"
    )
    named = {f"Params.{template.name}": template.params for template in known}
    return {**components, **{name: _embedded(schema, name) for name, schema in named.items()}}


def _embedded(schema: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a published schema as a component: its references lead to its own definitions."""
    moved: dict[str, Any] = _moved(schema, f"#/components/schemas/{name}/$defs/")
    return {key: value for key, value in moved.items() if key not in {"$schema", "$id"}}


def _moved(value: Any, definitions: str) -> Any:
    if isinstance(value, Mapping):
        return {key: _moved(member, definitions) for key, member in value.items()}
    if isinstance(value, list):
        return [_moved(item, definitions) for item in value]
    if isinstance(value, str) and value.startswith("#/$defs/"):
        return definitions + value.removeprefix("#/$defs/")
    return value
