"""`plotkiln keys`: make, list, rotate and revoke API keys, in the store that the servers share."""

import asyncio
import os
import sys
import time
from argparse import Namespace
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import msgspec

from plotkiln.cli.exits import Exit
from plotkiln.cli.identities import open_records
from plotkiln.errors import Fault, RuleError
from plotkiln.identity import Scope
from plotkiln.identity.api_keys import ApiKey, ApiKeys, NewKey
from plotkiln.settings import Settings, read_settings

__all__ = ["keys"]


class Told(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is said of a key."""

    name: str
    id: str
    scopes: list[str]
    created: datetime
    expires: datetime | None = None
    #: The day in UTC, of a key in a list.
    last_used: str | None = None
    #: The key itself, of one that was just made.
    key: str | None = None


def keys(options: Namespace) -> Exit:
    """Run one act on the keys."""
    acts = {"create": _create, "list": _list, "rotate": _rotate, "revoke": _revoke}
    asyncio.run(_with_keys(options, acts[options.act]))
    return Exit.OK


async def _with_keys(
    options: Namespace, act: Callable[[Namespace, ApiKeys], Awaitable[None]]
) -> None:
    settings = read_settings(os.environ)
    async with open_records(settings) as records:
        await act(options, ApiKeys(records))
    _warn(settings)


async def _create(options: Namespace, known: ApiKeys) -> None:
    scopes = _scopes(options.scopes)
    _tell(options, await known.create(options.name, scopes, expires=_until(options.expires)))


async def _rotate(options: Namespace, known: ApiKeys) -> None:
    made = await known.rotate(
        options.name, overlap=options.overlap, expires=_until(options.expires)
    )
    _tell(options, made)
    sys.stderr.write(f"older keys of this name are good until {_time(options.overlap)}\n")


async def _revoke(options: Namespace, known: ApiKeys) -> None:
    ended = await known.revoke(options.name)
    if options.json:
        print(msgspec.json.encode({"name": options.name, "revoked": ended}).decode())
    else:
        print(f"{options.name}: {ended} revoked")


async def _list(options: Namespace, known: ApiKeys) -> None:
    told = [_told(key, last_used=await known.last_used(key)) for key in await known.every()]
    if options.json:
        print(msgspec.json.encode(told).decode())
        return
    for key in told:
        until = f"until {key.expires:%Y-%m-%d %H:%M} UTC" if key.expires else "for good"
        used = f"used {key.last_used}" if key.last_used else "never used"
        print(f"{key.name}  {key.id}  {','.join(key.scopes)}  {until}  {used}")


def _tell(options: Namespace, made: NewKey) -> None:
    """Print the secret alone to standard output, so that a script can take it from there."""
    if options.json:
        print(msgspec.json.encode(_told(made.key, secret=made.secret)).decode())
        return
    print(made.secret)
    scopes = ", ".join(sorted(made.key.scopes))
    sys.stderr.write(f"{made.key.name} may {scopes}. Keep the key: it is not shown again.\n")


def _told(key: ApiKey, *, last_used: str | None = None, secret: str | None = None) -> Told:
    return Told(
        name=key.name,
        id=key.id,
        scopes=sorted(key.scopes),
        created=datetime.fromtimestamp(int(key.created), UTC),
        expires=None if key.expires is None else datetime.fromtimestamp(int(key.expires), UTC),
        last_used=last_used,
        key=secret,
    )


def _warn(settings: Settings) -> None:
    if not settings.identity:
        sys.stderr.write(
            "Servers with these settings ask nobody who they are: set PLOTKILN_IDENTITY=1.\n"
        )


def _scopes(text: str) -> frozenset[Scope]:
    words = [word for word in text.replace(",", " ").split() if word]
    unknown = [word for word in words if word not in set(Scope)]
    if unknown or not words:
        what = f"{', '.join(unknown) or 'nothing'}: scopes are {', '.join(Scope)}"
        raise RuleError(faults=[Fault("--scopes", what)])
    return frozenset(map(Scope, words))


def _until(seconds: float | None) -> float | None:
    return None if seconds is None else time.time() + seconds


def _time(seconds: float) -> str:
    return f"{datetime.fromtimestamp(time.time() + seconds, UTC):%Y-%m-%d %H:%M} UTC"
