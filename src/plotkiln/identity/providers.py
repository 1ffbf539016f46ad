"""An OpenID provider: whose tokens are taken, and what they say."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from plotkiln.identity.key_sets import KeySets
from plotkiln.identity.tokens import TokenRules, check_access, read, signed_claims
from plotkiln.identity.web import ProviderWeb

__all__ = ["OpenIdProvider"]

Claims = Mapping[str, Any]


class OpenIdProvider:
    """One issuer, its keys, and what is asked of it."""

    def __init__(
        self,
        keys: KeySets,
        web: ProviderWeb,
        rules: TokenRules,
        *,
        algorithms: tuple[str, ...],
        now: Callable[[], float] = time.time,
    ) -> None:
        """Take tokens that are signed by one of `algorithms`, and keep to `rules`."""
        self.issuer = rules.issuer
        self._keys = keys
        self._web = web
        self._rules = rules
        self._algorithms = frozenset(algorithms)
        self._now = now

    async def document(self) -> Claims:
        """Return its discovery document; raises `StoreUnavailable` where it is away."""
        return (await self._keys.current()).document

    async def access_claims(self, token: str) -> Claims:
        """Return the claims of a good access token.

        Raises `CredentialError` for any other, `StoreUnavailable` where that cannot be said.
        """
        header = read(token, algorithms=self._algorithms)
        claims = signed_claims(token, await self._keys.key(header.kid or None, header.alg))
        check_access(header, claims, self._rules, now=self._now())
        return claims

    async def signed_claims(self, token: str) -> Claims:
        """Return the claims of a token that one of its keys signed, whatever they are.

        Raises as `access_claims` does.
        """
        header = read(token, algorithms=self._algorithms)
        return signed_claims(token, await self._keys.key(header.kid or None, header.alg))

    async def ask(self, method: str, url: str, **options: Any) -> Claims:
        """Return the members of a JSON answer; raises as `ProviderWeb.ask` does."""
        return await self._web.ask(method, url, **options)
