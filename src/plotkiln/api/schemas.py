"""The contracts of the documents: JSON Schema 2020-12."""

from functools import cache
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.operations import Answer, Operation
from plotkiln.documents import Contract
from plotkiln.events.rules import RULES_CONTRACT
from plotkiln.spec import SPEC_CONTRACT
from plotkiln.style.documents import STYLE_CONTRACT

__all__ = ["OPERATIONS"]


async def get_spec_schema(_request: Request) -> Response:
    """Return the JSON Schema of a spec."""
    return _schema_response(_encoded("spec"))


async def get_style_schema(_request: Request) -> Response:
    """Return the JSON Schema of a style."""
    return _schema_response(_encoded("style"))


async def get_rules_schema(_request: Request) -> Response:
    """Return the JSON Schema of a file of rules."""
    return _schema_response(_encoded("rules"))


@cache
def _encoded(name: str) -> bytes:
    contracts: dict[str, Contract[Any]] = {
        "spec": SPEC_CONTRACT,
        "style": STYLE_CONTRACT,
        "rules": RULES_CONTRACT,
    }
    return msgspec.json.encode(contracts[name].schema)


def _schema_response(data: bytes) -> Response:
    headers = {"Cache-Control": "public, no-cache"}
    return Response(data, headers=headers, media_type="application/schema+json")


_ANSWERS = {
    200: Answer(
        description="A JSON Schema (2020-12).",
        content={"application/schema+json": {"type": "object"}},
    )
}

OPERATIONS = (
    Operation(
        method="GET",
        path="/schemas/spec",
        handler=get_spec_schema,
        scope=None,
        tag="Contracts",
        summary="The schema of a spec",
        answers=_ANSWERS,
    ),
    Operation(
        method="GET",
        path="/schemas/style",
        handler=get_style_schema,
        scope=None,
        tag="Contracts",
        summary="The schema of a style",
        answers=_ANSWERS,
    ),
    Operation(
        method="GET",
        path="/schemas/rules",
        handler=get_rules_schema,
        scope=None,
        tag="Contracts",
        summary="The schema of a file of rules",
        answers=_ANSWERS,
    ),
)
