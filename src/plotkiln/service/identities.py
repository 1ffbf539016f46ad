"""Who asks: from what a request shows to the principal on whose behalf it is served."""

from typing import Protocol

import msgspec

from plotkiln.identity import Principal

__all__ = ["Identities", "Shown"]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a request carries that may say who asks; empty where it carries none."""

    #: An access token of the issuer, or an API key.
    token: str = ""
    #: A session's secret, from its cookie.
    session: str = ""
    #: What a page sends along to show that the session's cookie was not used by another's page.
    csrf: str = ""
    #: A ticket that is good once; a socket's handshake alone shows one.
    ticket: str = ""
    #: Path and query as asked for; it may be signed.
    address: str = ""
    #: Whether the request only looks (GET, HEAD, the handshake of a socket).
    is_safe: bool = True


class Identities(Protocol):
    """Those whom a server knows."""

    async def principal(self, shown: Shown) -> Principal:
        """Return who asks, `NOBODY` where nothing was shown.

        Raises `CredentialError` for what is no good, `StoreUnavailable` where that cannot be said.
        """

    async def still_knows(self, principal: Principal, shown: Shown) -> bool:
        """Say whether what was shown, and was found to be a principal's, is good still.

        Raises `StoreUnavailable` where that cannot be said.
        """
