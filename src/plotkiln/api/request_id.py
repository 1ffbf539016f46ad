"""The id of the request that is being served, for answers and for every log record."""

import os
import re

from starlette.types import Scope

from plotkiln.traces import begin, facts

__all__ = ["current_request_id", "enter_request"]

#: What is taken over from a caller: nothing that could forge a log line.
_SAFE = re.compile(rb"[A-Za-z0-9._-]{1,64}")


def current_request_id() -> str:
    """Return the id of the request being served, empty outside of one."""
    return facts().get("request_id", "")


def enter_request(scope: Scope) -> str:
    """Begin a request under the caller's `X-Request-Id`, or under a new id; return it.

    Each request has a task of its own: what is known in it ends with it.
    """
    given = dict(scope["headers"]).get(b"x-request-id", b"")
    request_id = given.decode() if _SAFE.fullmatch(given) else os.urandom(8).hex()
    begin(request_id=request_id)
    return request_id
