"""The keys that a provider signs with: fetched rarely, kept across starts, renewed when they turn.

Discovery (OpenID Connect Discovery 1.0, section 4) leads to a key set (RFC 7517, section 5). A set
is fresh for ten minutes, and used for a day where the provider is away. A key that is not in it is
looked for once more, at most once in 30 seconds, whatever comes.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from plotkiln.errors import PlotkilnError, SignInFailed, StoreUnavailable
from plotkiln.identity.records import Records, record_name
from plotkiln.identity.refusals import refusal
from plotkiln.identity.unreadable import UNREADABLE
from plotkiln.identity.web import ProviderWeb

if TYPE_CHECKING:
    from jwt import PyJWK

__all__ = ["KeySet", "KeySets"]

log = logging.getLogger("plotkiln.identity")

#: Seconds for which a set is fresh, and for which it is used where no newer one can be had.
FRESH, STALE = 600.0, 86400.0

#: Seconds between two searches for a key that is not known, and between two tries of a provider
#: that is away.
PAUSE = 30.0

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
    """The key set of one issuer."""

    def __init__(
        self,
        issuer: str,
        records: Records,
        web: ProviderWeb,
        *,
        inward: bool = False,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Name the issuer; nothing is fetched yet.

        `inward`: its keys are asked for at the issuer's own host, whatever host it names for them.
        """
        self.issuer = issuer
        self._records = records
        self._web = web
        self._inward = inward
        self._now = now
        self._known: KeySet | None = None
        #: When one was last sought that is newer, because of a key, or of a failure.
        self._searched = self._failed = -PAUSE
        self._keys: dict[tuple[str, str], PyJWK] = {}
        self._renewing = asyncio.Lock()

    async def key(self, kid: str | None, algorithm: str) -> "PyJWK":
        """Return the key that a token names, for one algorithm.

        Raises `CredentialError` where the provider has none, `StoreUnavailable` where it is away
        and that cannot be said.
        """
        known = await self.current()
        found = known.find(kid, algorithm)
        if found is None:
            found = (await self._searched_anew(known)).find(kid, algorithm)
        if found is None:
            raise refusal("key")
        return self._made(found, algorithm)

    async def current(self) -> KeySet:
        """Return the set as it is known, renewed if it is old; raises `StoreUnavailable`."""
        known = self._known or await self._kept()
        if known is not None and self._age(known) < FRESH:
            return known
        if known is not None and self._is_usable(known) and self._is_pausing():
            return known
        try:
            return await self._renewed(known)
        except StoreUnavailable as error:
            if known is None or not self._is_usable(known):
                raise
            log.warning("older keys are used: %s", error)
            return known

    async def _searched_anew(self, known: KeySet) -> KeySet:
        """Return a newer set, if one may be sought by now, because a key is not in this one."""
        if self._known is not known and self._known is not None:
            return self._known  # somebody else has renewed it meanwhile
        may_search = self._now() >= self._searched + PAUSE
        if may_search:
            self._searched = self._now()
        if may_search or self._renewing.locked() or self._is_pausing():
            return await self._renewed(known)
        return known

    async def _renewed(self, known: KeySet | None) -> KeySet:
        """Fetch a set that is newer than `known`, once for all who want one at the same time."""
        async with self._renewing:
            if self._known is not None and self._known is not known:
                return self._known
            if self._is_pausing():
                raise StoreUnavailable("The OpenID provider did not answer a moment ago.")
            try:
                fetched = await self.fetch()
            except StoreUnavailable:
                self._failed = self._now()
                raise
            except PlotkilnError as error:
                self._failed = self._now()
                raise StoreUnavailable(
                    "The OpenID provider's answer is no good", why=error
                ) from error
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
        if kept is None or kept.fetched > self._now() + PAUSE or not self._is_usable(kept):
            return None
        if self._known is None:
            self._use(kept)
        return kept

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
        self._keys.clear()

    def _made(self, members: Members, algorithm: str) -> "PyJWK":
        """Return a key that can verify; making one takes longer than using it."""
        name = (msgspec.json.encode(members).decode(), algorithm)
        made = self._keys.get(name)
        if made is None:
            made = self._keys[name] = _key(members, algorithm)
        return made

    def _age(self, known: KeySet) -> float:
        return self._now() - known.fetched

    def _is_usable(self, known: KeySet) -> bool:
        return self._age(known) < STALE

    def _is_pausing(self) -> bool:
        return self._now() < self._failed + PAUSE


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
