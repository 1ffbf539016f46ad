"""Everything that somebody may show a server to be let in: good, worn out, and forged."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec

from issuers import Issuer
from kilns import Kiln
from plotkiln.api.access import CSRF, SESSION
from plotkiln.identity import Principal, Scope
from plotkiln.identity.records_sqlite import SqliteRecords
from plotkiln.identity.sessions import Sessions
from plotkiln.state import Database
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
    sessions = asyncio.run(_sessions(kiln))
    return [Credential("none", {}), *_no_good(issuer), *_good(issuer), *keys_of(kiln), *sessions]


def keys_of(kiln: Kiln) -> list[Credential]:
    """Make API keys on a server's folder: one of each scope, one that is over, one revoked."""
    with ThreadPoolExecutor(4) as several:
        made = several.map(
            lambda scope: _key(kiln, f"only-{scope}".replace(":", "-"), scope), Scope
        )
        keys = [
            _bearer(f"key with {scope}", secret, scope)
            for scope, secret in zip(Scope, made, strict=True)
        ]
    expired = _key(kiln, "expired", Scope.ADMIN, "--expires", "1s")
    revoked = _key(kiln, "revoked", Scope.ADMIN)
    _plotkiln(kiln, "keys", "revoke", "revoked")
    return [*keys, _bearer("expired key", expired), _bearer("revoked key", revoked)]


async def _sessions(kiln: Kiln) -> list[Credential]:
    """Sign somebody in with each scope alone, and somebody who has signed out since."""
    async with Database(kiln.data / "state.sqlite") as database:
        records = SqliteRecords(database)
        await records.open()
        sessions = Sessions(records)
        over = await _session(sessions, Scope.ADMIN)
        await sessions.revoke("user:admin")
        good = [await _session(sessions, scope) for scope in Scope]
    return [*good, Credential("signed out", over.headers)]


async def _session(sessions: Sessions, scope: Scope) -> Credential:
    principal = Principal(f"user:{scope}", frozenset({scope}))
    secret, session = await sessions.create(principal, age=3600)
    headers = {"Cookie": f"{SESSION}={secret}", CSRF: session.csrf}
    return Credential(f"session with {scope}", headers, principal.scopes)


def _key(kiln: Kiln, name: str, scope: Scope, *options: str) -> str:
    return _plotkiln(kiln, "keys", "create", name, "--scopes", scope, *options).strip()


def _plotkiln(kiln: Kiln, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "plotkiln", *arguments],
        env={**kiln.environment(), "PLOTKILN_LOG_LEVEL": "ERROR"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


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
