"""Keep people signed in, and sign them out: here, or everywhere."""

from datetime import UTC, datetime

import msgspec

from plotkiln.errors import ForbiddenError
from plotkiln.identity import Principal
from plotkiln.identity.sessions import Session, Sessions

__all__ = ["NewSession", "SessionService", "Ticket"]


class NewSession(msgspec.Struct, frozen=True):
    """A session, and what its browser shows from now on."""

    secret: str
    session: Session


class Ticket(msgspec.Struct, frozen=True):
    """What opens one socket, once."""

    secret: str
    expires: datetime


class SessionService:
    """Sessions of people, and tickets."""

    def __init__(self, sessions: Sessions, *, age: float) -> None:
        self._sessions = sessions
        #: Seconds for which one stays signed in, whatever one does.
        self.age = age

    async def start(
        self, principal: Principal, *, former: str, label: str = "", id_token: str = ""
    ) -> NewSession:
        """Sign somebody in: by a new secret, whatever this browser had; its `former` one ends."""
        secret, session = await self._sessions.create(
            principal, age=self.age, label=label, id_token=id_token
        )
        if former:
            await self._sessions.end(former)
        return NewSession(secret, session)

    async def get(self, secret: str) -> Session | None:
        """Return the session of a secret, None where it is over."""
        return await self._sessions.get(secret) if secret else None

    async def end(self, secret: str, *, csrf: str) -> Session | None:
        """Sign out; return the session that ended, None where it was over.

        Raises `ForbiddenError` where `csrf` is not the session's: another site's page asks.
        """
        session = await self.get(secret)
        if session is None:
            return None
        if not session.accepts(csrf):
            raise ForbiddenError("Plotkiln-CSRF is not the session's: GET /session tells it.")
        await self._sessions.end(secret)
        return session

    async def revoke(self, principal: str) -> int:
        """Sign a principal out on every browser; return of how many sessions that was the end."""
        return await self._sessions.revoke(principal)

    async def ticket(self, principal: Principal) -> Ticket:
        """Return a ticket that is good once for whatever `principal` may."""
        secret, expires = await self._sessions.issue_ticket(principal)
        return Ticket(secret, datetime.fromtimestamp(expires, UTC))
