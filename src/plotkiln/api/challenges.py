"""What a refusal says of how to be let in (RFC 6750), and what the log keeps of it."""

import logging
import re

from plotkiln.errors import AccessError, CredentialError, ForbiddenError, MisdirectedError

__all__ = ["LOGGED", "challenge", "log_refusal", "reason_of"]

log = logging.getLogger("plotkiln.refusals")

#: Characters of an address that a log record keeps: beyond, it is a whole spec.
LOGGED = 256

_REALM = 'Bearer realm="plotkiln"'

#: What error_description may not contain (RFC 6750, section 3).
_UNSAYABLE = re.compile(r"[^\x20-\x21\x23-\x5B\x5D-\x7E]")


def challenge(error: AccessError) -> dict[str, str]:
    """Return the header that tells whoever was refused what would help.

    Whoever showed nothing is told no more than that something is to be shown.
    """
    if isinstance(error, CredentialError):
        return {"WWW-Authenticate": _REALM + (_invalid(error) if error.is_invalid else "")}
    if isinstance(error, ForbiddenError) and error.scope:
        missing = f', error="insufficient_scope", scope="{error.scope}"'
        return {"WWW-Authenticate": _REALM + missing}
    return {}


def reason_of(error: AccessError) -> str:
    """Return why somebody was refused in a word or two, one of few: the label of a metric."""
    if isinstance(error, CredentialError):
        return error.reason or "nothing shown"
    if isinstance(error, ForbiddenError):
        return "scope" if error.scope else "foreign page"
    return "foreign name" if isinstance(error, MisdirectedError) else "sign-in"


def log_refusal(error: AccessError, *, principal: str, method: str, path: str) -> None:
    """Keep who was refused what, and why: never what they showed."""
    fields = {"principal": principal, "method": method, "path": path[:LOGGED], "reason": str(error)}
    log.info("refused", extra={"fields": fields})


def _invalid(error: CredentialError) -> str:
    said = _UNSAYABLE.sub(" ", str(error))
    return f', error="invalid_token", error_description="{said}"'
