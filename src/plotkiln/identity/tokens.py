"""What makes an access token good (RFC 9068, RFC 8725): its form, its signature, its claims.

Pure: whoever calls brings the key and the time. Every rule that is broken raises `CredentialError`,
whose `reason` is the word that stands in `REFUSALS`, and nothing of the token.
"""

import math
import re
from base64 import urlsafe_b64decode
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from plotkiln.identity.refusals import refusal
from plotkiln.identity.unreadable import UNREADABLE

if TYPE_CHECKING:
    from jwt import PyJWK

__all__ = [
    "Claims",
    "Header",
    "TokenRules",
    "audience_of",
    "check_access",
    "is_of_client",
    "is_subject",
    "read",
    "signed_claims",
    "time_of",
]

Claims = Mapping[str, Any]

#: Characters of a token; a header of HTTP has seldom room for more.
_LONGEST = 16_384

#: Seconds by which the provider's clock and ours may differ.
_LEEWAY = 30

_TOKEN = re.compile(r"([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*")

#: What OpenID says of a subject (Core 1.0, section 2): 255 characters of ASCII at most. It becomes
#: an owner's name: no line ends, nothing that turns text around, no spaces at the ends.
_SUBJECT = re.compile(r"[!-~](?:[ -~]{0,253}[!-~])?")

#: Claims that ID tokens have, and logout tokens, and access tokens never.
_NO_ACCESS = ("nonce", "at_hash", "c_hash", "s_hash", "events")

#: Claims by which providers name the client that a token was made for.
_PARTY = ("client_id", "azp", "cid", "appid")

#: What providers that put a kind among the claims call an access token.
_BEARER = frozenset({"bearer", "at+jwt", "access", "access_token"})


class Header(msgspec.Struct, frozen=True):
    """What a token's header says; keys, and addresses of keys, in it are not looked at."""

    alg: str = ""
    #: Which key signed it; None where it does not say.
    kid: str | None = None
    typ: str = ""
    #: What must be understood: nothing of it is, so there must be none.
    crit: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    b64: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class TokenRules(msgspec.Struct, frozen=True, kw_only=True):
    """What an access token must say."""

    issuer: str
    #: Any of these.
    audiences: frozenset[str]
    #: What the provider knows this server as: the audience of ID tokens. Empty: nothing.
    client: str = ""


def read(token: str, *, algorithms: Collection[str]) -> Header:
    """Return a token's header; its algorithm is one of `algorithms`."""
    found = _TOKEN.fullmatch(token) if len(token) <= _LONGEST else None
    if found is None:
        raise refusal("form")
    try:
        header = msgspec.json.decode(_bytes(found[1]), type=Header)
    except UNREADABLE as error:
        raise refusal("form") from error
    if header.alg not in algorithms:
        raise refusal("algorithm")
    if header.crit is not msgspec.UNSET or header.b64 is not msgspec.UNSET:
        raise refusal("header")
    return header


def signed_claims(token: str, key: "PyJWK") -> dict[str, Any]:
    """Return the claims of a token that this very key has signed."""
    from jwt import PyJWS  # noqa: PLC0415 -- 60 ms, for whoever is shown a token
    from jwt.exceptions import PyJWTError  # noqa: PLC0415 -- as above

    try:
        found = PyJWS(options={"enforce_minimum_key_length": True}).decode_complete(
            token, key, [key.algorithm_name]
        )
    except (PyJWTError, ValueError) as error:
        raise refusal("signature") from error
    try:
        return msgspec.json.decode(found["payload"], type=dict[str, Any])
    except UNREADABLE as error:
        raise refusal("claims") from error


def check_access(header: Header, claims: Claims, rules: TokenRules, *, now: float) -> None:
    """Check that a token's claims are those of an access token that is for us, and in time."""
    if not _is_access(header, claims, rules.client):
        raise refusal("type")
    if claims.get("iss") != rules.issuer:
        raise refusal("issuer")
    if not any(one in rules.audiences for one in audience_of(claims) if isinstance(one, str)):
        raise refusal("audience")
    if not time_of(claims, "exp", missing=-math.inf) > now - _LEEWAY:
        raise refusal("expired")
    if any(not time_of(claims, name, missing=now) <= now + _LEEWAY for name in ("nbf", "iat")):
        raise refusal("not yet")
    if not is_subject(claims.get("sub")):
        raise refusal("subject")
    if "cnf" in claims:  # RFC 9449, section 7.1: not as a bearer token
        raise refusal("binding")


def is_subject(value: object) -> bool:
    """Say whether a `sub` can be part of a principal's name."""
    return isinstance(value, str) and _SUBJECT.fullmatch(value) is not None


def is_of_client(claims: Claims) -> bool:
    """Say whether a token is a program's own, which nobody has signed in to.

    Its subject is the client itself (RFC 9068, section 2.2): where clients may choose what they are
    called, one that is called like a person is not that person (section 5; RFC 9700, 4.15).
    """
    return any(claims.get(name) == claims["sub"] for name in _PARTY)


def _is_access(header: Header, claims: Claims, client: str) -> bool:
    """Tell an access token from an ID token.

    One of the type that RFC 9068 (section 2.1) gives access tokens is one. Many providers give them
    none, or that of all JWTs: such a token is one unless anything in it is of an ID token's, be it
    only its audience, our client's id.
    """
    kind = header.typ.lower().removeprefix("application/")
    if kind == "at+jwt":
        return True
    if kind not in {"", "jwt"} or any(name in claims for name in _NO_ACCESS):
        return False
    named = claims.get("typ", "Bearer")
    is_bearer = isinstance(named, str) and named.lower() in _BEARER
    return is_bearer and (not client or client not in audience_of(claims))


def audience_of(claims: Claims) -> list[Any]:
    """Return whom a token is for, one or several; what is no text among them counts, too."""
    audience = claims.get("aud")
    return audience if isinstance(audience, list) else [audience]


def time_of(claims: Claims, name: str, *, missing: float = math.nan) -> float:
    """Return a time in seconds since 1970; nan, which is neither early nor late, if it is none."""
    value = claims.get(name, missing)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and -1e12 < value < 1e12 else math.nan


def _bytes(segment: str) -> bytes:
    return urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
