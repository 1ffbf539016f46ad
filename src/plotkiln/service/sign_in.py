"""Sign people in by an OpenID provider: away to it, back from it, and a session."""

import hmac
import logging
import secrets
import time
from collections.abc import Callable

import msgspec

from plotkiln.errors import SignInFailed, UnavailableError
from plotkiln.identity.code_flow import Pending, Returned, new_pending
from plotkiln.identity.records import Records, read_record, record_name
from plotkiln.identity.relying_party import RelyingParty
from plotkiln.identity.sessions import Session
from plotkiln.service.sessions import NewSession, SessionService

__all__ = ["Departure", "SignInService", "SignedIn"]

log = logging.getLogger("plotkiln.identity")

#: Seconds in which one must come back.
WITHIN = 600.0

_DENIED = frozenset({"access_denied", "login_required", "consent_required", "interaction_required"})


class Departure(msgspec.Struct, frozen=True):
    """Where a browser goes to sign in, and the secret that its cookie keeps until it is back."""

    address: str
    browser: str


class SignedIn(msgspec.Struct, frozen=True):
    """A session that was just made, and where its owner came from."""

    session: NewSession
    back: str


class SignInService:
    """Sign-in by authorization code with PKCE."""

    def __init__(
        self,
        party: RelyingParty,
        records: Records,
        sessions: SessionService,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._party = party
        self._records = records
        self._sessions = sessions
        self._now = now

    async def begin(self, *, browser: str, redirect: str, back: str) -> Departure:
        """Begin a sign-in that comes back to `redirect`, and then goes `back`.

        `browser` is the secret that this browser's cookie has already, from a sign-in in another
        tab; empty: it gets one. Raises `UnavailableError` where the provider does not answer.
        """
        browser = browser or secrets.token_urlsafe(32)
        state = secrets.token_urlsafe(32)
        pending = new_pending(browser=record_name(browser), redirect=redirect, back=back)
        address = await self._party.address(pending, state=state)
        value = msgspec.json.encode(pending)
        await self._records.put("sign-in", record_name(state), value, expires=self._now() + WITHIN)
        return Departure(address, browser)

    async def finish(self, returned: Returned, *, browser: str, former: str) -> SignedIn:
        """Make a session for whom the provider sent back; a `former` session of theirs ends.

        What was begun can be finished once. Raises `SignInFailed`, and `UnavailableError` where a
        store does not answer.
        """
        pending = await self._begun(returned.state, browser)
        try:
            await self._party.check(returned)
            if returned.error:
                raise _refusal(returned.error)
            person = await self._party.redeem(returned.code, pending)
        except SignInFailed as error:
            error.back = pending.back
            raise
        except UnavailableError as error:
            raise SignInFailed(str(error), reason="away", back=pending.back) from error
        session = await self._sessions.start(
            person.principal, former=former, label=person.label, id_token=person.id_token
        )
        log.info("signed in", extra={"fields": {"principal": person.principal.name}})
        return SignedIn(session, pending.back)

    async def end_address(self, session: Session | None) -> str | None:
        """Return where whoever signed out here does so at the provider, too.

        A session that was over here, None, need not be over there: the provider is told less then.
        Returns None where that is not possible, or the provider does not answer.
        """
        try:
            return await self._party.end_address(session.id_token if session else "")
        except (SignInFailed, UnavailableError) as error:
            log.info("no way to sign out at the provider: %s", error)
            return None

    async def _begun(self, state: str, browser: str) -> Pending:
        """Take what was begun under this state, by this very browser."""
        pending = read_record(await self._records.take("sign-in", record_name(state)), Pending)
        if pending is None:
            raise SignInFailed("Nothing was begun under this state.", reason="over")
        if not hmac.compare_digest(pending.browser, record_name(browser)):
            raise SignInFailed("It was begun in another browser.", reason="over")
        return pending


def _refusal(error: str) -> SignInFailed:
    reason = "denied" if error in _DENIED else "faulty"
    return SignInFailed(f"The provider answers {error!r:.100}.", reason=reason)
