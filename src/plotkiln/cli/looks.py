"""One look from the configured style store, for who has no server."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor

from plotkiln.cli.workshop import COMMAND_WAIT, open_live, open_store
from plotkiln.settings import read_settings
from plotkiln.style.looks import Look
from plotkiln.style.pins import PinnedLooks

__all__ = ["stored_look"]


def stored_look(name: str) -> Look:
    """Return the look of a style, or of a pin, from the store that the environment names.

    May be called where an event loop runs, as in a notebook. Raises `SettingsError`,
    `NotFoundError`, and what the store raises.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="styles") as thread:
        return thread.submit(asyncio.run, _look(name)).result()


async def _look(name: str) -> Look:
    settings = read_settings(os.environ)
    async with (
        open_store(settings) as store,
        open_live(settings, store, wait=COMMAND_WAIT) as live,
    ):
        await live.settled()
        return await PinnedLooks(store, live).look(name) if "@" in name else live.look(name)
