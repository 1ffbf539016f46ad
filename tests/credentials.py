"""Everything that somebody may show a server to be let in: good, worn out, and forged."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from issuers import Issuer
from kilns import Kiln
from plotkiln.api.access import CSRF, SESSION
from plotkiln.cli.identities import open_records
from plotkiln.identity import Principal, Scope
from plotkiln.identity.api_keys import ApiKeys
from plotkiln.identity.records import Records
from plotkiln.identity.sessions import Sessions
from plotkiln.settings import read_settings
from signing_keys import SigningKey, encoded, segment

__all__ = ["Credential", "credentials", "keys_of"]


class Credential(msgspec.Struct, frozen=True):
    """One way to ask."""

    #: What it is called in a report.
    name: str
    headers: Mapping[str, str]
    #: What it lets do; None: it is no good, and nobody knows who asks.
    scopes: frozenset[Scope] | None = None


def credentials(issuer: Issuer, kiln: Kiln) -> list[Credential]:
    """Return nothing, all that is no good, and each scope alone by each kind that can be shown."""
    keys, sessions = keys_of(kiln), asyncio.run(_sessions(kiln))
    return [Credential("none", {}), *_no_good(issuer), *_good(issuer), *keys, *sessions]


def keys_of(kiln: Kiln) -> list[Credential]:
    """Make API keys on a server's folder: one of each scope, one that is over, one revoked."""
    return asyncio.run(_keys(kiln))


async def _keys(kiln: Kiln) -> list[Credential]:
    async with _records(kiln) as records:
        keys = ApiKeys(records)
        good = [await _key(keys, scope) for scope in Scope]
        every = frozenset({Scope.ADMIN})
        expired = await keys.create("expired", every, expires=time.time() - 1)
        revoked = await keys.create("revoked", every)
        await keys.revoke("revoked")
    over = {"expired key": expired.secret, "revoked key": revoked.secret}
    return [*good, *(_bearer(name, secret) for name, secret in over.items())]


async def _key(keys: ApiKeys, scope: Scope) -> Credential:
    made = await keys.create(f"only-{scope}".replace(":", "-"), frozenset({scope}))
    return _bearer(f"key with {scope}", made.secret, scope)


async def _sessions(kiln: Kiln) -> list[Credential]:
    """Sign somebody in with each scope alone, and somebody who has signed out since."""
    async with _records(kiln) as records:
        sessions = Sessions(records)
        over = await _session(sessions, Scope.ADMIN)
        await sessions.revoke("user:admin")
        good = [await _session(sessions, scope) for scope in Scope]
    return [*good, Credential("signed out", over.headers)]


@asynccontextmanager
async def _records(kiln: Kiln) -> AsyncIterator[Records]:
    """Open what a server keeps of secrets, as another process with its settings does."""
    async with open_records(read_settings(kiln.environment())) as records:
        yield records


async def _session(sessions: Sessions, scope: Scope) -> Credential:
    principal = Principal(f"user:{scope}", frozenset({scope}))
    secret, session = await sessions.create(principal, age=3600)
    headers = {"Cookie": f"{SESSION}={secret}", CSRF: session.csrf}
    return Credential(f"session with {scope}", headers, principal.scopes)


def _bearer(name: str, secret: str, *scopes: Scope) -> Credential:
    return Credential(
        name, {"Authorization": f"Bearer {secret}"}, frozenset(scopes) if scopes else None
    )


def _good(issuer: Issuer) -> list[Credential]:
    tokens = [_bearer(f"token with {scope}", issuer.token(scope), scope) for scope in Scope]
    nothing = Credential(
        "token with nothing", {"Authorization": f"Bearer {issuer.mint(scope='')}"}, frozenset()
    )
    return [*tokens, nothing]


def _no_good(issuer: Issuer) -> list[Credential]:
    """Return tokens of which each breaks one rule, and would be let in everywhere otherwise."""
    now = int(time.time())
    every = {"scope": "admin"}
    foreign = SigningKey("first")
    secrets = {
        "malformed": "not.a.token",
        "half a key": "pk_abc_def",
        "expired": issuer.mint(**every, iat=now - 7200, exp=now - 3600),
        "not yet good": issuer.mint(**every, nbf=now + 3600),
        "wrong audience": issuer.mint(**every, aud="another"),
        "wrong issuer": issuer.mint(**every, iss="https://issuer.example"),
        "no audience": issuer.mint(**every, aud=None),
        "no subject": issuer.mint(**every, sub=None),
        "ID token": issuer.key.token(issuer.claims(**every, nonce="n", at_hash="h"), typ="JWT"),
        "alg none": _unsigned(issuer.claims(**every)),
        "another's key": foreign.token(issuer.claims(**every)),
        "cut short": issuer.mint(**every)[:-8],
    }
    shown = [_bearer(name, secret) for name, secret in secrets.items()]
    basic = Credential("basic", {"Authorization": "Basic YWRhOmFkYQ=="})
    return [*shown, basic, Credential("cookie", {"Cookie": "plotkiln-session=guessed"})]


def _unsigned(claims: Mapping[str, Any]) -> str:
    return (
        f"{encoded({'alg': 'none', 'typ': 'at+jwt'}, json.dumps(claims).encode())}.{segment(b'')}"
    )
