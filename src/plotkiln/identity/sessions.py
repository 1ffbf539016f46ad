"""Sessions and tickets: secrets that stand for somebody who has said who they are."""

import hmac
import secrets
import time
from collections.abc import Callable

import msgspec

from plotkiln.identity.principals import Principal
from plotkiln.identity.records import Kind, Records, read_record, record_name
from plotkiln.identity.scopes import Scope

__all__ = ["TICKET_SECONDS", "Session", "Sessions"]

#: Seconds in which a ticket must be used.
TICKET_SECONDS = 30.0


class Session(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who is signed in on one browser."""

    #: Name of the principal, and what they may; as it was when they signed in.
    principal: str
    scopes: frozenset[Scope]
    #: What pages of ours repeat with whatever they write.
    csrf: str
    #: Epoch seconds at which it ends, used or not.
    expires: float
    #: What people call them; empty where the provider does not say.
    label: str = ""
    #: The token that named them to us, by which the provider knows whose session to end.
    id_token: str = ""

    def as_principal(self, secret: str) -> Principal:
        """Return on whose behalf requests with this session, by its secret, are served."""
        record: tuple[Kind, str] = ("session", record_name(secret))
        return Principal(self.principal, self.scopes, expires=self.expires, record=record)

    def accepts(self, csrf: str) -> bool:
        """Say whether a page of ours wrote this: others cannot read the token."""
        return hmac.compare_digest(self.csrf.encode(), csrf.encode())


class _Ticket(msgspec.Struct, frozen=True):
    principal: str
    scopes: frozenset[Scope]
    #: Until when whoever took it is known: a socket that it opened ends then.
    expires: float | None
    #: The record of the session, or key, with which that ends earlier.
    record: tuple[Kind, str] | None


class Sessions:
    """Sessions by their secrets, shared by all processes that share the records."""

    def __init__(self, records: Records, *, now: Callable[[], float] = time.time) -> None:
        self._records = records
        self._now = now

    async def create(
        self, principal: Principal, *, age: float, label: str = "", id_token: str = ""
    ) -> tuple[str, Session]:
        """Keep a new session for `age` seconds; return its secret, that is kept nowhere here."""
        secret = secrets.token_urlsafe(32)
        session = Session(
            principal=principal.name,
            scopes=principal.scopes,
            csrf=secrets.token_urlsafe(32),
            expires=self._now() + age,
            label=label,
            id_token=id_token,
        )
        value = msgspec.json.encode(session)
        await self._records.put("session", record_name(secret), value, expires=session.expires)
        return secret, session

    async def get(self, secret: str) -> Session | None:
        """Return a session, None where it is over, was ended, or never was."""
        return read_record(await self._records.get("session", record_name(secret)), Session)

    async def end(self, secret: str) -> None:
        """End a session, if there is one."""
        await self._records.remove("session", record_name(secret))

    async def revoke(self, principal: str) -> int:
        """End all sessions of a principal, on every browser; return how many there were."""
        ended = 0
        for name in await self._records.names("session"):
            session = read_record(await self._records.get("session", name), Session)
            if session is not None and session.principal == principal:
                ended += await self._records.remove("session", name)
        return ended

    async def issue_ticket(self, principal: Principal) -> tuple[str, float]:
        """Return a ticket that is good once for whatever `principal` may, and until when."""
        secret, expires = secrets.token_urlsafe(32), self._now() + TICKET_SECONDS
        if principal.expires is not None:
            expires = min(expires, principal.expires)
        ticket = _Ticket(principal.name, principal.scopes, principal.expires, principal.record)
        value = msgspec.json.encode(ticket)
        await self._records.put("ticket", record_name(secret), value, expires=expires)
        return secret, expires

    async def take_ticket(self, ticket: str) -> Principal | None:
        """Return whose ticket it is, and take it.

        None where it is no good, was used, or who made it is known no more.
        """
        found = read_record(await self._records.take("ticket", record_name(ticket)), _Ticket)
        if found is None or (found.expires is not None and found.expires <= self._now()):
            return None
        holder = Principal(
            found.principal, found.scopes, expires=found.expires, record=found.record
        )
        return holder if await self.still_knows(holder) else None

    async def still_knows(self, principal: Principal) -> bool:
        """Say whether the record is there that a principal is known by, if there must be one."""
        return principal.record is None or await self._records.get(*principal.record) is not None
