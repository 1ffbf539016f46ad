"""`plotkiln account`: what rendering took and cost, from where it is kept; no server is woken."""

import asyncio
import os
from argparse import Namespace
from contextlib import AsyncExitStack

import msgspec

from plotkiln.cli.exits import Exit
from plotkiln.cli.shared import open_ledger, open_shared
from plotkiln.identity import ANONYMOUS
from plotkiln.service.account import Account, AccountService
from plotkiln.settings import Settings, read_settings
from plotkiln.state import Database

__all__ = ["account"]


def account(options: Namespace) -> Exit:
    """Print the account of some days."""
    found = asyncio.run(_account(read_settings(os.environ), options.days))
    if options.json:
        print(msgspec.json.encode(found).decode())
    else:
        _print(found)
    return Exit.OK


async def _account(settings: Settings, days: int) -> Account:
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(settings.data / "state.sqlite"))
        shared = await stack.enter_async_context(open_shared(settings, database))
        ledger = await stack.enter_async_context(open_ledger(settings, database))
        service = AccountService(ledger, shared.charts, pod_price=settings.pod_price)
        return await service.account(ANONYMOUS, days=days)  # who may read the stores may all


def _print(found: Account) -> None:
    total = found.total
    assert total is not None
    print(f"since {found.since}, up to {found.until:%Y-%m-%d %H:%M} UTC")
    print(f"pictures        {total.pictures}, {total.drawn} of them drawn")
    print(f"render workers  {_time(total.worker_seconds_busy)} drawing")
    print(f"                {_time(total.worker_seconds_idle)} waiting")
    print(f"pods            {_time(total.pod_seconds)} alive")
    print(f"                {_time(total.saved_pod_seconds)} saved against one that is always on")
    if found.pod_price:
        print(f"cost            {total.cost:.4f}, {total.cost_per_picture:.6f} a picture")
        print(f"                {total.saved_cost:.4f} saved")
    for service in found.services:
        saved = f", {_time(service.saved_pod_seconds)} saved" if service.saved_pod_seconds else ""
        print(f"service {service.name}: {_time(service.pod_seconds)} alive{saved}")
    for line in found.principals:
        print(
            f"{line.name}: {line.pictures} pictures, {_time(line.worker_seconds)} of workers"
            f" ({line.share:.0%}), cost {line.cost:.4f}, {line.stored_bytes} bytes stored"
        )


def _time(seconds: float) -> str:
    """Return a duration as people read it: 2 h 05 min, 12.3 s."""
    if abs(seconds) < 60:
        return f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if abs(minutes) < 60 else f"{minutes / 60:.1f} h"
