"""The id of the request that is being served, for answers and for every log record."""

import os
import re
from contextvars import ContextVar

from starlette.datastructures import Headers

__all__ = ["current_request_id", "enter_request"]

_current: ContextVar[str] = ContextVar("plotkiln_request_id", default="")

#: What is taken over from a caller: nothing that could forge a log line.
_SAFE = re.compile(r"[A-Za-z0-9._-]{1,64}")


def current_request_id() -> str:
    """Return the id of the request being served, empty outside of one."""
    return _current.get()


def enter_request(headers: Headers) -> str:
    """Begin a request under the caller's `X-Request-Id`, or under a new id; return it."""
    given = headers.get("x-request-id", "")
    request_id = given if _SAFE.fullmatch(given) else os.urandom(8).hex()
    _current.set(request_id)
    return request_id
