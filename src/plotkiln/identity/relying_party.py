"""This server as a client of its OpenID provider: what signing in asks the provider."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from plotkiln.errors import CredentialError, SignInFailed
from plotkiln.identity.code_flow import (
    Client,
    Endpoints,
    Pending,
    Returned,
    authorization_address,
    end_address,
    token_request,
)
from plotkiln.identity.grants import Grants
from plotkiln.identity.id_tokens import check_id_claims
from plotkiln.identity.principals import Principal
from plotkiln.identity.providers import OpenIdProvider

__all__ = ["Person", "RelyingParty"]

#: Characters of what people are called.
_LONGEST_LABEL = 100

Claims = Mapping[str, Any]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the provider has signed in."""

    principal: Principal
    #: What people call them; empty where the provider does not say.
    label: str
    id_token: str


class RelyingParty:
    """What the provider is asked when people sign in and out; each call asks it anew if need be."""

    def __init__(
        self,
        provider: OpenIdProvider,
        client: Client,
        *,
        grants: Grants,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Take the provider, what it knows this server as, and what its people may."""
        self._provider = provider
        self._client = client
        self._grants = grants
        self._now = now

    async def address(self, pending: Pending, *, state: str) -> str:
        """Return where a browser goes to sign in."""
        return authorization_address(
            await self._endpoints(),
            self._client,
            pending,
            state=state,
            wanted=("profile", *sorted(self._grants.claims)),
        )

    async def check(self, returned: Returned) -> None:
        """Raise `SignInFailed` where another provider sent the browser back (RFC 9207)."""
        if returned.issuer == self._provider.issuer:
            return
        endpoints = await self._endpoints()
        if returned.issuer or endpoints.authorization_response_iss_parameter_supported:
            raise SignInFailed("Another provider sent the browser back.")

    async def redeem(self, code: str, pending: Pending) -> Person:
        """Return whom a code is for; the provider takes each code once.

        Raises `SignInFailed` for a code, or a token, that is no good.
        """
        endpoints = await self._endpoints()
        request = token_request(endpoints, self._client, pending, code)
        tokens = await self._provider.ask(
            "POST", endpoints.token_endpoint, data=request.form, headers=request.headers
        )
        id_token = _member(tokens, "id_token")
        claims = await self._verified(id_token, nonce=pending.nonce)
        if not self._grants.claims <= claims.keys() and endpoints.userinfo_endpoint:
            claims = await self._completed(endpoints, tokens, claims)
        principal = Principal(f"user:{claims['sub']}", self._grants.scopes_of(claims))
        return Person(principal=principal, label=_label(claims), id_token=id_token)

    async def end_address(self, id_token: str) -> str | None:
        """Return where to end the session at the provider; None where there is no such place."""
        return end_address(await self._endpoints(), self._client, id_token)

    async def _endpoints(self) -> Endpoints:
        try:
            return msgspec.convert(await self._provider.document(), Endpoints)
        except msgspec.ValidationError as error:
            raise SignInFailed(f"The provider's configuration is no good: {error}") from error

    async def _verified(self, id_token: str, *, nonce: str) -> Claims:
        try:
            claims = await self._provider.signed_claims(id_token)
        except CredentialError as error:
            raise SignInFailed(f"The ID token is no good: {error}") from error
        check_id_claims(
            claims,
            issuer=self._provider.issuer,
            client=self._client.id,
            nonce=nonce,
            now=self._now(),
        )
        return claims

    async def _completed(self, endpoints: Endpoints, tokens: Claims, claims: Claims) -> Claims:
        """Return the claims with what else the provider tells of the same person."""
        told = await self._provider.ask(
            "GET",
            endpoints.userinfo_endpoint,
            headers={"Authorization": f"Bearer {_member(tokens, 'access_token')}"},
        )
        if told.get("sub") != claims["sub"]:
            raise SignInFailed("The provider tells of somebody else than its token names.")
        return {**told, **claims}


def _member(tokens: Claims, name: str) -> str:
    value = tokens.get(name)
    if not isinstance(value, str) or not value:
        raise SignInFailed(f"The provider's answer has no {name}.")
    return value


def _label(claims: Claims) -> str:
    """Return what people call somebody, in one line."""
    for name in ("name", "preferred_username", "email"):
        value = claims.get(name)
        if isinstance(value, str) and value.strip():
            return "".join(char for char in value if char.isprintable())[:_LONGEST_LABEL].strip()
    return ""
