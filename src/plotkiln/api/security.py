"""What OpenAPI says of who may ask what, and by what they say who they are."""

from collections.abc import Mapping, Sequence
from typing import Any

from plotkiln.api.access import SESSION
from plotkiln.api.errors import PICTURES
from plotkiln.api.operations import Operation
from plotkiln.identity import Scope

__all__ = ["SECURITY_SCHEMES", "needed", "security_of"]

SECURITY_SCHEMES: Mapping[str, Mapping[str, str]] = {
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
        "name": SESSION,
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
}


def security_of(operation: Operation, *, identity: bool) -> Sequence[Mapping[str, Sequence[Any]]]:
    """Return the alternatives by which somebody may ask, each with the scope that it must have.

    Without `identity` one of them is to say nothing.
    """
    if operation.scope is None:
        return []
    schemes = ["token", "key"]
    if operation.scope is not Scope.EVENTS:
        schemes.append("session")
    if operation.method == "GET" and operation.path.startswith(PICTURES):
        schemes.append("signed")
    alternatives = [{scheme: [operation.scope]} for scheme in schemes]
    return alternatives if identity else [*alternatives, {}]


def needed(operation: Operation) -> str:
    """Say in a sentence what whoever asks must be allowed."""
    if operation.scope is None:
        return "Open to everybody."
    return f"Needs the scope `{operation.scope}`, where the server asks who it is."
