"""The keys that a provider signs with: fetched rarely, kept across starts, renewed when they turn.

Discovery (OpenID Connect Discovery 1.0, section 4) leads to a key set (RFC 7517, section 5). A set
is fresh for ten minutes, and used for a day where the provider is away, or slow. A key that is not
in it is looked for once more, at most once in 30 seconds, whatever comes.
"""

import asyncio
import logging
import math
import time
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import msgspec

from plotkiln.errors import PlotkilnError, SignInFailed, StoreUnavailable
from plotkiln.identity.records import Records, record_name
from plotkiln.identity.refusals import refusal
from plotkiln.identity.unreadable import UNREADABLE
from plotkiln.identity.web import ProviderWeb
from plotkiln.tasks import begin_task, end_tasks

if TYPE_CHECKING:
    from jwt import PyJWK

__all__ = ["KeySet", "KeySets"]

log = logging.getLogger("plotkiln.identity")

#: Seconds for which a set is fresh, and for which it is used where no newer one can be had.
FRESH, STALE = 600.0, 86400.0

#: Seconds between two searches for a key that is not known, and between two tries of a provider
#: that is away.
PAUSE = 30.0

#: Seconds for which a newer set is waited for, once it is asked for, where an older one is usable.
_PATIENCE = 1.0

#: Keys of one set; providers have up to a dozen.
_MOST_KEYS = 100

#: Members of a JWK that are of the public key; whatever else a provider publishes is not kept.
_PUBLIC = ("kty", "kid", "alg", "use", "key_ops", "n", "e", "crv", "x", "y")

#: Which kind of key each algorithm takes.
_KINDS = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}

Members = Mapping[str, Any]


class KeySet(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider said of itself, and its public keys."""

    document: dict[str, Any]
    keys: tuple[dict[str, Any], ...]
    #: When, in seconds since 1970.
    fetched: float

    def find(self, kid: str | None, algorithm: str) -> dict[str, Any] | None:
        """Return the key of this id that fits; of a token without one, the only key that does."""
        fitting = [key for key in self.keys if _fits(key, algorithm)]
        if kid is None:
            return fitting[0] if len(fitting) == 1 else None
        return next((key for key in fitting if key.get("kid") == kid), None)


class KeySets:
    """The key set of one issuer; leaving it ends what is being asked."""

    def __init__(
        self,
        issuer: str,
        records: Records,
        web: ProviderWeb,
        *,
        inward: bool = False,
        now: Callable[[], float] = time.time,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Name the issuer; nothing is fetched yet.

        `inward`: its keys are asked for at the issuer's own host, whatever host it names for them.
        `ticks` are seconds that nobody sets back, as somebody may the clock that `now` is.
        """
        self.issuer = issuer
        self._records = records
        self._web = web
        self._inward = inward
        self._now = now
        self._ticks = ticks
        self._known: KeySet | None = None
        #: When that was fetched, in ticks.
        self._since = 0.0
        #: When one was last sought because of a key, and when that last failed; in ticks.
        self._searched = self._failed = -math.inf
        self._keys: dict[tuple[str, str], PyJWK] = {}
        #: What fetches a newer one, or did, and when it began, in ticks.
        self._renewal: asyncio.Task[KeySet | StoreUnavailable] | None = None
        self._begun = 0.0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await end_tasks(self._renewal)

    async def key(self, kid: str | None, algorithm: str) -> "PyJWK":
        """Return the key that a token names, for one algorithm.

        Raises `CredentialError` where the provider has none, `StoreUnavailable` where nobody can
        tell: it is away, or was asked for another key a moment ago.
        """
        known = await self.current()
        found = known.find(kid, algorithm)
        if found is None:
            found = (await self._searched_anew(known)).find(kid, algorithm)
        if found is None:
            raise refusal("key")
        return self._made(found, algorithm)

    async def current(self) -> KeySet:
        """Return the set as it is known, renewed if it is old; raises `StoreUnavailable`.

        A usable one is returned within a second, whatever the provider does.
        """
        known = self._known or await self._kept()
        if known is None or self._age(known) >= STALE:
            return await self._renewed()
        if self._age(known) < FRESH or self._is_pausing():
            return known
        renewing = self._renewing()
        left = self._begun + _PATIENCE - self._ticks()
        await asyncio.wait({renewing}, timeout=max(0.0, left))
        return self._known or known

    async def _searched_anew(self, known: KeySet) -> KeySet:
        """Return a newer set, because a key is not in this one; raises `StoreUnavailable`."""
        if self._known is not None and self._known is not known:
            return self._known  # somebody else has renewed it meanwhile
        if not self._is_renewing():
            if wait := self._left(self._searched):
                raise _later("The OpenID provider was asked for keys a moment ago.", wait)
            self._searched = self._ticks()
        return await self._renewed()

    async def _renewed(self) -> KeySet:
        """Return a set that is fetched now, once for all who want one at the same time."""
        if not self._is_renewing() and (wait := self._left(self._failed)):
            raise _later("The OpenID provider did not answer a moment ago.", wait)
        found = await asyncio.shield(self._renewing())
        if isinstance(found, StoreUnavailable):
            raise StoreUnavailable(str(found)) from found
        return found

    def _renewing(self) -> "asyncio.Task[KeySet | StoreUnavailable]":
        """Return what fetches a newer set; it goes on, whoever waits for it or not."""
        if self._renewal is None or self._renewal.done():
            self._begun = self._ticks()
            self._renewal = begin_task(self._renew(), "key set")
        return self._renewal

    def _is_renewing(self) -> bool:
        return self._renewal is not None and not self._renewal.done()

    async def _renew(self) -> KeySet | StoreUnavailable:
        try:
            fetched = await self.fetch()
        except PlotkilnError as error:
            self._failed = self._ticks()
            log.warning("no newer keys: %s", error)
            return StoreUnavailable(str(error))
        self._use(fetched)
        await self._keep(fetched)
        return fetched

    async def fetch(self) -> KeySet:
        """Ask the provider, whatever is known, and keep nothing of it.

        Raises `UnavailableError` or `SignInFailed`.
        """
        place = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        document = await self._web.ask("GET", place)
        if document.get("issuer") != self.issuer:
            raise SignInFailed(
                f"The OpenID provider says that it is {document.get('issuer')!r:.200}, and not "
                f"{self.issuer}: set the issuer to what it says, if that is the one."
            )
        told = await self._web.ask("GET", self._place_of_keys(document))
        keys = tuple(_usable(told.get("keys")))
        if not keys:
            raise SignInFailed("The OpenID provider has no key that is of use here.")
        return KeySet(document=dict(document), keys=keys, fetched=self._now())

    def _place_of_keys(self, document: Members) -> str:
        place = document.get("jwks_uri")
        own = urlsplit(self.issuer)
        parts = urlsplit(place if isinstance(place, str) else "")
        if self._inward:
            parts = parts._replace(scheme=own.scheme, netloc=own.netloc)
        if parts.scheme not in {"https", own.scheme} or not parts.netloc:
            raise SignInFailed("The OpenID provider names no address of its keys.")
        return parts.geturl()

    async def _kept(self) -> KeySet | None:
        """Return what an earlier process, or another one, has fetched."""
        try:
            value = await self._records.get("key-set", record_name(self.issuer))
            kept = None if value is None else msgspec.json.decode(value, type=KeySet)
        except (StoreUnavailable, *UNREADABLE) as error:
            log.warning("kept keys cannot be read: %s", error)
            return None
        if kept is None or not -PAUSE < self._now() - kept.fetched < STALE:
            return None
        if self._known is None:
            self._use(kept)
        return self._known

    async def _keep(self, fetched: KeySet) -> None:
        try:
            await self._records.put(
                "key-set",
                record_name(self.issuer),
                msgspec.json.encode(fetched),
                expires=fetched.fetched + STALE,
            )
        except StoreUnavailable as error:
            log.warning("keys cannot be kept: %s", error)

    def _use(self, known: KeySet) -> None:
        self._known = known
        self._since = self._ticks() - max(0.0, self._now() - known.fetched)
        self._keys.clear()

    def _made(self, members: Members, algorithm: str) -> "PyJWK":
        """Return a key that can verify; making one takes longer than using it."""
        name = (msgspec.json.encode(members).decode(), algorithm)
        made = self._keys.get(name)
        if made is None:
            made = self._keys[name] = _key(members, algorithm)
        return made

    def _age(self, known: KeySet) -> float:
        """Return seconds: by the clock, that goes while a machine sleeps, and by what none set."""
        return max(self._now() - known.fetched, self._ticks() - self._since)

    def _is_pausing(self) -> bool:
        return self._left(self._failed) > 0

    def _left(self, since: float) -> float:
        """Return how many seconds of a pause are left."""
        return max(0.0, since + PAUSE - self._ticks())


def _later(why: str, wait: float) -> StoreUnavailable:
    error = StoreUnavailable(why)
    error.retry_after = math.ceil(wait)
    return error


def _usable(keys: object) -> Iterable[dict[str, Any]]:
    """Return the public members of the keys that can verify a signature."""
    for key in keys[:_MOST_KEYS] if isinstance(keys, list) else ():
        if isinstance(key, dict) and key.get("kty") in {"RSA", "EC", "OKP"} and _verifies(key):
            yield {name: key[name] for name in _PUBLIC if name in key}


def _verifies(key: Members) -> bool:
    uses, operations = key.get("use", "sig"), key.get("key_ops", ["verify"])
    return uses == "sig" and isinstance(operations, list) and "verify" in operations


def _fits(key: Members, algorithm: str) -> bool:
    """Say whether a key is for this algorithm: by its kind, and by what it says itself."""
    is_kind: bool = key["kty"] == _KINDS.get(algorithm[:2])
    return is_kind and bool(key.get("alg", algorithm) == algorithm)


def _key(members: Members, algorithm: str) -> "PyJWK":
    from jwt import PyJWK  # noqa: PLC0415 -- 60 ms, for whoever is shown a token
    from jwt.exceptions import PyJWTError  # noqa: PLC0415 -- as above

    try:
        return PyJWK(dict(members), algorithm)
    except (PyJWTError, ValueError, TypeError) as error:
        raise refusal("key") from error
