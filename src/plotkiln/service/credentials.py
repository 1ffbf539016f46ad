"""From what a request shows to the principal on whose behalf it is served."""

from plotkiln.errors import CredentialError, ForbiddenError
from plotkiln.identity import NOBODY, Principal, Scope
from plotkiln.identity.api_keys import PREFIX, ApiKeys
from plotkiln.identity.grants import Grants, carried
from plotkiln.identity.providers import Claims, OpenIdProvider
from plotkiln.identity.refusals import refusal
from plotkiln.identity.sessions import Sessions
from plotkiln.identity.signatures import Signatures
from plotkiln.identity.tokens import is_of_client
from plotkiln.service.identities import Shown

__all__ = ["EventSenders", "IdentityService"]


class IdentityService:
    """Those whom a server knows: by token, API key, signed address, ticket or session.

    What is said on purpose for one request goes before what a browser sends by itself: a token,
    then a signed address, then a ticket, then the session. The first one shown decides, and is not
    made up for by another where it is no good.
    """

    def __init__(
        self,
        keys: ApiKeys,
        sessions: Sessions,
        signatures: Signatures,
        *,
        provider: OpenIdProvider | None = None,
        grants: Grants,
    ) -> None:
        """Take each kind from where it is kept; without a provider, tokens are refused."""
        self._keys = keys
        self._sessions = sessions
        self._signatures = signatures
        self._provider = provider
        self._grants = grants

    async def principal(self, shown: Shown) -> Principal:
        """Return who asks, `NOBODY` where nothing was shown.

        Raises `CredentialError` for what is no good, `ForbiddenError` for a write by a session that
        no page of ours has sent, `StoreUnavailable` where that cannot be said.
        """
        if shown.token:
            return await self._by_token(shown.token)
        if signer := self._signatures.principal(shown.address, is_safe=shown.is_safe):
            return signer
        if shown.ticket:
            return await self._by_ticket(shown.ticket)
        if shown.session:
            return await self._by_session(shown)
        return NOBODY

    async def still_knows(self, principal: Principal, shown: Shown) -> bool:
        """Say whether what was shown, and was found to be a principal's, is good still.

        A ticket shows nothing a second time: whoever made it must be known still. Raises
        `StoreUnavailable` where that cannot be said.
        """
        if principal.record is not None or not shown.token:
            return await self._sessions.still_knows(principal)
        try:
            return (await self._by_token(shown.token)).name == principal.name
        except CredentialError:
            return False

    async def _by_token(self, token: str) -> Principal:
        if token.startswith(PREFIX):
            return await self._by_key(token)
        if self._provider is None:
            raise refusal("token")
        claims = await self._provider.access_claims(token)
        scopes = carried(claims) | self._grants.scopes_of(claims)
        return _named("client" if is_of_client(claims) else "user", claims, scopes)

    async def _by_key(self, secret: str) -> Principal:
        key = await self._keys.find(secret)
        if key is None:
            raise refusal("api key")
        return key.as_principal

    async def _by_ticket(self, ticket: str) -> Principal:
        holder = await self._sessions.take_ticket(ticket)
        if holder is None:
            raise refusal("ticket")
        return holder

    async def _by_session(self, shown: Shown) -> Principal:
        session = await self._sessions.get(shown.session)
        if session is None:
            raise refusal("session")
        if not shown.is_safe and not session.accepts(shown.csrf):
            raise ForbiddenError("Plotkiln-CSRF is not the session's: GET /session tells it.")
        return session.as_principal(shown.session)


class EventSenders:
    """Those whose events are taken: whom the issuer of a broker's tokens knows, for one audience.

    A broker of Knative shows the token of a Kubernetes service account.
    """

    def __init__(self, provider: OpenIdProvider) -> None:
        self._provider = provider

    async def principal(self, shown: Shown) -> Principal:
        """Return who sends, `NOBODY` without a token.

        Raises `CredentialError` for one that is no good, `StoreUnavailable` where that cannot be
        said.
        """
        if not shown.token:
            return NOBODY
        if shown.token.startswith(PREFIX):
            raise CredentialError("Events come with a token of their issuer.", reason="form")
        claims = await self._provider.access_claims(shown.token)
        return _named("event", claims, frozenset({Scope.EVENTS}))

    async def still_knows(self, principal: Principal, shown: Shown) -> bool:
        """Say whether a sender's token is good still; raises `StoreUnavailable`."""
        try:
            return await self.principal(shown) == principal
        except CredentialError:
            return False


def _named(kind: str, claims: Claims, scopes: frozenset[Scope]) -> Principal:
    return Principal(f"{kind}:{claims['sub']}", scopes, expires=float(claims["exp"]))
