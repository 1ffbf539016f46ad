"""`plotkiln sessions`: sign people out, on every browser, by the store that the servers share."""

import asyncio
import os
from argparse import Namespace

import msgspec

from plotkiln.cli.exits import Exit
from plotkiln.cli.identities import open_records
from plotkiln.identity.sessions import Sessions
from plotkiln.settings import read_settings

__all__ = ["sessions"]


class Revoked(msgspec.Struct, frozen=True):
    """How many sessions of whom were ended."""

    principal: str
    ended: int


def sessions(options: Namespace) -> Exit:
    """End all sessions of a principal; who has none is no fault."""
    revoked = asyncio.run(_revoked(options.principal))
    if options.json:
        print(msgspec.json.encode(revoked).decode())
    else:
        print(f"{revoked.principal}: {revoked.ended} sessions ended")
    return Exit.OK


async def _revoked(principal: str) -> Revoked:
    async with open_records(read_settings(os.environ)) as records:
        return Revoked(principal, await Sessions(records).revoke(principal))
