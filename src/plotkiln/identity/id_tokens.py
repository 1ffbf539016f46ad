"""What an ID token must say (OpenID Connect Core 1.0, section 3.1.3.7), its signature aside."""

import hmac
from collections.abc import Mapping
from typing import Any

from plotkiln.errors import SignInFailed
from plotkiln.identity.tokens import audience_of, is_subject, time_of

__all__ = ["check_id_claims"]

#: Seconds by which the provider's clock and ours may differ.
_LEEWAY = 60

#: Seconds after which a token that was just asked for cannot be the answer.
_STALE = 600


def check_id_claims(
    claims: Mapping[str, Any], *, issuer: str, client: str, nonce: str, now: float
) -> None:
    """Check whom a token is from and for, that it answers this sign-in, and that it is in time.

    Raises `SignInFailed` that names the rule, and nothing that the token holds.
    """
    rules = {
        "iss": claims.get("iss") == issuer,
        "sub": is_subject(claims.get("sub")),
        "aud": client in audience_of(claims),
        "azp": _is_party(claims, client),
        "nonce": hmac.compare_digest(_text(claims, "nonce"), nonce.encode()),
        "exp": time_of(claims, "exp") > now - _LEEWAY,
        "iat": now - _STALE < time_of(claims, "iat") < now + _LEEWAY,
    }
    broken = [name for name, holds in rules.items() if not holds]
    if broken:
        raise SignInFailed(f"The ID token is no good: {', '.join(broken)}.")


def _is_party(claims: Mapping[str, Any], client: str) -> bool:
    """Say whether it was made for this client: with several audiences it must say so."""
    party = claims.get("azp")
    return party == client or (party is None and len(audience_of(claims)) == 1)


def _text(claims: Mapping[str, Any], name: str) -> bytes:
    value = claims.get(name)
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else b""
