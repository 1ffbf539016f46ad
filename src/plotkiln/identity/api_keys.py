"""API keys: secrets of programs, of which a digest is kept, with what they let do."""

import hmac
import logging
import re
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from plotkiln.errors import InUseError, NotFoundError, RuleError, StoreUnavailable
from plotkiln.identity.principals import Principal
from plotkiln.identity.records import Records, read_record, record_name
from plotkiln.identity.scopes import Scope

__all__ = ["PREFIX", "ApiKey", "ApiKeys", "NewKey"]

log = logging.getLogger("plotkiln.identity")

#: What API keys begin with, by which a token is known to be one, also by those who search for
#: secrets that leaked.
PREFIX = "pk_"

_SECRET = re.compile(r"pk_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?")

#: Seconds for which the day of its last use is known of a key that nobody uses any more.
_KNOWN = 400 * 86400.0


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """One key, its secret aside."""

    #: Part of the key itself; no secret.
    id: str
    #: What it is called; while a key is rotated two of them have the same.
    name: str
    scopes: frozenset[Scope]
    #: `record_name` of the secret.
    digest: str
    created: float
    #: Epoch seconds; None: for good.
    expires: float | None = None

    @property
    def as_principal(self) -> Principal:
        """On whose behalf requests with this key are served."""
        return Principal(
            f"key:{self.name}",
            self.scopes,
            expires=self.expires,
            record=("key", record_name(self.id)),
        )


class NewKey(msgspec.Struct, frozen=True):
    """A key that was just made, and its secret, which is kept nowhere."""

    key: ApiKey
    secret: str


class ApiKeys:
    """API keys by their secrets, shared by all processes that share the records.

    Nothing is remembered here: a key that was revoked is refused from the next request on.
    """

    def __init__(self, records: Records, *, now: Callable[[], float] = time.time) -> None:
        self._records = records
        self._now = now
        #: The day on which each key was used last, as far as this process has noted it.
        self._noted: dict[str, str] = {}

    async def find(self, secret: str) -> ApiKey | None:
        """Return the key that a secret is of, None where it is none's; notes the day of its use."""
        parts = _SECRET.fullmatch(secret)
        key = await self._get(parts[1]) if parts else None
        if key is None or not hmac.compare_digest(key.digest, record_name(secret)):
            return None
        await self._note(key)
        return key

    async def create(
        self, name: str, scopes: frozenset[Scope], *, expires: float | None = None
    ) -> NewKey:
        """Make a key; raises `RuleError` for a name that is none, `InUseError` for one in use."""
        if not _NAME.fullmatch(name):
            raise RuleError(f"{name!r}: a name is of a-z, 0-9, dots, dashes and underscores.")
        if await self._named(name) or not await self._take_name(name, expires):
            raise InUseError(f"There is a key {name} already: rotate it, or choose another name.")
        return await self._make(name, scopes, expires)

    async def every(self) -> list[ApiKey]:
        """Return all keys that are good, by name, the older first."""
        names = await self._records.names("key")
        found = [read_record(await self._records.get("key", name), ApiKey) for name in names]
        keys = [key for key in found if key is not None]
        return sorted(keys, key=lambda key: (key.name, key.created))

    async def last_used(self, key: ApiKey) -> str | None:
        """Return the day, in UTC, on which a key was used last, None if it never was."""
        day = await self._records.get("key-use", record_name(key.id))
        return None if day is None else day.decode()

    async def rotate(self, name: str, *, overlap: float, expires: float | None = None) -> NewKey:
        """Make a new key that may the same; the old ones are good for `overlap` seconds more.

        It is for as long as the newest of them was made for, if `expires` does not say otherwise.
        Raises `NotFoundError` where there is no such key.
        """
        taken = await self._records.get("key-name", record_name(name))
        former = await self._named(name)
        if taken is None or not former:
            raise _unknown(name)
        newest = former[-1]
        if expires is None and newest.expires is not None:
            expires = self._now() + newest.expires - newest.created
        made = await self._make(name, newest.scopes, expires)
        until = self._now() + overlap
        for key in former:
            last = until if key.expires is None else min(until, key.expires)
            await self._change(msgspec.structs.replace(key, expires=last))
        ends = [key.expires for key in (made.key, *former)]
        if not await self._keep_name(
            name, taken, None if None in ends else max(filter(None, ends))
        ):
            await self._records.remove("key", record_name(made.key.id))
            raise _unknown(name)
        return made

    async def revoke(self, name: str) -> int:
        """End all keys of a name; return how many there were.

        Raises `NotFoundError` where there is none.
        """
        # first: whoever makes another one now sees that it went, or is seen below
        was_taken = await self._records.remove("key-name", record_name(name))
        keys = await self._named(name)
        if not keys and not was_taken:
            raise _unknown(name)
        for key in keys:
            await self._records.remove("key", record_name(key.id))
            await self._records.remove("key-use", record_name(key.id))
        return len(keys)

    async def _make(self, name: str, scopes: frozenset[Scope], expires: float | None) -> NewKey:
        id_ = secrets.token_hex(8)
        secret = f"{PREFIX}{id_}_{secrets.token_urlsafe(32)}"
        key = ApiKey(
            id=id_,
            name=name,
            scopes=scopes,
            digest=record_name(secret),
            created=self._now(),
            expires=expires,
        )
        value = msgspec.json.encode(key)
        await self._records.put("key", record_name(id_), value, expires=expires)
        return NewKey(key, secret)

    async def _change(self, key: ApiKey) -> None:
        """Change a key, if it was not revoked meanwhile."""
        value = msgspec.json.encode(key)
        await self._records.change("key", record_name(key.id), value, expires=key.expires)

    async def _take_name(self, name: str, expires: float | None) -> bool:
        """Have a name for the time of its keys; say whether nobody had it."""
        value = secrets.token_bytes(16)
        return await self._records.add("key-name", record_name(name), value, expires=expires)

    async def _keep_name(self, name: str, taken: bytes, expires: float | None) -> bool:
        """Have a name for the time of further keys; say whether it is still the one `taken`."""
        if await self._records.get("key-name", record_name(name)) != taken:
            return False
        return await self._records.change("key-name", record_name(name), taken, expires=expires)

    async def _get(self, id_: str) -> ApiKey | None:
        return read_record(await self._records.get("key", record_name(id_)), ApiKey)

    async def _named(self, name: str) -> list[ApiKey]:
        return [key for key in await self.every() if key.name == name]

    async def _note(self, key: ApiKey) -> None:
        """Note the day: one write a day and process, beside the key, which may be revoked now."""
        now = self._now()
        day = datetime.fromtimestamp(now, UTC).date().isoformat()
        if self._noted.get(key.id) == day:
            return
        name, value = record_name(key.id), day.encode()
        try:
            await self._records.put("key-use", name, value, expires=now + _KNOWN)
        except StoreUnavailable as error:  # the key is good all the same
            log.warning("the use of an API key cannot be noted: %s", error)
        else:
            self._noted[key.id] = day


def _unknown(name: str) -> NotFoundError:
    return NotFoundError(f"There is no key {name}.")
