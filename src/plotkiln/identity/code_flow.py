"""The authorization code flow with PKCE (RFC 6749, section 4.1; RFC 7636), as messages."""

import secrets
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Collection, Mapping
from hashlib import sha256
from urllib.parse import quote_plus, urlencode

import msgspec

__all__ = [
    "Client",
    "Endpoints",
    "Pending",
    "Returned",
    "TokenRequest",
    "authorization_address",
    "end_address",
    "new_pending",
    "token_request",
]


#: Characters of an ID token in an address; a longer one, of somebody in many groups, is left out.
_LONGEST_HINT = 4096


class Endpoints(msgspec.Struct, frozen=True, kw_only=True):
    """What signing in needs to know of a provider (OpenID Connect Discovery 1.0, section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    scopes_supported: tuple[str, ...] = ()
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    #: Whether it says who it is when it sends a browser back (RFC 9207).
    authorization_response_iss_parameter_supported: bool = False


class Client(msgspec.Struct, frozen=True):
    """What the provider knows this server as."""

    id: str
    #: Empty for a public client: PKCE alone binds a code to whoever asked for it.
    secret: str = ""


class Pending(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in that has begun: what is kept until the browser comes back."""

    #: `record_name` of the secret in the cookie of the browser that began it.
    browser: str
    nonce: str
    verifier: str
    #: Where the provider sends the browser back to.
    redirect: str
    #: The address of the app from which it began.
    back: str


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """What the provider sends a browser back with."""

    state: str
    code: str = ""
    error: str = ""
    #: Who sends it; empty where it does not say.
    issuer: str = ""


class TokenRequest(msgspec.Struct, frozen=True):
    """What a code is exchanged for tokens by."""

    form: Mapping[str, str]
    headers: Mapping[str, str]


def new_pending(*, browser: str, redirect: str, back: str) -> Pending:
    """Begin a sign-in, with a nonce and a verifier of 256 random bits each."""
    return Pending(
        browser=browser,
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(32),
        redirect=redirect,
        back=back,
    )


def authorization_address(
    endpoints: Endpoints,
    client: Client,
    pending: Pending,
    *,
    state: str,
    wanted: Collection[str] = (),
) -> str:
    """Return where to send a browser; of the scopes that are `wanted`, those that there are."""
    scopes = ["openid", *(name for name in wanted if name in endpoints.scopes_supported)]
    challenge = urlsafe_b64encode(sha256(pending.verifier.encode()).digest()).rstrip(b"=")
    asked = {
        "response_type": "code",
        "client_id": client.id,
        "redirect_uri": pending.redirect,
        "scope": " ".join(scopes),
        "state": state,
        "nonce": pending.nonce,
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
    }
    return _with_query(endpoints.authorization_endpoint, asked)


def token_request(
    endpoints: Endpoints, client: Client, pending: Pending, code: str
) -> TokenRequest:
    """Return what exchanges a code: the secret, if there is one, as the provider takes it."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": pending.redirect,
        "code_verifier": pending.verifier,
    }
    if not client.secret:
        return TokenRequest({**form, "client_id": client.id}, {})
    methods = endpoints.token_endpoint_auth_methods_supported
    if "client_secret_basic" in methods or "client_secret_post" not in methods:
        return TokenRequest(form, {"Authorization": _basic(client)})
    return TokenRequest({**form, "client_id": client.id, "client_secret": client.secret}, {})


def end_address(endpoints: Endpoints, client: Client, id_token: str) -> str | None:
    """Return where a browser ends its session at the provider; None where there is no such place.

    OpenID Connect RP-Initiated Logout 1.0. It is not sent back from there: that takes an address
    which the provider was told beforehand, and refuses otherwise.
    """
    if not endpoints.end_session_endpoint:
        return None
    asked = {"client_id": client.id}
    if 0 < len(id_token) <= _LONGEST_HINT:
        asked["id_token_hint"] = id_token
    return _with_query(endpoints.end_session_endpoint, asked)


def _basic(client: Client) -> str:
    """Return HTTP Basic authentication, both parts encoded as a form's (RFC 6749, 2.3.1)."""
    pair = f"{quote_plus(client.id)}:{quote_plus(client.secret)}"
    return f"Basic {b64encode(pair.encode()).decode()}"


def _with_query(address: str, asked: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"
