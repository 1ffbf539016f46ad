"""Measures what it costs to know who asks: by token, API key, signed address and session.

The provider is none: its keys are kept, as they are for ten minutes after one was asked. The first
token of a process is shown apart: it imports what verifies.
"""

import asyncio
import json
import subprocess
import sys
import time
from base64 import b64encode
from pathlib import Path

import msgspec

from measuring import RedisServer, data_folder, report, summary
from plotkiln.cli.identities import Identity, open_identity
from plotkiln.identity import Principal, Scope
from plotkiln.identity.api_keys import ApiKeys
from plotkiln.identity.key_sets import KeySet
from plotkiln.identity.records import record_name
from plotkiln.service.identities import Shown
from plotkiln.settings import read_settings
from signing_keys import SigningKey

ISSUER = "https://issuer.example"

#: Principals asked for in a row, and rows.
CALLS, ROUNDS = 200, 7

#: Processes whose first token is timed.
STARTS = 5

_FIRST = """
import asyncio, json, sys, time
from plotkiln.cli.identities import open_identity
from plotkiln.service.identities import Shown
from plotkiln.settings import read_settings
async def main(environment, token):
    async with open_identity(read_settings(environment)) as identity:
        start = time.perf_counter()
        await identity.identities.principal(Shown(token=token))
        print((time.perf_counter() - start) * 1000)
asyncio.run(main(*json.loads(sys.argv[1])))
"""


def main() -> None:
    """Measure on SQLite, and on Redis where there is one."""
    with data_folder() as folder:
        results = {"sqlite": asyncio.run(_measured(_environment(folder)))}
        if RedisServer.binary():
            with RedisServer() as server:
                shared = {**_environment(folder), "PLOTKILN_REDIS_URL": server.url}
                results["redis"] = asyncio.run(_measured(shared))
    report("What does it cost a request to know who asks?", "ms", results)


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PLOTKILN_DATA": str(folder),
        "PLOTKILN_OIDC_ISSUER": ISSUER,
        "PLOTKILN_OIDC_AUDIENCE": "plotkiln",
        "PLOTKILN_SIGNING_KEYS": f"k:{b64encode(bytes(32)).decode()}",
    }


async def _measured(environment: dict[str, str]) -> dict[str, object]:
    keys = {name: SigningKey(name, algorithm=name) for name in ("RS256", "ES256")}
    settings = read_settings(environment)
    async with open_identity(settings) as identity:
        await _keep(identity, list(keys.values()))
        shown = await _shown(identity, keys)
        found: dict[str, list[float]] = {name: [] for name in shown}
        for _ in range(ROUNDS):
            for name, one in shown.items():
                found[name].append(await _time(identity, one))
    token = shown["token, RS256"].token
    first = [_first(environment, token) for _ in range(STARTS)]
    return {
        "each": {name: summary(times) for name, times in found.items()},
        "first token of a process": summary(first),
    }


async def _keep(identity: Identity, keys: list[SigningKey]) -> None:
    """Keep the provider's keys as a process does that has just asked for them."""
    public = tuple({**key.public_jwk, "kid": key.kid} for key in keys)
    kept = KeySet(document={"issuer": ISSUER}, keys=public, fetched=time.time())
    name, value = record_name(ISSUER), msgspec.json.encode(kept)
    await identity.records.put("key-set", name, value, expires=None)


async def _shown(identity: Identity, keys: dict[str, SigningKey]) -> dict[str, Shown]:
    until = int(time.time()) + 3600
    claims = {"iss": ISSUER, "aud": "plotkiln", "sub": "ada", "scope": "render", "exp": until}
    api_key = await ApiKeys(identity.records).create("bench", frozenset({Scope.RENDER}))
    session, _ = await identity.sessions.create(Principal("user:ada"), age=3600)
    return {
        "nothing": Shown(address="/plot"),
        **{f"token, {name}": Shown(token=key.token(claims)) for name, key in keys.items()},
        "API key": Shown(token=api_key.secret),
        "signed address": Shown(address=identity.signatures.sign("/artifacts/hits.png", until)),
        "session": Shown(session=session),
    }


async def _time(identity: Identity, shown: Shown) -> float:
    start = time.perf_counter()
    for _ in range(CALLS):
        await identity.identities.principal(shown)
    return (time.perf_counter() - start) * 1000 / CALLS


def _first(environment: dict[str, str], token: str) -> float:
    told = subprocess.run(
        [sys.executable, "-c", _FIRST, json.dumps([environment, token])],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(told.stdout)


if __name__ == "__main__":
    main()
