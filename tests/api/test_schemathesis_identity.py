"""The description against a server that asks who it is: of somebody who may all, and of nobody."""

from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from issuers import Issuer
from kilns import Kiln
from plotkiln.api import openapi_document
from plotkiln.api.identity_operations import OPERATIONS as IDENTITY_OPERATIONS
from plotkiln.api.openapi import API_OPERATIONS
from plotkiln.counter.homepage import OPERATIONS as HIT_OPERATIONS
from plotkiln.counter.subjects import shows_total
from plotkiln.identity import Scope
from plotkiln.live.routes import OPERATIONS as LIVE_OPERATIONS

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]

OPERATIONS = (*API_OPERATIONS, *HIT_OPERATIONS, *LIVE_OPERATIONS, *IDENTITY_OPERATIONS)
SERVED = openapi_document(operations=OPERATIONS, identity=True)
DESCRIPTION = msgspec.json.decode(msgspec.json.encode(SERVED))
#: Every bound of every value is tried without identity: here it is who asks that matters.
CONFIG = SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": False}}})
# a request that is no WebSocket's is told so at /live, whatever else is wrong with it
DESCRIBED = schemathesis.openapi.from_dict(DESCRIPTION, config=CONFIG).exclude(path="/live")

FEW = settings(
    max_examples=4,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def shown(issuer: Issuer) -> dict[str, str]:
    """Return what somebody shows who may all."""
    return {"Authorization": f"Bearer {issuer.mint(scope=' '.join(Scope))}"}


@DESCRIBED.parametrize()
@FEW
def test_the_description_is_true_for_who_may_all(
    case: schemathesis.Case[Any], guarded_kiln: Kiln, shown: dict[str, str]
) -> None:
    """Whatever somebody sends who may all, the answer is described, and none is a refusal."""
    answer = case.call_and_validate(base_url=guarded_kiln.url, headers=shown, checks=CHECKS)
    assert answer.status_code not in {401, 403}


@DESCRIBED.parametrize()
@FEW
def test_the_description_is_true_for_nobody(
    case: schemathesis.Case[Any], guarded_kiln: Kiln
) -> None:
    """Whatever nobody sends, what needs a scope is 401 before it is looked at, as described."""
    for shown in (case.headers, case.cookies, case.query):
        for name in ("Authorization", "plotkiln-session", "signature"):
            shown.pop(name, None)
    answer = case.call_and_validate(base_url=guarded_kiln.url, checks=CHECKS)
    needs = _asks(case) and not shows_total(case.formatted_path)
    # another method, and an address that leads elsewhere, is no operation's
    assert answer.status_code in {401, 404, 405} if needs else answer.status_code != 401


def _asks(case: schemathesis.Case[Any]) -> bool:
    """Say whether who asks must be known, by the description: some requests need it alone."""
    security = case.operation.definition.raw["security"]
    return "verbose" in case.query if {} in security else bool(security)
