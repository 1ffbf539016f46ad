"""`Idempotency-Key`: a request that is sent again does again nothing (the IETF's draft of it)."""

import re

from starlette.requests import Request

from plotkiln.api.operations import Parameter
from plotkiln.errors import MalformedError

__all__ = ["IDEMPOTENCY_KEY", "idempotency_key"]

#: Characters of a key.
_LONGEST = 255
_PRINTABLE = re.compile(r"[ -~]+")
#: A string of structured fields (RFC 9651, section 3.3.3), as the draft has it.
_QUOTED = re.compile(r'"(?:[ !#-\[\]-~]|\\["\\])*"')


def idempotency_key(request: Request) -> str | None:
    """Return the key of a request, None where it has none; quoted or not, it is the same key.

    Raises `MalformedError` for several, for none behind the name, and for one that is too long or
    has other characters than those of ASCII that can be printed.
    """
    keys = request.headers.getlist("idempotency-key")
    if not keys:
        return None
    key = _unquoted(keys[0].strip(" \t"))
    if len(keys) > 1 or len(key) > _LONGEST or not _PRINTABLE.fullmatch(key):
        raise MalformedError(
            f"Idempotency-Key takes one key of 1 to {_LONGEST} printable ASCII characters."
        )
    return key


def _unquoted(text: str) -> str:
    if not _QUOTED.fullmatch(text):
        return text
    return re.sub(r"\\(.)", r"\1", text[1:-1])


IDEMPOTENCY_KEY = Parameter(
    name="Idempotency-Key",
    place="header",
    description=(
        "Names this submission: when it is sent again, the answer is the job that it began. Known "
        "as long as the job is kept; 422 where another spec, format or style is asked for."
    ),
    schema={"type": "string", "minLength": 1, "maxLength": _LONGEST, "pattern": "^[ -~]+$"},
)
