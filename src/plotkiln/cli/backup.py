"""`plotkiln backup`: what this machine keeps, copied while it is in use."""

import asyncio
import os
import shutil
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import msgspec

from plotkiln.cli.exits import Exit
from plotkiln.cli.files import write_file
from plotkiln.cli.workshop import open_store
from plotkiln.errors import SettingsError, StoreUnavailable
from plotkiln.identity import ANONYMOUS
from plotkiln.service.archives import ArchiveService
from plotkiln.settings import Settings, read_settings
from plotkiln.state.copies import copy_database

__all__ = ["backup"]

#: In the folder, the styles of a store that has no file of its own there.
_STYLES = "styles.json"


class BackedUp(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a backup took along, and what is elsewhere."""

    folder: str
    #: Databases that were copied.
    databases: list[str]
    #: Renderings and inputs that were not there from before.
    files: int
    #: Bytes of those.
    size: int
    #: The archive of Consul's styles, where they are there.
    styles: str | None = None
    #: What other programs keep, and must back up.
    elsewhere: list[str] = []


def backup(options: Namespace) -> Exit:
    """Copy databases, renderings and styles to a folder, and print what that was.

    The folder can be used as `PLOTKILN_DATA`. What is there from before is kept: bytes never
    change under their names, hence only new ones are copied.
    """
    settings = read_settings(os.environ)
    folder: Path = options.folder.resolve()
    if folder.is_relative_to(settings.data.resolve()):
        raise SettingsError(f"{folder} is in what is backed up ({settings.data}): take another.")
    made = _copied(settings, folder)
    if settings.consul_address:
        asyncio.run(_save_styles(settings, folder / _STYLES))
        made = msgspec.structs.replace(made, styles=str(folder / _STYLES))
    print(msgspec.json.encode(made).decode() if options.json else _told(made))
    return Exit.OK


def _copied(settings: Settings, folder: Path) -> BackedUp:
    """Copy databases first: what they name is there when the bytes are copied."""
    databases = sorted(settings.data.glob("*.sqlite"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for database in databases:
            copy_database(database, folder / database.name)
        sizes = [_copy(file, folder) for file in _new_files(settings, folder)]
    except OSError as error:
        raise StoreUnavailable(f"{folder} cannot be written: {error}") from error
    return BackedUp(
        folder=str(folder),
        databases=[database.name for database in databases],
        files=len(sizes),
        size=sum(sizes),
        elsewhere=_elsewhere(settings),
    )


def _new_files(settings: Settings, folder: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each kept file that the folder lacks, and its place below `PLOTKILN_DATA`."""
    if settings.artifacts_url:
        return
    for file in (settings.data / "renderings").rglob("*"):
        place = file.relative_to(settings.data)
        if file.is_file() and not (folder / place).exists():
            yield file, place


def _copy(found: tuple[Path, Path], folder: Path) -> int:
    """Copy one file whole or not at all; return its bytes, 0 where it was swept meanwhile."""
    file, place = found
    target = folder / place
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.part")
    try:
        shutil.copy2(file, unfinished)
    except FileNotFoundError:
        return 0
    unfinished.replace(target)
    return target.stat().st_size


async def _save_styles(settings: Settings, file: Path) -> None:
    async with open_store(settings) as store:
        write_file(str(file), await ArchiveService(store).save(ANONYMOUS))


def _elsewhere(settings: Settings) -> list[str]:
    redis = "what PLOTKILN_REDIS_URL names: its own snapshots and append-only file"
    bytes_ = "what PLOTKILN_ARTIFACTS_URL names: its own copies or versions"
    told = ((settings.redis_url, redis), (settings.artifacts_url, bytes_))
    return [where for configured, where in told if configured]


def _told(made: BackedUp) -> str:
    lines = [
        f"databases: {', '.join(made.databases) or 'none'}",
        f"new files: {made.files} ({made.size} bytes)",
    ]
    if made.styles:
        lines.append(f"styles: {made.styles}")
    lines += [f"not here: {where}" for where in made.elsewhere]
    return "\n".join([made.folder, *(f"  {line}" for line in lines)])
