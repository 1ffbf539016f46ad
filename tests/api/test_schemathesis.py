"""The description of the API against the API: made-up requests, good and bad, on a real server."""

from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from kilns import Kiln
from plotkiln.api import openapi_document
from plotkiln.api.openapi import API_OPERATIONS
from plotkiln.counter.homepage import OPERATIONS as HIT_OPERATIONS
from plotkiln.live.routes import OPERATIONS as LIVE_OPERATIONS

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    allow_header_conformance,
    negative_data_rejection,
    unsupported_method,
]

SERVED = openapi_document(operations=(*API_OPERATIONS, *HIT_OPERATIONS, *LIVE_OPERATIONS))
DESCRIPTION = msgspec.json.decode(msgspec.json.encode(SERVED))
# a request that is no WebSocket's is told so at /live, whatever else is wrong with it
DESCRIBED = schemathesis.openapi.from_dict(DESCRIPTION).exclude(path="/live")


@pytest.fixture(scope="module")
def own_kiln(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start a server of its own: made-up styles stay behind, `default` among them."""
    with Kiln(tmp_path_factory.mktemp("described")) as running:
        yield running


@DESCRIBED.parametrize()
@settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_the_description_is_true(case: schemathesis.Case[Any], own_kiln: Kiln) -> None:
    """Whatever is sent, the answer is one that the description names, and no server error."""
    case.call_and_validate(base_url=own_kiln.url, checks=CHECKS)


def test_the_description_is_served(client: httpx.Client) -> None:
    """The served description is the one that these tests follow, and the templates' parameters."""
    served = client.get("/openapi.json").json()
    schemas = served["components"]["schemas"]
    templates = {name for name in schemas if name.startswith("Params.")}
    assert "Params.odometer" in templates
    served["components"]["schemas"] = {
        name: schema for name, schema in schemas.items() if name not in templates
    }
    assert served == DESCRIPTION
