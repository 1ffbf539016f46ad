"""What OpenAPI says of who may ask what, and by what they say who they are."""

from collections.abc import Mapping, Sequence
from typing import Any

from plotkiln.api.errors import PICTURES
from plotkiln.api.operations import Operation
from plotkiln.identity import Scope

__all__ = ["NAMING", "needed", "security_of", "security_schemes"]

#: What names whoever has it, whatever they may.
NAMING = ("token", "key", "session")

_SCHEMES: Mapping[str, Mapping[str, str]] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token of the OpenID provider that the server trusts.",
    },
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, `pk_…`, made by `plotkiln keys create`.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "description": (
            "Whoever has signed in at `/sign-in`. What is not merely looked at needs the header "
            "`Plotkiln-CSRF`, too."
        ),
    },
    "signed": {
        "type": "apiKey",
        "in": "query",
        "name": "signature",
        "description": "An address that `POST /addresses` has signed: for `<img>` elsewhere.",
    },
    "ticket": {
        "type": "apiKey",
        "in": "query",
        "name": "ticket",
        "description": "What `POST /live/tickets` gave: for one socket, within 30 seconds.",
    },
}


def security_schemes(cookie: str) -> Mapping[str, Mapping[str, str]]:
    """Return everything that can be shown; `cookie` is the name of the one that holds a session."""
    return {**_SCHEMES, "session": {**_SCHEMES["session"], "name": cookie}}


def security_of(operation: Operation, *, identity: bool) -> Sequence[Mapping[str, Sequence[Any]]]:
    """Return the alternatives by which somebody may ask, each with the scope that it must have.

    Without `identity`, or where that is enough for most, one of them is to say nothing.
    """
    scope = operation.scope or operation.sometimes
    alternatives = [{one: [scope] if scope else []} for one in _schemes_of(operation)]
    is_open = operation.sometimes or not identity
    return [*alternatives, {}] if alternatives and is_open else alternatives


def _schemes_of(operation: Operation) -> Sequence[str]:
    """Return what shows who asks; nothing where that is nobody's business."""
    if operation.scope is None:
        return NAMING if operation.sometimes else operation.shown_by
    if operation.scope is Scope.EVENTS:
        return ("token", "key")
    is_picture = operation.method == "GET" and operation.path.startswith(PICTURES)
    return (*NAMING, "signed") if is_picture else NAMING


def needed(operation: Operation) -> str:
    """Say in a sentence what whoever asks must be allowed."""
    if operation.sometimes:
        return "Else it is open to everybody."
    if operation.scope is None:
        return _ANYBODY_KNOWN if operation.shown_by else "Open to everybody."
    return f"Needs the scope `{operation.scope}`, where the server asks who it is."


_ANYBODY_KNOWN = "Open to whoever is known, where the server asks who it is."
