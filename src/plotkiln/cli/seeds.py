"""`plotkiln styles seed`: the shipped styles into the store."""

import asyncio
import os
import sys
from argparse import Namespace
from collections.abc import Sequence

import msgspec

from plotkiln.cli.exits import Exit
from plotkiln.cli.terminal import BOLD, GREEN, YELLOW, paint
from plotkiln.cli.workshop import open_store
from plotkiln.identity import ANONYMOUS
from plotkiln.service.seeds import Seeded, seed
from plotkiln.settings import read_settings

__all__ = ["seed_styles"]


def seed_styles(options: Namespace) -> Exit:
    """Write the shipped styles that are missing, and tell what was written and what was left."""
    seeded = asyncio.run(_seed(options.names))
    if options.json:
        sys.stdout.write(msgspec.json.encode(seeded).decode() + "\n")
        return Exit.OK
    for style in seeded:
        print(_row(style))
    return Exit.OK


async def _seed(names: Sequence[str]) -> Sequence[Seeded]:
    async with open_store(read_settings(os.environ)) as store:
        return await seed(store, ANONYMOUS, names)


def _row(style: Seeded) -> str:
    said = {
        "written": f"{paint('written', GREEN)} as version {style.version}",
        "left": f"{paint('left', YELLOW)} as it is: version {style.version} is stored",
    }
    return f"{paint(f'{style.name:<24}', BOLD)} {said[style.outcome]}"
